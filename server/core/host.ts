/**
 * Makes module instances from their surfaces: parameters, statistics, APIs of other modules, RPC
 * commands, timers, start and stop.
 */
import { Timer } from '../lib/wheel.ts'
import type { CfgVariable } from './cfg.ts'
import type { Core } from './core.ts'
import type { Counter } from './counters.ts'
import { type AnyModule, type Api, BadValue, type Param, type PeriodicJob } from './module/index.ts'

/**
 * One modparam() of the config that is known to be right: the parameter exists and the value has
 * its type.
 */
export interface ParamValue {
  readonly module: string
  readonly name: string
  readonly value: string | number
  /** `file:line:col` for messages. */
  readonly at: string
}

/** A parameter that its module refused: what, where, why. */
export class ParamError extends Error {
  readonly at: string
  readonly hint: string
  constructor(at: string, text: string, hint: string) {
    super(text)
    this.at = at
    this.hint = hint
  }
}

interface Loaded {
  readonly surface: AnyModule
  readonly instance: unknown
  readonly config: Record<string, unknown>
  readonly jobs: Timer[]
}

export class ModuleHost {
  private readonly core: Core
  private readonly loaded = new Map<string, Loaded>()
  /** Formats and variables in parameters: compiled when all modules are there. */
  private readonly pending: (() => void)[] = []

  constructor(core: Core) {
    this.core = core
  }

  instance(name: string): unknown {
    return this.loaded.get(name)?.instance ?? null
  }

  names(): string[] {
    return [...this.loaded.keys()]
  }

  /**
   * Makes the instances of these surfaces, each after those it needs. Throws ParamError or Error
   * with a sentence.
   */
  make(surfaces: readonly AnyModule[], values: readonly ParamValue[]): void {
    const present = surfaces.filter(surface => surface.absent === undefined)
    const byName = new Map(present.map(surface => [surface.name, surface]))
    const making = new Set<string>()
    const visit = (surface: AnyModule): void => {
      if (this.loaded.has(surface.name)) return
      if (making.has(surface.name))
        throw new Error(`modules need each other in a circle at ${surface.name}`)
      making.add(surface.name)
      for (const token of Object.values(surface.needs) as Api<unknown>[]) {
        const needed = byName.get(token.module)
        if (needed !== undefined) visit(needed)
        else if (!token.optional) {
          throw new Error(
            `module ${surface.name} needs ${token.module}: add loadmodule "${token.module}.so"`,
          )
        }
      }
      this.makeOne(
        surface,
        values.filter(value => value.module === surface.name),
      )
    }
    for (const surface of surfaces) visit(surface)
  }

  /**
   * Compiles the formats of parameters; after every surface has been made and the formats can see
   * them all.
   */
  link(): void {
    for (const compile of this.pending.splice(0)) compile()
  }

  async start(): Promise<void> {
    for (const one of this.loaded.values()) await this.startOne(one)
  }

  private async startOne({ surface, instance, jobs }: Loaded): Promise<void> {
    await surface.start?.(instance)
    for (const job of Object.values(surface.timers ?? {}) as PeriodicJob<unknown>[]) {
      jobs.push(this.runEvery(job, instance))
    }
  }

  /** Stops in the reverse order; one module's failure does not keep the others from stopping. */
  async stop(): Promise<void> {
    for (const one of [...this.loaded.values()].reverse()) await this.stopOne(one)
  }

  private async stopOne({ surface, instance, jobs }: Loaded): Promise<void> {
    for (const job of jobs) this.core.timers.disarm(job)
    try {
      await surface.stop?.(instance)
    } catch (error) {
      this.core.log.error(surface.name, `did not stop cleanly: ${(error as Error).message}`)
    }
  }

  /**
   * Why this module cannot join a node that runs, '' when it can: another one would have worked
   * with it, had it been there when that was made.
   */
  refusal(surface: AnyModule): string {
    for (const { surface: other } of this.loaded.values())
      for (const token of Object.values(other.needs) as Api<unknown>[])
        if (token.module === surface.name)
          return `module ${other.name} was made without ${surface.name} and would not use it`
    return ''
  }

  /**
   * Makes and starts what is not there yet of these surfaces, in a node that runs, and gives a
   * function that takes it all back. When one refuses all is as it was, and this rejects with
   * ParamError or Error.
   */
  async add(
    surfaces: readonly AnyModule[],
    values: readonly ParamValue[],
  ): Promise<() => Promise<void>> {
    const { core } = this
    const before = new Set(this.loaded.keys())
    const takeHooksBack = core.hooks.mark()
    const { onSendError, departures } = core.network
    const followers = core.routes.followersUpTo()
    const added = (): Loaded[] =>
      [...this.loaded.values()].filter(({ surface }) => !before.has(surface.name))
    const takeBack = async (): Promise<void> => {
      takeHooksBack()
      core.network.onSendError = onSendError
      core.network.departures = departures
      core.routes.followersUpTo(followers)
      this.pending.length = 0
      for (const one of added().reverse()) await this.remove(one)
    }
    try {
      for (const surface of surfaces) core.registry.add(surface)
      this.make(surfaces, values)
      this.link()
      for (const one of added()) await this.startOne(one)
      return takeBack
    } catch (error) {
      await takeBack()
      for (const { name } of surfaces) if (!this.loaded.has(name)) core.registry.remove(name)
      throw error
    }
  }

