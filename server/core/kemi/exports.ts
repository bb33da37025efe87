/**
 * The functions of KSR, made from the surfaces of the modules: rows of `functions` under their own
 * name or as their `kemi` says, and rows of `kemi`.
 */
import type { SipMessage } from '../../sip/message.ts'
import type { Formats } from '../core.ts'
import {
  type AnyModule,
  type Arg,
  argAt,
  BadValue,
  type ConfigFunction,
  type ConfigPlace,
  type KemiFunction,
  type KemiReturn,
  type KemiValue,
  type RouteBlock,
  type RouteKind,
  waitsGiven,
} from '../module/index.ts'
import { readSignatures } from './signature.ts'

export type KemiParam = 'str' | 'int'

/** One function of KSR. */
export interface KemiExport {
  /** The part of KSR that it belongs to; '' for KSR.<name> itself. */
  readonly module: string
  readonly name: string
  readonly params: readonly KemiParam[]
  /** The names of the parameters, for help and types. */
  readonly names: readonly string[]
  /** How many of them must be given; Kamailio wants all. */
  readonly required: number
  readonly returns: KemiReturn
  /** Of an 'xval': its TypeScript type. */
  readonly type: string
  readonly doc: string
  /** May it have to wait, with the parameters of this config? */
  readonly waits: boolean
  /**
   * Runs it with arguments of these types, at least `required` of them. Never throws for a wrong
   * value: that is logged, and -1, false or null. What has to wait gives the promise of its code.
   */
  readonly call: (
    msg: SipMessage,
    args: readonly (string | number)[],
  ) => KemiValue | Promise<number>
}

/** What a function gives whose code came later. */
export const laterValue = ({ returns }: KemiExport, code: number): KemiValue =>
  returns === 'bool' ? code === 1 : returns === 'none' ? false : code

/** What the functions need of a node. */
export interface ExportEnv {
  readonly formats: Formats
  instance(module: string): unknown
  block(kind: RouteKind, name: string): RouteBlock | null
  /** The row of a function, as the parameters of the config have settled it. */
  settled?(module: string, name: string): ConfigFunction<unknown> | null
  /** A value that a function refuses: logged. */
  refused(name: string, error: BadValue): void
}

/** What ksr.d.ts calls a KemiValue. */
const ANY_VALUE = 'KsrValue'

/** How many different texts of one argument are kept as read. */
const MOST_KEPT = 1000

/** All functions of one module; a row of `kemi` wins over one of `functions`. */
export function exportsOf(surface: AnyModule, env: ExportEnv): KemiExport[] {
  const made = new Map<string, KemiExport>()
  const add = (one: KemiExport): void => {
    made.set(`${one.module}.${one.name}`, one)
  }
  const functions: Record<string, ConfigFunction<unknown>> = surface.functions ?? {}
  if (surface.absent !== undefined)
    return Object.entries(functions).map(([name, row]) => absent(surface.name, name, row, env))
  for (const [name, row] of Object.entries(functions))
    for (const one of fromFunction(surface.name, name, row, env)) add(one)
  const rows: Record<string, KemiFunction<unknown>> = surface.kemi ?? {}
  for (const [name, row] of Object.entries(rows)) add(fromRow(surface.name, name, row, env))
  return [...made.values()]
}

/** The same as names and types: without a node there is nothing to call. */
export const describeExports = (surface: AnyModule): KemiExport[] =>
  exportsOf(surface, {} as ExportEnv)

/** A function of a module that is not here yet: it fails, and says where it was called. */
function absent(
  module: string,
  name: string,
  row: ConfigFunction<unknown>,
  env: ExportEnv,
): KemiExport {
  const place: ConfigPlace = { file: `KSR.${module}.${name}`, line: 0, route: '' }
  const facts = { params: [], names: [], required: 0, type: ANY_VALUE, doc: row.doc, waits: false }
  const call = (msg: SipMessage): number => row.run(env.instance(module), msg, place)
  return { module, name, ...facts, returns: 'int', call }
}

function fromFunction(
  owner: string,
  name: string,
  row: ConfigFunction<unknown>,
  env: ExportEnv,
): KemiExport[] {
  const settled = env.settled?.(owner, name) ?? row
  const least = row.args.filter(arg => !arg.optional).length
  return readSignatures(row.kemi ?? name).map(signature => {
    const place = placeOf(owner, signature.name)
    const given = signature.params?.length ?? row.args.length
    const args = row.args.slice(0, given).map((_, i) => argAt(row.args, i, given))
    const params = signature.params ?? args.map(kindOf)
    const returns = signature.returns ?? 'int'
    const run = caller({ ...place, owner, returns, args }, row.run, env)
    const call =
      returns === 'bool'
        ? (msg: SipMessage, values: readonly (string | number)[]) => {
            const code = run(msg, values)
            return code instanceof Promise ? code : code === 1
          }
        : run
    const names = args.map(arg => arg.name)
    const required = Math.min(least, params.length)
    const counts = Array.from({ length: given - required + 1 }, (_, i) => required + i)
    const waits = counts.some(count => waitsGiven(settled, count))
    const common = { params, names, required, returns, type: ANY_VALUE, doc: row.doc, waits }
    return { ...place, ...common, call }
  })
}

