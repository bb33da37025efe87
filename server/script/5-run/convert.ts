/** Kamailio's integers and strings: 32 bits, and what becomes of one where the other is wanted. */
import type { PvValue } from '../../core/module/index.ts'

/** An integer of anything: a text that is no decimal or 0x number is 0, and so is nothing. */
export function toInt(value: PvValue | boolean): number {
  if (typeof value === 'number') return value
  if (typeof value === 'string') return textToInt(value)
  return value === true ? 1 : 0
}

const MOST = 0x7fffffff

/** The whole text must be the number; one that needs more than 32 bits is 0. */
export function textToInt(text: string): number {
  const length = text.length
  let at = 0
  const sign = text.charCodeAt(0)
  if (sign === 0x2d || sign === 0x2b) at = 1
  let value = 0
  for (; at < length; at++) {
    const digit = text.charCodeAt(at) - 0x30
    if (digit < 0 || digit > 9) return hexToInt(text)
    value = value * 10 + digit
    if (value > MOST + 1) return 0
  }
  if (sign === 0x2d) return -value | 0
  return value > MOST ? 0 : value
}

function hexToInt(text: string): number {
  if (!/^0x[0-9a-f]+$/i.test(text)) return 0
  const value = Number.parseInt(text.slice(2), 16)
  return value > 0xffffffff ? 0 : value | 0
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
