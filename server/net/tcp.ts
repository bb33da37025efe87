/**
 * TCP listeners and connections: reuse by address, bounded queues, idle timeout (RFC 3261 section
 * 18).
 */
import { createServer, connect, type Server, type Socket } from 'node:net'
import { canonical } from '../lib/ip.ts'
import type { Received, SocketInfo } from '../sip/transport.ts'
import { Framing } from './framing.ts'

export interface TcpEvents {
  onMessage(text: string, received: Received): void
  onError(info: SocketInfo, error: Error): void
  /** A connection ended while this was still to be sent to its peer. */
  onSendFailed(proto: number, ip: string, port: number): void
}

/**
 * What of the tcp_* parameters the connections obey; live, so read at each use. Seconds and bytes
 * as Kamailio's.
 */
export interface TcpLimits {
  readonly tcp_connect_timeout: number
  readonly tcp_connection_lifetime: number
  readonly tcp_max_connections: number
  readonly tcp_conn_wq_max: number
  readonly tcp_rd_buf_size: number
  readonly tcp_accept_no_cl: number
  readonly tcp_crlf_ping: number
  readonly tcp_no_connect: number
}

/** Largest message that a stream may carry. */
const MESSAGE_LIMIT = 256 * 1024

export class TcpConnection {
  readonly id: number
  readonly info: SocketInfo
  readonly remoteIp: string
  readonly remotePort: number
  readonly socket: Socket
  readonly passive: boolean
  state: 'connecting' | 'established' | 'closed'
  lastUsed: number
  readonly framing: Framing

  constructor(
    id: number,
    info: SocketInfo,
    remoteIp: string,
    remotePort: number,
    socket: Socket,
    passive: boolean,
    framing: Framing,
    now: number,
  ) {
    this.id = id
    this.info = info
    this.remoteIp = remoteIp
    this.remotePort = remotePort
    this.socket = socket
    this.passive = passive
    this.state = passive ? 'established' : 'connecting'
    this.lastUsed = now
    this.framing = framing
  }
}

/** Counts that the `tcp` statistics show. */
export interface TcpCounts {
  established: number
  passive_open: number
  connect_success: number
  connect_failed: number
  con_reset: number
  con_timeout: number
  send_timeout: number
  sendq_full: number
  local_reject: number
}

export class TcpTransport {
  readonly counts: TcpCounts = {
    established: 0,
    passive_open: 0,
    connect_success: 0,
    connect_failed: 0,
    con_reset: 0,
    con_timeout: 0,
    send_timeout: 0,
    sendq_full: 0,
    local_reject: 0,
  }
  private readonly events: TcpEvents
  private readonly limits: TcpLimits
  private readonly now: () => number
  private readonly servers: Server[] = []
  private readonly byId = new Map<number, TcpConnection>()
  /** The newest connection to an address, `ip|port`. */
  private readonly byAddress = new Map<string, TcpConnection>()
  private nextId = 0

  constructor(events: TcpEvents, limits: TcpLimits, now: () => number) {
    this.events = events
    this.limits = limits
    this.now = now
  }

