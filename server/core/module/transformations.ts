/** The transformations of pseudo-variables: `{s.len}`. */
import type { SipMessage } from '../../sip/message.ts'
import type { Formats } from '../core.ts'
import type { PvValue } from './values.ts'

/**
 * A transformation function `{class.name,args}`; the arguments come evaluated, as texts or numbers.
 */
export interface Transformation {
  readonly doc: string
  readonly since6?: boolean
  readonly minArgs: number
  readonly maxArgs: number
  readonly run: (value: PvValue, ...args: string[]) => PvValue
  /**
   * Present: takes what is written behind the first comma, commas and variables and all, once at
   * load, and gives what is called in place of `run`. Throws BadValue.
   */
  readonly prepare?: (
    args: string,
    formats: Formats,
  ) => (msg: SipMessage, value: PvValue) => PvValue
}
