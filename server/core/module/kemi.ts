/** How KEMI scripts see functions, and those that only they have. */
import type { SipMessage } from '../../sip/message.ts'
import type { AnyArg, Values } from './arguments.ts'
import type { PvValue } from './values.ts'

/** The row, seen otherwise by KEMI scripts (ConfigFunction.kemi). */
export const inKemi = <R extends object>(kemi: string, row: R): R => ({ ...row, kemi })

/** What functions of KEMI scripts give: Kamailio's words for it. */
export type KemiReturn = 'none' | 'int' | 'bool' | 'xval'
/** The value itself; texts are byte strings (latin1). */
export type KemiValue = PvValue | boolean | KemiValue[] | { [name: string]: KemiValue }

/** A function that only KEMI scripts have: KSR.pv.get. */
export interface KemiFunction<S> {
  readonly doc: string
  readonly args: readonly AnyArg[]
  readonly returns: KemiReturn
  /** Of an 'xval': its TypeScript type. */
  readonly type?: string
  /** True when `run` may return the promise of its number. */
  readonly waits?: boolean
  // biome-ignore lint/suspicious/noExplicitAny: the argument types were checked by kemiFn()
  readonly run: (self: S, msg: SipMessage, ...args: any[]) => KemiValue | Promise<number>
}

/** A row of `kemi`; the kinds in `args` give the types of `run`'s parameters. */
export const kemiFn = <S, const A extends readonly AnyArg[], R extends KemiReturn>(f: {
  doc: string
  args: A
  returns: R
  type?: string
  waits?: R extends 'int' ? boolean : false
  run: (
    self: S,
    msg: SipMessage,
    ...args: Values<A>
  ) => R extends 'int'
    ? number | Promise<number>
    : R extends 'bool'
      ? boolean
      : R extends 'none'
        ? null
        : KemiValue
}): KemiFunction<S> => f as unknown as KemiFunction<S>
