/**
 * UDP through recvmmsg and sendmmsg of the C library: one system call takes what has arrived, one
 * sends what a loop turn made. On loopback a datagram costs a third of what it costs through
 * node:dgram. Linux on x64 or arm64 only; `udp.ts` is the other one.
 *
 * Layout, fixed at start so that no address is ever computed from input: SLOTS payload slots each
 * way, and for each slot an iovec, a sockaddr and a struct mmsghdr (64 bytes) that point to it. The
 * kernel is told the slot's size, so it cannot write past it.
 */
import { createRequire } from 'node:module'
import type { Clock } from '../lib/clock.ts'
import { inet6Text, inet6Write } from '../lib/ip.ts'
import { Gate } from './gate.ts'
import type { Received, SocketInfo } from '../sip/transport.ts'
import type { UdpEvents } from './udp.ts'
import { type OnUnreachable, UdpErrors } from './udp-errors.ts'
import { Pause } from './udp-pause.ts'

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

/**
 * Few, although a call costs: what a batch makes leaves together, and a peer with a receive buffer
 * of 64 KiB loses what comes in longer bursts.
 */
const SLOTS = 16
/**
 * A datagram is at most 65,535 bytes; the odd rest keeps the slots out of one set of the
 * processor's cache.
 */
const SLOT_BYTES = 65_536 + 192
const HEADER_BYTES = 64
const NAME_BYTES = 32
const MSG_LENGTH_AT = 56
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
const EAGAIN = 11
const EINTR = 4

const BUFFER_BYTES = 4 * 1024 * 1024

interface LatinBuffer extends Buffer {
  latin1Slice(start: number, end: number): string
  latin1Write(text: string, offset: number): number
}

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

/** Slots of one direction with the structures that describe them to the kernel. */
class Ring {
  readonly payload: LatinBuffer = Buffer.alloc(SLOTS * SLOT_BYTES) as LatinBuffer
  readonly names = Buffer.alloc(SLOTS * NAME_BYTES)
  readonly headers = Buffer.alloc(SLOTS * HEADER_BYTES)
  private readonly vectors = Buffer.alloc(SLOTS * 16)
  readonly words: Uint32Array

  constructor(koffi: Koffi) {
    const payload = BigInt(koffi.address(this.payload))
    const names = BigInt(koffi.address(this.names))
    const vectors = BigInt(koffi.address(this.vectors))
    for (let i = 0; i < SLOTS; i++) {
      this.vectors.writeBigUInt64LE(payload + BigInt(i * SLOT_BYTES), i * 16)
      this.vectors.writeBigUInt64LE(BigInt(SLOT_BYTES), i * 16 + 8)
      this.headers.writeBigUInt64LE(names + BigInt(i * NAME_BYTES), i * HEADER_BYTES)
      this.headers.writeUInt32LE(NAME_BYTES, i * HEADER_BYTES + 8)
      this.headers.writeBigUInt64LE(vectors + BigInt(i * 16), i * HEADER_BYTES + 16)
      this.headers.writeBigUInt64LE(1n, i * HEADER_BYTES + 24)
    }
    this.words = new Uint32Array(
      this.headers.buffer,
      this.headers.byteOffset,
      (SLOTS * HEADER_BYTES) / 4,
    )
    this.vectorWords = new Uint32Array(this.vectors.buffer, this.vectors.byteOffset, SLOTS * 4)
  }

  private readonly vectorWords: Uint32Array

  /** msg_namelen is in-out: the kernel needs the room again before each receive. */
  resetNameLength(slot: number): void {
    this.words[slot * 16 + 2] = NAME_BYTES
  }

  setLengths(slot: number, nameLength: number, length: number): void {
    this.words[slot * 16 + 2] = nameLength
    this.vectorWords[slot * 4 + 2] = length
  }

  receivedLength(slot: number): number {
    return this.words[slot * 16 + MSG_LENGTH_AT / 4]!
  }
}