  listen(info: SocketInfo): Promise<void> {
    const server = createServer({ noDelay: true, keepAlive: true }, socket =>
      this.accept(info, socket),
    )
    this.servers.push(server)
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(
        { host: info.address, port: info.port, ipv6Only: info.family === 10, backlog: 1024 },
        () => {
          server.off('error', reject)
          server.on('error', error => this.events.onError(info, error))
          resolve()
        },
      )
    })
  }

  connections(): TcpConnection[] {
    return [...this.byId.values()]
  }

  get queuedBytes(): number {
    let bytes = 0
    for (const c of this.byId.values()) bytes += c.socket.writableLength
    return bytes
  }

  /**
   * Sends over `connection` if it is still there, else over one to that address, else over a new
   * one from `info`.
   */
  send(
    text: string,
    ip: string,
    port: number,
    connection: number,
    info: SocketInfo | null,
    mayConnect: boolean,
  ): boolean {
    let c = connection === 0 ? undefined : this.byId.get(connection)
    c ??= this.byAddress.get(addressKey(ip, port))
    if (c === undefined) {
      if (!mayConnect || info === null || this.limits.tcp_no_connect !== 0) return false
      const opened = this.open(info, ip, port)
      if (opened === null) return false
      c = opened
    }
    if (c.socket.writableLength + text.length > this.limits.tcp_conn_wq_max) {
      this.counts.sendq_full++
      return false
    }
    c.lastUsed = this.now()
    c.socket.write(text, 'latin1')
    return true
  }

  /** Closes after what is queued has been sent (set_reply_close). */
  closeAfterSending(connection: number): void {
    this.byId.get(connection)?.socket.end()
  }

  /** Drops connections that nobody used for tcp_connection_lifetime seconds. */
  sweep(): void {
    const limit = this.now() - this.limits.tcp_connection_lifetime * 1000
    for (const c of this.byId.values()) {
      if (c.lastUsed > limit) continue
      this.counts.con_timeout++
      c.socket.destroy()
    }
  }

  async close(): Promise<void> {
    for (const c of this.byId.values()) c.socket.destroy()
    await Promise.all(
      this.servers.map(server => new Promise<void>(done => server.close(() => done()))),
    )
  }

  private accept(info: SocketInfo, socket: Socket): void {
    const ip = socket.remoteAddress
    if (ip === undefined || this.byId.size >= this.limits.tcp_max_connections) {
      this.counts.local_reject++
      socket.destroy()
      return
    }
    this.counts.passive_open++
    this.counts.established++
    this.adopt(info, canonical(ip), socket.remotePort!, socket, true)
  }

  private open(info: SocketInfo, ip: string, port: number): TcpConnection | null {
    if (this.byId.size >= this.limits.tcp_max_connections) {
      this.counts.local_reject++
      return null
    }
    const socket = connect({
      host: ip,
      port,
      localAddress: info.address,
      noDelay: true,
      keepAlive: true,
    })
    const c = this.adopt(info, ip, port, socket, false)
    socket.setTimeout(this.limits.tcp_connect_timeout * 1000)
    socket.once('timeout', () => {
      this.counts.connect_failed++
      socket.destroy(new Error('connect timed out'))
    })
    socket.once('connect', () => {
      c.state = 'established'
      this.counts.connect_success++
      this.counts.established++
      socket.setTimeout(0)
      socket.removeAllListeners('timeout')
    })
    return c
  }

  private adopt(
    info: SocketInfo,
    ip: string,
    port: number,
    socket: Socket,
    passive: boolean,
  ): TcpConnection {
    const id = ++this.nextId
    // One object for all messages of the connection: nothing in it changes.
    const received: Received = {
      proto: info.proto,
      srcIp: ip,
      srcPort: port,
      dstIp: info.address,
      dstPort: info.port,
      socket: info,
      connection: id,
    }
    const framing = new Framing(MESSAGE_LIMIT, () => this.limits.tcp_accept_no_cl !== 0, {
      onMessage: text => this.events.onMessage(text, received),
      onPing: () => {
        if (this.limits.tcp_crlf_ping !== 0) socket.write('\r\n')
      },
    })
    const c = new TcpConnection(id, info, ip, port, socket, passive, framing, this.now())
    this.byId.set(id, c)
    this.byAddress.set(addressKey(ip, port), c)
    socket.setEncoding('latin1')
    socket.on('data', chunk => {
      c.lastUsed = this.now()
      const error = c.framing.push(chunk as unknown as string)
      if (error !== null) socket.destroy(new Error(error))
    })
    socket.on('error', error => {
      if (c.state === 'connecting') this.counts.connect_failed++
      else this.counts.con_reset++
      this.events.onError(info, error)
    })
    socket.on('close', () => this.forget(c))
    return c
  }

  private forget(c: TcpConnection): void {
    const unsent = c.state === 'connecting' || c.socket.writableLength > 0
    c.state = 'closed'
    this.byId.delete(c.id)
    const key = addressKey(c.remoteIp, c.remotePort)
    if (this.byAddress.get(key) === c) this.byAddress.delete(key)
    if (unsent) this.events.onSendFailed(c.info.proto, c.remoteIp, c.remotePort)
  }
}

const addressKey = (ip: string, port: number): string => `${ip}|${port}`
