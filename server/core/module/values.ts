/** What pseudo-variables give, and how functions and parameters hold one. */
import type { SipMessage } from '../../sip/message.ts'

/** null is Kamailio's $null. A number is an integer; texts are byte strings (latin1). */
export type PvValue = string | number | null
/** No index was written. */
export const NO_INDEX = -0x80000000
/** `[*]` was written. */
export const ALL_INDEXES = 0x7fffffff

/** Where something stands in the config. */
export interface ConfigPlace {
  readonly file: string
  readonly line: number
  /** Name of the route block, as $cfg(route) gives it. */
  readonly route: string
}

/** A compiled string with pseudo-variables. */
export interface Format {
  (msg: SipMessage): string
  /** Where the function is called that this is an argument of (placedFormat). */
  readonly at?: ConfigPlace
}

/** A pseudo-variable given to a function or parameter as a place to read from or write to. */
export interface PvHandle {
  /** As the config wrote it: `$avp(x)`. */
  readonly text: string
  get(msg: SipMessage): PvValue
  /** null when the variable is read-only. Gives false when it refuses the value. */
  readonly set: ((msg: SipMessage, value: PvValue) => unknown) | null
}
