/** file_read and file_write: small text files, because the message waits for them. */
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import type { PvHandle, Verdict } from '../../core/module.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Corex } from './corex.ts'

const LARGEST = 1 << 20

export function readFile(self: Corex, msg: SipMessage, path: string, into: PvHandle): Verdict {
  try {
    const { size } = statSync(path)
    if (size > LARGEST) {
      self.error(`file too large: ${path} (${size} bytes)`)
      return -1
    }
    into.set!(msg, readFileSync(path, 'latin1'))
    return 1
  } catch {
    self.error(`cannot open file: ${path}`)
    return -1
  }
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
