/**
 * The words in which a module says what it offers. A module's surface file is one
 * `defineModule({...})`; everything else (config check, calls, RPC, statistics, help, documentation
 * tests) is derived from it. Importing a surface has no side effect.
 */
import type { Methods, ResultOf, TypeOf } from '../../rpc/schema.ts'
import type { SipMessage } from '../sip/message.ts'
import type { KnownModule } from './catalogue/catalogue.ts'
import type { Core, Formats } from './core.ts'
import type { Counter } from './counters.ts'
import type { TableDeclaration } from './db/table.ts'
import type { RouteTable } from './routes.ts'
import type { Steps } from './waiting-run.ts'

/** What a config function tells the script: > 0 true, < 0 false, 0 ends the script. */
export type Verdict = number

// ---- values of pseudo-variables
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

/** A route block that is called by name: t_on_failure("X"), event routes. */
export interface RouteBlock {
  readonly kind: RouteKind
  readonly name: string
  /**
   * The compiled block: sets msg.scriptState and returns the script's return code, or the steps to
   * it when it has to wait. Routes.run goes through them.
   */
  readonly run: (msg: SipMessage) => number | Steps
  /** It may have to wait. */
  readonly waits?: boolean
  /** The blocks that were compiled with it; a block of a KEMI script has none. */
  readonly home?: RouteTable
}

export type RouteKind = 'request' | 'route' | 'failure' | 'branch' | 'onreply' | 'onsend' | 'event'

/**
 * Thrown by a `parse` of an argument or parameter: becomes a diagnostic at its place in the config.
 */
export class BadValue extends Error {
  readonly hint: string
  constructor(text: string, hint = '') {
    super(text)
    this.hint = hint
  }
}

// ---- arguments of config functions
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
  /** Kind 'route': which blocks. */
  readonly routeKind?: RouteKind
  /** Kind 'pvar': it must be assignable. */
  readonly writable?: boolean
  /** Kind 'lazyFormat': the format says in `at` where it is called. */
  readonly placed?: boolean
  /**
   * Looks at a constant text at load, of a call with so many arguments; throws BadValue. Texts with
   * variables are for `run` to judge.
   */
  readonly check?: (text: string, given: number) => void
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
type AnyArg = Arg<any>
type Values<A extends readonly AnyArg[]> = { [I in keyof A]: A[I] extends Arg<infer T> ? T : never }

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
  // biome-ignore lint/suspicious/noExplicitAny: the argument types were checked by kemiFn()
  readonly run: (self: S, msg: SipMessage, ...args: any[]) => KemiValue
}

/** A row of `kemi`; the kinds in `args` give the types of `run`'s parameters. */
export const kemiFn = <S, const A extends readonly AnyArg[], R extends KemiReturn>(f: {
  doc: string
  args: A
  returns: R
  type?: string
  run: (
    self: S,
    msg: SipMessage,
    ...args: Values<A>
  ) => R extends 'int' ? number : R extends 'bool' ? boolean : R extends 'none' ? null : KemiValue
}): KemiFunction<S> => f as unknown as KemiFunction<S>

/** Marks a row that Kamailio 5.6 does not have: --strict-5.6 refuses it. */
export const since6 = <R extends { readonly since6?: boolean }>(row: R): R => ({
  ...row,
  since6: true,
})

// ---- pseudo-variables and transformations
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

// ---- module parameters
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

// ---- what one module may ask of another
export interface Api<T> {
  readonly module: string
  /** The module may be absent: the token then gives null. */
  readonly optional: boolean
  readonly type?: T
}
export const api = <T>(module: string): Api<T> => ({ module, optional: false })
export const optionalApi = <T>(token: Api<T>): Api<T | null> =>
  ({ ...token, optional: true }) as Api<T | null>
// biome-ignore lint/suspicious/noExplicitAny: tokens are heterogeneous
export type Needs = Record<string, Api<any>>
export type ApisOf<N> = { [K in keyof N]: N[K] extends Api<infer T> ? T : never }

