/** What goes to stderr before there is a log: diagnostics, with colour on a terminal. */
import { writeSync } from 'node:fs'
import { isatty } from 'node:tty'
import { type Diagnostic, diagnosticsText, distanceText } from '../script/index.ts'

const STDERR = 2
const PAUSE = new Int32Array(new SharedArrayBuffer(4))

/** Writes all of it: a pipe may take a long text in pieces. */
export function write(to: number, text: string): void {
  let bytes = Buffer.from(text.endsWith('\n') ? text : `${text}\n`)
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(to, bytes))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // Whoever reads has gone; there is nobody to tell.
      if (code === 'EPIPE') return
      if (code !== 'EAGAIN') throw error
      Atomics.wait(PAUSE, 0, 0, 5)
    }
  }
}

export const complain = (text: string): void => write(STDERR, text)

/** Colour on a terminal that has it, unless the operator does not want it (no-color.org). */
function wantsColor(): boolean {
  const { NO_COLOR, TERM } = process.env
  return isatty(STDERR) && (NO_COLOR ?? '') === '' && TERM !== 'dumb'
}

/** The diagnostics, and how much of the config is not here yet. */
export function complainOf(diagnostics: readonly Diagnostic[]): void {
  const text = diagnosticsText(diagnostics, wantsColor())
  if (text !== '') complain(text)
  const distance = distanceText(diagnostics)
  if (distance !== '') complain(distance)
}
