/** All transports of a node behind one `send`; the core's Network is this. */
import type { Clock } from '../lib/clock.ts'
import { familyOf, mayReach } from '../lib/ip.ts'
import {
  carrierOf,
  type Destination,
  type Received,
  type SocketInfo,
  UDP,
} from '../sip/transport.ts'
import type { Dns, Resolved } from './dns/dns.ts'
import { Gate } from './gate.ts'
import { sourceAddressFor, tuneDatagrams } from './kernel.ts'
import { TcpTransport } from './tcp.ts'
import type { TcpLimits } from './tcp-limits.ts'
import { UdpListener } from './udp.ts'
import { webSocketTwin } from './websocket.ts'
import { UdpBatchListener, udpBatchAvailable } from './udp-batch.ts'

export interface TransportEvents {
  /**
   * `bytes` holds the message from `at` on until this returns; null when only the text is at hand.
   */
  onMessage(text: string, received: Received, bytes: Buffer | null, at: number): void
  /** After a message left: the socket it left by, and its bytes as above. */
  onSent(
    text: string,
    socket: SocketInfo,
    destination: Destination,
    bytes: Buffer | null,
    at: number,
  ): void
  /**
   * A socket reported an error: refused, reset, unreachable. `towards` is the peer that could not
   * be reached by a connection, '' elsewhere.
   */
  onSocketError(info: SocketInfo, error: Error, towards: string): void
  /** After a turn in which messages were taken; monotonic milliseconds. */
  onTurn(now: number): void
}

export class Transports {
  readonly tcp: TcpTransport
  beforeSend: ((text: string, to: Destination) => string) | null = null
  /** All of them in turn, behind the one above. */
  departures: readonly ((text: string, to: Destination) => string)[] | null = null
  onSendError: ((to: Destination, quoted: string, refused?: boolean) => void) | null = null
  private readonly events: TransportEvents
  private readonly gate = new Gate()
  private readonly dns: Dns
  private readonly clock: Clock
  private readonly params: TcpLimits
  private readonly udp = new Map<SocketInfo, UdpListener | UdpBatchListener>()
  private readonly sockets: SocketInfo[] = []

  constructor(events: TransportEvents, limits: TcpLimits, clock: Clock, dns: Dns) {
    const now = (): number => clock.now()
    this.clock = clock
    this.params = limits
    this.events = events
    this.dns = dns
    const failed = (proto: number, ip: string, port: number): void =>
      this.onSendError?.({ proto, ip, port, connection: 0, socket: null }, '')
    this.tcp = new TcpTransport(
      {
        onMessage: (text, received) => events.onMessage(text, received, null, 0),
        onError: events.onSocketError,
        onSendFailed: failed,
      },
      limits,
      now,
      this.gate,
    )
  }

  get beforeLeaving(): (() => boolean) | null {
    return this.gate.check
  }

  set beforeLeaving(check: (() => boolean) | null) {
    this.gate.check = check
  }

  get streams(): TcpTransport {
    return this.tcp
  }

  /** Opens a listener; rejects with the system's error. */
  async listen(info: SocketInfo): Promise<void> {
    if (info.proto !== UDP) await this.tcp.listen(info)
    else {
      const undelivered = (from: SocketInfo, ip: string, port: number, quoted: string): void =>
        this.onSendError?.({ proto: UDP, ip, port, connection: 0, socket: from }, quoted)
      const events = {
        onMessage: this.events.onMessage,
        onError: (from: SocketInfo, error: Error) => this.events.onSocketError(from, error, ''),
        onRefused: (from: SocketInfo, ip: string, port: number, quoted: string) =>
          this.onSendError?.({ proto: UDP, ip, port, connection: 0, socket: from }, quoted, true),
        onTurn: this.events.onTurn,
      }
      const batched = udpBatchAvailable() && process.env.OHANA_UDP !== 'dgram'
      const listener = batched
        ? new UdpBatchListener(info, events, this.clock, this.gate)
        : new UdpListener(info, events, this.gate)
      await listener.listen()
      // Errors cost sending something: they are asked for where they lead somewhere.
      if (listener instanceof UdpBatchListener && this.dns.settings.use_dns_failover !== 0)
        listener.watchErrors((ip, port, quoted) => undelivered(info, ip, port, quoted))
      tuneDatagrams(listener.descriptor, info.family, this.params)
      this.udp.set(info, listener)
    }
    this.sockets.push(info)
  }

  /** The smallest receive buffer that the kernel granted, bytes; 0 without UDP. */
  get smallestReceiveBuffer(): number {
    const sizes = [...this.udp.values()].map(listener => listener.receiveBuffer)
    return sizes.length === 0 ? 0 : Math.min(...sizes)
  }

  send(given: string, to: Destination): boolean {
    let text = this.beforeSend === null ? given : this.beforeSend(given, to)
    if (this.departures !== null) for (const hook of this.departures) text = hook(text, to)
    if (to.proto !== UDP) return this.sendOverStream(text, to)
    const socket = to.socket?.proto === UDP ? to.socket : this.socketFor(UDP, to.ip)
    if (socket === null) return false
    const listener = this.udp.get(socket)!
    if (!listener.send(text, to.ip, to.port)) return false
    this.events.onSent(text, socket, to, listener.sentBytes, listener.sentAt)
    return true
  }

  private sendOverStream(text: string, to: Destination): boolean {
    const connection = this.tcp.send(text, to, (proto, ip) => this.listenerFor(proto, ip))
    if (connection === null) return false
    this.events.onSent(text, connection.info, to, null, 0)
    if (to.closeAfter === true) this.tcp.closeAfterSending(connection.id)
    return true
  }

  resolve(
    host: string,
    port: number,
    proto: number,
    secure: boolean,
    done: (to: Resolved | null) => void,
  ): void {
    this.dns.resolve(host, port, proto, secure, done)
  }

  socketTowards(proto: number, ip: string): SocketInfo | null {
    const address = sourceAddressFor(ip)
    if (address === null) return null
    return this.sockets.find(s => s.proto === proto && s.address === address) ?? null
  }

  socketFor(wanted: number, ip: string): SocketInfo | null {
    const proto = carrierOf(wanted)
    const found = this.listenerFor(proto, ip)
    return found === null || proto === wanted ? found : webSocketTwin(found)
  }

  private listenerFor(proto: number, ip: string): SocketInfo | null {
    const family = familyOf(ip)
    let fallback: SocketInfo | null = null
    for (const socket of this.sockets) {
      if (socket.proto !== proto || socket.family !== family) continue
      // A loopback peer is reached from a loopback socket and nobody else is.
      if (mayReach(socket.address, ip)) return socket
      fallback ??= socket
    }
    return fallback
  }

  async close(): Promise<void> {
    await Promise.all([...this.udp.values()].map(listener => listener.close()))
    await this.tcp.close()
  }
}
