/** The kinds of arguments that functions of the config take. */
import type { Formats } from '../core.ts'
import type { RouteBlock, RouteKind } from './blocks.ts'
import type { ParamReader } from './functions.ts'
import type { Format, PvHandle } from './values.ts'

export type ArgKind = 'text' | 'format' | 'lazyFormat' | 'int' | 'parsed' | 'pvar' | 'route'

export interface Arg<T> {
  readonly name: string
  readonly kind: ArgKind
  readonly optional: boolean
  /**
   * Kind 'parsed': turns the text into what `run` gets; at load when it is constant, per call when
   * `dynamic`. `formats` compiles the variables in a part of the text (the replacement of a
   * substitution).
   */
  readonly parse?: (text: string, formats: Formats) => T
  /** Kind 'parsed': the text may hold pseudo-variables. */
  readonly dynamic?: boolean
  /** Kinds 'text' and 'parsed': an expression may stand there, which is read per call. */
  readonly computed?: boolean
  /** Kind 'route': which blocks. */
  readonly routeKind?: RouteKind
  /** Kind 'pvar': it must be assignable. */
  readonly writable?: boolean
  /** Kind 'lazyFormat': the format says in `at` where it is called. */
  readonly placed?: boolean
  /**
   * Looks at a constant text at load, of a call with so many arguments and beside these parameters;
   * throws BadValue. Texts with variables are for `run` to judge.
   */
  readonly check?: (text: string, given: number, param: ParamReader) => void
  /** The grammar itself says how it is written (functions of the core); nothing else is taken. */
  readonly written?: Written
  /** What it is in a call in which it is the last one (orLast). */
  readonly last?: Arg<unknown>
  readonly type?: T
}

/** The argument at this place of a call that has so many. */
export function argAt(args: readonly Arg<unknown>[], index: number, given: number): Arg<unknown> {
  const arg = args[index]!
  return index === given - 1 ? (arg.last ?? arg) : arg
}

/**
 * A number or a text in quotes; the host and port of forward(); the first argument of log(); names
 * of `flags` and `avpflags` declarations; an AVP; a group of runtime parameters.
 */
export type Written =
  | 'number'
  | 'text'
  | 'host'
  | 'port'
  | 'log'
  | 'flag'
  | 'avpflag'
  | 'avp'
  | 'group'

/** A literal, taken as written: no pseudo-variables. */
export const text = (name: string): Arg<string> => ({ name, kind: 'text', optional: false })
/** A string with pseudo-variables, or any expression; `run` gets the text. */
export const format = (name: string): Arg<string> => ({ name, kind: 'format', optional: false })
/**
 * The same, but `run` gets the compiled format and decides whether the text is needed at all (xlog
 * below its level).
 */
export const lazyFormat = (name: string): Arg<Format> => ({
  name,
  kind: 'lazyFormat',
  optional: false,
})
/** The same, and its `at` says where in the config the call stands (xlogl). */
export const placedFormat = (name: string): Arg<Format> => ({
  name,
  kind: 'lazyFormat',
  optional: false,
  placed: true,
})
/** A number, digits in a string, a pseudo-variable or an expression; `run` gets the number. */
export const int = (name: string): Arg<number> => ({ name, kind: 'int', optional: false })
/** A literal with a syntax of its own, read once at load. Throw BadValue from `parse`. */
export const literal = <T>(name: string, parse: (text: string, formats: Formats) => T): Arg<T> => ({
  name,
  kind: 'parsed',
  optional: false,
  parse,
  dynamic: false,
})
/**
 * The same, but pseudo-variables are allowed: a constant is read at load, anything else per call.
 */
export const parsed = <T>(name: string, parse: (text: string, formats: Formats) => T): Arg<T> => ({
  name,
  kind: 'parsed',
  optional: false,
  parse,
  dynamic: true,
})
/**
 * A literal for which an expression may stand: `remove_hf($var(name))`. In quotes it is taken as
 * written all the same. Some functions of Kamailio take such, most do not.
 */
export const computed = <T>(arg: Arg<T>): Arg<T> => ({ ...arg, computed: true })
/** An argument that is something else in a call in which it is the last one. */
export const orLast = <T, L>(arg: Arg<T>, last: Arg<L>): Arg<T | L> =>
  ({ ...arg, last }) as Arg<T | L>
/** An argument that is written in one way only. */
export const written = <T>(arg: Arg<T>, how: Written): Arg<T> => ({ ...arg, written: how })
/** A pseudo-variable to read. */
export const pvar = (name: string): Arg<PvHandle> => ({
  name,
  kind: 'pvar',
  optional: false,
  writable: false,
})
/** A pseudo-variable to assign to. */
export const writablePvar = (name: string): Arg<PvHandle> => ({
  name,
  kind: 'pvar',
  optional: false,
  writable: true,
})
/** `$var(a), $avp(b);$ru`: pseudo-variables to assign to. */
export const writablePvars = (name: string): Arg<PvHandle[]> =>
  literal(name, (text, formats) =>
    text
      .split(/[,;]/)
      .map(part => part.trim())
      .filter(part => part !== '')
      .map(part => formats.target(part)),
  )
/**
 * The name of a route block of this kind; the block is resolved when all are known. "0" takes it
 * back: `run` gets null.
 */
export const route = (name: string, routeKind: RouteKind): Arg<RouteBlock | null> => ({
  name,
  kind: 'route',
  optional: false,
  routeKind,
})
export const optional = <T>(arg: Arg<T>): Arg<T | undefined> =>
  ({ ...arg, optional: true }) as Arg<T | undefined>

// biome-ignore lint/suspicious/noExplicitAny: an argument list is heterogeneous
export type AnyArg = Arg<any>
/** What `run` gets for these arguments. */
export type Values<A extends readonly AnyArg[]> = {
  [I in keyof A]: A[I] extends Arg<infer T> ? T : never
}
