/**
 * Listeners and connections of TCP and TLS: reuse by address, bounded queues, idle timeout (RFC
 * 3261 section 18).
 */
import { createServer, type Server, type Socket } from 'node:net'
import { AF_INET6, canonical, inBrackets } from '../lib/ip.ts'
import {
  carrierOf,
  type Destination,
  type Received,
  type SocketInfo,
  TLS,
} from '../sip/transport.ts'
import { Connection } from './connection.ts'
import { Framing, type FramingLimits } from './framing.ts'
import { Gate } from './gate.ts'
import { type ProxyHeader, takeProxyHeader } from './proxy-protocol.ts'
import { RestingStreams } from './rest.ts'
import { tuneListener, tuneStream } from './kernel.ts'
import { TcpCounts } from './tcp-counts.ts'
import { dial, openWithin } from './tcp-dial.ts'
import { hasMany, hasRoom, queueFull, type TcpLimits, tooMany } from './tcp-limits.ts'
import type { TlsAuthority } from './tls.ts'
import { type UpgradeRequest, upgradeToWebSocket, webSocketTwin } from './websocket.ts'

export interface TcpEvents {
  onMessage(text: string, received: Received): void
  /** `towards` is the peer that could not be reached, '' when a connection that was there broke. */
  onError(info: SocketInfo, error: Error, towards: string): void
  /** A connection ended while this was still to be sent to its peer. */
  onSendFailed(proto: number, ip: string, port: number): void
}

/** The type package leaves this out; it is half the cost of the one with an encoding name. */
interface LatinBuffer extends Buffer {
  latin1Slice(start: number, end: number): string
}

/** The answer to a double line end (RFC 5626 section 4.4.1). */
const PONG = '\r\n'

/** How long streams wait when the gate was shut. */
const WITHHELD_MS = 100

/** Ports for which one connection may be used beside its own, as in Kamailio. */
const MOST_ALIASES = 12

/** Largest message that a stream may carry. */
const MESSAGE_LIMIT = 256 * 1024

export class TcpTransport {
  readonly counts = new TcpCounts()
  /** Who holds the certificates; without it nothing is secure and TLS connections are refused. */
  authority: TlsAuthority | null = null
  private readonly events: TcpEvents
  private readonly limits: TcpLimits
  private readonly now: () => number
  private readonly gate: Gate
  private readonly framingLimits: FramingLimits
  private readonly servers: Server[] = []
  private readonly resting = new RestingStreams()
  /** Connections that were written to in this turn of the loop. */
  private unflushed: Connection[] = []
  private readonly byId = new Map<number, Connection>()
  /** The newest connection to an address, by `addressKey`. */
  private readonly byAddress = new Map<string, Connection>()
  /** Connections whose load balancer has not said yet where they come from. */
  private readonly unintroduced = new Set<Socket>()
  private nextId = 0
  /** Connections of TLS, those that still shake hands included. */
  private secured = 0
  /** Each is told of every connection that ended. */
  readonly onClosed: ((c: Connection) => void)[] = []

  constructor(events: TcpEvents, limits: TcpLimits, now: () => number, gate = new Gate()) {
    this.gate = gate
    this.events = events
    this.limits = limits
    this.now = now
    this.framingLimits = {
      message: MESSAGE_LIMIT,
      headers: () => limits.tcp_rd_buf_size,
      acceptNoLength: () => limits.tcp_accept_no_cl !== 0,
    }
  }

