/** Functions that KSR has three times, for what may not be there: get, gete and getw. */
import type { SipMessage } from '../../sip/message.ts'
import { type Arg, type KemiFunction, kemiFn, type PvValue } from '../module/index.ts'

export const emptyForNull = (value: PvValue): PvValue => (value === null ? '' : value)
export const nullText = (value: PvValue): PvValue => (value === null ? '<null>' : value)

/** TypeScript types of values. */
export const SCALAR = 'string | number'
export const SCALAR_OR_NULL = 'string | number | null'

/** `hdr.get` + `_idx` gives hdr.get_idx (null), hdr.gete_idx (''), hdr.getw_idx ('<null>'). */
export function getters<S>(
  prefix: string,
  suffix: string,
  what: string,
  args: readonly Arg<string | number>[],
  read: (self: S, msg: SipMessage, ...args: never[]) => PvValue,
): Record<string, KemiFunction<S>> {
  const row = (absent: string, type: string, wrap: (value: PvValue) => PvValue): KemiFunction<S> =>
    kemiFn({
      doc: `${what}; ${absent} when there is none.`,
      args,
      returns: 'xval',
      type,
      run: (self: S, msg, ...values) => wrap(read(self, msg, ...(values as never[]))),
    })
  return {
    [`${prefix}${suffix}`]: row('null', SCALAR_OR_NULL, value => value),
    [`${prefix}e${suffix}`]: row('an empty text', SCALAR, emptyForNull),
    [`${prefix}w${suffix}`]: row('<null>', SCALAR, nullText),
  }
}
