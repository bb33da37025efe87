/** The kinds of parameters that modparam sets. */
import type { Format, PvHandle } from './values.ts'

export type ParamKind = 'int' | 'string' | 'format' | 'pvar' | 'each'

export interface Param<T> {
  readonly kind: ParamKind
  readonly default: T
  readonly doc: string
  /**
   * May be changed at run time: it is in the cfg framework (cfg.set) in the module's group under
   * its own name, or under the name given here where Kamailio's differs.
   */
  readonly live: boolean | string
  readonly min?: number
  readonly max?: number
  /** Bounds of a live change, where Kamailio takes any number from a config. */
  readonly liveMin?: number
  readonly liveMax?: number
  /** Kamailio 5.6 does not have it (since6). */
  readonly since6?: boolean
  /** No modparam sets it: a runtime variable and nothing else. */
  readonly onlyLive?: boolean
  /** Kind 'each': reads one value; the parameter is the list of all of them. */
  readonly parse?: (text: string | number) => unknown
  readonly type?: T
}

type ParamOptions<T> = { default: T; doc: string; live?: boolean | string }
type Bounds = Pick<Param<number>, 'min' | 'max' | 'liveMin' | 'liveMax' | 'onlyLive'>
export const intParam = (o: ParamOptions<number> & Bounds): Param<number> => ({
  kind: 'int',
  live: false,
  ...o,
})
export const strParam = (o: ParamOptions<string>): Param<string> => ({
  kind: 'string',
  live: false,
  ...o,
})
/** A string with pseudo-variables; null when not set. */
export const formatParam = (o: { doc: string; default?: string }): Param<Format | null> => ({
  kind: 'format',
  live: false,
  doc: o.doc,
  default: (o.default ?? null) as unknown as Format | null,
})
/** The name of a pseudo-variable, `$avp(x)`; null when not set. */
export const pvarParam = (o: { doc: string; default?: string }): Param<PvHandle | null> => ({
  kind: 'pvar',
  live: false,
  doc: o.doc,
  default: (o.default ?? null) as unknown as PvHandle | null,
})
/** A parameter that may be given several times; the value is the list. */
export const eachParam = <T>(o: {
  doc: string
  parse: (text: string | number) => T
}): Param<T[]> => ({ kind: 'each', live: false, default: [], ...o })

// biome-ignore lint/suspicious/noExplicitAny: parameters are heterogeneous
export type Params = Record<string, Param<any>>
/** What the instance reads: plain fields, changed in place by a live change. */
export type ConfigOf<P> = { [K in keyof P]: P[K] extends Param<infer T> ? T : never }
