/**
 * The part of a local To tag that belongs to one request: the same for its retransmissions, another
 * one for other requests.
 */
import type { SipMessage } from './message.ts'

const DIGITS = '0123456789abcdef'
const BYTES: string[] = []
for (let i = 0; i < 256; i++) BYTES.push(DIGITS[i >> 4]! + DIGITS[i & 15]!)

/** A 32-bit number as eight hexadecimal digits. */
export const hex32 = (value: number): string =>
  BYTES[(value >>> 24) & 255]! +
  BYTES[(value >>> 16) & 255]! +
  BYTES[(value >>> 8) & 255]! +
  BYTES[value & 255]!

/** One step of FNV-1a: cheap, and good enough to tell texts apart. */
export function hashText(seed: number, text: string): number {
  let hash = seed
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash
}

/** Eight digits from the top Via and the Call-ID. */
export function replyTagSuffix(msg: SipMessage): string {
  const via = msg.via
  let hash = hashText(0x811c9dc5 | 0, msg.callId)
  if (via !== null) hash = hashText(hashText(hash ^ via.port, via.host), via.branch)
  return hex32(hash)
}
