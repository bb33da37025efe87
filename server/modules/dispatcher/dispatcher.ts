/** The instance: the sets in force, how they are loaded, and what changes their states. */
import type { Core } from '../../core/core.ts'
import type { LoadedTable } from '../../core/db/loaded-table.ts'
import { eventMessage } from '../../core/event-message.ts'
import { type ConfigOf, type ModuleEnv, type RouteBlock } from '../../core/module/index.ts'
import { REQUEST_ROUTE } from '../../core/route-bits.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { SocketInfo } from '../../sip/transport.ts'
import type { TmApi } from '../tm/api.ts'
import { socketAt, socketNamed } from './build.ts'
import { CallLoad } from './call-load.ts'
import { openDatabase } from './database.ts'
import type { Destination } from './destination.ts'
import type { needs, params } from './dispatcher.module.ts'
import { destinationTable } from './load.ts'
import { Probe } from './probe.ts'
import type { DestinationSet } from './set.ts'
import type { Sets } from './sets.ts'
import { INACTIVE, isDown, PROBING, STATES, TRYING, DISABLED } from './states.ts'

export const UP_EVENT = 'dispatcher:dst-up'
export const DOWN_EVENT = 'dispatcher:dst-down'

/** Bits of the parameter `flags`. */
export const USER_ONLY = 1
export const FAILOVER = 2

/** Why a destination changed its state: $dsv(...) in the event routes. */
export interface Cause {
  readonly code: number
  /** null: there was no reply. */
  readonly reason: string | null
}

export class Dispatcher {
  readonly config: ConfigOf<typeof params>
  readonly core: Core
  readonly tm: TmApi | null
  readonly probe: Probe
  table!: LoadedTable<Sets>
  /** null: calls are not counted. */
  load: CallLoad | null = null
  /** Seconds since 1970 of the last reload, 0 before the first. */
  reloadedAt = 0
  fallbackSocket: SocketInfo | null = null
  /** Why a destination went up or down, while the event route runs for this message. */
  readonly causes = new WeakMap<SipMessage, Cause>()
  private up: RouteBlock | null = null
  private down: RouteBlock | null = null

  constructor(env: ModuleEnv<typeof params, typeof needs>) {
    this.config = env.config
    this.core = env.core
    this.tm = env.apis.tm
    this.probe = new Probe(this)
  }

  async start(): Promise<void> {
    const { config, core } = this
    core.routes.follow(() => {
      this.up = core.kemi.event(UP_EVENT, config.event_callback)
      this.down = core.kemi.event(DOWN_EVENT, config.event_callback)
    })
    if (config.ds_ping_interval > 0 && this.tm === null)
      throw new Error('dispatcher: could not load the TM-functions - disable DS ping')
    if (config.ds_default_sockname !== '')
      this.fallbackSocket = socketNamed(core, config.ds_default_sockname)
    else if (config.ds_default_socket !== '')
      this.fallbackSocket = socketAt(core, config.ds_default_socket)
    if (config.ds_hash_size > 0)
      this.load = new CallLoad(config.ds_hash_expire * 1000, config.ds_hash_initexpire * 1000)
    const db = config.db_url === '' ? null : await openDatabase(this)
    this.table = destinationTable(this, db)
    await this.table.load('start')
  }

  /** What is in force. */
  get sets(): Sets {
    return this.table.current
  }

  now(): number {
    return this.core.clock.now()
  }

  error(text: string): void {
    this.core.log.error('dispatcher', text)
  }

  warn(text: string): void {
    this.core.log.warn('dispatcher', text)
  }

  /** The set, or null with a line in the log. */
  set(id: number): DestinationSet | null {
    if (this.sets.all.length === 0) {
      this.error('the list is null')
      return null
    }
    const set = this.sets.find(id)
    if (set === null) this.error(`destination set [${id}] not found`)
    return set
  }

  /**
   * A sign of life or of its absence (ds_mark_dst, pings): thresholds count. False when there is no
   * such destination. `msg`: what the event routes are about; null makes a message for them.
   */
  updateState(
    id: number,
    uri: string,
    state: number,
    cause: Cause,
    msg: SipMessage | null,
  ): boolean {
    const set = this.set(id)
    const one = set?.find(uri) ?? null
    if (set === null || one === null) return false
    const before = one.flags
    this.changeState(one, state)
    const wasDown = isDown(before)
    if (wasDown === isDown(one.flags)) return true
    const block = wasDown ? this.up : this.down
    if (block !== null) this.runEvent(block, uri, cause, msg)
    if (one.rweight > 0) set.spreadRelative(this.core.random)
    return true
  }

  private changeState(one: Destination, wanted: number): void {
    const before = one.flags
    const wasInactive = (before & INACTIVE) !== 0
    const { config } = this
    // From inactive to trying it goes by way of active only.
    const kept = (wanted & TRYING) !== 0 && wasInactive
    const state = kept ? (wanted & ~TRYING) | INACTIVE : wanted
    one.flags = (before & ~STATES) | ((state & DISABLED) !== 0 ? DISABLED : state)
    if ((state & TRYING) !== 0) {
      one.count++
      if (one.count < config.ds_probing_threshold) return
      one.flags = (one.flags & ~TRYING) | INACTIVE
      one.count = 0
      return
    }
    if ((wanted & TRYING) !== 0 || !wasInactive) {
      one.count = 0
      return
    }
    one.count++
    if (one.count < config.ds_inactive_threshold) one.flags |= INACTIVE | (before & PROBING)
    else one.count = 0
  }

  private runEvent(block: RouteBlock, uri: string, cause: Cause, about: SipMessage | null): void {
    const [socket] = this.core.sockets.list
    const msg = about ?? (socket === undefined ? null : eventMessage(socket))
    if (msg === null) return
    if (about === null) msg.setUri(uri)
    this.causes.set(msg, cause)
    const end = this.core.routes.run(block, msg, REQUEST_ROUTE)
    const forget = (): boolean => this.causes.delete(msg)
    if (typeof end === 'number') forget()
    else void end.then(forget)
  }

  /** Sets the state that an operator wants. */
  setState(set: DestinationSet, one: Destination, state: number): void {
    const before = one.flags
    one.flags = (before & ~STATES) | state
    one.count = 0
    if (one.rweight > 0 && isDown(before) !== isDown(one.flags))
      set.spreadRelative(this.core.random)
  }

  /** Takes what is over off the load of destinations. */
  sweepLoad(): void {
    for (const { set, duid } of this.load?.expired(this.now()) ?? []) this.unload(set, duid)
  }

  /** One call less at a destination; false when it is not there any more. */
  unload(id: number, duid: string): boolean {
    const set = this.set(id)
    const one = set?.list[set.withDuid(duid)]
    if (one === undefined) {
      if (set !== null) this.error(`old destination address not found for [${id}, ${duid}]`)
      return false
    }
    if (one.load > 0) one.load--
    return true
  }
}
