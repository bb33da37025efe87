/** The few helpers that emitted code calls. The rest of it is plain JavaScript. */
import type { PvValue } from '../../core/module/index.ts'
import { progress, SCRIPT_DROP, SCRIPT_EXIT } from '../../core/script-state.ts'
import type { SipMessage } from '../../sip/message.ts'
import { toInt, toStr } from './convert.ts'

// ---- return codes: after a module's function $rc is what it returned, and 0 ends the script

/** A module function's code as a statement or the whole right side of an assignment. */
export function code(m: SipMessage, value: number): number {
  m.rc = value
  if (value === 0) m.scriptState = SCRIPT_EXIT
  return value
}

/** The same as an operand: true for more than 0. */
export function ok(m: SipMessage, value: number): boolean {
  m.rc = value
  if (value === 0) m.scriptState = SCRIPT_EXIT
  return value > 0
}

/** A function of the core as an operand leaves 0 in $rc; as a statement it leaves $rc alone. */
export function okCore(m: SipMessage, value: number): boolean {
  m.rc = 0
  return value > 0
}

export function codeCore(m: SipMessage, value: number): number {
  m.rc = 0
  return value
}

/** A route's code: what ended inside of it has set the state. */
export function codeRoute(m: SipMessage, value: number): number {
  m.rc = value
  return value
}

export function okRoute(m: SipMessage, value: number): boolean {
  m.rc = value
  return value > 0
}

/** `return value`: 0 ends the script. */
export function leave(m: SipMessage, value: number): number {
  if (value === 0) m.scriptState = SCRIPT_EXIT
  return value
}

export function exit(m: SipMessage, value: number): number {
  m.rc = value
  m.scriptState = SCRIPT_EXIT
  return value
}

export function drop(m: SipMessage, value: number): number {
  m.rc = value
  m.scriptState = SCRIPT_DROP
  return value
}

// ---- operators on values whose type only the message tells

/**
 * The left side decides: a string is joined, a number added; nothing is an empty string.
 */
export function add(a: PvValue, b: PvValue): PvValue {
  if (typeof a === 'number') return (a + toInt(b)) | 0
  return toStr(a) + toStr(b)
}

/** The left side decides how to compare; nothing equals 0 and the empty string. */
export function equal(a: PvValue, b: PvValue): boolean {
  if (typeof a === 'string') return a === toStr(b)
  if (typeof a === 'number') return a === toInt(b)
  if (b === null) return true
  return typeof b === 'number' ? b === 0 : b === ''
}

/**
 * Did something in the expression fail? Whoever takes the value of one asks, so that it is
 * forgotten with its statement.
 */
export function failed(): boolean {
  if (!progress.failed) return false
  progress.failed = false
  return true
}

/** What the statement is worth whose variable was given a value and may have refused it. */
export const assigned = (taken: unknown): number => (taken === false ? -1 : 1)

/** A variable's value as a text. */
export const asText = (value: PvValue): PvValue =>
  typeof value === 'number' ? String(value) : value

/** The value of a condition; false when something in it failed. */
export const sure = (value: boolean): boolean => !failed() && value

/** Strings of keyword conditions are compared without regard to case. */
export function sameText(a: string, b: string): boolean {
  return a === b || (a.length === b.length && a.toLowerCase() === b.toLowerCase())
}
