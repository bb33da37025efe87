/** Kamailio's integers and strings: 32 bits, and what becomes of one where the other is wanted. */
import type { PvValue } from '../../core/module.ts'

/** An integer of anything: a text that is no decimal or 0x number is 0, and so is nothing. */
export function toInt(value: PvValue | boolean): number {
  if (typeof value === 'number') return value
  if (typeof value === 'string') return textToInt(value)
  return value === true ? 1 : 0
}

/** The whole text must be the number; it wraps around at 32 bits. */
export function textToInt(text: string): number {
  const length = text.length
  let at = 0
  const sign = text.charCodeAt(0)
  if (sign === 0x2d || sign === 0x2b) at = 1
  if (at === length) return 0
  if (length > at + 15) return longTextToInt(text)
  let value = 0
  for (; at < length; at++) {
    const digit = text.charCodeAt(at) - 0x30
    if (digit < 0 || digit > 9) return hexToInt(text)
    value = value * 10 + digit
  }
  return (sign === 0x2d ? -value : value) | 0
}

const hexToInt = (text: string): number =>
  /^[-+]?0x[0-9a-f]+$/i.test(text) ? longTextToInt(text) : 0

function longTextToInt(text: string): number {
  const parts = /^([-+]?)(0x[0-9a-f]+|[0-9]+)$/i.exec(text)
  if (parts === null || text.length > 1000) return 0
  const value = Number(BigInt.asIntN(32, BigInt(parts[2]!)))
  return parts[1] === '-' ? -value | 0 : value
}

/** A string of anything; nothing is the empty string. */
export function toStr(value: PvValue | boolean): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  return value === true ? '1' : value === false ? '0' : ''
}

/** A value as a string with variables shows it: nothing is `<null>`. */
export function shown(value: PvValue): string {
  if (typeof value === 'string') return value
  return value === null ? '<null>' : String(value)
}
