/**
 * Memory that is shared with the kernel, one direction of a socket.
 *
 * Layout, fixed at start so that no address is ever computed from input: SLOTS payload slots, and
 * for each of them an iovec, a sockaddr and a struct mmsghdr (64 bytes) that point to it. The
 * kernel is told the slot's size, so it cannot write past it.
 */
import { AF_INET6, inet6Write } from '../lib/ip.ts'

/**
 * Few, although a call costs: what a batch makes leaves together, and a peer with a receive buffer
 * of 64 KiB loses what comes in longer bursts.
 */
export const SLOTS = 16
/**
 * A datagram is at most 65,535 bytes; the odd rest keeps the slots out of one set of the
 * processor's cache.
 */
export const SLOT_BYTES = 65_536 + 192
export const HEADER_BYTES = 64
export const NAME_BYTES = 32
export const VECTOR_BYTES = 16
/** Fields of a struct mmsghdr, in words of four bytes. */
export const HEADER_WORDS = HEADER_BYTES / 4
export const NAME_LENGTH = 2
const RECEIVED_LENGTH = 14
const AF_INET = 2

export interface LatinBuffer extends Buffer {
  latin1Slice(start: number, end: number): string
  latin1Write(text: string, offset: number): number
}

export interface Addresses {
  address(buffer: Buffer): bigint
}

export class Ring {
  readonly payload: LatinBuffer = Buffer.alloc(SLOTS * SLOT_BYTES) as LatinBuffer
  readonly names = Buffer.alloc(SLOTS * NAME_BYTES)
  readonly headers = Buffer.alloc(SLOTS * HEADER_BYTES)
  readonly vectors = Buffer.alloc(SLOTS * VECTOR_BYTES)
  /** The headers. */
  readonly words: Uint32Array

  constructor(memory: Addresses) {
    const payload = BigInt(memory.address(this.payload))
    const names = BigInt(memory.address(this.names))
    const vectors = BigInt(memory.address(this.vectors))
    for (let i = 0; i < SLOTS; i++) {
      this.vectors.writeBigUInt64LE(payload + BigInt(i * SLOT_BYTES), i * VECTOR_BYTES)
      this.vectors.writeBigUInt64LE(BigInt(SLOT_BYTES), i * VECTOR_BYTES + 8)
      this.headers.writeBigUInt64LE(names + BigInt(i * NAME_BYTES), i * HEADER_BYTES)
      this.headers.writeUInt32LE(NAME_BYTES, i * HEADER_BYTES + 8)
      this.headers.writeBigUInt64LE(vectors + BigInt(i * VECTOR_BYTES), i * HEADER_BYTES + 16)
      this.headers.writeBigUInt64LE(1n, i * HEADER_BYTES + 24)
    }
    this.words = wordsOf(this.headers)
  }

  /** msg_namelen is in-out: the kernel needs the room again before each receive. */
  resetNameLength(slot: number): void {
    this.words[slot * HEADER_WORDS + NAME_LENGTH] = NAME_BYTES
  }

  receivedLength(slot: number): number {
    return this.words[slot * HEADER_WORDS + RECEIVED_LENGTH]!
  }
}

export const wordsOf = (buffer: Buffer): Uint32Array =>
  new Uint32Array(buffer.buffer, buffer.byteOffset, buffer.length / 4)

/** Writes a sockaddr and returns its length. */
export function writeName(
  names: Buffer,
  at: number,
  family: number,
  ip: string,
  port: number,
): number {
  names[at + 2] = port >> 8
  names[at + 3] = port & 0xff
  if (family === AF_INET6) {
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
