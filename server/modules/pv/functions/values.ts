/** Functions that ask what a variable holds, empty it or fill it. */
import type { PvHandle, Verdict } from '../../../core/module/index.ts'
import type { SipMessage } from '../../../sip/message.ts'
import type { Pv } from '../pv.ts'

const verdict = (yes: boolean): Verdict => (yes ? 1 : -1)

/** pv_isset("$x"): it is not null. */
export const isSet = (_self: Pv, msg: SipMessage, handle: PvHandle): Verdict =>
  verdict(handle.get(msg) !== null)

/** pv_unset("$x"): assigns null. */
export function unset(self: Pv, msg: SipMessage, handle: PvHandle): Verdict {
  if (handle.set === null) {
    self.error(`${handle.text} cannot be unset`)
    return -1
  }
  return verdict(handle.set(msg, null) !== false)
}

/** Ports are texts that count as numbers. */
const PORTS = /^\$\(?([rod]p|nh\(p\))/

/** is_int("$x"). */
export function isInt(_self: Pv, msg: SipMessage, handle: PvHandle): Verdict {
  const value = handle.get(msg)
  return verdict(typeof value === 'number' || (value !== null && PORTS.test(handle.text)))
}

/** not_empty("$x"): a text with something in it. */
export function notEmpty(_self: Pv, msg: SipMessage, handle: PvHandle): Verdict {
  const value = handle.get(msg)
  return verdict(typeof value === 'string' && value !== '')
}

const TYPES = { int: 'number', str: 'string' } as const
export type TypeWord = keyof typeof TYPES | 'null'
export const TYPE_WORDS: readonly TypeWord[] = ['int', 'str', 'null']

/** typeof("$x", "int"). */
export function typeOf(_self: Pv, msg: SipMessage, handle: PvHandle, type: TypeWord): Verdict {
  const value = handle.get(msg)
  return verdict(type === 'null' ? value === null : typeof value === TYPES[type])
}

/** pv_evalx("$x", "format"): what the format gives is evaluated once more. */
export function evaluate(self: Pv, msg: SipMessage, handle: PvHandle, text: string): Verdict {
  const result = self.evaluate(msg, text)
  if (result === null) return -1
  handle.set!(msg, result)
  return 1
}
