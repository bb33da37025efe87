/**
 * Puts the parts of the core together: everything a module is given, before any module is there.
 */
import { Wheel } from '../lib/wheel.ts'
import type { Clock } from '../lib/clock.ts'
import type { Random } from '../lib/random.ts'
import { CfgFramework } from '../core/cfg.ts'
import type { Core, Formats } from '../core/core.ts'
import { Counters } from '../core/counters.ts'
import { Hooks } from '../core/hooks.ts'
import { Kemi } from '../core/kemi/kemi.ts'
import { L_BUG, Log } from '../core/log.ts'
import type { Network } from '../core/network.ts'
import type { NodeOptions } from '../core/options.ts'
import type { CoreParams } from '../core/params.ts'
import { Registry } from '../core/registry.ts'
import { Routes } from '../core/routes.ts'
import { RpcRegistry } from '../core/rpc/registry.ts'
import { Sockets } from '../core/sockets.ts'
import { Trace } from '../core/trace.ts'
import type { Vars } from '../core/vars.ts'

/** What comes in through the door. */
export interface World {
  readonly clock: Clock
  readonly random: Random
  readonly options: NodeOptions
  readonly params: CoreParams
  readonly registry: Registry
  readonly formats: Formats
  readonly vars: Vars
  /** Made with the core at hand, because a transport hands messages to it. */
  readonly network: (core: Core) => Network
  readonly shutdown: (reason: string) => void
}

export function makeCore(world: World): Core {
  const { clock } = world
  const log = new Log(() => clock.now())
  const hooks = new Hooks()
  const rpc = new RpcRegistry()
  const routes = new Routes(log)
  const core: { -readonly [K in keyof Core]: Core[K] } = {
    options: world.options,
    params: world.params,
    clock,
    random: world.random,
    timers: new Wheel(clock, error => {
      routes.reset()
      log.write(L_BUG, '<core>', `in a timer: ${(error as Error).stack}`)
    }),
    log,
    counters: new Counters(),
    cfg: new CfgFramework(),
    sockets: new Sockets(hooks),
    network: null as unknown as Network,
    routes,
    hooks,
    kemi: null as unknown as Kemi,
    rpc,
    trace: new Trace(clock),
    formats: world.formats,
    vars: world.vars,
    registry: world.registry,
    startedAt: clock.now(),
    shutdown: world.shutdown,
  }
  rpc.onMistake = (name, error) =>
    log.write(L_BUG, '<core>', `in ${name}: ${(error as Error).stack}`)
  core.kemi = new Kemi(core)
  core.network = world.network(core)
  return core
}
