/**
 * The system's own words on names: resolv.conf(5) and hosts(5). Lines that make no sense are
 * skipped.
 */
import { canonical, familyOf, withoutBrackets } from '../../lib/ip.ts'
import { nameKey } from './records.ts'

export interface NameServer {
  readonly ip: string
  readonly port: number
}

export interface ResolvConf {
  readonly servers: readonly NameServer[]
  readonly search: readonly string[]
  /** Names with fewer dots are tried with the search list first. */
  readonly ndots: number
  /** Seconds until a question is repeated. */
  readonly timeout: number
  /** How often all servers are asked. */
  readonly attempts: number
  /** Each question begins with another server. */
  readonly rotate: boolean
  /** Ask over TCP only. */
  readonly useTcp: boolean
  readonly edns: boolean
}

/** Kamailio and the C library look at so many servers and search domains at most. */
const MOST_SERVERS = 3
const MOST_DOMAINS = 6
const DNS_PORT = 53

export const NO_SERVERS: ResolvConf = {
  servers: [],
  search: [],
  ndots: 1,
  timeout: 5,
  attempts: 2,
  rotate: false,
  useTcp: false,
  edns: true,
}

/** `10.0.0.1`, `::1`, or with a port: `127.0.0.1:5353`, `[::1]:5353`. */
function parseServer(text: string): NameServer | null {
  const plain = text.split('%')[0]!
  if (familyOf(plain) !== 0) return { ip: canonical(withoutBrackets(plain)), port: DNS_PORT }
  const colon = text.lastIndexOf(':')
  const host = text.slice(0, colon)
  const port = Number(text.slice(colon + 1))
  if (colon < 0 || familyOf(host) === 0 || !(port > 0 && port < 65536)) return null
  return { ip: canonical(withoutBrackets(host)), port }
}

export function parseResolvConf(text: string): ResolvConf {
  const servers: NameServer[] = []
  let search: string[] = []
  let options: string[] = []
  for (const line of text.split('\n')) {
    const [keyword, ...values] = line
      .replace(/[#;].*$/, '')
      .trim()
      .split(/\s+/)
    if (keyword === 'nameserver') {
      const server = parseServer(values[0] ?? '')
      if (server !== null && servers.length < MOST_SERVERS) servers.push(server)
    } else if (keyword === 'search' || keyword === 'domain') {
      // The last one wins, as the manual says.
      const domains = keyword === 'domain' ? values.slice(0, 1) : values.slice(0, MOST_DOMAINS)
      search = domains.map(nameKey).filter(domain => domain !== '')
    } else if (keyword === 'options') options = [...options, ...values]
  }
  const number = (name: string, fallback: number, most: number): number => {
    const found = options.findLast(option => option.startsWith(`${name}:`))
    const value = found === undefined ? Number.NaN : Number(found.slice(name.length + 1))
    return Number.isInteger(value) && value >= 0 ? Math.min(value, most) : fallback
  }
  return {
    servers: servers.length === 0 ? [{ ip: '127.0.0.1', port: DNS_PORT }] : servers,
    search,
    ndots: number('ndots', NO_SERVERS.ndots, 15),
    timeout: Math.max(1, number('timeout', NO_SERVERS.timeout, 30)),
    attempts: Math.max(1, number('attempts', NO_SERVERS.attempts, 5)),
    rotate: options.includes('rotate'),
    useTcp: options.includes('use-vc'),
    edns: !options.includes('no-edns0'),
  }
}

/** Host name -> its addresses, in the order of the file. */
export type Hosts = ReadonlyMap<string, readonly string[]>

export function parseHosts(text: string): Hosts {
  const hosts = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const [address, ...names] = line.replace(/#.*$/, '').trim().split(/\s+/)
    if (address === undefined || familyOf(address) === 0) continue
    const ip = canonical(address)
    for (const name of names.map(nameKey)) {
      const known = hosts.get(name)
      if (known === undefined) hosts.set(name, [ip])
      else if (!known.includes(ip)) known.push(ip)
    }
  }
  return hosts
}