export class UdpBatchListener {
  readonly info: SocketInfo
  private readonly events: UdpEvents
  private readonly koffi: Koffi
  private readonly libc: Libc
  private readonly in: Ring
  private readonly out: Ring
  private fd = -1
  private poll: Poll | null = null
  /** Filled slots of `out` that wait to be sent. */
  private queued = 0
  private flushPlanned = false
  private receiving = false
  private readonly pause: Pause
  private readonly clock: Clock
  private readonly gate: Gate
  /** Datagrams that the kernel did not take. */
  lost = 0
  /** Where the bytes of the last message that was sent begin in `sentBytes`, until the next. */
  sentAt = 0
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
    this.gate = gate
    this.info = info
    this.events = events
    this.koffi = koffi
    this.libc = libc
    this.pause = new Pause(() => this.afterPause())
    this.in = new Ring(koffi)
    this.out = new Ring(koffi)
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
    const length = this.writeName(name, 0, info.address, info.port)
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
    this.pause.fit(this.receiveBuffer)
    this.watch()
  }

  /** Tells of datagrams that came back as undeliverable, from now on. */
  watchErrors(each: OnUnreachable): void {
    this.errors = UdpErrors.of(this.fd, this.info.family, each)
  }

  get sentBytes(): Buffer {
    return this.out.payload
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
    if (this.queued === SLOTS) this.flush()
    const slot = this.queued++
    const { out } = this
    this.sentAt = slot * SLOT_BYTES
    out.payload.latin1Write(text, this.sentAt)
    out.setLengths(slot, this.writeName(out.names, slot * NAME_BYTES, ip, port), text.length)
    if (!this.receiving && !this.flushPlanned) {
      this.flushPlanned = true
      queueMicrotask(this.flushLater)
    }
    return true
  }

  close(): Promise<void> {
    this.flush()
    this.unwatch()
    this.pause.end()
    if (this.fd >= 0) this.libc.close(this.fd)
    this.fd = -1
    return Promise.resolve()
  }

  private readonly flushLater = (): void => {
    this.flushPlanned = false
    this.flush()
  }

  private watch(): void {
    this.poll = this.koffi.node.poll(this.fd, { readable: true }, status => {
      const isDue = this.turn()
      if (status < 0) this.errors?.read()
      if (this.fd < 0 || (!isDue && status >= 0)) return
      this.unwatch()
      if (isDue) this.pause.begin(this.unfinished)
      else this.watch()
    })
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
      if (this.queued > 0) this.flush()
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

  private flush(): void {
    const count = this.queued
    this.queued = 0
    if (!this.gate.isOpen()) {
      this.lost += count
      return
    }
    let from = 0
    let tried = -1
    while (from < count) {
      const headers = from === 0 ? this.out.headers : this.out.headers.subarray(from * HEADER_BYTES)
      const sent = this.libc.sendmmsg(this.fd, headers, count - from, MSG_DONTWAIT)
      if (sent > 0) {
        from += sent
        continue
      }
      const code = this.koffi.errno()
      if (code === EINTR) continue
      // With its errors asked for, a socket first tells of an earlier datagram; this one is sent at
      // the second attempt.
      if (this.errors !== null && tried !== from && code !== EAGAIN) {
        tried = from
        continue
      }
      // The first of the rest cannot be sent: no route, no room. It is lost, as a datagram may be;
      // the others go on.
      this.lost++
      from++
      if (code !== EAGAIN)
        this.events.onError(this.info, new Error(`sendmmsg failed with error ${code}`))
    }
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

  /** Writes a sockaddr and returns its length. */
  private writeName(names: Buffer, at: number, ip: string, port: number): number {
    names[at + 2] = port >> 8
    names[at + 3] = port & 0xff
    if (this.info.family === AF_INET6) {
      names[at] = AF_INET6
      inet6Write(names, at + 8, ip)
      return 28
    }
    names[at] = AF_INET
    let byte = 0
    let k = at + 4
    for (let i = 0; i < ip.length; i++) {
      const code = ip.charCodeAt(i)
      if (code === 0x2e) {
        names[k++] = byte
        byte = 0
      } else byte = byte * 10 + code - 0x30
    }
    names[k] = byte
    return 16
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
