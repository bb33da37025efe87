/**
 * Flow tokens (RFC 5626 section 5.2), as Kamailio writes them: ten bytes of a signature, transport
 * and address family in one byte, our address and the peer's, in base 64.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { bytesOf, canonical } from '../../lib/ip.ts'
import type { Received } from '../../sip/transport.ts'
import { type Flow, FORGED } from './api.ts'

/** The last ten bytes of the HMAC stand in the token. */
const SIGNATURE = 10
const IPV6 = 0x80
const LENGTH_IPV4 = SIGNATURE + 1 + 2 * (4 + 2)
const LENGTH_IPV6 = SIGNATURE + 1 + 2 * (16 + 2)
/** Characters in base 64. */
const CHARACTERS_IPV4 = Math.ceil(LENGTH_IPV4 / 3) * 4
const CHARACTERS_IPV6 = Math.ceil(LENGTH_IPV6 / 3) * 4

/** The key that is made of a secret. */
export const keyOf = (secret: string): Buffer =>
  createHash('sha1').update(secret, 'latin1').digest()

export class FlowTokens {
  private readonly key: Buffer

  constructor(key: Buffer) {
    this.key = key
  }

  private sign(data: Buffer): Buffer {
    return createHmac('sha1', this.key).update(data).digest().subarray(-SIGNATURE)
  }

  write({ proto, dstIp, dstPort, srcIp, srcPort }: Received): string {
    const own = bytesOf(dstIp)!
    const family = own.length === 16 ? IPV6 : 0
    const data = Buffer.from([
      family | proto,
      ...own,
      dstPort >> 8,
      dstPort & 0xff,
      ...bytesOf(srcIp)!,
      srcPort >> 8,
      srcPort & 0xff,
    ])
    return Buffer.concat([this.sign(data), data]).toString('base64')
  }

  read(text: string): Flow | null | typeof FORGED {
    const { length } = text
    if (length !== CHARACTERS_IPV4 && length !== CHARACTERS_IPV6) return null
    // Both lengths end with one =; a user part that does not is a name.
    if (text[length - 1] !== '=' || text[length - 2] === '=') return null
    const bytes = Buffer.from(text, 'base64')
    // Buffer reads other alphabets and leaves out what is none: such a token has been altered. Only
    // the bits of the last character that nothing is written with are of no account.
    const written = length - 2
    if (bytes.toString('base64').slice(0, written) !== text.slice(0, written)) return FORGED
    const data = bytes.subarray(SIGNATURE)
    if (!timingSafeEqual(this.sign(data), bytes.subarray(0, SIGNATURE))) return FORGED
    const size = bytes.length === LENGTH_IPV6 ? 16 : 4
    if ((data[0]! & IPV6) !== (size === 16 ? IPV6 : 0)) return FORGED
    const peer = 1 + size + 2
    return {
      proto: data[0]! & ~IPV6,
      ownIp: addressOf(data.subarray(1, 1 + size)),
      ownPort: data.readUInt16BE(1 + size),
      peerIp: addressOf(data.subarray(peer, peer + size)),
      peerPort: data.readUInt16BE(peer + size),
    }
  }
}

function addressOf(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.')
  const groups: string[] = []
  for (let i = 0; i < bytes.length; i += 2) groups.push(bytes.readUInt16BE(i).toString(16))
  return canonical(groups.join(':'))
}
