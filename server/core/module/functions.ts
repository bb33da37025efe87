/** The functions of the config. */
import type { SipMessage } from '../../sip/message.ts'
import type { AnyArg, Values } from './arguments.ts'
import type { RouteBlock } from './blocks.ts'

/** What a config function tells the script: > 0 true, < 0 false, 0 ends the script. */
export type Verdict = number

/** The value of a module's parameter as the config sets it; undefined when it does not. */
export type ParamReader = (module: string, name: string) => string | number | undefined

export type WaitsWhen = (param: ParamReader, given: number) => boolean

/** May a call with so many arguments give a promise? */
export const waitsGiven = (
  { waits, waitsWith }: Pick<ConfigFunction<unknown>, 'waits' | 'waitsWith'>,
  given: number,
): boolean => waits && (waitsWith === undefined || waitsWith.includes(given))

export interface ConfigFunction<S> {
  readonly doc: string
  readonly args: readonly AnyArg[]
  /** Bits of the ROUTE constants. */
  readonly routes: number
  /** True when `run` may return a promise: routes that reach it are compiled as generators. */
  readonly waits: boolean
  /**
   * It waits with some parameters, or with so many arguments, only: asked for those of the config
   * when that is checked.
   */
  readonly waitsWhen?: WaitsWhen
  /** The numbers of arguments with which it waits; all of them when it is not there. */
  readonly waitsWith?: readonly number[]
  /** `run` gets what stands behind the call in its `{ }` (restFn). */
  readonly rest?: boolean
  /** Kamailio 5.6 does not have it (since6). */
  readonly since6?: boolean
  /**
   * How KEMI scripts see it when it is not simply its name with all of its arguments: one or more
   * of `name`, `name(str, int)` and `name(str): bool`, between blanks; `module.name` elsewhere.
   */
  readonly kemi?: string
  // biome-ignore lint/suspicious/noExplicitAny: the argument types were checked by fn()
  readonly run: (self: S, msg: SipMessage, ...args: any[]) => Verdict
}

/** A row of `functions`; the kinds in `args` give the types of `run`'s parameters. */
export const fn = <S, const A extends readonly AnyArg[]>(f: {
  doc: string
  args: A
  routes: number
  waits?: boolean
  waitsWhen?: WaitsWhen
  kemi?: string
  run: (self: S, msg: SipMessage, ...args: Values<A>) => Verdict | Promise<Verdict>
}): ConfigFunction<S> => ({ waits: false, ...f }) as unknown as ConfigFunction<S>

/**
 * A row of `functions` that may end the script (0) and let the rest of it run later: `run` gets the
 * statements behind the call, up to the end of the `{ }` that it stands in, as a block. null: there
 * are none, or it is no statement of its own.
 */
export const restFn = <S, const A extends readonly AnyArg[]>(f: {
  doc: string
  args: A
  routes: number
  kemi: ''
  run: (self: S, msg: SipMessage, rest: RouteBlock | null, ...args: Values<A>) => Verdict
}): ConfigFunction<S> => ({ waits: false, rest: true, ...f }) as unknown as ConfigFunction<S>