  listen(info: SocketInfo): Promise<void> {
    const server = createServer({ noDelay: true, keepAlive: true }, socket =>
      this.accept(info, socket),
    )
    this.servers.push(server)
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(
        {
          host: info.address,
          port: info.port,
          ipv6Only: info.family === AF_INET6,
          backlog: this.limits.tcp_listen_backlog,
          // Connections of ours may come from the same port (tcp_reuse_port).
          reusePort: this.limits.tcp_reuse_port !== 0,
        },
        () => {
          tuneListener(server, this.limits)
          server.off('error', reject)
          server.on('error', error => this.events.onError(info, error, ''))
          resolve()
        },
      )
    })
  }

  connections(): Connection[] {
    return [...this.byId.values()]
  }

  get queuedBytes(): number {
    let bytes = 0
    for (const c of this.byId.values()) bytes += c.waiting
    return bytes
  }

  connection(id: number): Connection | null {
    return this.byId.get(id) ?? null
  }

  /**
   * Sends over the connection that `to` names if it is still there, else over the newest one to
   * that address, else over a new one from the socket of `to` or of `listener`. Null when it cannot
   * leave: none may be opened, or the queue is full.
   */
  send(
    text: string,
    to: Destination,
    listener: (proto: number, ip: string) => SocketInfo | null,
  ): Connection | null {
    let c = this.find(to)
    if (c === null && to.noConnect !== true && carrierOf(to.proto) === to.proto) {
      const from = to.socket?.proto === to.proto ? to.socket : listener(to.proto, to.ip)
      c = from === null ? null : this.open(from, to.ip, to.port)
    }
    if (c === null) return null
    if (this.isOverfull(c, text.length)) return null
    if (c.webSocket !== null && !this.gate.isOpen()) return null
    c.lastUsed = this.now()
    this.enqueue(c, text)
    return c
  }

  private enqueue(c: Connection, text: string): void {
    if (!c.write(text)) return
    if (this.unflushed.length === 0) setImmediate(this.flush)
    this.unflushed.push(c)
  }

  private readonly flush = (): void => {
    // A stream repeats nothing: what is withheld leaves a little later.
    if (!this.gate.isOpen()) {
      setTimeout(this.flush, WITHHELD_MS)
      return
    }
    const connections = this.unflushed
    this.unflushed = []
    for (const c of connections) c.flush()
  }

  /** Nobody's queue may grow without end, nor all of them together. */
  private isOverfull(c: Connection, more: number): boolean {
    // What the kernel can take at once is no queue, however much it is.
    if (c.socket.writableLength === 0 && c.state === 'established') {
      c.isNew = false
      c.isFull = false
      return false
    }
    const handshake = c.info.proto === TLS ? this.authority!.handshakeQueue : 0
    if (hasRoom(c, more, this.limits, handshake, () => this.queuedBytes)) return false
    this.counts.sendq_full++
    if (!c.isFull) this.events.onError(c.info, new Error(queueFull(c)), '')
    return (c.isFull = true)
  }

  /** Requests to this port of the peer go over the connection, too (RFC 5923). */
  addAlias(id: number, port: number): boolean {
    const c = this.byId.get(id)
    if (c === undefined) return false
    c.aliasPorts ??= []
    if (!c.aliasPorts.includes(port)) {
      if (c.aliasPorts.length >= MOST_ALIASES) return false
      c.aliasPorts.push(port)
    }
    this.byAddress.set(addressKey(c.info.proto, c.remoteIp, port), c)
    return true
  }

  /** Answers the handshake and speaks WebSocket from then on; false when that cannot be. */
  upgrade(id: number, request: UpgradeRequest): boolean {
    const c = this.byId.get(id)
    if (c === undefined || c.webSocket !== null || c.state !== 'established') return false
    const twin = webSocketTwin(c.info)
    c.flush()
    this.unlist(c)
    c.info = twin
    c.socket.removeAllListeners('data')
    const received = receivedOver(c)
    c.webSocket = upgradeToWebSocket(c.socket, c.framing.release(), request, {
      onMessage: text => this.events.onMessage(text, received),
      mayAnswer: bytes => !this.isOverfull(c, bytes),
    })
    // Pings count as use, too.
    c.socket.on('data', () => {
      c.lastUsed = this.now()
    })
    this.list(c)
    return c.webSocket !== null
  }

  /** Closes after what is queued has been sent (set_reply_close). */
  closeAfterSending(connection: number): void {
    const c = this.byId.get(connection)
    if (c === undefined || !this.gate.isOpen()) return
    c.flush()
    // What is sent from now on takes another one.
    this.unlist(c)
    c.socket.end()
  }

  /** Drops connections that nobody used for tcp_connection_lifetime seconds. */
  sweep(): void {
    const now = this.now()
    const { tcp_connection_lifetime, tcp_send_timeout, tcp_msg_read_timeout } = this.limits
    for (const c of this.byId.values()) {
      const lifetime = c.lifetime < 0 ? tcp_connection_lifetime : c.lifetime
      const slow = c.partialSince >= 0 && c.partialSince <= now - tcp_msg_read_timeout * 1000
      if (lifetime >= 0 && c.lastUsed <= now - lifetime * 1000) {
        this.counts.con_timeout++
        c.socket.destroy()
      } else if (slow && tcp_msg_read_timeout > 0) {
        this.counts.con_timeout++
        c.socket.destroy(new Error('a message did not end in time'))
      } else if (tcp_send_timeout >= 0 && c.isStuck(now, tcp_send_timeout * 1000)) {
        this.counts.send_timeout++
        c.socket.destroy(new Error('the peer takes nothing'))
      }
    }
  }

  async close(): Promise<void> {
    this.resting.wake()
    for (const c of this.byId.values()) c.socket.destroy()
    for (const plain of this.unintroduced) plain.destroy()
    await Promise.all(
      this.servers.map(server => new Promise<void>(done => server.close(() => done()))),
    )
  }

  private find({ proto, ip, port, connection, socket }: Destination): Connection | null {
    const named = connection === 0 ? undefined : this.byId.get(connection)
    const fits = named !== undefined && carrierOf(named.info.proto) === carrierOf(proto)
    if (fits && named.isUsable) return named
    const from = socket !== null && carrierOf(socket.proto) === carrierOf(proto) ? socket : null
    const newest = this.byAddress.get(addressKey(proto, ip, port))
    if (newest === undefined) return null
    if (newest.isUsable && (from === null || this.belongsTo(newest, from))) return newest
    for (const c of this.byId.values()) {
      if (c.info.proto !== proto || c.remoteIp !== ip || !c.isUsable) continue
      if (from !== null && !this.belongsTo(c, from)) continue
      if (c.remotePort === port || c.aliasPorts?.includes(port) === true) return c
    }
    return null
  }

  /** Is it one of this socket's: by its address, with tcp_connection_match by its port, too? */
  private belongsTo({ info }: Connection, socket: SocketInfo): boolean {
    if (info.address !== socket.address) return false
    return this.limits.tcp_connection_match === 0 || info.port === socket.port
  }

  /** Opens one from `info`; null when there may be no more. */
  private open(info: SocketInfo, ip: string, port: number): Connection | null {
    const secure = info.proto === TLS
    if (this.limits.tcp_no_connect !== 0 || (secure && this.authority === null)) return null
    if (this.isFull(info)) {
      this.counts.local_reject++
      return null
    }
    const plain = dial(info, ip, port, this.limits)
    const socket = secure ? this.authority!.connect(info, ip, port, plain) : plain
    if (secure) this.countSecured(plain)
    const c = this.adopt(info, ip, port, socket, false)
    const opened = secure ? 'secureConnect' : 'connect'
    openWithin(this.limits.tcp_connect_timeout, socket, opened)
    plain.once('connect', () => {
      this.counts.connect_success++
      if (secure) c.state = 'handshake'
    })
    socket.once(opened, () => this.establish(c))
    return c
  }

  private countSecured(plain: Socket): void {
    this.secured++
    plain.once('close', () => this.secured--)
  }

  private isFull(info: SocketInfo): boolean {
    const open = this.byId.size + this.unintroduced.size
    const why = tooMany(open, info.proto === TLS ? this.secured : -1, this.limits)
    if (why !== '') this.events.onError(info, new Error(why), '')
    return why !== ''
  }

  private accept(info: SocketInfo, plain: Socket): void {
    const secure = info.proto === TLS
    const unwanted = this.isTwice(info, plain) || hasMany(plain, this.byId, this.limits)
    if (unwanted || this.isFull(info) || (secure && this.authority === null)) {
      this.counts.local_reject++
      plain.destroy()
      return
    }
    this.counts.passive_open++
    tuneStream(plain, info.family, this.limits)
    if (this.limits.tcp_accept_haproxy === 0) this.take(info, plain, null)
    else this.readProxy(info, plain)
  }

  /** The header of a load balancer comes before everything else, a TLS handshake included. */
  private readProxy(info: SocketInfo, plain: Socket): void {
    const reset = (error: Error): void => this.events.onError(info, error, '')
    plain.on('error', reset)
    this.unintroduced.add(plain)
    plain.once('close', () => this.unintroduced.delete(plain))
    takeProxyHeader(plain, this.limits.tcp_wait_data, header => {
      plain.off('error', reset)
      this.unintroduced.delete(plain)
      if (header === null) {
        this.events.onError(info, new Error('invalid PROXY protocol header'), '')
        plain.destroy()
        return
      }
      this.take(info, plain, header.from)
    })
  }

  /** Is there one already from that port of the peer, which may have one (tcp_accept_unique)? */
  private isTwice({ proto }: SocketInfo, { remoteAddress, remotePort }: Socket): boolean {
    if (this.limits.tcp_accept_unique === 0 || remoteAddress === undefined) return false
    return this.byAddress.has(addressKey(proto, canonical(remoteAddress), remotePort!))
  }

  /** A connection that came in, which speaks at once or shakes hands before. */
  private take(info: SocketInfo, plain: Socket, proxied: ProxyHeader['from']): void {
    const ip = plain.remoteAddress
    // Gone already.
    if (ip === undefined) {
      plain.destroy()
      return
    }
    const from = proxied ?? { ip: canonical(ip), port: plain.remotePort! }
    if (info.proto === TLS) this.shakeHands(info, from, plain)
    else this.establish(this.adopt(info, from.ip, from.port, plain, true))
  }

  private shakeHands(info: SocketInfo, from: { ip: string; port: number }, plain: Socket): void {
    this.countSecured(plain)
    const socket = this.authority!.accept(info, plain)
    plain.on('error', error => socket.destroy(error))
    const c = this.adopt(info, from.ip, from.port, socket, true)
    c.state = 'handshake'
    // Nothing that the peer sends before the end of the handshake makes it longer.
    const { tcp_connection_lifetime: most } = this.limits
    c.lifetime = most < 0 ? this.authority!.lifetime : Math.min(this.authority!.lifetime, most)
    socket.once('secure', () => this.establish(c))
  }

  /** The peer's certificate is looked at before a byte of SIP goes either way. */
  private establish(c: Connection): void {
    const refusal = c.info.proto === TLS ? this.authority!.refuse(c) : null
    if (refusal !== null) {
      c.socket.destroy(new Error(refusal))
      return
    }
    c.state = 'established'
    this.counts.established++
  }

  private adopt(
    info: SocketInfo,
    ip: string,
    port: number,
    socket: Socket,
    passive: boolean,
  ): Connection {
    const id = ++this.nextId
    const framing = new Framing(this.framingLimits, {
      onMessage: text => {
        c.partialSince = -1
        c.pace.count()
        this.events.onMessage(text, received)
      },
      onPing: () => {
        // Who asks without end and reads no answer gets no more of them.
        if (this.limits.tcp_crlf_ping !== 0 && !this.isOverfull(c, PONG.length))
          this.enqueue(c, PONG)
      },
    })
    const c = new Connection(id, info, ip, port, socket, passive, 'connecting', framing, this.now())
    const received = receivedOver(c)
    this.byId.set(id, c)
    this.list(c)
    socket.on('data', (chunk: Buffer) => {
      c.lastUsed = this.now()
      const error = framing.push((chunk as LatinBuffer).latin1Slice(0, chunk.length))
      if (error !== null) socket.destroy(new Error(error))
      else if (!framing.isPartial) c.partialSince = -1
      else if (c.partialSince < 0) c.partialSince = c.lastUsed
      if (c.pace.isBusy(c.lastUsed)) this.resting.add(socket, chunk.length)
    })
    socket.on('error', error => {
      const opening = c.state !== 'established' && !passive
      // What is wrong with the connection; what we end it for has counts of its own.
      if (c.state === 'established' && isReset(error)) this.counts.con_reset++
      else if (opening) this.counts.connect_failed++
      const peer = `${inBrackets(ip)}:${port}`
      if (!opening && !error.message.includes(peer)) error.message = `${peer}: ${error.message}`
      // The stream forgets it before it closes.
      c.hasUnsent = c.waiting > 0
      this.events.onError(info, error, opening ? peer : '')
    })
    // Who sends nothing more waits for the replies of this turn; after that the stream ends itself.
    socket.prependListener('end', () => {
      if (this.gate.isOpen()) c.flush()
    })
    socket.on('close', () => this.forget(c))
    return c
  }

  private forget(c: Connection): void {
    const unsent = c.state !== 'established' || c.hasUnsent || c.waiting > 0
    c.state = 'closed'
    this.byId.delete(c.id)
    this.unlist(c)
    if (unsent && !c.passive) this.events.onSendFailed(c.info.proto, c.remoteIp, c.remotePort)
    for (const tell of this.onClosed) tell(c)
  }

  private list(c: Connection): void {
    for (const port of [c.remotePort, ...(c.aliasPorts ?? [])]) {
      this.byAddress.set(addressKey(c.info.proto, c.remoteIp, port), c)
    }
  }

  private unlist(c: Connection): void {
    for (const port of [c.remotePort, ...(c.aliasPorts ?? [])]) {
      const key = addressKey(c.info.proto, c.remoteIp, port)
      if (this.byAddress.get(key) === c) this.byAddress.delete(key)
    }
  }
}

const isReset = ({ code }: NodeJS.ErrnoException): boolean =>
  code === 'ECONNRESET' || code === 'EPIPE'

const addressKey = (proto: number, ip: string, port: number): string => `${proto}|${ip}|${port}`

/** One object for all messages of a connection: nothing in it changes. */
const receivedOver = (c: Connection): Received => ({
  proto: c.info.proto,
  srcIp: c.remoteIp,
  srcPort: c.remotePort,
  dstIp: c.info.address,
  dstPort: c.info.port,
  socket: c.info,
  connection: c.id,
})
