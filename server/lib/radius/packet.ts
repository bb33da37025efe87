/** RADIUS packets as bytes (RFC 2865, RFC 2866). */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

// ---- codes
export const ACCESS_REQUEST = 1
export const ACCESS_ACCEPT = 2
export const ACCOUNTING_REQUEST = 4

// ---- types of attributes that this file knows itself
export const USER_PASSWORD = 2
export const VENDOR_SPECIFIC = 26
export const ACCT_DELAY_TIME = 41
const MESSAGE_AUTHENTICATOR = 80

const HEADER_BYTES = 20
const AUTHENTICATOR_AT = 4
const AUTHENTICATOR_BYTES = 16
/** RFC 2865 section 3: the maximum length is 4096. */
const MOST_BYTES = 4096
/** What one attribute holds beside its type and length. */
const MOST_VALUE_BYTES = 253

/** An attribute as bytes; `vendor` 0 is none. */
export interface Attribute {
  readonly vendor: number
  readonly type: number
  readonly value: Buffer
}

export interface Packet {
  readonly code: number
  readonly id: number
  readonly authenticator: Buffer
  readonly attributes: readonly Attribute[]
}

/** Bytes of the attributes; a value that is too long is cut, as client libraries do. */
function encodeAttributes(attributes: readonly Attribute[]): Buffer {
  const parts: Buffer[] = []
  for (const { vendor, type, value } of attributes) {
    const most = vendor === 0 ? MOST_VALUE_BYTES : MOST_VALUE_BYTES - 6
    const bytes = value.subarray(0, most)
    if (vendor === 0) parts.push(Buffer.from([type, bytes.length + 2]), bytes)
    else {
      // RFC 2865 section 5.26: the vendor's number, and an attribute of its own within.
      const head = Buffer.from([
        VENDOR_SPECIFIC,
        bytes.length + 8,
        0,
        0,
        0,
        0,
        type,
        bytes.length + 2,
      ])
      head.writeUInt32BE(vendor, 2)
      parts.push(head, bytes)
    }
  }
  return Buffer.concat(parts)
}

function assemble(code: number, id: number, authenticator: Buffer, attributes: Buffer): Buffer {
  const packet = Buffer.alloc(HEADER_BYTES + attributes.length)
  packet[0] = code
  packet[1] = id
  packet.writeUInt16BE(packet.length, 2)
  authenticator.copy(packet, AUTHENTICATOR_AT)
  attributes.copy(packet, HEADER_BYTES)
  return packet
}

const md5 = (...parts: (Buffer | string)[]): Buffer => {
  const hash = createHash('md5')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/**
 * RFC 2866 section 3: the authenticator of an Accounting-Request is the MD5 of the packet with
 * zeros in its place, and the secret.
 */
export function accountingRequest(
  id: number,
  attributes: readonly Attribute[],
  secret: string,
): Buffer {
  const zeros = Buffer.alloc(AUTHENTICATOR_BYTES)
  const packet = assemble(ACCOUNTING_REQUEST, id, zeros, encodeAttributes(attributes))
  md5(packet, secret).copy(packet, AUTHENTICATOR_AT)
  return packet
}

/**
 * `authenticator` are 16 bytes that nobody can guess; passwords among the attributes are hidden.
 */
export function accessRequest(
  id: number,
  attributes: readonly Attribute[],
  secret: string,
  authenticator: Buffer,
): Buffer {
  const hidden = attributes.map(attribute =>
    attribute.vendor === 0 && attribute.type === USER_PASSWORD
      ? { ...attribute, value: hidePassword(attribute.value, secret, authenticator) }
      : attribute,
  )
  // Servers that were warned (CVE-2024-3596) want it, and want it first.
  const zeros = { vendor: 0, type: MESSAGE_AUTHENTICATOR, value: Buffer.alloc(AUTHENTICATOR_BYTES) }
  const encoded = encodeAttributes([zeros, ...hidden])
  const packet = assemble(ACCESS_REQUEST, id, authenticator, encoded)
  const code = createHmac('md5', secret).update(packet).digest()
  code.copy(packet, HEADER_BYTES + 2)
  return packet
}

/** RFC 2865 section 5.2. */
function hidePassword(password: Buffer, secret: string, authenticator: Buffer): Buffer {
  const blocks = Math.max(1, Math.ceil(password.length / AUTHENTICATOR_BYTES))
  const hidden = Buffer.alloc(blocks * AUTHENTICATOR_BYTES)
  password.copy(hidden)
  let before = authenticator
  for (let at = 0; at < hidden.length; at += AUTHENTICATOR_BYTES) {
    const key = md5(secret, before)
    for (let i = 0; i < AUTHENTICATOR_BYTES; i++) hidden[at + i]! ^= key[i]!
    before = hidden.subarray(at, at + AUTHENTICATOR_BYTES)
  }
  return hidden
}

/** null when the bytes are no packet. */
export function readPacket(bytes: Buffer): Packet | null {
  if (bytes.length < HEADER_BYTES) return null
  const length = bytes.readUInt16BE(2)
  // RFC 2865 section 3: octets outside of the length are padding; a shorter packet is discarded.
  if (length < HEADER_BYTES || length > bytes.length || length > MOST_BYTES) return null
  const attributes: Attribute[] = []
  for (let at = HEADER_BYTES; at < length; ) {
    const size = at + 1 < length ? bytes[at + 1]! : 0
    if (size < 2 || at + size > length) return null
    const value = bytes.subarray(at + 2, at + size)
    if (bytes[at] === VENDOR_SPECIFIC && value.length >= 6) attributes.push(...vendorParts(value))
    else attributes.push({ vendor: 0, type: bytes[at]!, value })
    at += size
  }
  const authenticator = bytes.subarray(AUTHENTICATOR_AT, HEADER_BYTES)
  return { code: bytes[0]!, id: bytes[1]!, authenticator, attributes }
}

/** What a vendor put into its attribute; the whole when it is of another form. */
function vendorParts(value: Buffer): Attribute[] {
  const vendor = value.readUInt32BE(0)
  const found: Attribute[] = []
  for (let at = 4; at < value.length; ) {
    const size = value[at + 1] ?? 0
    if (size < 2 || at + size > value.length) return [{ vendor: 0, type: VENDOR_SPECIFIC, value }]
    found.push({ vendor, type: value[at]!, value: value.subarray(at + 2, at + size) })
    at += size
  }
  return found
}

/**
 * RFC 2865 section 3: a reply is genuine when its authenticator is the MD5 of the reply with the
 * request's authenticator in its place, and the secret.
 */
export function isGenuine(reply: Buffer, request: Buffer, secret: string): boolean {
  const length = reply.readUInt16BE(2)
  const expected = md5(
    reply.subarray(0, AUTHENTICATOR_AT),
    request.subarray(AUTHENTICATOR_AT, HEADER_BYTES),
    reply.subarray(HEADER_BYTES, length),
    secret,
  )
  return timingSafeEqual(expected, reply.subarray(AUTHENTICATOR_AT, HEADER_BYTES))
}
