/**
 * What the loaded modules offer, by name: the one place where the config checker, KEMI, help and
 * the inventory look.
 */
import type {
  AnyModule,
  ConfigFunction,
  Param,
  ParamReader,
  Pvar,
  Transformation,
} from './module/index.ts'

export interface FunctionEntry {
  readonly module: string
  readonly name: string
  readonly row: ConfigFunction<unknown>
}

export interface PvarEntry {
  readonly module: string
  readonly name: string
  readonly row: Pvar<unknown>
}

export interface TransformationEntry {
  readonly module: string
  readonly class: string
  readonly name: string
  readonly row: Transformation
}

/** `core` is the module of what is always there; it has a surface like any other. */
export class Registry {
  private readonly modules = new Map<string, AnyModule>()
  private readonly functions = new Map<string, FunctionEntry>()
  private readonly pvars = new Map<string, PvarEntry>()
  private readonly transformations = new Map<string, TransformationEntry>()
  /** What modparam() says; nothing before it is known. */
  given: ParamReader = () => undefined

  /**
   * Takes a surface in; a name that is there already stays with its first owner, as in Kamailio.
   */
  add(surface: AnyModule): void {
    if (this.modules.has(surface.name)) return
    this.modules.set(surface.name, surface)
    for (const [name, row] of Object.entries(surface.functions ?? {})) {
      if (!this.functions.has(name)) this.functions.set(name, { module: surface.name, name, row })
    }
    for (const [name, row] of Object.entries(surface.pvars ?? {})) {
      if (!this.pvars.has(name)) this.pvars.set(name, { module: surface.name, name, row })
    }
    for (const [group, rows] of Object.entries(surface.transformations ?? {})) {
      for (const [name, row] of Object.entries(rows)) {
        const key = `${group}.${name}`.toLowerCase()
        if (!this.transformations.has(key)) {
          this.transformations.set(key, { module: surface.name, class: group, name, row })
        }
      }
    }
  }

  /** Functions that wait with some parameters only: with which numbers of arguments with these. */
  settle(param: ParamReader): void {
    this.given = param
    for (const [name, entry] of this.functions) {
      const { waitsWhen, args } = entry.row
      if (waitsWhen === undefined) continue
      const waitsWith = [...args.keys(), args.length].filter(given => waitsWhen(param, given))
      const row = { ...entry.row, waits: waitsWith.length > 0, waitsWith }
      this.functions.set(name, { ...entry, row })
    }
  }

  /** Takes a surface out again, with the names of which it is the owner. */
  remove(module: string): void {
    this.modules.delete(module)
    for (const names of [this.functions, this.pvars, this.transformations])
      for (const [name, entry] of names) if (entry.module === module) names.delete(name)
  }

  module(name: string): AnyModule | null {
    return this.modules.get(name) ?? null
  }

  moduleNames(): string[] {
    return [...this.modules.keys()]
  }

  /** The module that is told of every action of the script; null when there is none. */
  tracer(): AnyModule | null {
    return [...this.modules.values()].find(({ tracer }) => tracer !== undefined) ?? null
  }

  function(name: string): FunctionEntry | null {
    return this.functions.get(name) ?? null
  }

  functionNames(): string[] {
    return [...this.functions.keys()]
  }

  pvar(name: string): PvarEntry | null {
    return this.pvars.get(name) ?? null
  }

  pvarNames(): string[] {
    return [...this.pvars.keys()]
  }

  /** Class and function names ignore case. */
  transformation(group: string, name: string): TransformationEntry | null {
    return this.transformations.get(`${group}.${name}`.toLowerCase()) ?? null
  }

  transformationNames(): string[] {
    return [...this.transformations.values()].map(entry => `${entry.class}.${entry.name}`)
  }

  /** What modparam() may set. */
  param(module: string, name: string): Param<unknown> | null {
    const param = this.modules.get(module)?.params[name] ?? null
    return param?.onlyLive === true ? null : param
  }
}