// ---- statistics
export interface Stat<S> {
  readonly doc: string
  /** Present: computed when asked. Absent: a counter that the instance increments. */
  readonly read?: (self: S) => number
}
// biome-ignore lint/suspicious/noExplicitAny: a counter needs no instance
export const counter = (doc: string): Stat<any> => ({ doc })
export const gauge = <S>(doc: string, read: (self: S) => number): Stat<S> => ({ doc, read })
export type CountersOf<St> = { [K in keyof St]: Counter }

// ---- RPC
// A parameter may be left out by the caller: `maybe` shapes give undefined.
// biome-ignore lint/suspicious/noExplicitAny: shapes are heterogeneous
type RpcParams<X> = X extends { params: infer P extends readonly any[] }
  ? { -readonly [I in keyof P]: TypeOf<P[I]> }
  : never
/** A handler per method of the contract: (instance, ...params) -> result, or throws Fault. */
export type Handlers<S, M extends Methods> = {
  [K in keyof M]: (self: S, ...params: RpcParams<M[K]>) => ResultOf<M[K]> | Promise<ResultOf<M[K]>>
}

/** An action of the script, named and numbered as Kamailio's debugger does. */
export interface ScriptAction {
  /** Name of its route block; DEFAULT_ROUTE. */
  readonly route: string
  readonly file: string
  readonly line: number
  readonly number: number
  readonly name: string
}

export interface PeriodicJob<S> {
  readonly doc: string
  /** Milliseconds between two runs; 0 or less switches it off. */
  readonly every: (self: S) => number
  readonly run: (self: S) => void
}

/** All that a module's instance is given. */
export interface ModuleEnv<P, N, St = {}> {
  readonly config: ConfigOf<P>
  readonly apis: ApisOf<N>
  readonly core: Core
  readonly stats: CountersOf<St>
}

export interface ModuleSurface<P, N, S, St, M extends Methods> {
  readonly name: string
  readonly doc: string
  readonly needs: N
  readonly params: P
  /** Name of the group of its statistics when it is not the module's. */
  readonly statsGroup?: string
  readonly stats?: St
  readonly instance: new (env: ModuleEnv<P, N, St>) => S
  readonly functions?: Record<string, ConfigFunction<NoInfer<S>>>
  /** What only KEMI scripts have: `name`, or `sub.name` for another part of KSR (`pvx.evalx`). */
  readonly kemi?: Record<string, KemiFunction<NoInfer<S>>>
  readonly pvars?: Record<string, Pvar<NoInfer<S>>>
  readonly transformations?: Record<string, Record<string, Transformation>>
  readonly timers?: Record<string, PeriodicJob<NoInfer<S>>>
  /** Event routes that it runs: name -> when. */
  readonly events?: Record<string, string>
  readonly rpc?: { readonly contract: M; readonly handlers: Handlers<NoInfer<S>, M> }
  readonly tables?: readonly TableDeclaration[]
  /**
   * Told of every action of the script before it is done. Where a loaded module has it, each action
   * costs a call; otherwise there is nothing of it in what the script becomes.
   */
  readonly tracer?: (self: NoInfer<S>) => (msg: SipMessage, action: ScriptAction) => void
  /**
   * Present when the module is not here yet and only stands in for itself (--allow-missing): its
   * functions are called with the place of the call in place of their arguments.
   */
  readonly absent?: KnownModule
  /**
   * What `needs` of other modules gives them: `apis.x` is what this returns. Default: the instance.
   */
  readonly api?: (self: NoInfer<S>) => object
  /** Runs after all modules are made and all formats are linked. */
  start?(self: NoInfer<S>): void | Promise<void>
  stop?(self: NoInfer<S>): void | Promise<void>
}

// biome-ignore lint/suspicious/noExplicitAny: the registry holds modules of all shapes
export type AnyModule = ModuleSurface<any, any, any, any, any>

export const defineModule = <
  P extends Params,
  N extends Needs,
  S,
  St extends Record<string, Stat<NoInfer<S>>> = {},
  M extends Methods = {},
>(
  m: ModuleSurface<P, N, S, St, M>,
): ModuleSurface<P, N, S, St, M> => m
