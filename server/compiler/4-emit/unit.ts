/**
 * What one compilation collects: names for the functions, variables and constants that the emitted text uses, so that the text
 * stays readable and linking is filling them in.
 */
import type {
  FunctionEntry,
  PvarEntry,
  Registry,
  TransformationEntry,
} from '../../core/registry.ts'
import type { RouteKind } from '../../core/module.ts'
import { Vars } from '../../core/vars.ts'
import type { Place } from '../1-read/source.ts'
import type { Report } from '../messages.ts'

const RESERVED = new Set(['m', 'c', 'V', 'core', 'I', 'K'])

export class Unit {
  readonly registry: Registry
  readonly report: Report
  /** Identifier -> what it stands for. */
  readonly functions = new Map<string, FunctionEntry>()
  readonly pvars = new Map<string, PvarEntry>()
  readonly transformations = new Map<string, TransformationEntry>()
  readonly instances = new Set<string>()
  /** Constants that cannot be written as text: parsed arguments, regular expressions, handles. */
  readonly constants: unknown[] = []
  /** JavaScript expressions of formats that are handed over as functions. */
  readonly formats: string[] = []
  readonly routes = new Map<string, string>()
  /** Slots of $var(x); the core's own once the node is made. */
  readonly vars = new Vars()
  readonly flags = new Map<string, number>()
  /** Blocks that arguments name: they must exist. */
  readonly wantedRoutes: {
    readonly kind: RouteKind
    readonly name: string
    readonly place: Place
  }[] = []
  /** Gives the instance of a module once the node has made it. */
  instanceOf: (module: string) => unknown = () => null

  constructor(registry: Registry, report: Report) {
    this.registry = registry
    this.report = report
  }

  function(entry: FunctionEntry): string {
    this.instances.add(entry.module)
    const id = `${entry.module}_${entry.name}`
    this.functions.set(id, entry)
    return id
  }

  instance(module: string): string {
    this.instances.add(module)
    return `${module}_`
  }

  pvar(entry: PvarEntry): string {
    this.instances.add(entry.module)
    const id = `pv_${safe(entry.name)}`
    this.pvars.set(id, entry)
    return id
  }

  transformation(entry: TransformationEntry): string {
    const id = `tr_${safe(entry.class)}_${safe(entry.name)}`
    this.transformations.set(id, entry)
    return id
  }

  /** A format as a function of the message, made once. */
  format(text: string): string {
    return `F[${this.formats.push(text) - 1}]`
  }

  constant(value: unknown): string {
    return `K[${this.constants.push(value) - 1}]`
  }

  variable(name: string): string {
    return `V[${this.vars.slot(name)}]`
  }

  /** The JavaScript name of a route block. */
  route(kind: RouteKind, name: string): string {
    const key = `${kind} ${name}`
    let id = this.routes.get(key)
    if (id === undefined) {
      id = `${kind === 'route' || kind === 'request' ? '' : `${kind}_`}route_${name === '' ? 'MAIN' : safe(name)}`
      while ([...this.routes.values()].includes(id) || RESERVED.has(id)) id += '_'
      this.routes.set(key, id)
    }
    return id
  }
}

const safe = (name: string): string => name.replace(/[^A-Za-z0-9_]/g, '_')
