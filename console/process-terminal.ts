/** The terminal of the process, and every way in which it can end. */
import type { Style } from '../rpc/fleet/line.ts'
import type { Terminal } from './terminal.ts'

/** Alternate screen off, cursor on, colours off, mouse off: what a crash must not leave behind. */
const RESTORE = '\x1b[?1049l\x1b[?25h\x1b[0m\x1b[?1000l\x1b[?1002l\x1b[?1006l'

export interface ProcessTerminal extends Terminal {
  /** 0, or 128 plus the number of the signal that ended it. */
  exitCode(): number
}

const PARENT_EVERY_MS = 1000

/** `parent`: the process with which we end; null for any. */
export function processTerminal(style: Style, parent: number | null): ProcessTerminal {
  const gone = new AbortController()
  let code = 0
  for (const [signal, number] of [
    ['SIGTERM', 15],
    ['SIGHUP', 1],
    ['SIGINT', 2],
    ['SIGQUIT', 3],
  ] as const)
    process.on(signal, () => {
      code = 128 + number
      gone.abort()
      // The screen is given back within a moment, or not at all: the terminal may be gone.
      setTimeout(() => process.exit(code), 500).unref()
    })
  // The terminal went away without a signal: reading ends or fails, writing fails.
  const lost = (): void => {
    code ||= 129
    gone.abort()
    setTimeout(() => process.exit(code), 200).unref()
  }
  process.stdin.on('end', lost)
  process.stdin.on('error', lost)
  process.stdout.on('error', lost)
  if (parent !== null)
    setInterval(() => {
      if (process.ppid !== parent) lost()
    }, PARENT_EVERY_MS).unref()
  process.on('uncaughtException', error => {
    process.stdout.write(RESTORE)
    process.stderr.write(`console: ${error.stack ?? String(error)}\n`)
    process.exit(70)
  })
  const { stdin: input, stdout: output } = process
  return { input, output, style, gone: gone.signal, exitCode: () => code }
}
