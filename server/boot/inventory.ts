/**
 * All that a config, a script or an operator can use, as data: made of the surfaces of the modules,
 * the table of core parameters and the RPC contract. Every list is sorted by name, so two versions
 * can be compared line by line.
 */
import { contract } from '../../rpc/contract/index.ts'
import type { Methods } from '../../rpc/schema.ts'
import { knownModule } from '../core/catalogue/catalogue.ts'
import { describeExports, type KemiExport } from '../core/kemi/exports.ts'
import type {
  AnyModule,
  Api,
  Arg,
  ConfigFunction,
  Param,
  PeriodicJob,
  Pvar,
  Stat,
  Transformation,
} from '../core/module/index.ts'
import { coreParams } from '../core/params.ts'
import { allowedBlocks } from '../script/index.ts'
import { jsonSchema } from './json-schema.ts'

type Row = Readonly<Record<string, unknown>>
type Table<T> = Readonly<Record<string, T>> | undefined

/** Changes when the layout of the inventory does. */
const FORMAT = 1

export interface Inventory {
  readonly format: number
  readonly version: string
  readonly core: Row
  readonly modules: readonly Row[]
}

/** `surfaces`: every module of this build, without the core's own. */
export function inventoryOf(
  core: AnyModule,
  surfaces: readonly AnyModule[],
  version: string,
): Inventory {
  const claimed = new Set(surfaces.flatMap(({ rpc }) => Object.keys(rpc?.handlers ?? {})))
  const own = Object.entries(contract as Methods).filter(
    // What nobody claims is the core's, unless it is that of a module that is not here.
    ([name]) => !claimed.has(name) && knownModule(name.split('.')[0]!) === null,
  )
  return {
    format: FORMAT,
    version,
    core: {
      ...offers(core),
      parameters: sorted(coreParams, (name, row) => coreParamRow(name, row)),
      rpc: sorted(Object.fromEntries(own), rpcRow),
    },
    modules: surfaces.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(moduleRow),
  }
}

const sorted = <T>(table: Table<T>, row: (name: string, value: T) => Row): Row[] =>
  Object.entries(table ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => row(name, value))

function coreParamRow(name: string, row: (typeof coreParams)[keyof typeof coreParams]): Row {
  const { kind, live, fixed, aliases, effect, doc, since6, default: value } = row
  const spelled = aliases.length === 0 ? {} : { aliases }
  return {
    name,
    type: kind,
    default: value,
    live: fixed ? '' : live,
    ...spelled,
    effect,
    doc,
    since6,
  }
}

function moduleRow(surface: AnyModule): Row {
  const { name, doc, needs, params, rpc } = surface
  return {
    name,
    doc,
    needs: sorted(needs as Table<Api<unknown>>, (_, { module, optional }) => ({
      module,
      optional,
    })),
    parameters: sorted(params as Table<Param<unknown>>, paramRow),
    ...offers(surface),
    rpc: sorted((rpc?.contract ?? {}) as Methods, rpcRow).filter(row =>
      Object.hasOwn(rpc!.handlers as object, row.name as string),
    ),
  }
}

/** What the core and a module have alike. */
function offers(surface: AnyModule): Row {
  const { name: module, statsGroup, functions, pvars, stats, timers, events, tables } = surface
  const group = statsGroup ?? module
  return {
    functions: sorted(functions as Table<ConfigFunction<unknown>>, functionRow),
    pseudoVariables: sorted(pvars as Table<Pvar<unknown>>, pvarRow),
    transformations: sorted(
      surface.transformations as Table<Record<string, Transformation>>,
      (name, rows) => ({ class: name, functions: sorted(rows, transformationRow) }),
    ),
    statistics: sorted(stats as Table<Stat<unknown>>, (name, { doc, read }) => ({
      group,
      name,
      kind: read === undefined ? 'counter' : 'gauge',
      doc,
    })),
    timers: sorted(timers as Table<PeriodicJob<unknown>>, (name, { doc }) => ({ name, doc })),
    kemi: describeExports(surface)
      .map(kemiRow)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    eventRoutes: sorted(events, (name, doc) => ({ name, doc })),
    tables: (tables ?? [])
      .map(({ name, version, doc }) => ({ name, version, doc }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

/** A function of KSR that scripts in real languages call. */
function kemiRow({ module, name, params, names, required, returns, doc }: KemiExport): {
  readonly name: string
} {
  const args = params.map((type, i) => ({ name: names[i]!, type, optional: i >= required }))
  const full = module === '' ? name : `${module}.${name}`
  const facts = { doc, arguments: args, returns }
  return { name: full, ...facts }
}

/** Live parameters: the name under which cfg.set knows them, '' for those that need a restart. */
function paramRow(name: string, param: Param<unknown>): Row {
  const { kind, doc, live, min, max } = param
  const liveName = live === false ? '' : live === true ? name : live
  const value = kind === 'each' ? [] : (param.default ?? '')
  const bounds = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
  return { name, type: kind, default: value, ...bounds, live: liveName, doc }
}

function functionRow(name: string, row: ConfigFunction<unknown>): Row {
  const { doc, args, routes, waits, since6 = false } = row
  return {
    name,
    doc,
    arguments: args.map(argumentRow),
    routes: allowedBlocks(routes),
    waits,
    since6,
  }
}

function argumentRow({ name, kind, optional, dynamic, routeKind, writable }: Arg<unknown>): Row {
  return {
    name,
    kind,
    optional,
    ...(kind === 'parsed' ? { variables: dynamic === true } : {}),
    ...(kind === 'pvar' ? { writable: writable === true } : {}),
    ...(kind === 'route' ? { route: routeKind } : {}),
  }
}

function pvarRow(name: string, { doc, inner, set, since6 = false }: Pvar<unknown>): Row {
  return { name, inner, writable: set !== undefined, doc, since6 }
}

function transformationRow(name: string, row: Transformation): Row {
  const { doc, minArgs, maxArgs, since6 = false } = row
  const most = Number.isFinite(maxArgs) ? maxArgs : null
  return { name, minArguments: minArgs, maxArguments: most, doc, since6 }
}

function rpcRow(name: string, method: Methods[string]): Row {
  return {
    name,
    doc: method.doc,
    class: method.class,
    params: method.params.map(param => ({
      name: param.help || param.kind,
      optional: param.kind === 'maybe' || param.kind === 'rest',
      schema: jsonSchema(param),
    })),
    result: jsonSchema(method.result),
  }
}
