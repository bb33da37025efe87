/**
 * UDP through recvmmsg and sendmmsg of the C library: one system call takes what has arrived, one
 * sends what a loop turn made. On loopback a datagram costs a third of what it costs through
 * node:dgram. Linux on x64 or arm64 only; `udp.ts` is the other one. How the memory lies that is
 * shared with the kernel stands in `udp-ring.ts`.
 */
import { createRequire } from 'node:module'
import type { Clock } from '../lib/clock.ts'
import { inet6Text } from '../lib/ip.ts'
import { Gate } from './gate.ts'
import type { Received, SocketInfo } from '../sip/transport.ts'
import type { UdpEvents } from './udp.ts'
import { type OnUnreachable, UdpErrors } from './udp-errors.ts'
import { Pause } from './udp-pause.ts'
import { NAME_BYTES, Ring, SLOTS, SLOT_BYTES, writeName } from './udp-ring.ts'
import { type Refused, tellRefused } from './udp-refused.ts'
import { UdpSender } from './udp-sender.ts'

type Libc = {
  socket(domain: number, type: number, protocol: number): number
  bind(fd: number, address: Buffer, length: number): number
  setsockopt(fd: number, level: number, name: number, value: Buffer, length: number): number
  getsockopt(fd: number, level: number, name: number, value: Buffer, length: Buffer): number
  recvmmsg(fd: number, headers: Buffer, count: number, flags: number, timeout: null): number
  sendmmsg(fd: number, headers: Buffer, count: number, flags: number): number
  close(fd: number): number
}

interface Poll {
  stop(): void
  close(): void
}

interface Koffi {
  errno(): number
  address(buffer: Buffer): bigint
  /** `run` gets a negative status when the socket has an error; the watch is over then. */
  node: { poll(fd: number, what: { readable: boolean }, run: (status: number) => void): Poll }
  load(name: string): { func(prototype: string): unknown }
}

/** Loop turns must end: after so many full batches the rest waits for the next turn. */
const BATCHES_A_TURN = 64
/** Longest time of a turn, milliseconds, if one datagram takes no longer. */
const TURN_MS = 20

const AF_INET = 2
const AF_INET6 = 10
const SOCK_DGRAM = 2
const SOCK_NONBLOCK = 0o4000
const SOCK_CLOEXEC = 0o2000000
const SOL_SOCKET = 1
const SO_SNDBUF = 7
const SO_RCVBUF = 8
const SO_SNDBUFFORCE = 32
const SO_RCVBUFFORCE = 33
const IPPROTO_IPV6 = 41
const IPV6_V6ONLY = 26
const MSG_DONTWAIT = 0x40

const BUFFER_BYTES = 4 * 1024 * 1024

let loaded: { koffi: Koffi; libc: Libc } | null | undefined

/** The C library, or null where it cannot be had; then node:dgram serves. */
function library(): { koffi: Koffi; libc: Libc } | null {
  if (loaded !== undefined) return loaded
  loaded = null
  if (process.platform !== 'linux' || (process.arch !== 'x64' && process.arch !== 'arm64'))
    return null
  try {
    const koffi = createRequire(import.meta.url)('koffi') as Koffi
    const c = koffi.load('libc.so.6')
    const libc = {
      socket: c.func('int socket(int, int, int)'),
      bind: c.func('int bind(int, void*, int)'),
      setsockopt: c.func('int setsockopt(int, int, int, void*, int)'),
      getsockopt: c.func('int getsockopt(int, int, int, void*, void*)'),
      recvmmsg: c.func('int recvmmsg(int, void*, unsigned int, int, void*)'),
      sendmmsg: c.func('int sendmmsg(int, void*, unsigned int, int)'),
      close: c.func('int close(int)'),
    } as Libc
    loaded = { koffi, libc }
  } catch {
    loaded = null
  }
  return loaded
}

export const udpBatchAvailable = (): boolean => library() !== null

export class UdpBatchListener {
  readonly info: SocketInfo
  private readonly events: UdpEvents
  private readonly koffi: Koffi
  private readonly libc: Libc
  private readonly in: Ring
  private readonly out: UdpSender
  private fd = -1
  private poll: Poll | null = null
  /** What the watch said last. */
  private status = 0
  private flushPlanned = false
  private receiving = false
  private readonly pause: Pause
  private readonly clock: Clock
  private readonly addresses = new Map<number, string>()
  /** How many datagrams are taken in one call: fewer when they turn out to be much work. */
  private batch = SLOTS
  /** The turn ended before the socket was empty. */
  private unfinished = false
  /** null: nobody asked for them. */
  private errors: UdpErrors | null = null
  private drains = 0

