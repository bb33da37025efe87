/**
 * Puts the parts of the core together: everything a module is given, before any module is there.
 */
import { Beat } from '../lib/beat.ts'
import { RUN_EVERY_MS, Wheel } from '../lib/wheel.ts'
import { Blocklist } from '../net/blocklist.ts'
import { Dns } from '../net/dns/dns.ts'
import { type DnsTransport, systemTransport } from '../net/dns/sockets.ts'
import { type NameSources, noSources } from '../net/dns/system-files.ts'
import type { Clock } from '../lib/clock.ts'
import type { Random } from '../lib/random.ts'
import { CfgFramework } from '../core/cfg.ts'
import type { Core, Formats } from '../core/core.ts'
import { type Counter, Counters } from '../core/counters.ts'
import { Databases } from '../core/db/databases.ts'
import { Hooks } from '../core/hooks.ts'
import { joinEventRoutes } from '../core/event-routes.ts'
import { Kemi } from '../core/kemi/kemi.ts'
import { L_BUG, Log } from '../core/log.ts'
import type { Network } from '../core/network.ts'
import type { NodeOptions } from '../core/options.ts'
import type { CoreParams } from '../core/params.ts'
import { Registry } from '../core/registry.ts'
import { Routes } from '../core/routes.ts'
import { RpcRegistry } from '../core/rpc/registry.ts'
import { LocalAddresses } from '../core/local-addresses.ts'
import { Sockets } from '../core/sockets.ts'
import { Spools } from '../core/spool/spools.ts'
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
  /** Name servers and local names; without it no name leads anywhere. */
  readonly names?: NameSources
  /** How name servers are reached; without it, by sockets. */
  readonly nameTransport?: DnsTransport
  readonly shutdown: (reason: string) => void
}

export function makeCore(world: World): Core {
  const { clock } = world
  const log = new Log(() => clock.now())
  const hooks = new Hooks()
  const rpc = new RpcRegistry()
  const cfg = new CfgFramework()
  const routes = new Routes(log, cfg)
  const core: { -readonly [K in keyof Core]: Core[K] } = {
    options: world.options,
    params: world.params,
    clock,
    random: world.random,
    timers: new Wheel(clock, error => {
      routes.reset()
      log.write(L_BUG, '<core>', `in a timer: ${log.emitted.stack(error)}`)
    }),
    log,
    counters: new Counters(),
    messageIds: { last: 0 },
    ticker: new Beat(
      RUN_EVERY_MS,
      () => clock.monotonic(),
      () => core.timers.run(),
    ),
    databases: null as unknown as Databases,
    cfg,
    sockets: new Sockets(hooks, new LocalAddresses(() => clock.monotonic())),
    network: null as unknown as Network,
    spools: null as unknown as Spools,
    dns: null as unknown as Dns,
    blocklist: null as unknown as Blocklist,
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
    log.write(L_BUG, '<core>', `in ${name}: ${log.emitted.stack(error)}`)
  core.databases = new Databases(core)
  core.kemi = new Kemi(core)
  joinEventRoutes(core)
  core.dns = makeDns(core, world)
  core.blocklist = new Blocklist(core.params, clock, core.timers)
  core.network = world.network(core)
  core.spools = new Spools(core)
  return core
}

function makeDns(core: Core, world: World): Dns {
  const { params, clock, random, timers, counters, sockets, log } = core
  const counter = (name: string, doc: string): Counter => counters.register('dns', name, doc)
  return new Dns({
    settings: params,
    clock,
    random,
    timers,
    sources: world.names ?? noSources,
    transport: world.nameTransport ?? systemTransport,
    supports: proto => sockets.list.some(socket => socket.proto === proto),
    hasFamily: family => sockets.list.some(socket => socket.family === family),
    log: text => log.error('<core>', text),
    failed: counter('failed_dns_request', 'incremented each time a DNS request has failed.'),
    slow: counter(
      'slow_dns_request',
      'incremented each time a DNS request took longer than dns_slow_query_ms.',
    ),
  })
}
