/** Further destinations of a request: making one, and the q values that order them. */
import type { Branch } from '../sip/message.ts'

/** A branch with nothing but its URI. */
export const newBranch = (uri: string): Branch => ({
  uri,
  dstUri: '',
  path: '',
  q: -1,
  flags: 0,
  socket: null,
  instance: '',
  regId: 0,
  ruid: '',
  userAgent: '',
  connection: 0,
})

/** Reads `0.5` as 500; -1 when it is no qvalue (RFC 3261 section 25.1). */
export function parseQ(text: string): number {
  const found = /^(?:0?(?:\.(\d{1,3}))|0|(1)(?:\.0{0,3})?|0\.)$/.exec(text.trim())
  if (found === null) return -1
  if (found[2] !== undefined) return 1000
  return found[1] === undefined ? 0 : Number(found[1].padEnd(3, '0'))
}