  constructor(info: SocketInfo, events: UdpEvents, clock: Clock, gate = new Gate()) {
    const { koffi, libc } = library()!
    this.clock = clock
    this.info = info
    this.events = events
    this.koffi = koffi
    this.libc = libc
    this.pause = new Pause(() => this.afterPause())
    this.in = new Ring(koffi)
    const tell = (refused: Refused): void => tellRefused(events, info, refused)
    this.out = new UdpSender(koffi, libc, gate, info.family, tell)
  }

  /**
   * Binds the socket; rejects with an error that has the system's code when the address is taken or
   * not ours.
   */
  async listen(): Promise<void> {
    const { libc, info } = this
    const six = info.family === AF_INET6
    const fd = libc.socket(six ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)
    if (fd < 0) throw this.systemError('socket')
    const name = Buffer.alloc(NAME_BYTES)
    const length = writeName(name, 0, info.family, info.address, info.port)
    if (six) this.setOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1)
    // The FORCE forms pass the system's limit and need the right to; the plain ones are cut to it.
    if (!this.setOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES))
      this.setOption(fd, SOL_SOCKET, SO_RCVBUF, BUFFER_BYTES)
    if (!this.setOption(fd, SOL_SOCKET, SO_SNDBUFFORCE, BUFFER_BYTES))
      this.setOption(fd, SOL_SOCKET, SO_SNDBUF, BUFFER_BYTES)
    if (libc.bind(fd, name, length) < 0) {
      const error = this.systemError('bind')
      libc.close(fd)
      throw error
    }
    this.fd = fd
    this.out.fd = fd
    this.pause.fit(this.receiveBuffer)
    this.watch()
  }

  /** Tells of datagrams that came back as undeliverable, from now on. */
  watchErrors(each: OnUnreachable): void {
    this.errors = UdpErrors.of(this.fd, this.info.family, each)
    this.out.tellsErrors = this.errors !== null
  }

  /** Datagrams that the kernel did not take. */
  get lost(): number {
    return this.out.lost
  }

  get sentBytes(): Buffer {
    return this.out.payload
  }

  /** Where the bytes of the last message that was sent begin in `sentBytes`, until the next. */
  get sentAt(): number {
    return this.out.lastAt
  }

  get descriptor(): number {
    return this.fd
  }

  get receiveBuffer(): number {
    const value = Buffer.alloc(4)
    const length = Buffer.from([4, 0, 0, 0])
    this.libc.getsockopt(this.fd, SOL_SOCKET, SO_RCVBUF, value, length)
    return value.readUInt32LE(0)
  }

  /**
   * Queues a datagram; it leaves with the others of this loop turn. False when it is too long to be
   * one.
   */
  send(text: string, ip: string, port: number): boolean {
    if (text.length > 65_507 || this.fd < 0) return false
    this.out.add(text, ip, port)
    if (!this.receiving && !this.flushPlanned) {
      this.flushPlanned = true
      queueMicrotask(this.flushLater)
    }
    return true
  }

  close(): Promise<void> {
    this.out.flush()
    this.unwatch()
    this.pause.end()
    if (this.fd >= 0) this.libc.close(this.fd)
    this.fd = -1
    this.out.fd = -1
    return Promise.resolve()
  }

  private readonly flushLater = (): void => {
    this.flushPlanned = false
    this.out.flush()
  }

  /**
   * The watch of koffi calls without what the runtime does after a callback: promises and ticks of
   * it would wait for the next timer. So the work is done as an immediate of the same loop turn.
   */
  private watch(): void {
    this.poll = this.koffi.node.poll(this.fd, { readable: true }, status => {
      this.status = status
      setImmediate(this.onReadable)
    })
  }

  private readonly onReadable = (): void => {
    if (this.fd < 0) return
    const { status } = this
    const isDue = this.turn()
    if (status < 0) this.errors?.read()
    if (this.fd < 0 || (!isDue && status >= 0)) return
    this.unwatch()
    if (isDue) this.pause.begin(this.unfinished)
    else this.watch()
  }

  private unwatch(): void {
    this.poll?.stop()
    this.poll?.close()
    this.poll = null
  }

  /** What has gathered meanwhile; the socket is watched again when the load has gone. */
  private afterPause(): void {
    if (this.fd < 0) return
    if (this.turn()) this.pause.begin(this.unfinished)
    else this.watch()
  }

  /** Empties the socket; true when it is time to pause. */
  private turn(): boolean {
    const datagrams = this.drain()
    const now = this.clock.monotonic()
    this.events.onTurn?.(now)
    return this.pause.isDue(datagrams, now)
  }

  /**
   * Takes and answers what has arrived; returns how many datagrams that was. A turn does not last
   * long even when each of them is much work: timers and other sockets have their turn, and what
   * comes meanwhile waits in the kernel.
   */
  private drain(): number {
    const begun = this.clock.monotonic()
    let total = 0
    this.receiving = true
    this.unfinished = false
    for (let batch = 0; batch < BATCHES_A_TURN; batch++) {
      const wanted = this.batch
      const count = this.libc.recvmmsg(this.fd, this.in.headers, wanted, MSG_DONTWAIT, null)
      if (count <= 0) {
        // An error wakes us as a datagram does, but stays until its own queue is read.
        this.errors?.read()
        break
      }
      total += count
      // Texts are taken out before anybody works on them: the slots are free for the next call
      // then.
      for (let slot = 0; slot < count; slot++) this.deliver(slot)
      this.out.flush()
      const took = this.clock.monotonic() - begun
      if (took > TURN_MS) {
        this.batch = Math.max(1, wanted >> 1)
        this.unfinished = count === wanted
        break
      }
      if (this.batch < SLOTS) this.batch++
      if (count < wanted) break
    }
    this.receiving = false
    // Who was told of one that could not be sent may have sent another.
    this.out.flush()
    // Under load there is always a datagram, and the errors would wait for ever.
    if (this.errors !== null && (++this.drains & 15) === 0) this.errors.read()
    return total
  }

  private deliver(slot: number): void {
    const { in: ring, info } = this
    const length = ring.receivedLength(slot)
    const at = slot * SLOT_BYTES
    const name = slot * NAME_BYTES
    ring.resetNameLength(slot)
    // Fewer than 4 bytes or only line ends: a NAT keep-alive, not a message.
    if (length < 4 || (length < 16 && isBlank(ring.payload, at, length))) return
    const received: Received = {
      proto: info.proto,
      srcIp: this.readAddress(ring.names, name),
      srcPort: (ring.names[name + 2]! << 8) | ring.names[name + 3]!,
      dstIp: info.address,
      dstPort: info.port,
      socket: info,
      connection: 0,
    }
    this.events.onMessage(ring.payload.latin1Slice(at, at + length), received, ring.payload, at)
  }

  private readAddress(names: Buffer, at: number): string {
    if (this.info.family === AF_INET6) return inet6Text(names, at + 8)
    const number = names.readInt32LE(at + 4)
    let text = this.addresses.get(number)
    if (text === undefined) {
      text = `${names[at + 4]}.${names[at + 5]}.${names[at + 6]}.${names[at + 7]}`
      if (this.addresses.size > 10_000) this.addresses.clear()
      this.addresses.set(number, text)
    }
    return text
  }

  private setOption(fd: number, level: number, name: number, value: number): boolean {
    const buffer = Buffer.alloc(4)
    buffer.writeInt32LE(value)
    return this.libc.setsockopt(fd, level, name, buffer, 4) === 0
  }

  private systemError(call: string): Error {
    const errno = this.koffi.errno()
    const code =
      errno === 98
        ? 'EADDRINUSE'
        : errno === 99
          ? 'EADDRNOTAVAIL'
          : errno === 13
            ? 'EACCES'
            : `errno ${errno}`
    return Object.assign(new Error(`${call} ${code} ${this.info.host}:${this.info.port}`), { code })
  }
}

function isBlank(bytes: Buffer, at: number, length: number): boolean {
  for (let i = at; i < at + length; i++) {
    const byte = bytes[i]
    if (byte !== 0x0d && byte !== 0x0a && byte !== 0 && byte !== 0x20) return false
  }
  return true
}
