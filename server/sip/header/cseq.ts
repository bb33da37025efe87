/** CSeq: a sequence number of 32 bits and a method (RFC 3261 section 8.1.1.5). */
import { digitsOf } from '../uri.ts'

export interface CSeq {
  /** As written, leading zeros and all. */
  readonly text: string
  readonly number: number
  readonly method: string
}

export function parseCSeq(text: string): CSeq | null {
  let i = 0
  while (i < text.length && text.charCodeAt(i) >= 0x30 && text.charCodeAt(i) <= 0x39) i++
  if (i === 0 || i > 32) return null
  const digits = text.slice(0, i)
  const number = digitsOf(digits)
  if (number > 0xffffffff) return null
  const gap = i
  while (i < text.length && text.charCodeAt(i) <= 0x20) i++
  if (i === gap || i === text.length) return null
  const method = text.slice(i)
  for (let k = 0; k < method.length; k++) if (!isTokenCode(method.charCodeAt(k))) return null
  return { text: digits, number, method }
}

/** token of RFC 3261 section 25.1. */
export function isTokenCode(code: number): boolean {
  if ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a) return true
  if (code >= 0x30 && code <= 0x39) return true
  switch (code) {
    case 0x2d:
    case 0x2e:
    case 0x21:
    case 0x25:
    case 0x2a:
    case 0x5f:
    case 0x2b:
    case 0x60:
    case 0x27:
    case 0x7e:
      return true
    default:
      return false
  }
}
