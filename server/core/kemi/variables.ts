/** KSR.pv: pseudo-variables by their text, `$rU` or `$(hdr(Via)[1]{s.len})`. */
import type { SipMessage } from '../../sip/message.ts'
import type { CoreInstance } from '../core.module.ts'
import {
  BadValue,
  int,
  type KemiFunction,
  kemiFn,
  type PvHandle,
  type PvValue,
} from '../module/index.ts'
import { text } from '../module/index.ts'
import { emptyForNull, nullText, SCALAR, SCALAR_OR_NULL } from './getters.ts'

type Self = CoreInstance
type Rows = Record<string, KemiFunction<Self>>

/** A variable that there is not is logged, and reads as null. */
function handleOf(self: Self, name: string): PvHandle | null {
  try {
    return self.core.formats.pvar(name)
  } catch (error) {
    if (!(error instanceof BadValue)) throw error
    self.core.log.error('<core>', `KSR.pv: ${name}: ${error.message}`)
    return null
  }
}

const get = (self: Self, msg: SipMessage, name: string): PvValue =>
  handleOf(self, name)?.get(msg) ?? null

const MOST = 0x7fffffff

/** The number that a text begins with, within 32 bits; 0 when it begins with none. */
function numberIn(value: PvValue): number {
  if (typeof value === 'number') return value
  const digits = /^[+-]?\d+/.exec(value ?? '')
  return digits === null ? 0 : Math.max(-MOST - 1, Math.min(MOST, Number(digits[0])))
}

/** True also for a variable that is only read, as in Kamailio; not for one that refuses it. */
function set(self: Self, msg: SipMessage, name: string, value: PvValue): boolean {
  const handle = handleOf(self, name)
  if (handle === null) return false
  return handle.set?.(msg, value) !== false
}

const name = text('name')

export const variableFunctions: Rows = {
  'pv.get': kemiFn({
    doc: 'The value of a pseudo-variable, null when it has none.',
    args: [name],
    returns: 'xval',
    type: SCALAR_OR_NULL,
    run: get,
  }),
  'pv.gete': kemiFn({
    doc: 'The same; an empty text when it has none.',
    args: [name],
    returns: 'xval',
    type: SCALAR,
    run: (self: Self, msg, wanted) => emptyForNull(get(self, msg, wanted)),
  }),
  'pv.getw': kemiFn({
    doc: 'The same; <null> when it has none.',
    args: [name],
    returns: 'xval',
    type: SCALAR,
    run: (self: Self, msg, wanted) => nullText(get(self, msg, wanted)),
  }),
  'pv.geti': kemiFn({
    doc: 'The value as a number, 0 when it is none.',
    args: [name],
    returns: 'int',
    run: (self: Self, msg, wanted) => numberIn(get(self, msg, wanted)),
  }),
  'pv.getvn': kemiFn({
    doc: 'The value; this number when it has none.',
    args: [name, int('absent')],
    returns: 'xval',
    type: SCALAR,
    run: (self: Self, msg, wanted, absent) => get(self, msg, wanted) ?? absent,
  }),
  'pv.getvs': kemiFn({
    doc: 'The value; this text when it has none.',
    args: [name, text('absent')],
    returns: 'xval',
    type: SCALAR,
    run: (self: Self, msg, wanted, absent) => get(self, msg, wanted) ?? absent,
  }),
  'pv.seti': kemiFn({
    doc: 'Assign a number to a pseudo-variable.',
    args: [name, int('value')],
    returns: 'bool',
    run: set,
  }),
  'pv.sets': kemiFn({
    doc: 'Assign a text to a pseudo-variable; variables in the text stay as they are.',
    args: [name, text('value')],
    returns: 'bool',
    run: set,
  }),
  'pv.unset': kemiFn({
    doc: 'Assign null to a pseudo-variable.',
    args: [name],
    returns: 'bool',
    run: (self: Self, msg, wanted) => set(self, msg, wanted, null),
  }),
  'pv.is_null': kemiFn({
    doc: 'Has a pseudo-variable no value?',
    args: [name],
    returns: 'bool',
    run: (self: Self, msg, wanted) => get(self, msg, wanted) === null,
  }),
}
