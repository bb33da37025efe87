/**
 * KEMI: the functions of KSR that scripts in real languages call, and the functions of such a
 * script that the node calls in place of route blocks.
 */
import type { SipMessage } from '../../sip/message.ts'
import { tellSlowCall } from '../complaints.ts'
import type { Core } from '../core.ts'
import type { RouteBlock, RouteKind } from '../module/index.ts'
import type { Steps } from '../waiting-run.ts'
import { type KemiExport, exportsOf } from './exports.ts'

/** A language: what app_jsdt and app_lua register. */
export interface KemiEngine {
  /** The word of `cfgengine`: jsdt, lua. */
  readonly name: string
  /** Does its script have a function of this name? */
  has(fn: string): boolean
  /**
   * Runs it and gives its return code, 1 when it returns nothing. KSR.x.exit() and KSR.x.drop() set
   * `msg.scriptState`; a function that is missing or throws is logged and -1. `argument` is handed
   * over when it is not ''. A script that has to wait gives the steps to its code.
   */
  call(fn: string, msg: SipMessage, argument: string): number | Steps
  /** May this function of its script have to wait? */
  mayWait(fn: string): boolean
}

/** Which functions of the script stand for the routes of a config: `kemi.*_callback`. */
export interface KemiCallbacks {
  request_route: string
  reply_route: string
  onsend_route: string
  event_route: string
  received_route: string
  pre_routing: string
}

const DEFAULTS: Readonly<KemiCallbacks> = {
  request_route: 'ksr_request_route',
  reply_route: 'ksr_reply_route',
  onsend_route: 'ksr_onsend_route',
  event_route: '',
  received_route: '',
  pre_routing: '',
}
/** What stands before _callback. */
export const callbackNames: readonly string[] = Object.keys(DEFAULTS)

/** The callback of this name is none. */
const OFF = 'none'

export class Kemi {
  /** The engine whose script routes messages; null: the config's own routes do. */
  engine: KemiEngine | null = null
  /** `cfgengine`; '' for the routing language. */
  engineName = ''
  readonly callbacks: KemiCallbacks = { ...DEFAULTS }
  private readonly core: Core
  private readonly engines = new Map<string, KemiEngine>()
  private readonly blocks = new Map<string, RouteBlock>()
  private table: ReadonlyMap<string, KemiExport> | null = null
  private instanceOf: (module: string) => unknown = () => null

  constructor(core: Core) {
    this.core = core
    core.routes.follow(() => this.takeRoutes())
  }

  /** An engine makes itself known, in the constructor of its module. */
  register(engine: KemiEngine): void {
    this.engines.set(engine.name, engine)
    this.choose(this.engineName)
  }

  /** A setting of the config: cfgengine, kemi.*_callback; before the modules are made. */
  set(name: string, value: string): void {
    if (name === 'cfgengine') this.choose(value)
    const callback = /^kemi\.(.*)_callback$/.exec(name)?.[1]
    if (callback !== undefined) this.callbacks[callback as keyof KemiCallbacks] = value
  }

  /** The word of cfgengine. */
  choose(name: string): void {
    this.engineName = name === 'native' || name === 'default' ? '' : name
    this.engine = this.engines.get(this.engineName) ?? null
    // Whoever keeps a block looks again: it may be the script's now.
    const { routes } = this.core
    routes.replace(routes.table)
  }

  /** Where the functions find the instances of their modules. */
  link(instanceOf: (module: string) => unknown): void {
    this.instanceOf = instanceOf
    // A module may have joined the node since the last time.
    this.table = null
  }

  /** With a script engine the script has the routes, and the config's own do not run. */
  private takeRoutes(): void {
    if (this.engine === null) return
    const { routes } = this.core
    const { request_route, reply_route, onsend_route } = this.callbacks
    routes.request = this.routeOf('request', request_route, true)
    routes.reply = this.routeOf('onreply', reply_route, false)
    routes.onsend = this.routeOf('onsend', onsend_route, false)
  }

  /** All functions of KSR that the loaded modules give. */
  exports(): readonly KemiExport[] {
    return [...this.exportTable().values()]
  }

  /** KSR.<module>.<name>, or KSR.<name> with '' for the module. */
  find(module: string, name: string): KemiExport | null {
    return this.exportTable().get(`${module}.${name}`) ?? null
  }