  private async remove(one: Loaded): Promise<void> {
    const { surface } = one
    const { core } = this
    await this.stopOne(one)
    this.loaded.delete(surface.name)
    core.registry.remove(surface.name)
    if (surface.rpc !== undefined) core.rpc.removeModule(surface.rpc.contract, one.instance)
    const group = surface.statsGroup ?? surface.name
    for (const name of Object.keys(surface.stats ?? {})) core.counters.unregister(group, name)
    for (const [name, param] of Object.entries(surface.params) as [string, Param<unknown>][])
      if (param.live !== false) core.cfg.forget(surface.name, liveName(name, param))
  }

  private makeOne(surface: AnyModule, values: readonly ParamValue[]): void {
    const config = this.configure(surface, values)
    const stats: Record<string, Counter> = {}
    const group = surface.statsGroup ?? surface.name
    const holder: { instance: unknown } = { instance: null }
    for (const [name, stat] of Object.entries(surface.stats ?? {}) as [
      string,
      AnyModule['stats'][string],
    ][]) {
      const read = stat.read === undefined ? null : (): number => stat.read(holder.instance)
      stats[name] = this.core.counters.register(group, name, stat.doc, read)
    }
    const apis: Record<string, unknown> = {}
    for (const [key, token] of Object.entries(surface.needs) as [string, Api<unknown>][]) {
      const other = this.loaded.get(token.module)
      const there = other !== undefined && other.surface.absent === undefined
      apis[key] = there ? (other.surface.api?.(other.instance) ?? other.instance) : null
    }
    const instance: unknown = new surface.instance({ config, apis, core: this.core, stats })
    holder.instance = instance
    this.loaded.set(surface.name, { surface, instance, config, jobs: [] })
    if (surface.rpc !== undefined)
      this.core.rpc.addModule(surface.rpc.contract, surface.rpc.handlers, instance)
  }

  private configure(surface: AnyModule, values: readonly ParamValue[]): Record<string, unknown> {
    const config: Record<string, unknown> = {}
    for (const [name, param] of Object.entries(surface.params) as [string, Param<unknown>][]) {
      config[name] = param.kind === 'each' ? [] : param.default
      if (param.kind === 'format' || param.kind === 'pvar')
        this.later(config, name, param, param.default, '')
      if (param.live !== false) this.declareLive(surface.name, name, param, config)
    }
    for (const { name, value, at } of values) {
      const param = surface.params[name] as Param<unknown>
      if (param.kind === 'each')
        (config[name] as unknown[]).push(guarded(at, () => param.parse!(value)))
      else if (param.kind === 'format' || param.kind === 'pvar')
        this.later(config, name, param, value, at)
      else config[name] = value
    }
    return config
  }

  private later(
    config: Record<string, unknown>,
    name: string,
    param: Param<unknown>,
    value: unknown,
    at: string,
  ): void {
    config[name] = null
    if (value === null || value === '') return
    const { formats } = this.core
    this.pending.push(() => {
      config[name] = guarded(at, () =>
        param.kind === 'format' ? formats.compile(String(value)) : formats.pvar(String(value)),
      )
    })
  }

  private declareLive(
    module: string,
    name: string,
    param: Param<unknown>,
    config: Record<string, unknown>,
  ): void {
    const min = param.liveMin ?? param.min
    const max = param.liveMax ?? param.max
    const variable: CfgVariable = {
      group: module,
      name: liveName(name, param),
      kind: param.kind === 'int' ? 'int' : 'string',
      doc: param.doc,
      default: param.default as string | number,
      live: true,
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
    }
    this.core.cfg.declare(variable, config, name)
  }

  private runEvery(job: PeriodicJob<unknown>, instance: unknown): Timer {
    const { timers } = this.core
    const timer = new Timer(() => {
      job.run(instance)
      const again = job.every(instance)
      if (again > 0) timers.arm(timer, again)
    })
    const first = job.every(instance)
    if (first > 0) timers.arm(timer, first)
    return timer
  }
}

/** Under which name a live parameter is in the cfg framework. */
export const liveName = (name: string, param: Param<unknown>): string =>
  typeof param.live === 'string' ? param.live : name

function guarded<T>(at: string, make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (error instanceof BadValue) throw new ParamError(at, error.message, error.hint)
    throw error
  }
}
