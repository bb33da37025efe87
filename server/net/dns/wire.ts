/**
 * Questions and answers as bytes (RFC 1035 section 4, RFC 6891). Reading an answer never throws: it
 * comes from the network, and bad packets are values.
 */
import packet, { type Answer as WireRecord, type RecordType } from 'dns-packet'
import { AF_INET, AF_INET6, canonical, familyOf } from '../../lib/ip.ts'
import {
  A,
  AAAA,
  CNAME,
  EBL,
  type FoundRecord,
  NAPTR,
  nameKey,
  PTR,
  type RecordData,
  SRV,
  TXT,
  typeText,
} from './records.ts'

export const NOERROR = 0
export const FORMERR = 1
export const NXDOMAIN = 3

/** What a server says to our question. */
export interface Answer {
  readonly rcode: number
  /** It did not fit: to be asked again over TCP. */
  readonly truncated: boolean
  readonly found: readonly FoundRecord[]
  /** Seconds for which the absence may be remembered (RFC 2308), -1 when not said. */
  readonly negativeTtl: number
}

/** `other`: not the answer to this question. `bad`: it is, and nobody can read it. */
export type Reading = Answer | 'other' | 'bad'

/** Room for answers that we offer: what passes every path without fragments (DNS flag day 2020). */
const PAYLOAD_BYTES = 1232
const RECURSION_DESIRED = 0x0100
const HEAD_BYTES = 12
const RESPONSE_BIT = 0x80
const TRUNCATED_BIT = 0x02

/** The codec's name of a type. */
const wireType = (type: number): RecordType =>
  (type === EBL ? `UNKNOWN_${EBL}` : typeText(type)) as RecordType

export function writeQuestion(id: number, name: string, type: number, edns: boolean): Buffer {
  return packet.encode({
    type: 'query',
    id,
    flags: RECURSION_DESIRED,
    questions: [{ type: wireType(type), name, class: 'IN' }],
    additionals: edns
      ? [
          {
            type: 'OPT',
            name: '.',
            udpPayloadSize: PAYLOAD_BYTES,
            extendedRcode: 0,
            ednsVersion: 0,
            flags: 0,
            flag_do: false,
            options: [],
          },
        ]
      : [],
  })
}

/** Reads what came for the question `id name type`. */
export function readAnswer(bytes: Buffer, id: number, name: string, type: number): Reading {
  if (bytes.length < HEAD_BYTES || bytes.readUInt16BE(0) !== id) return 'other'
  if ((bytes[2]! & RESPONSE_BIT) === 0) return 'other'
  const rcode = bytes[3]! & 0x0f
  // A cut answer may end inside a record: what is in it does not matter.
  if ((bytes[2]! & TRUNCATED_BIT) !== 0)
    return { rcode, truncated: true, found: [], negativeTtl: -1 }
  try {
    return decode(bytes, rcode, name, type)
  } catch {
    return 'bad'
  }
}

function decode(bytes: Buffer, rcode: number, name: string, type: number): Reading {
  const { questions = [], answers = [], authorities = [] } = packet.decode(bytes)
  // The codec reads past the end of a record that is cut short.
  if (packet.decode.bytes > bytes.length) return 'bad'
  const asked = questions[0]
  // RFC 5452 section 4.2: the question section must be the one that was asked. Servers that refuse
  // may leave it out.
  if (asked === undefined) {
    if (rcode === NOERROR || rcode === NXDOMAIN) return 'bad'
    return { rcode, truncated: false, found: [], negativeTtl: -1 }
  }
  if (asked.type !== wireType(type) || nameKey(asked.name) !== nameKey(name)) return 'other'
  const found: FoundRecord[] = []
  for (const answer of answers) {
    const record = foundRecord(answer)
    if (record === null) continue
    const { data, type: kind } = record
    if (data.kind === 'address' && familyOf(data.ip) !== (kind === A ? AF_INET : AF_INET6))
      return 'bad'
    found.push(record)
  }
  return { rcode, truncated: false, found, negativeTtl: negativeTtlOf(authorities) }
}

/** RFC 2308 section 5: the smaller one of the SOA's own TTL and its MINIMUM field. */
function negativeTtlOf(authorities: readonly WireRecord[]): number {
  for (const record of authorities) {
    if (record.type === 'SOA')
      return Math.min(boundedTtl(record.ttl), boundedTtl(record.data.minimum))
  }
  return -1
}

/** RFC 2181 section 8: a TTL with the highest bit set counts as 0. */
const boundedTtl = (ttl: number | undefined): number =>
  ttl === undefined || ttl > 0x7fffffff ? 0 : ttl

function foundRecord(record: WireRecord): FoundRecord | null {
  const data = dataOf(record)
  if (data === null || !('ttl' in record) || record.class !== 'IN') return null
  return {
    owner: nameKey(record.name),
    type: data.type,
    ttl: boundedTtl(record.ttl),
    data: data.data,
  }
}

/** The root is written as a dot. */
const targetName = (name: string): string => (name === '.' ? '' : nameKey(name))

function dataOf(record: WireRecord): { type: number; data: RecordData } | null {
  switch (record.type) {
    case 'A':
      return { type: A, data: { kind: 'address', ip: record.data } }
    case 'AAAA':
      return { type: AAAA, data: { kind: 'address', ip: canonical(record.data) } }
    case 'CNAME':
      return { type: CNAME, data: { kind: 'name', name: targetName(record.data) } }
    case 'PTR':
      return { type: PTR, data: { kind: 'name', name: targetName(record.data) } }
    case 'SRV': {
      const { priority = 0, weight = 0, port, target } = record.data
      return { type: SRV, data: { kind: 'srv', priority, weight, port, name: targetName(target) } }
    }
    case 'NAPTR': {
      const { order, preference, flags, services, regexp, replacement } = record.data
      const name = targetName(replacement)
      const texts = { flags: latin(flags), service: latin(services), regexp: latin(regexp) }
      return {
        type: NAPTR,
        data: { kind: 'naptr', order, preference, ...texts, replacement: name },
      }
    }
    case 'TXT': {
      const parts = Array.isArray(record.data) ? record.data : [record.data]
      return { type: TXT, data: { kind: 'text', texts: parts.map(latin) } }
    }
    default:
      return eblOf(record)
  }
}

/** Texts are byte strings in this program. */
const latin = (text: string | Buffer): string =>
  (typeof text === 'string' ? Buffer.from(text) : text).toString('latin1')

/** Position, separator, apex (draft-ietf-enum-branch-location-record). */
function eblOf(record: WireRecord): { type: number; data: RecordData } | null {
  if ((record.type as string) !== `UNKNOWN_${EBL}`) return null
  const bytes = (record as unknown as { data: Buffer }).data
  if (bytes.length < 3 || bytes.length < 3 + bytes[1]!) return null
  const end = 2 + bytes[1]!
  const separator = bytes.toString('latin1', 2, end)
  const apex = plainName(bytes, end)
  return { type: EBL, data: { kind: 'ebl', position: bytes[0]!, separator, apex } }
}

/** A name without compression; what is cut short ends there. */
function plainName(bytes: Buffer, from: number): string {
  const labels: string[] = []
  let at = from
  while (at < bytes.length && bytes[at] !== 0) {
    const end = at + 1 + bytes[at]!
    labels.push(bytes.toString('latin1', at + 1, end))
    at = end
  }
  return nameKey(labels.join('.'))
}