  /**
   * Runs a function of the script as a route block of this type (Routes.run: `ended` tells how it
   * ended) and gives its return code.
   */
  callRoute(name: string, msg: SipMessage, routeType: number, argument = ''): number {
    return this.core.routes.runNow(this.functionBlock('route', name, argument), msg, routeType)
  }

  /**
   * The block of a name that a function arms (t_on_failure): with a script engine a function of the
   * script, which may have another name; else a route of the config.
   */
  block(kind: RouteKind, name: string, fn = name): RouteBlock | null {
    const native = this.core.routes.find(kind, name)
    const { engine } = this
    if (engine === null || (native !== null && !engine.has(fn))) return native
    return this.functionBlock(kind, fn, '')
  }

  /**
   * What runs for an event: with a script engine the callback that the module's parameter names,
   * which is told the event's name; else the event route of the config.
   */
  event(event: string, callback: string, told = event): RouteBlock | null {
    if (this.engine === null) return this.core.routes.find('event', event)
    return callback === '' || callback === OFF ? null : this.functionBlock('event', callback, told)
  }

  private routeOf(kind: RouteKind, callback: string, needed: boolean): RouteBlock | null {
    if (callback === '' || callback === OFF) return null
    const run = (msg: SipMessage): number | Steps => {
      const { engine } = this
      // Without a reply or onsend route a script simply lets messages pass.
      if (engine === null || (!needed && !engine.has(callback))) return 1
      return engine.call(callback, msg, '')
    }
    return { kind, name: callback, run }
  }

  private functionBlock(kind: RouteKind, name: string, argument: string): RouteBlock {
    const key = `${kind} ${name} ${argument}`
    let block = this.blocks.get(key)
    if (block === undefined) {
      const run = (msg: SipMessage): number | Steps => this.run(name, msg, argument)
      block = new FunctionBlock(kind, name, run, () => this.mayWait(name))
      this.blocks.set(key, block)
    }
    return block
  }

  /** Asked anew each time: a script that is loaded again may have changed. */
  private mayWait(fn: string): boolean {
    if (this.engine !== null) return this.engine.mayWait(fn)
    return [...this.engines.values()].some(engine => engine.mayWait(fn))
  }

  private run(name: string, msg: SipMessage, argument: string): number | Steps {
    const engine = this.engine ?? [...this.engines.values()].find(each => each.has(name))
    if (engine !== undefined) return engine.call(name, msg, argument)
    this.core.log.error('<core>', `no script has a function ${name}`)
    return -1
  }

  /** Tells of calls that take longer than latency_limit_action. */
  private timed(one: KemiExport): KemiExport {
    const { core } = this
    const name = `KSR.${one.module === '' ? '' : `${one.module}.`}${one.name}`
    const call: KemiExport['call'] = (msg, args) => {
      const began = core.clock.monotonic()
      const value = one.call(msg, args)
      if (value instanceof Promise) return value.finally(() => tellSlowCall(core, name, began))
      tellSlowCall(core, name, began)
      return value
    }
    return { ...one, call }
  }

  private exportTable(): ReadonlyMap<string, KemiExport> {
    if (this.table !== null) return this.table
    const { registry, formats, log, params } = this.core
    const env = {
      formats,
      instance: (module: string) => this.instanceOf(module),
      block: (kind: RouteKind, name: string) => this.block(kind, name),
      settled: (module: string, name: string) => {
        const entry = registry.function(name)
        return entry?.module === module ? entry.row : null
      },
      refused: (name: string, error: Error) => log.error('<core>', `KSR.${name}: ${error.message}`),
    }
    const table = new Map<string, KemiExport>()
    for (const name of registry.moduleNames())
      for (const one of exportsOf(registry.module(name)!, env)) {
        const full = `${one.module}.${one.name}`
        if (!table.has(full))
          table.set(full, params.latency_limit_action > 0 ? this.timed(one) : one)
      }
    this.table = table
    return table
  }
}

class FunctionBlock implements RouteBlock {
  readonly kind: RouteKind
  readonly name: string
  readonly run: RouteBlock['run']
  private readonly mayWait: () => boolean

  constructor(kind: RouteKind, name: string, run: RouteBlock['run'], mayWait: () => boolean) {
    this.kind = kind
    this.name = name
    this.run = run
    this.mayWait = mayWait
  }

  get waits(): boolean {
    return this.mayWait()
  }
}
