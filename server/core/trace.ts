/**
 * A bounded memory of the messages that this node received and sent, for `ohana.trace.*`. The texts
 * live as bytes in one ring outside the garbage-collected heap, the facts beside them in typed
 * arrays, so that keeping a message allocates nothing.
 */
import type { Clock } from '../lib/clock.ts'

/**
 * Methods that every Node Buffer has and the type package leaves out: half the cost of
 * toString/write with an encoding name.
 */
interface LatinBuffer extends Buffer {
  latin1Write(text: string, offset: number, length: number): number
  latin1Slice(start: number, end: number): string
}

const BYTES = 32 * 1024 * 1024
const PREPARED_AT_ONCE = 1024 * 1024
const MESSAGES = 1 << 16
const MASK = MESSAGES - 1

export const RECEIVED = 0
export const SENT = 1

export interface TracedMessage {
  /** Grows by one per message of this node. */
  readonly seq: number
  /** Microseconds since 1970. */
  readonly time: number
  readonly direction: 'in' | 'out'
  readonly proto: number
  readonly localIp: string
  readonly localPort: number
  readonly remoteIp: string
  readonly remotePort: number
  readonly text: string
}

export class Trace {
  private readonly clock: Clock
  private bytes: Buffer | null = null
  private readonly start = new Float64Array(MESSAGES)
  private readonly length = new Uint32Array(MESSAGES)
  private readonly time = new Float64Array(MESSAGES)
  private readonly direction = new Uint8Array(MESSAGES)
  private readonly proto = new Uint8Array(MESSAGES)
  private readonly localPort = new Uint16Array(MESSAGES)
  private readonly remotePort = new Uint16Array(MESSAGES)
  private readonly localIp: string[] = Array(MESSAGES).fill('')
  private readonly remoteIp: string[] = Array(MESSAGES).fill('')
  /** Bytes ever written; the ring position is this modulo BYTES. */
  private written = 0
  private seq = 0
  /** Switched off, nothing is kept. */
  enabled = true

  constructor(clock: Clock) {
    this.clock = clock
  }

  /**
   * Keeps one message. `text` is the byte string as received or sent; the same bytes, where the
   * transport has them at hand (in `source` from `at` on), are copied with a third of the work.
   */
  keep(
    direction: number,
    proto: number,
    localIp: string,
    localPort: number,
    remoteIp: string,
    remotePort: number,
    text: string,
    source: Buffer | null = null,
    at = 0,
  ): void {
    if (!this.enabled) return
    this.bytes ??= Buffer.allocUnsafeSlow(BYTES)
    const length = text.length
    if (length > BYTES / 4) return
    let position = this.written % BYTES
    // A message never wraps around the end, so that it is read back as one slice.
    if (position + length > BYTES) {
      this.written += BYTES - position
      position = 0
    }
    if (source === null) (this.bytes as LatinBuffer).latin1Write(text, position, length)
    else source.copy(this.bytes, position, at, at + length)
    const i = ++this.seq & MASK
    this.start[i] = this.written
    this.written += length
    this.length[i] = length
    this.time[i] = this.clock.now()
    this.direction[i] = direction
    this.proto[i] = proto
    this.localPort[i] = localPort
    this.remotePort[i] = remotePort
    this.localIp[i] = localIp
    this.remoteIp[i] = remoteIp
  }

  /**
   * Touches the memory of the ring bit by bit, so that the first messages do not pay for the
   * kernel's handing it out: a page costs as much as a tenth of a REGISTER.
   */
  prepare(from = 0): void {
    if (!this.enabled || this.written > from || from >= BYTES) return
    this.bytes ??= Buffer.allocUnsafeSlow(BYTES)
    this.bytes.fill(0, from, from + PREPARED_AT_ONCE)
    setTimeout(() => this.prepare(from + PREPARED_AT_ONCE), 2).unref()
  }

  /** Number of the newest message. */
  get newest(): number {
    return this.seq
  }

  /** Number of the oldest message that is still here; newest + 1 when there is none. */
  get oldest(): number {
    let from = Math.max(1, this.seq - MESSAGES + 1)
    while (from <= this.seq && this.start[from & MASK]! < this.written - BYTES) from++
    return from
  }

  read(seq: number): TracedMessage | null {
    if (seq < 1 || seq > this.seq || seq <= this.seq - MESSAGES || this.bytes === null) return null
    const i = seq & MASK
    if (this.start[i]! < this.written - BYTES) return null
    const position = this.start[i]! % BYTES
    return {
      seq,
      time: Math.round(this.time[i]! * 1000),
      direction: this.direction[i] === RECEIVED ? 'in' : 'out',
      proto: this.proto[i]!,
      localIp: this.localIp[i]!,
      localPort: this.localPort[i]!,
      remoteIp: this.remoteIp[i]!,
      remotePort: this.remotePort[i]!,
      text: (this.bytes as LatinBuffer).latin1Slice(position, position + this.length[i]!),
    }
  }
}
