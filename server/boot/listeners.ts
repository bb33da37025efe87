/** From `listen=`, `-l` and `alias=` lines to sockets and names. */
import { lookup, lookupService } from 'node:dns/promises'
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'
import {
  AF_INET6,
  canonical,
  familyOf,
  inBrackets,
  isAnyAddress,
  withoutBrackets,
} from '../lib/ip.ts'
import {
  protoNumber,
  SCTP,
  type SocketInfo,
  socketInfo,
  TCP,
  TLS,
  type Told,
  UDP,
} from '../sip/transport.ts'

/** One listen line, from the config or the command line. Port 0 and proto '' mean "not given". */
export interface ListenLine {
  readonly proto: string
  readonly host: string
  readonly port: number
  readonly advertise: { host: string; port: number } | null
  readonly name: string
  readonly virtual: boolean
}

export class ListenError extends Error {}

/** Reads `[proto:]addr[:port][/advaddr[:port]]` of -l. */
export function parseListenOption(text: string): ListenLine {
  const [where, advertised] = text.split('/') as [string, string | undefined]
  const { proto, host, port } = splitAddress(where)
  const advertise = advertised === undefined ? null : splitAddress(advertised)
  return {
    proto,
    host,
    port,
    advertise: advertise && { host: advertise.host, port: advertise.port },
    name: '',
    virtual: false,
  }
}

const ADDRESS = /^(?:(udp|tcp|tls|sctp|ws|wss|any|\*):)?(\[[^\]]+\]|[^:]+)(?::(\d+))?$/i

/** Splits `[proto:]host[:port]`; throws ListenError when it is none. */
export function splitAddress(text: string): { proto: string; host: string; port: number } {
  const found = ADDRESS.exec(text.trim())
  if (found === null) throw new ListenError(`bad address ${text}: [proto:]host[:port] is expected`)
  const proto = (found[1] ?? '').toLowerCase()
  return {
    proto: proto === 'any' || proto === '*' ? '' : proto,
    host: found[2]!,
    port: Number(found[3] ?? 0),
  }
}

/** Addresses of a host name, an interface name or an address. */
async function addressesOf(host: string, withIpv6: boolean): Promise<string[]> {
  if (familyOf(host) !== 0) return [checked(withoutBrackets(host))]
  const device = networkInterfaces()[host]
  if (device !== undefined) return device.filter(a => isWanted(a, withIpv6)).map(a => a.address)
  const found = await lookup(host, { all: true }).catch(() => [])
  if (found.length === 0)
    throw new ListenError(`cannot listen on ${host}: no such interface or host name`)
  return found.map(a => a.address)
}

/** Throws ListenError for an address that cannot be listened on. */
function checked(address: string): string {
  // It means another host on each link, and no Via can say which link.
  if (isLinkLocal(address))
    throw new ListenError(
      `cannot listen on ${address}: a link-local address; give a global or a unique local one`,
    )
  return address
}

const isLinkLocal = (address: string): boolean => /^fe[89ab][0-9a-f]:/i.test(address)
const isMulticast = (address: string): boolean =>
  familyOf(address) === AF_INET6 ? /^ff/i.test(address) : /^2(2[4-9]|3\d)\./.test(address)

/** IPv4 always, IPv6 with auto_bind_ipv6. */
const isWanted = ({ family, address }: NetworkInterfaceInfo, withIpv6: boolean): boolean =>
  family === 'IPv4' || (withIpv6 && !isLinkLocal(address))

/**
 * Every local IPv4 address (and IPv6 with auto_bind_ipv6), as Kamailio listens when nothing is
 * said.
 */
function allAddresses(withIpv6: boolean): string[] {
  return Object.values(networkInterfaces())
    .flatMap(list => list ?? [])
    .filter(a => isWanted(a, withIpv6))
    .map(a => a.address)
}

export interface ListenChoices {
  readonly disableTcp: boolean
  /** enable_tls: without it lines for TLS are passed over, as in Kamailio. */
  readonly tls: boolean
  readonly port: number
  readonly tlsPort: number
  readonly autoBindIpv6: boolean
  /** advertised_address and advertised_port. */
  readonly via: Told
  /** Told in a sentence what of the lines is passed over. */
  readonly passedOver: (text: string) => void
}

