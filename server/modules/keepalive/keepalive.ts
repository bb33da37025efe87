/** The instance: the destinations, their pings, and who is told. */
import type { Core } from '../../core/core.ts'
import { eventMessage } from '../../core/event-message.ts'
import {
  type ApisOf,
  type ConfigOf,
  type ModuleEnv,
  type RouteBlock,
} from '../../core/module/index.ts'
import { EVENT_ROUTE } from '../../core/route-bits.ts'
import { parseUri } from '../../sip/uri.ts'
import { LOCAL_COMPLETED, type TmApi } from '../tm/api.ts'
import {
  ADDED,
  INVALID,
  type KeepaliveApi,
  KNOWN,
  type ReplyListener,
  type StateListener,
  UP,
} from './api.ts'
import { Destination } from './destination.ts'
import type { needs, params } from './keepalive.module.ts'

export const UP_EVENT = 'keepalive:dst-up'
export const DOWN_EVENT = 'keepalive:dst-down'

/** Milliseconds from the addition of a destination to its first ping. */
const FIRST_PING = 500
/** Owner of those that the configuration names. */
const CONFIGURATION = '_params'
/** CSeq of each ping. */
const CSEQ = 10

/** `10.0.0.1` is `sip:10.0.0.1`. */
const withScheme = (text: string): string => (/^sips?:/i.test(text) ? text : `sip:${text}`)

export class Keepalive implements KeepaliveApi {
  private readonly config: ConfigOf<typeof params>
  private readonly core: Core
  private readonly tm: TmApi
  /** The newest first. */
  private destinations: Destination[] = []
  private up: RouteBlock | null = null
  private down: RouteBlock | null = null

  constructor(env: ModuleEnv<typeof params, typeof needs>) {
    const { tm }: ApisOf<typeof needs> = env.apis
    this.config = env.config
    this.core = env.core
    this.tm = tm
  }

  start(): void {
    const { kemi, routes } = this.core
    routes.follow(() => {
      this.up = kemi.event(UP_EVENT, '')
      this.down = kemi.event(DOWN_EVENT, '')
    })
    for (const uri of this.config.destination) this.add(uri, CONFIGURATION)
  }

  list(): readonly Destination[] {
    return this.destinations
  }

  add(
    text: string,
    owner: string,
    seconds = 0,
    onState?: StateListener,
    onReply?: ReplyListener,
  ): number {
    const uri = withScheme(text)
    if (this.find(uri, owner) !== null) {
      this.core.log.info('keepalive', `uri [${uri}] already in stack --ignoring`)
      return KNOWN
    }
    if (parseUri(uri) === null) {
      this.core.log.error('keepalive', `invalid uri <${uri}>`)
      return INVALID
    }
    const interval = (seconds || this.config.ping_interval) * 1000
    const ping = (one: Destination): void => this.ping(one)
    const destination = new Destination(uri, owner, interval, ping, onState, onReply)
    this.destinations = [destination, ...this.destinations]
    this.core.timers.arm(destination.timer, FIRST_PING)
    return ADDED
  }

  remove(uri: string, owner: string): boolean {
    const found = this.find(uri, owner)
    if (found === null) {
      this.core.log.error('keepalive', `couldn't find destination ${uri}`)
      return false
    }
    this.core.timers.disarm(found.timer)
    this.destinations = this.destinations.filter(one => one !== found)
    return true
  }

  removeAll(): void {
    for (const { timer } of this.destinations) this.core.timers.disarm(timer)
    this.destinations = []
  }

  find(text: string, owner: string): Destination | null {
    const uri = withScheme(text)
    return this.destinations.find(one => one.uri === uri && one.owner === owner) ?? null
  }

  state(text: string): number | null {
    const uri = withScheme(text)
    return this.destinations.find(one => one.uri === uri)?.state ?? null
  }

  private ping(destination: Destination): void {
    const { config, core } = this
    const { uri } = destination
    // It has been asked often enough.
    if (config.delete_counter > 0 && destination.failures >= config.delete_counter) return
    core.timers.arm(destination.timer, destination.interval)
    destination.lastChecked = core.clock.now()
    const sent = this.tm.request({
      method: 'OPTIONS',
      uri,
      from: `<${config.ping_from}>`,
      to: `<${uri}>`,
      cseq: CSEQ,
      events: LOCAL_COMPLETED,
      callback: (_event, _transaction, _request, _reply, code) => this.answered(destination, code),
    })
    if (sent === null) core.log.error('keepalive', `unable to ping [${uri}]`)
  }

  private answered(destination: Destination, code: number): void {
    // It may have been removed meanwhile.
    if (!this.destinations.includes(destination)) return
    if (!destination.answered(code, this.core.clock.now())) return
    const block = destination.state === UP ? this.up : this.down
    const [socket] = this.core.sockets.list
    if (block === null || socket === undefined) return
    const msg = eventMessage(socket)
    msg.setUri(destination.uri)
    this.core.routes.runNow(block, msg, EVENT_ROUTE)
  }
}
