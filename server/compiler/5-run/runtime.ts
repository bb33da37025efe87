/**
 * What compiled routes call while they run: Kamailio's conversions and comparisons. They see values of pseudo-variables: a string,
 * an integer, or null.
 */
import { IGNORE_CASE, regexFor } from '../../core/regex.ts'
import type { PvValue } from '../../core/module.ts'
import type { SipMessage } from '../../sip/message.ts'
import { SCRIPT_DROP, SCRIPT_EXIT } from '../../core/routes.ts'

/** A value as an integer: decimal or hexadecimal text as a whole, everything else 0. 32 bits. */
export function int(value: PvValue): number {
  if (typeof value === 'number') return value
  if (value === null || value === '') return 0
  return textToInt(value)
}

function textToInt(text: string): number {
  let i = 0
  const first = text.charCodeAt(0)
  const negative = first === 0x2d
  if (negative || first === 0x2b) i = 1
  if (i === text.length) return 0
  if (text.charCodeAt(i) === 0x30 && (text.charCodeAt(i + 1) | 0x20) === 0x78) {
    return /^[+-]?0x[0-9a-f]+$/i.test(text) ? Number.parseInt(text, 16) | 0 : 0
  }
  let value = 0
  for (; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30
    if (digit < 0 || digit > 9) return 0
    value = value * 10 + digit
  }
  return (negative ? -value : value) | 0
}

export function str(value: PvValue): string {
  if (typeof value === 'string') return value
  return value === null ? '' : String(value)
}

/** In format strings an absent value is shown as <null>. */
export function show(value: PvValue): string {
  if (typeof value === 'string') return value
  return value === null ? '<null>' : String(value)
}

/** Is the value true as a condition: greater than zero. */
export const truth = (value: PvValue): boolean => int(value) > 0

/** ==: the left side decides between text and integer; an absent left side takes the kind of the right. */
export function eq(left: PvValue, right: PvValue): boolean {
  if (typeof left === 'string') return left === str(right)
  if (typeof left === 'number') return left === int(right)
  if (typeof right === 'number') return right === 0
  return str(right) === ''
}

export function add(left: PvValue, right: PvValue): PvValue {
  if (typeof left === 'number') return (left + int(right)) | 0
  if (left === null && typeof right === 'number') return right
  return str(left) + str(right)
}

export const divide = (left: number, right: number): number =>
  right === 0 ? 0 : (left / right) | 0
export const modulo = (left: number, right: number): number => (right === 0 ? 0 : left % right)

/** =~ with an expression that is only known now. */
export function match(text: string, pattern: string): boolean {
  const regex = regexFor(pattern, IGNORE_CASE)
  return regex !== null && regex.test(text)
}

/** The value of a called function in an expression; 0 ends the script. */
export function called(m: SipMessage, result: number): boolean {
  m.rc = result
  if (result > 0) return true
  if (result === 0) m.scriptState = SCRIPT_EXIT
  return false
}

/** The raw return code of a called function, for assignments. */
export function raw(m: SipMessage, result: number): number {
  m.rc = result
  if (result === 0) m.scriptState = SCRIPT_EXIT
  return result
}

/** The same for route(X): its own exit or drop is kept. */
export function routed(m: SipMessage, result: number): boolean {
  m.rc = result
  return result > 0
}

export function exit(m: SipMessage, code: number): number {
  m.scriptState = SCRIPT_EXIT
  return code
}

export function drop(m: SipMessage, code: number): number {
  m.scriptState = SCRIPT_DROP
  return code
}

/** return 0 ends the whole script. */
export function returned(m: SipMessage, code: number): number {
  if (code === 0) m.scriptState = SCRIPT_EXIT
  return code
}
