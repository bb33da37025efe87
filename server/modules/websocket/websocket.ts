/** The instance: the open WebSockets, their keep-alive and their end. */
import type { Core } from '../../core/core.ts'
import { eventMessage } from '../../core/event-message.ts'
import { type ApisOf, type CountersOf, type ModuleEnv } from '../../core/module/index.ts'
import { EVENT_ROUTE } from '../../core/route-bits.ts'
import type { Connection } from '../../core/network.ts'
import type { SipWebSocket } from '../../net/websocket.ts'
import type { XhttpApi } from '../xhttp/api.ts'
import { KEEPALIVE_NONE, KEEPALIVE_PONG, type params } from './params.ts'
import type { needs, stats } from './websocket.module.ts'

export const EVENT = 'websocket:closed'

/** RFC 6455 section 5.5: control frames carry at most 125 bytes. */
const MOST_CONTROL_BYTES = 125

/** RFC 6455 section 7.1.5: what the library tells when the connection ended without one. */
const NO_CLOSE_FRAME = 1006

interface Open {
  readonly connection: Connection
  readonly socket: SipWebSocket
  /** We began to close it. */
  closing: boolean
}

export class WebSockets {
  readonly core: Core
  readonly config: ModuleEnv<typeof params, typeof needs>['config']
  readonly xhttp: XhttpApi
  readonly stats: CountersOf<typeof stats>
  readonly open = new Map<number, Open>()
  /** ws.disable: handshakes are answered 503. */
  enabled = true
  most = 0
  private sentBefore = 0
  private controlsBefore = 0

  constructor(env: ModuleEnv<typeof params, typeof needs, typeof stats>) {
    const { xhttp }: ApisOf<typeof needs> = env.apis
    this.core = env.core
    this.config = env.config
    this.stats = env.stats
    this.xhttp = xhttp
  }

  /** Messages that have left as frames, over all connections so far. */
  get sent(): number {
    let count = this.sentBefore
    for (const { connection } of this.open.values()) count += connection.framesSent
    return count
  }

  /** Pings, pongs and close frames that have left, over all connections so far. */
  get controlsSent(): number {
    let count = this.controlsBefore
    for (const { socket } of this.open.values()) count += socket.controlFramesSent
    return count
  }

  add(connection: Connection, socket: SipWebSocket): void {
    const { stats } = this
    const one: Open = { connection, socket, closing: false }
    this.open.set(connection.id, one)
    this.most = Math.max(this.most, this.open.size)
    stats.ws_successful_handshakes.value++
    stats.ws_sip_successful_handshakes.value++
    socket.on('message', () => {
      stats.ws_received_frames.value++
      stats.ws_sip_received_frames.value++
    })
    for (const event of ['ping', 'pong'] as const)
      socket.on(event, () => stats.ws_received_frames.value++)
    socket.on('error', () => {
      stats.ws_failed_connections.value++
      stats.ws_sip_failed_connections.value++
    })
    socket.on('close', code => {
      if (code !== NO_CLOSE_FRAME) stats.ws_received_frames.value++
      this.remove(one)
    })
  }

  private remove({ connection, socket, closing }: Open): void {
    const { stats } = this
    this.open.delete(connection.id)
    this.sentBefore += connection.framesSent
    this.controlsBefore += socket.controlFramesSent
    if (closing) {
      stats.ws_local_closed_connections.value++
      stats.ws_sip_local_closed_connections.value++
    } else {
      stats.ws_remote_closed_connections.value++
      stats.ws_sip_remote_closed_connections.value++
    }
    const block = this.core.kemi.event(EVENT, this.config.event_callback)
    if (block === null) return
    const { info, remoteIp, remotePort, id } = connection
    const from = { srcIp: remoteIp, srcPort: remotePort, connection: id }
    this.core.routes.runNow(block, eventMessage(info, from), EVENT_ROUTE)
  }

  /** Says goodbye; false when there is no such connection. */
  close(id: number, status: number, reason: string): boolean {
    const one = this.open.get(id)
    if (one === undefined) return false
    one.closing = true
    one.socket.close(status, Buffer.from(reason, 'latin1').subarray(0, MOST_CONTROL_BYTES - 2))
    return true
  }

  ping(id: number): boolean {
    const one = this.open.get(id)
    one?.socket.ping(this.pingData())
    return one !== undefined
  }

  pong(id: number): boolean {
    const one = this.open.get(id)
    one?.socket.pong(this.pingData())
    return one !== undefined
  }

  /** Wakes connections that rest, before a NAT on the way forgets them. */
  keepAlive(): void {
    const { keepalive_mechanism, keepalive_timeout } = this.config
    if (keepalive_mechanism === KEEPALIVE_NONE) return
    const limit = this.core.clock.now() - keepalive_timeout * 1000
    for (const { connection } of this.open.values()) {
      if (connection.lastUsed > limit) continue
      if (keepalive_mechanism === KEEPALIVE_PONG) this.pong(connection.id)
      else this.ping(connection.id)
      // A pong that is not asked for gets no answer: it counts as use itself.
      connection.lastUsed = this.core.clock.now()
    }
  }

  private pingData(): Buffer {
    const { ping_application_data } = this.config
    const own = this.core.params.server_header.replace(/^Server:\s*/i, '')
    return Buffer.from(ping_application_data || own, 'latin1').subarray(0, MOST_CONTROL_BYTES)
  }
}
