/**
 * What a socket sends: datagrams gather in slots and leave in one call of sendmmsg. Of those in a
 * row that go to one place and have one length the kernel makes its way down the stack once for all
 * (UDP generic segmentation offload: a message of several vectors with the length of a segment);
 * on loopback that is half of what sending costs. Registrations and keep-alives by the thousand
 * from one edge proxy have answers like that.
 */
import type { Gate } from './gate.ts'
import type { Refused } from './udp-refused.ts'
import {
  type Addresses,
  HEADER_BYTES,
  HEADER_WORDS,
  NAME_BYTES,
  NAME_LENGTH,
  Ring,
  SLOTS,
  SLOT_BYTES,
  VECTOR_BYTES,
  wordsOf,
  writeName,
} from './udp-ring.ts'

interface Library {
  sendmmsg(fd: number, headers: Buffer, count: number, flags: number): number
}

interface Koffi extends Addresses {
  errno(): number
}

/** Segments have to fit the smallest way that IPv6 knows (1280 bytes) with its headers. */
const MOST_SEGMENT = 1232
/** struct cmsghdr and two bytes, with what aligns the next. */
const CONTROL_BYTES = 24
const SEGMENT_AT = 16
const SOL_UDP = 17
const UDP_SEGMENT = 103
/** Fields of a struct mmsghdr and of an iovec, in words of four bytes. */
const VECTORS = 4
const VECTOR_COUNT = 6
const CONTROL = 8
const CONTROL_LENGTH = 10
const LENGTH = 2

const MSG_DONTWAIT = 0x40
const EAGAIN = 11
const EINTR = 4
/** Of a datagram that was refused so many bytes are told: Via and Call-ID are among them. */
const QUOTED_BYTES = 2048
/**
 * EIO (the device computes no checksums), EINVAL, ENOPROTOOPT, EOPNOTSUPP: no segments here, if the
 * same goes one by one.
 */
const NO_SEGMENTS: readonly number[] = [5, 22, 92, 95]

export class UdpSender {
  fd = -1
  /** Datagrams that the kernel did not take. */
  lost = 0
  /** Where the last message begins in `payload`, until the next. */
  lastAt = 0
  /** A call may fail because of an earlier datagram. */
  tellsErrors = false
  private readonly koffi: Koffi
  private readonly libc: Library
  private readonly gate: Gate
  private readonly family: number
  private readonly onRefused: (refused: Refused) => void
  private readonly ring: Ring
  private readonly vectorWords: Uint32Array
  private readonly controls = Buffer.alloc(SLOTS * CONTROL_BYTES)
  /** Where the vectors of a slot lie: low and high word. */
  private readonly vectorsAt: Uint32Array
  /** The first slot of a header, and where its datagrams go. */
  private readonly firstSlot = new Uint8Array(SLOTS)
  private readonly ips: string[] = Array.from({ length: SLOTS }, () => '')
  private readonly ports = new Uint16Array(SLOTS)
  /** Told when all are sent: who is told may send something. */
  private refused: Refused[] = []
  private slots = 0
  private headers = 0
  /** Whether the next datagram may join the last header, and what that one is about. */
  private joinable = false
  private length = 0
  private ip = ''
  private port = 0
  /** The kernel, or the device, makes segments. */
  private segments = true

  constructor(
    koffi: Koffi,
    libc: Library,
    gate: Gate,
    family: number,
    onRefused: (refused: Refused) => void,
  ) {
    this.koffi = koffi
    this.libc = libc
    this.gate = gate
    this.family = family
    this.onRefused = onRefused
    this.ring = new Ring(koffi)
    this.vectorWords = wordsOf(this.ring.vectors)
    const { headers, vectors } = this.ring
    const controls = BigInt(koffi.address(this.controls))
    const vectorsAt = Buffer.alloc(SLOTS * 8)
    for (let i = 0; i < SLOTS; i++) {
      const at = i * CONTROL_BYTES
      this.controls.writeBigUInt64LE(BigInt(SEGMENT_AT + 2), at)
      this.controls.writeUInt32LE(SOL_UDP, at + 8)
      this.controls.writeUInt32LE(UDP_SEGMENT, at + 12)
      headers.writeBigUInt64LE(controls + BigInt(at), i * HEADER_BYTES + CONTROL * 4)
      vectorsAt.writeBigUInt64LE(BigInt(koffi.address(vectors)) + BigInt(i * VECTOR_BYTES), i * 8)
    }
    this.vectorsAt = wordsOf(vectorsAt)
  }

