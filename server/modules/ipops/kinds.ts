/** What an address is for, by its network (RFC 6890 and the RFCs named there). */
import { AF_INET, AF_INET6, familyOf, Network } from '../../lib/ip.ts'

type Row = readonly [network: Network, kind: string]

const rows = (table: Record<string, string>): Row[] =>
  Object.entries(table).map(([text, kind]) => [Network.parse(text)!, kind])

const IPV4 = rows({
  '0.0.0.0/8': 'PRIVATE',
  '10.0.0.0/8': 'PRIVATE',
  '172.16.0.0/12': 'PRIVATE',
  '192.168.0.0/16': 'PRIVATE',
  '100.64.0.0/10': 'SHARED',
  '127.0.0.0/8': 'LOOPBACK',
  '169.254.0.0/16': 'LINK-LOCAL',
  '192.0.0.0/24': 'RESERVED',
  '192.0.2.0/24': 'TEST-NET',
  '198.51.100.0/24': 'TEST-NET',
  '203.0.113.0/24': 'TEST-NET',
  '192.88.99.0/24': '6TO4-RELAY',
  '198.18.0.0/15': 'RESERVED',
  '224.0.0.0/4': 'MULTICAST',
  '255.255.255.255/32': 'BROADCAST',
  '240.0.0.0/4': 'RESERVED',
})

const IPV6 = rows({
  '::/128': 'UNSPECIFIED',
  '::1/128': 'LOOPBACK',
  '::ffff:0:0/96': 'IPV4MAP',
  '100::/64': 'DISCARD',
  '2001::/32': 'TEREDO',
  '2001:2::/48': 'BMWG',
  '2001:10::/28': 'ORCHID',
  '2001:db8::/32': 'DOCUMENTATION',
  '2002::/16': '6TO4',
  '2000::/3': 'GLOBAL-UNICAST',
  'fc00::/7': 'UNIQUE-LOCAL-UNICAST',
  'fe80::/10': 'LINK-LOCAL-UNICAST',
  'ff00::/8': 'MULTICAST',
})

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(text => Network.parse(text)!)

/** AF_INET or AF_INET6; 0 for another text, and for one with a zone. */
export const familyOfText = (text: string): number => (text.includes('%') ? 0 : familyOf(text))

const inBrackets = (text: string): boolean => text.charCodeAt(0) === 0x5b

export const isIpv4 = (text: string): boolean => familyOfText(text) === AF_INET
export const isIpv6 = (text: string): boolean =>
  familyOfText(text) === AF_INET6 && !inBrackets(text)
export const isReference = (text: string): boolean =>
  familyOfText(text) === AF_INET6 && inBrackets(text)
export const isPrivate = (text: string): boolean =>
  isIpv4(text) && PRIVATE.some(network => network.contains(text))

/** null when it is no address of this family. */
export function kindOf(text: string, family: number): string | null {
  const own = familyOfText(text)
  if (own === 0 || (family !== 0 && own !== family)) return null
  const table = own === AF_INET ? IPV4 : IPV6
  const found = table.find(([network]) => network.contains(text))
  return found?.[1] ?? (own === AF_INET ? 'PUBLIC' : 'RESERVED')
}