function fromRow(
  owner: string,
  name: string,
  row: KemiFunction<unknown>,
  env: ExportEnv,
): KemiExport {
  const { args, returns, doc } = row
  const place = placeOf(owner, name)
  const params = args.map(kindOf)
  const names = args.map(arg => arg.name)
  const required = args.filter(arg => !arg.optional).length
  const call = caller({ ...place, owner, returns, args }, row.run, env)
  const type = row.type ?? ANY_VALUE
  return { ...place, params, names, required, returns, type, doc, waits: row.waits === true, call }
}

/** `sub.name` stands elsewhere than with its module; the core's functions stand in KSR itself. */
function placeOf(owner: string, name: string): { module: string; name: string } {
  const dot = name.indexOf('.')
  if (dot >= 0) return { module: name.slice(0, dot), name: name.slice(dot + 1) }
  return { module: owner === 'core' ? '' : owner, name }
}

const kindOf = (arg: Arg<unknown>): KemiParam => (arg.kind === 'int' ? 'int' : 'str')

interface Called {
  readonly module: string
  readonly name: string
  readonly owner: string
  readonly returns: KemiReturn
  readonly args: readonly Arg<unknown>[]
}

type Run = (self: unknown, msg: SipMessage, ...args: unknown[]) => unknown
type Call = KemiExport['call']

/** What a function gives when an argument of it is malformed. */
const failure = (returns: KemiReturn): KemiValue =>
  returns === 'int' ? -1 : returns === 'bool' ? false : null

/**
 * Binds a function to its instance at the first call and turns the script's values into what it
 * takes: a text with a syntax of its own is read once for each text.
 */
function caller(called: Called, run: Run, env: ExportEnv): Call {
  const { args, owner, returns } = called
  const name = called.module === '' ? called.name : `${called.module}.${called.name}`
  const readers = args.map(arg => readerOf(arg, env))
  let self: unknown = null
  const one = (msg: SipMessage, values: readonly (string | number)[]): unknown => {
    self ??= env.instance(owner)
    switch (readers.length) {
      case 0:
        return run(self, msg)
      case 1:
        return run(self, msg, value(readers, values, 0))
      case 2:
        return run(self, msg, value(readers, values, 0), value(readers, values, 1))
      default:
        return run(self, msg, ...readers.map((_, i) => value(readers, values, i)))
    }
  }
  return (msg, values) => {
    try {
      return one(msg, values) as KemiValue | Promise<number>
    } catch (error) {
      if (!(error instanceof BadValue)) throw error
      env.refused(name, error)
      return failure(returns)
    }
  }
}

type Reader = (value: string | number) => unknown

const value = (
  readers: readonly Reader[],
  values: readonly (string | number)[],
  i: number,
): unknown => (i < values.length ? readers[i]!(values[i]!) : undefined)

function readerOf(arg: Arg<unknown>, env: ExportEnv): Reader {
  const { formats } = env
  switch (arg.kind) {
    case 'text':
    case 'format':
      return String
    case 'int':
      return given => (typeof given === 'number' ? given | 0 : Number.parseInt(given, 10) | 0)
    case 'lazyFormat':
      return given => formats.compile(String(given))
    case 'parsed':
      return kept(text => arg.parse!(text, formats))
    case 'pvar':
      return given => {
        const handle = formats.pvar(String(given))
        if (arg.writable === true && handle.set === null)
          throw new BadValue(`${handle.text} cannot be written`)
        return handle
      }
    case 'route':
      return given => blockNamed(arg.routeKind ?? 'route', String(given), env)
  }
}

function kept(parse: (text: string) => unknown): Reader {
  const known = new Map<string | number, unknown>()
  return given => {
    let read = known.get(given)
    if (read === undefined) {
      if (known.size >= MOST_KEPT) known.clear()
      read = parse(String(given))
      known.set(given, read)
    }
    return read
  }
}

function blockNamed(kind: RouteKind, name: string, env: ExportEnv): RouteBlock | null {
  if (name === '0' || name === '') return null
  const block = env.block(kind, name)
  if (block === null) throw new BadValue(`there is no ${kind} route ${name}`)
  return block
}
