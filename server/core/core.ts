/**
 * What the core offers to every module: one object of parts, handed to the constructor of each
 * instance.
 */
import type { Beat } from '../lib/beat.ts'
import type { Clock } from '../lib/clock.ts'
import type { Random } from '../lib/random.ts'
import type { Wheel } from '../lib/wheel.ts'
import type { Blocklist } from '../net/blocklist.ts'
import type { Dns } from '../net/dns/dns.ts'
import type { CfgFramework } from './cfg.ts'
import type { Counters } from './counters.ts'
import type { Databases } from './db/databases.ts'
import type { Hooks } from './hooks.ts'
import type { Kemi } from './kemi/kemi.ts'
import type { Log } from './log.ts'
import type { Format, PvHandle } from './module/index.ts'
import type { Network } from './network.ts'
import type { NodeOptions } from './options.ts'
import type { CoreParams } from './params.ts'
import type { Registry } from './registry.ts'
import type { Routes } from './routes.ts'
import type { RpcRegistry } from './rpc/registry.ts'
import type { Sockets } from './sockets.ts'
import type { Spools } from './spool/spools.ts'
import type { Trace } from './trace.ts'
import type { Vars } from './vars.ts'

/**
 * Compiles strings with pseudo-variables at load (the language is the script layer's; modules reach
 * it here).
 */
export interface Formats {
  /** Throws BadValue when the text does not parse or names an unknown variable. */
  compile(text: string): Format
  /** One variable, `$avp(x)` or `$(hdr(Via)[1]{s.len})`. Throws BadValue. */
  pvar(text: string): PvHandle
  /** One variable that can be assigned to. Throws BadValue when it cannot. */
  target(text: string): PvHandle
}

export interface Core {
  /** What the command line said. */
  readonly options: NodeOptions
  /** Core parameters of the config file (debug=, children= ...); live ones change in place. */
  readonly params: CoreParams
  readonly clock: Clock
  readonly random: Random
  readonly timers: Wheel
  /** Runs the timers every few milliseconds, best when the loop is awake anyway. */
  readonly ticker: Beat
  readonly log: Log
  readonly counters: Counters
  /** Databases by URL, whatever their kind. */
  readonly databases: Databases
  /** Records that must not be lost on their way to one of them or to another server. */
  readonly spools: Spools
  /** Runtime parameters: groups of variables that cfg.* commands list, get and set. */
  readonly cfg: CfgFramework
  readonly sockets: Sockets
  readonly network: Network
  /** Names: addresses and all other records, cached; ways by RFC 3263. */
  readonly dns: Dns
  /** Destinations to which nothing is sent for a while. */
  readonly blocklist: Blocklist
  /** The number that the newest message has ($mi). */
  readonly messageIds: { last: number }
  readonly routes: Routes
  readonly hooks: Hooks
  /** Scripts in real languages: the functions of KSR, and the functions that scripts give. */
  readonly kemi: Kemi
  readonly rpc: RpcRegistry
  readonly trace: Trace
  readonly formats: Formats
  /** The slots of $var(x). */
  readonly vars: Vars
  readonly registry: Registry
  /** Milliseconds since 1970 at which the node started. */
  readonly startedAt: number
  /** Asks the node to stop, as SIGTERM would (core.kill). */
  shutdown(reason: string): void
}