/** The sockets that the lines ask for, in their order, each once. */
export async function socketsOf(
  lines: readonly ListenLine[],
  choices: ListenChoices,
): Promise<SocketInfo[]> {
  const wanted: readonly ListenLine[] =
    lines.length > 0
      ? lines
      : allAddresses(choices.autoBindIpv6).map(host => ({
          proto: '',
          host,
          port: 0,
          advertise: null,
          name: '',
          virtual: false,
        }))
  const sockets: SocketInfo[] = []
  const sctp = wanted.find(line => protoNumber(line.proto) === SCTP)
  if (sctp !== undefined) {
    throw new ListenError(
      `cannot listen on sctp:${sctp.host}: there is no SCTP here; use tcp or tls`,
    )
  }
  // UDP sockets come first, as they are in Kamailio's lists.
  for (const proto of [UDP, TCP, TLS]) {
    for (const line of wanted) {
      if (line.proto !== '' && protoNumber(line.proto) !== proto) continue
      if (choices.disableTcp && proto !== UDP) continue
      if (!choices.tls && proto === TLS) {
        if (line.proto !== '') choices.passedOver(`not listening on tls:${line.host}: ${NO_TLS}`)
        continue
      }
      for (const address of await addressesOf(line.host, choices.autoBindIpv6)) {
        const port = portOf(line, proto, choices)
        if (isMulticast(address)) {
          if (proto === UDP) choices.passedOver(`not listening on ${address}: ${NO_MULTICAST}`)
          continue
        }
        if (sockets.some(s => s.proto === proto && s.address === address && s.port === port))
          continue
        const { advertise, name, virtual } = line
        const given = { host: nameIn(line), virtual }
        sockets.push(socketInfo(proto, address, port, advertise, name, choices.via, given))
      }
    }
  }
  return sockets
}

/** The host name of a line; null for an address or an interface. */
const nameIn = ({ host }: ListenLine): string | null =>
  familyOf(host) === 0 && networkInterfaces()[host] === undefined ? host : null

const NO_TLS = 'TLS is off, enable_tls=yes is missing'
const NO_MULTICAST = 'multicast is not supported, requests to it are not heard'

function portOf(line: ListenLine, proto: number, choices: ListenChoices): number {
  if (proto !== TLS) return line.port || choices.port
  if (line.port === 0) return choices.tlsPort
  // A line for all transports names one port: TLS takes the next one.
  return line.proto === '' ? line.port + 1 : line.port
}

interface SocketName {
  readonly proto: number
  readonly host: string
  readonly port: number
}

/** Host names of listen lines: they mean us as their addresses do. */
export function namesInLines(
  lines: readonly ListenLine[],
  sockets: readonly SocketInfo[],
): SocketName[] {
  const names = new Set(lines.flatMap(line => nameIn(line)?.toLowerCase() ?? []))
  const ports = new Set(sockets.map(({ port }) => port))
  return [...names].flatMap(host => [...ports].map(port => ({ proto: 0, host, port })))
}

/** How long a name server may take to tell what we are called. */
const NAMES_WITHIN_MS = 1000

/** Names of this host that mean us (auto_aliases): of each address, what it resolves to. */
export async function automaticAliases(sockets: readonly SocketInfo[]): Promise<SocketName[]> {
  const addresses = [...new Set(sockets.map(({ address }) => address))]
  const names = new Map<string, string>()
  const late = AbortSignal.timeout(NAMES_WITHIN_MS)
  const tooLate = new Promise<null>(resolve => late.addEventListener('abort', () => resolve(null)))
  await Promise.all(
    addresses.map(async address => {
      const found = await Promise.race([nameOf(address), tooLate])
      if (found !== null) names.set(address, found)
    }),
  )
  return sockets
    .filter(({ address }) => names.has(address))
    .map(({ proto, address, port }) => ({ proto, host: names.get(address)!, port }))
}

/** What an address is called, null when it has no name of its own. */
async function nameOf(address: string): Promise<string | null> {
  if (address === '127.0.0.1' || address === '::1') return 'localhost'
  if (isAnyAddress(address) || address.startsWith('127.')) return null
  const { hostname } = await lookupService(address, 0).catch(() => ({ hostname: address }))
  return familyOf(hostname) === 0 ? hostname.toLowerCase() : null
}

/** A listening socket in the words of its line: `udp: 127.0.0.1:5060 name inner advertise ...`. */
export function socketText(proto: string, s: SocketInfo): string {
  const address = s.family === AF_INET6 ? inBrackets(s.address) : canonical(s.address)
  const host = s.givenHost === s.address ? address : `${s.givenHost} [${s.address}]`
  const virtual = s.virtual ? ' virtual' : ''
  const named = s.name === '' ? '' : ` name ${s.name}`
  const isAdvertised = s.advertisedHost !== s.host || s.advertisedPort !== s.port
  const told = isAdvertised ? ` advertise ${s.advertisedHost}:${s.advertisedPort}` : ''
  return `${proto}: ${host}:${s.port}${virtual}${named}${told}`
}
