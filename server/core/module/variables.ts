/** The pseudo-variables that a module has. */
import type { SipMessage } from '../../sip/message.ts'
import type { Formats } from '../core.ts'
import type { ConfigPlace, PvValue } from './values.ts'

export interface Pvar<S, K = unknown> {
  readonly doc: string
  readonly since6?: boolean
  /** Is a name in parentheses allowed: $rU none, $hdr(x) required. */
  readonly inner: 'none' | 'optional' | 'required'
  /**
   * Turns the name in parentheses into a key, at load when constant. Throw BadValue. Default: the
   * text itself.
   */
  readonly parse?: (inner: string) => K
  /**
   * Reads a name that is one variable alone, `$avp($var(x))`: its value may be a number. Default:
   * `parse` of its text.
   */
  readonly parseValue?: (value: PvValue) => K
  /**
   * What stands in the parentheses is itself a pseudo-variable (`$cnt($avp(x))`) or a format
   * (`$_s(x$rU)`): the key is the compiled PvHandle or Format. Otherwise a name that holds
   * pseudo-variables is put together and parsed per access.
   */
  readonly nested?: 'pvar' | 'format'
  /**
   * Takes what stands in the parentheses once, at load, variables and all, and makes the key of it.
   * In place of `parse`, where a name is looked up for every message. Throws BadValue.
   */
  readonly compile?: (inner: string, formats: Formats) => K
  readonly get: (self: S, msg: SipMessage, key: K, index: number) => PvValue
  /** Gives false when it refuses the value, and has logged why. */
  readonly set?: (self: S, msg: SipMessage, value: PvValue, key: K, index: number) => unknown
  /**
   * Its `set` takes texts alone: a variable's number comes to it as a text, one that was computed
   * is refused.
   */
  readonly takesText?: boolean
  /** The value does not change while a message is processed and `get` has no side effect. */
  readonly constant?: boolean
  /**
   * The value is where the variable stands in the config: known when that is compiled, `get` is not
   * asked.
   */
  readonly placed?: (key: K, place: ConfigPlace) => PvValue
}

/** A row of `pvars` without a name in parentheses: $rU. */
export const variable = <S>(v: {
  doc: string
  get: (self: S, msg: SipMessage, key: undefined, index: number) => PvValue
  set?: (self: S, msg: SipMessage, value: PvValue, key: undefined, index: number) => unknown
  takesText?: boolean
}): Pvar<S> => ({ inner: 'none', ...v }) as unknown as Pvar<S>

/** A row of `pvars` with a name in parentheses: $hdr(From). */
export const keyed = <S, K = string>(v: {
  doc: string
  inner?: 'optional' | 'required'
  parse?: (inner: string) => K
  parseValue?: (value: PvValue) => K
  nested?: 'pvar' | 'format'
  compile?: (inner: string, formats: Formats) => K
  placed?: (key: K, place: ConfigPlace) => PvValue
  get: (self: S, msg: SipMessage, key: K, index: number) => PvValue
  set?: (self: S, msg: SipMessage, value: PvValue, key: K, index: number) => unknown
  takesText?: boolean
}): Pvar<S> => ({ inner: 'required', ...v }) as unknown as Pvar<S>
