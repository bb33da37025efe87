/** How the rows of kemix are written. */
import { getters, SCALAR_OR_NULL } from '../../core/kemi/getters.ts'
import { type KemiFunction, kemiFn, type PvValue } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Kemix } from './kemix.ts'

export type Rows = Record<string, KemiFunction<Kemix>>

/** KSR.kx.get_<name>. */
export const part = (name: string, what: string, get: (msg: SipMessage) => PvValue): Rows => ({
  [`kx.get_${name}`]: kemiFn({
    doc: `${what}.`,
    args: [],
    returns: 'xval',
    type: SCALAR_OR_NULL,
    run: (_self: Kemix, msg) => get(msg),
  }),
})

/** KSR.kx.get_<name> that is always a number. */
export const number = (name: string, what: string, get: (msg: SipMessage) => number): Rows => ({
  [`kx.get_${name}`]: kemiFn({
    doc: `${what}.`,
    args: [],
    returns: 'int',
    run: (_self: Kemix, msg) => get(msg),
  }),
})

/** KSR.kx.get_<name>, gete_<name> and getw_<name>. */
export const mayLack = (
  name: string,
  what: string,
  get: (msg: SipMessage, self: Kemix) => PvValue,
): Rows => getters<Kemix>('kx.get', `_${name}`, what, [], (self, msg) => get(msg, self))

export const orNull = (text: string | undefined): PvValue =>
  text === undefined || text === '' ? null : text
