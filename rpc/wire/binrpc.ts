/**
 * BINRPC, the binary protocol of Kamailio's ctl module: packets of typed records. A packet is a
 * head (magic and version, flags with the sizes of the two fields that follow, length, cookie) and
 * records; a record is a byte of type and size, then its value.
 */

export const REQUEST = 0
export const REPLY = 1
export const FAULT = 3

const MAGIC_AND_VERSION = 0xa1

export const T_INT = 0
export const T_STRING = 1
export const T_DOUBLE = 2
export const T_STRUCT = 3
export const T_ARRAY = 4
export const T_NAME = 5
export const T_BYTES = 6

/** Doubles travel as thousandths. */
export const DOUBLE_SCALE = 1000

export interface PacketHead {
  readonly flags: number
  readonly headLength: number
  readonly bodyLength: number
  /** As it came; a reply repeats it. */
  readonly cookie: Buffer
}

/** Reads the head; null when more bytes are needed, a sentence when it is none. */
export function readHead(bytes: Buffer): PacketHead | null | string {
  if (bytes.length < 1) return null
  if (bytes[0] !== MAGIC_AND_VERSION) return 'not a BINRPC packet of version 1'
  if (bytes.length < 2) return null
  const sizes = bytes[1]!
  const lengthSize = ((sizes >> 2) & 3) + 1
  const cookieSize = (sizes & 3) + 1
  const headLength = 2 + lengthSize + cookieSize
  if (bytes.length < headLength) return null
  return {
    flags: sizes >> 4,
    headLength,
    bodyLength: bytes.readUIntBE(2, lengthSize),
    cookie: bytes.subarray(2 + lengthSize, headLength),
  }
}

/** A packet around records. */
export function packet(flags: number, cookie: Buffer, body: Buffer): Buffer {
  const length = minimalBytes(body.length, 1)
  const head = Buffer.from([
    MAGIC_AND_VERSION,
    (flags << 4) | ((length.length - 1) << 2) | (cookie.length - 1),
  ])
  return Buffer.concat([head, length, cookie, body])
}

/** Big-endian without leading zero bytes; at least `least` bytes. */
export function minimalBytes(value: number, least = 0): Buffer {
  const bytes: number[] = []
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  while (bytes.length < least) bytes.unshift(0)
  return Buffer.from(bytes)
}
