/**
 * Destinations that did not answer: for a while nothing is sent there (dst_blocklist). Off unless
 * use_dst_blocklist says otherwise.
 */
import type { Clock } from '../lib/clock.ts'
import { Timer, type Wheel } from '../lib/wheel.ts'
import { SCTP, TCP, TLS, UDP } from '../sip/transport.ts'

// ---- why, as bits; Kamailio's numbers, which operators see
export const IS_IPV6 = 1
export const ERROR_SEND = 2
export const ERROR_CONNECT = 4
export const ERROR_ICMP = 8
export const ERROR_TIMEOUT = 16
export const REPLIED_503 = 32
export const BY_SCRIPT = 64
export const PERMANENT = 128
/** All errors: what blst_set_ignore() without a number means. */
export const ALL_ERRORS = 0xff

export interface Blocked {
  readonly proto: number
  readonly ip: string
  readonly port: number
  readonly flags: number
  /** Monotonic milliseconds; a permanent one stays all the same. */
  readonly expires: number
}

/** The core parameters that the list obeys; live. */
export interface BlocklistSettings {
  readonly use_dst_blocklist: number
  readonly dst_blocklist_init: number
  readonly dst_blocklist_expire: number
  /** Bytes. */
  readonly dst_blocklist_mem: number
  readonly dst_blocklist_gc_interval: number
  readonly dst_blocklist_udp_imask: number
  readonly dst_blocklist_tcp_imask: number
  readonly dst_blocklist_tls_imask: number
  readonly dst_blocklist_sctp_imask: number
}

const isAlive = (entry: Blocked, now: number): boolean =>
  entry.expires > now || (entry.flags & PERMANENT) !== 0

/** Bytes of an entry as Kamailio counts them. */
const sizeOf = (ip: string): number => (ip.includes(':') ? 36 : 24)
const keyOf = (proto: number, ip: string, port: number): string => `${proto} ${ip} ${port}`

export class Blocklist {
  readonly settings: BlocklistSettings
  /** Bytes in use. */
  used = 0
  private readonly clock: Clock
  private readonly timers: Wheel
  private readonly entries = new Map<string, Blocked>()
  private readonly sweeper: Timer
  /** Errors that do not count for what is sent because of a message (blst_set_ignore). */
  private readonly ignored = new WeakMap<object, number>()

  constructor(settings: BlocklistSettings, clock: Clock, timers: Wheel) {
    this.settings = settings
    this.clock = clock
    this.timers = timers
    this.sweeper = new Timer(() => {
      this.collect()
      this.start()
    })
  }

  /** Begins to drop what is over. */
  start(): void {
    const seconds = Math.max(1, this.settings.dst_blocklist_gc_interval)
    this.timers.arm(this.sweeper, seconds * 1000)
  }

  close(): void {
    this.timers.disarm(this.sweeper)
  }

  get enabled(): boolean {
    return this.settings.use_dst_blocklist !== 0 && this.settings.dst_blocklist_init !== 0
  }

  /** The reasons for which a destination is blocked, 0 when it is not. */
  reasons(proto: number, ip: string, port: number): number {
    if (this.entries.size === 0 || !this.enabled) return 0
    const key = keyOf(proto, ip, port)
    const entry = this.entries.get(key)
    if (entry === undefined) return 0
    if (isAlive(entry, this.clock.monotonic())) return entry.flags
    this.remove(key, entry)
    return 0
  }

  /**
   * An error of sending to a destination blocks it, unless the parameters or the message (`cause`)
   * say that such errors do not count.
   */
  noteError(
    error: number,
    proto: number,
    ip: string,
    port: number,
    cause: object | null,
    seconds = this.settings.dst_blocklist_expire,
  ): void {
    if (!this.enabled) return
    const own = cause === null ? 0 : (this.ignored.get(cause) ?? 0)
    const counted = error & ~(own | this.ignoredOf(proto))
    if (counted !== 0) this.add(counted, proto, ip, port, seconds)
  }

  /** Blocks a destination for so many seconds; false when there is no room. */
  add(flags: number, proto: number, ip: string, port: number, seconds: number): boolean {
    const key = keyOf(proto, ip, port)
    const known = this.entries.get(key)
    const expires = this.clock.monotonic() + seconds * 1000
    const family = ip.includes(':') ? IS_IPV6 : 0
    if (known === undefined && !this.makeRoom(sizeOf(ip))) return false
    this.entries.set(key, { proto, ip, port, flags: (known?.flags ?? 0) | flags | family, expires })
    if (known === undefined) this.used += sizeOf(ip)
    return true
  }

  /** False when it was not there. */
  delete(proto: number, ip: string, port: number): boolean {
    const key = keyOf(proto, ip, port)
    const entry = this.entries.get(key)
    if (entry === undefined || this.reasons(proto, ip, port) === 0) return false
    this.remove(key, entry)
    return true
  }

  /** All but the permanent ones. */
  clear(): void {
    for (const [key, entry] of this.entries)
      if ((entry.flags & PERMANENT) === 0) this.remove(key, entry)
  }

  all(): Blocked[] {
    const now = this.clock.monotonic()
    return [...this.entries.values()].filter(entry => isAlive(entry, now))
  }

  /** Errors of sending because of this message do not count, or do again. */
  ignore(message: object, errors: number, on: boolean): void {
    const before = this.ignored.get(message) ?? 0
    this.ignored.set(message, on ? before | errors : before & ~errors)
  }

  private ignoredOf(proto: number): number {
    const { settings } = this
    if (proto === UDP) return settings.dst_blocklist_udp_imask
    if (proto === TCP) return settings.dst_blocklist_tcp_imask
    if (proto === TLS) return settings.dst_blocklist_tls_imask
    return proto === SCTP ? settings.dst_blocklist_sctp_imask : 0
  }

  private makeRoom(size: number): boolean {
    if (this.used + size > this.settings.dst_blocklist_mem) this.collect()
    return this.used + size <= this.settings.dst_blocklist_mem
  }

  private collect(): void {
    const now = this.clock.monotonic()
    for (const [key, entry] of this.entries) if (!isAlive(entry, now)) this.remove(key, entry)
  }

  private remove(key: string, entry: Blocked): void {
    this.entries.delete(key)
    this.used -= sizeOf(entry.ip)
  }
}
