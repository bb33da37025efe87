/**
 * What the name system says of a name: the record types that SIP routing asks for (RFC 1035, 2782,
 * 3403, 3596). Plain data; numbers are those of the wire.
 */
export const A = 1
export const CNAME = 5
export const PTR = 12
export const TXT = 16
export const AAAA = 28
export const SRV = 33
export const NAPTR = 35
/** Branch location of infrastructure ENUM; a private number that Kamailio uses. */
export const EBL = 65300

const NAMES = new Map<string, number>([
  ['A', A],
  ['AAAA', AAAA],
  ['SRV', SRV],
  ['NAPTR', NAPTR],
  ['CNAME', CNAME],
  ['TXT', TXT],
  ['EBL', EBL],
  ['PTR', PTR],
])
const TEXTS = new Map([...NAMES].map(([text, type]) => [type, text]))

/** The number of `a`, `SRV` ..., 0 when it is none of ours. */
export const recordType = (text: string): number => NAMES.get(text.toUpperCase()) ?? 0
export const typeText = (type: number): string => TEXTS.get(type) ?? String(type)

export interface AddressData {
  readonly kind: 'address'
  readonly ip: string
}
export interface SrvData {
  readonly kind: 'srv'
  readonly priority: number
  readonly weight: number
  readonly port: number
  /** '' is the root: the service is decidedly not there. */
  readonly name: string
}
export interface NaptrData {
  readonly kind: 'naptr'
  readonly order: number
  readonly preference: number
  readonly flags: string
  readonly service: string
  readonly regexp: string
  readonly replacement: string
}
/** CNAME and PTR. */
export interface NameData {
  readonly kind: 'name'
  readonly name: string
}
export interface TextData {
  readonly kind: 'text'
  readonly texts: readonly string[]
}
export interface EblData {
  readonly kind: 'ebl'
  readonly position: number
  readonly separator: string
  readonly apex: string
}
export type RecordData = AddressData | SrvData | NaptrData | NameData | TextData | EblData

/** A record as an answer carries it. */
export interface FoundRecord {
  readonly owner: string
  readonly type: number
  /** Seconds. */
  readonly ttl: number
  readonly data: RecordData
}

/** A record as it is kept. */
export interface DnsRecord {
  readonly data: RecordData
  /** Monotonic milliseconds at which it is over; Infinity for one that an operator made. */
  readonly expires: number
}

/** One spelling for one name: lower case, without the final dot. */
export function nameKey(name: string): string {
  const lower = name.toLowerCase()
  return lower.endsWith('.') ? lower.slice(0, -1) : lower
}

/** Could this be asked for at all (RFC 1035 section 2.3.4)? */
export function isAskable(name: string): boolean {
  if (name === '' || name.length > 253) return false
  let label = 0
  for (let i = 0; i < name.length; i++) {
    if (name.charCodeAt(i) === 0x2e) {
      if (label === 0) return false
      label = 0
    } else if (++label > 63) return false
  }
  return label > 0
}