  get payload(): Buffer {
    return this.ring.payload
  }

  /** Queues a datagram of at most 65,507 bytes. */
  add(text: string, ip: string, port: number): void {
    if (this.slots === SLOTS) this.flush()
    const { length } = text
    const slot = this.slots++
    this.lastAt = slot * SLOT_BYTES
    this.ring.payload.latin1Write(text, this.lastAt)
    this.vectorWords[slot * 4 + LENGTH] = length
    if (this.joinable && length <= this.length && port === this.port && ip === this.ip)
      this.join(length)
    else this.begin(slot, length, ip, port)
  }

  private begin(slot: number, length: number, ip: string, port: number): void {
    const { words, names } = this.ring
    const header = this.headers++
    const at = header * HEADER_WORDS
    const { family } = this
    words[at + NAME_LENGTH] = writeName(names, header * NAME_BYTES, family, ip, port)
    this.setVectors(header, slot, 1)
    words[at + CONTROL_LENGTH] = 0
    this.firstSlot[header] = slot
    this.ips[header] = ip
    this.ports[header] = port
    this.joinable = this.segments && length <= MOST_SEGMENT && length > 0
    this.length = length
    this.ip = ip
    this.port = port
  }

  private join(length: number): void {
    const { words } = this.ring
    const header = this.headers - 1
    const at = header * HEADER_WORDS
    words[at + VECTOR_COUNT]!++
    words[at + CONTROL_LENGTH] = CONTROL_BYTES
    this.controls.writeUInt16LE(this.length, header * CONTROL_BYTES + SEGMENT_AT)
    // Only the last segment may be shorter.
    this.joinable = length === this.length
  }

  private setVectors(header: number, slot: number, count: number): void {
    const { words } = this.ring
    const at = header * HEADER_WORDS
    words[at + VECTORS] = this.vectorsAt[slot * 2]!
    words[at + VECTORS + 1] = this.vectorsAt[slot * 2 + 1]!
    words[at + VECTOR_COUNT] = count
  }

  /** Sends all that was queued. */
  flush(): void {
    const { headers: count, slots } = this
    if (count === 0) return
    this.headers = 0
    this.slots = 0
    this.joinable = false
    if (this.gate.isOpen()) this.sendHeaders(count)
    else this.lost += slots
    if (this.refused.length > 0) for (const one of this.refused.splice(0)) this.onRefused(one)
  }

  private sendHeaders(count: number): void {
    let from = 0
    let tried = -1
    while (from < count) {
      const sent = this.call(from, count - from)
      if (sent > 0) {
        from += sent
        continue
      }
      const code = this.koffi.errno()
      if (code === EINTR) continue
      // With its errors asked for, a socket first tells of an earlier datagram; this one is sent at
      // the second attempt.
      if (this.tellsErrors && tried !== from && code !== EAGAIN) {
        tried = from
        continue
      }
      this.failed(from, code)
      from++
    }
  }

  private call(header: number, count: number): number {
    const { headers } = this.ring
    const rest = header === 0 ? headers : headers.subarray(header * HEADER_BYTES)
    return this.libc.sendmmsg(this.fd, rest, count, MSG_DONTWAIT)
  }

  /**
   * A message cannot be sent: no route, no room. It is lost, as a datagram may be, and the others
   * go on; but one of several datagrams may only be more than this kernel or device can do.
   */
  private failed(header: number, code: number): void {
    const at = header * HEADER_WORDS
    const { words } = this.ring
    const several = words[at + VECTOR_COUNT]!
    const first = this.firstSlot[header]!
    if (several === 1 || code === EAGAIN) {
      this.lost += several
      if (code !== EAGAIN) this.note(header, first, code)
      return
    }
    words[at + CONTROL_LENGTH] = 0
    for (let slot = first; slot < first + several; slot++) {
      this.setVectors(header, slot, 1)
      if (this.call(header, 1) > 0) {
        if (NO_SEGMENTS.includes(code)) this.segments = false
        continue
      }
      this.lost++
      const reason = this.koffi.errno()
      if (reason !== EAGAIN) this.note(header, slot, reason)
    }
  }

  private note(header: number, slot: number, code: number): void {
    const from = slot * SLOT_BYTES
    const length = Math.min(this.vectorWords[slot * 4 + LENGTH]!, QUOTED_BYTES)
    const quoted = this.ring.payload.latin1Slice(from, from + length)
    this.refused.push({ code, ip: this.ips[header]!, port: this.ports[header]!, quoted })
  }
}
