/** From `listen=`, `-l` and `alias=` lines to sockets and names. */
import { lookup } from 'node:dns/promises'
import { networkInterfaces } from 'node:os'
import { AF_INET6, canonical, familyOf, inBrackets, withoutBrackets } from '../lib/ip.ts'
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
async function addressesOf(host: string): Promise<string[]> {
  if (familyOf(host) !== 0) return [withoutBrackets(host)]
  const device = networkInterfaces()[host]
  if (device !== undefined)
    return device.filter(a => !a.internal || host === 'lo').map(a => a.address)
  const found = await lookup(host, { all: true }).catch(() => [])
  if (found.length === 0)
    throw new ListenError(`cannot listen on ${host}: no such interface or host name`)
  return found.map(a => a.address)
}

/**
 * Every local IPv4 address (and IPv6 with auto_bind_ipv6), as Kamailio listens when nothing is
 * said.
 */
function allAddresses(withIpv6: boolean): string[] {
  return Object.values(networkInterfaces())
    .flatMap(list => list ?? [])
    .filter(a => a.family === 'IPv4' || (withIpv6 && !a.address.startsWith('fe80:')))
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
      if (!choices.tls && proto === TLS) continue
      for (const address of await addressesOf(line.host)) {
        const port = portOf(line, proto, choices)
        if (sockets.some(s => s.proto === proto && s.address === address && s.port === port))
          continue
        sockets.push(socketInfo(proto, address, port, line.advertise, line.name, choices.via))
      }
    }
  }
  return sockets
}

function portOf(line: ListenLine, proto: number, choices: ListenChoices): number {
  if (proto !== TLS) return line.port || choices.port
  if (line.port === 0) return choices.tlsPort
  // A line for all transports names one port: TLS takes the next one.
  return line.proto === '' ? line.port + 1 : line.port
}

/** Names of this host that mean us (auto_aliases): of each address, what it resolves to. */
export function automaticAliases(
  sockets: readonly SocketInfo[],
): { proto: number; host: string; port: number }[] {
  return sockets
    .filter(s => s.address === '127.0.0.1' || s.address === '::1')
    .map(s => ({ proto: s.proto, host: 'localhost', port: s.port }))
}

/** What a listening socket is called in messages to people: `udp:127.0.0.1:5060`. */
export const socketText = (proto: string, s: SocketInfo): string =>
  `${proto}: ${s.family === AF_INET6 ? inBrackets(s.address) : canonical(s.address)}:${s.port}`
