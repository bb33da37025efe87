/** file_read and file_write: small text files, because the message waits for them. */
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import type { PvHandle, Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Corex } from './corex.ts'

const LARGEST = 1 << 20

/** The text of a small file; null when it cannot be read. */
export function textOf(self: Corex, path: string): string | null {
  try {
    const { size } = statSync(path)
    if (size <= LARGEST) return readFileSync(path, 'latin1')
    self.error(`file too large: ${path} (${size} bytes)`)
  } catch {
    self.error(`cannot open file: ${path}`)
  }
  return null
}

export function readFile(self: Corex, msg: SipMessage, path: string, into: PvHandle): Verdict {
  const text = textOf(self, path)
  if (text === null) return -1
  into.set!(msg, text)
  return 1
}

export function writeFile(self: Corex, _msg: SipMessage, path: string, content: string): Verdict {
  try {
    writeFileSync(path, content, 'latin1')
    return 1
  } catch {
    self.error(`cannot write file: ${path}`)
    return -1
  }
}
