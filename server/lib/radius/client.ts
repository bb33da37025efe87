/**
 * A RADIUS client: requests are repeated until they are answered, and go to the next server when
 * one is silent (RFC 2865 section 2.4).
 */
import { Timer, type Wheel } from '../wheel.ts'
import {
  ACCESS_REQUEST,
  accessRequest,
  accountingRequest,
  type Attribute,
  isGenuine,
  type Packet,
  readPacket,
} from './packet.ts'

/** A server whose address is known. */
export interface RadiusServer {
  readonly ip: string
  readonly port: number
  readonly secret: string
}

export interface RadiusSettings {
  readonly timeout: number
  readonly tries: number
  readonly deadTime: number
}

/** The way to the network. */
export interface RadiusSocket {
  send(bytes: Buffer, ip: string, port: number): void
  close(): void
}

/** Where one gets a socket; `receive` is called with what comes in. */
export type OpenSocket = (
  receive: (bytes: Buffer, ip: string, port: number) => void,
) => RadiusSocket

/** What a client needs of the world. */
export interface RadiusWorld {
  readonly open: OpenSocket
  readonly timers: Wheel
  readonly now: () => number
  /** 16 bytes that nobody can guess. */
  readonly authenticator: () => Buffer
}

/** Nobody answered. */
export class NoRadiusAnswer extends Error {}

const IDS = 256

/** One server: requests under way by their numbers, of which there are 256. */
interface Peer {
  readonly server: RadiusServer
  readonly underWay: (Exchange | null)[]
  nextId: number
  deadUntil: number
}

class Exchange {
  readonly code: number
  readonly attributes: () => readonly Attribute[]
  readonly done: (reply: Packet) => void
  readonly failed: (error: Error) => void
  readonly timer: Timer
  /** Servers that are still to be asked. */
  readonly peers: Peer[]
  peer: Peer | null = null
  id = 0
  bytes: Buffer = Buffer.alloc(0)
  sent = 0

  constructor(
    code: number,
    attributes: () => readonly Attribute[],
    peers: Peer[],
    late: (exchange: Exchange) => void,
    done: (reply: Packet) => void,
    failed: (error: Error) => void,
  ) {
    this.code = code
    this.attributes = attributes
    this.peers = peers
    this.done = done
    this.failed = failed
    this.timer = new Timer(() => late(this))
  }
}

export class RadiusClient {
  /** Requests that were sent again. */
  retransmissions = 0
  /** Requests that went to another server because one was silent. */
  failovers = 0
  /** Answers that were none, or not genuine. */
  ignored = 0
  private readonly peers: Peer[]
  private readonly settings: RadiusSettings
  private readonly world: RadiusWorld
  private readonly socket: RadiusSocket

  constructor(servers: readonly RadiusServer[], settings: RadiusSettings, world: RadiusWorld) {
    this.peers = servers.map(server => ({
      server,
      underWay: new Array<Exchange | null>(IDS).fill(null),
      nextId: 0,
      deadUntil: 0,
    }))
    this.settings = settings
    this.world = world
    this.socket = world.open((bytes, ip, port) => this.receive(bytes, ip, port))
  }

  /**
   * Sends a request and resolves with its answer. `attributes` is asked anew for each server, since
   * time passes. Rejects with NoRadiusAnswer.
   */
  exchange(code: number, attributes: () => readonly Attribute[]): Promise<Packet> {
    const now = this.world.now()
    // Those that were silent lately are asked last.
    const alive = this.peers.filter(peer => peer.deadUntil <= now)
    const peers = [...alive, ...this.peers.filter(peer => peer.deadUntil > now)]
    return new Promise((done, failed) => {
      const late = (exchange: Exchange): void => this.late(exchange)
      this.begin(new Exchange(code, attributes, peers, late, done, failed))
    })
  }

  /** What is under way is never answered. */
  close(): void {
    for (const { underWay } of this.peers)
      for (const exchange of underWay) if (exchange !== null) this.drop(exchange, 'closed')
    this.socket.close()
  }

  /** Turns to the next server of an exchange. */
  private begin(exchange: Exchange): void {
    for (;;) {
      const peer = exchange.peers.shift()
      if (peer === undefined) {
        exchange.failed(new NoRadiusAnswer('no RADIUS server answered'))
        return
      }
      if (this.occupy(peer, exchange)) break
    }
    this.send(exchange)
  }

  /** False when the server has no number free for it. */
  private occupy(peer: Peer, exchange: Exchange): boolean {
    for (let tries = 0; tries < IDS; tries++) {
      const id = peer.nextId
      peer.nextId = (id + 1) % IDS
      if (peer.underWay[id] !== null) continue
      peer.underWay[id] = exchange
      exchange.peer = peer
      exchange.id = id
      exchange.sent = 0
      const attributes = exchange.attributes()
      const { secret } = peer.server
      exchange.bytes =
        exchange.code === ACCESS_REQUEST
          ? accessRequest(id, attributes, secret, this.world.authenticator())
          : accountingRequest(id, attributes, secret)
      return true
    }
    return false
  }

  private send(exchange: Exchange): void {
    const { ip, port } = exchange.peer!.server
    exchange.sent++
    this.socket.send(exchange.bytes, ip, port)
    this.world.timers.arm(exchange.timer, this.settings.timeout)
  }

  private late(exchange: Exchange): void {
    // RFC 2866 section 2: repeated with the same number as long as nothing in it changes.
    if (exchange.sent < this.settings.tries) {
      this.retransmissions++
      this.send(exchange)
      return
    }
    const peer = exchange.peer!
    peer.deadUntil = this.world.now() + this.settings.deadTime
    peer.underWay[exchange.id] = null
    if (exchange.peers.length > 0) this.failovers++
    this.begin(exchange)
  }

  private receive(bytes: Buffer, ip: string, port: number): void {
    const packet = readPacket(bytes)
    const peer = this.peers.find(({ server }) => server.ip === ip && server.port === port)
    const exchange = packet === null ? null : (peer?.underWay[packet.id] ?? null)
    if (exchange === null || !isGenuine(bytes, exchange.bytes, peer!.server.secret)) {
      this.ignored++
      return
    }
    this.world.timers.disarm(exchange.timer)
    peer!.underWay[exchange.id] = null
    peer!.deadUntil = 0
    exchange.done(packet!)
  }

  private drop(exchange: Exchange, why: string): void {
    this.world.timers.disarm(exchange.timer)
    exchange.peer!.underWay[exchange.id] = null
    exchange.failed(new NoRadiusAnswer(why))
  }
}
