/**
 * What a message came through or goes out by. Plain data: the net layer makes them, everything else
 * reads them.
 */
import { inBrackets, written } from '../lib/ip.ts'

export const UDP = 1
export const TCP = 2
export const TLS = 3
export const SCTP = 4
export const WS = 5
export const WSS = 6

const LOWER = ['none', 'udp', 'tcp', 'tls', 'sctp', 'ws', 'wss']
const UPPER = ['NONE', 'UDP', 'TCP', 'TLS', 'SCTP', 'WS', 'WSS']

/** `udp`, `tcp` ... as in a URI parameter. */
export const protoName = (proto: number): string => LOWER[proto] ?? 'none'
/** `UDP`, `TCP` ... as in a Via. */
export const protoNameUpper = (proto: number): string => UPPER[proto] ?? 'NONE'

/** The number of a transport name in any case, 0 when unknown. */
export function protoNumber(name: string): number {
  const index = LOWER.indexOf(name.length <= 4 ? name.toLowerCase() : '')
  return index > 0 ? index : 0
}

/** What a transport runs over: WebSocket over TCP, secure WebSocket over TLS (RFC 7118). */
export const carrierOf = (proto: number): number =>
  proto === WS ? TCP : proto === WSS ? TLS : proto

/** One of our own sockets, as a config, a Via or a Record-Route names it. */
export interface SocketInfo {
  readonly proto: number
  /** The address without brackets. */
  readonly address: string
  /** The address as it is written in headers: IPv6 in brackets. */
  readonly host: string
  readonly port: number
  /** AF_INET or AF_INET6. */
  readonly family: number
  /** What peers are told instead, when the config says so (listen ... advertise). */
  readonly advertisedHost: string
  readonly advertisedPort: number
  /** What our Via names: the advertised address, or the one of the core parameter for all Vias. */
  readonly viaHost: string
  readonly viaPort: number
  /** `name "x"` of the listen line, else ''. */
  readonly name: string
  /** The host name that the listen line gives; the address where it gives none. */
  readonly givenHost: string
  /** `virtual` on the listen line: it means us only while this host has the address. */
  readonly virtual: boolean
  /**
   * The Via header line up to its branch value: made once, because every request that leaves needs
   * it.
   */
  readonly viaPrefix: string
}

/** An address that peers are told: '' and 0 leave a part as it is. */
export interface Told {
  readonly host: string
  readonly port: number
}

/** What a listen line says beside the address: null for a host that was given by its address. */
export interface Given {
  readonly host: string | null
  readonly virtual: boolean
}

/**
 * A socket as its listen line gives it; `advertised` is null when peers are told the address
 * itself, `via` is what all our Vias name instead.
 */
export function socketInfo(
  proto: number,
  address: string,
  port: number,
  advertised: Told | null,
  name: string,
  via: Told | null = null,
  given: Given | null = null,
): SocketInfo {
  const host = inBrackets(written(address))
  const advertisedHost = advertised === null ? host : advertised.host
  const advertisedPort = advertised === null || advertised.port === 0 ? port : advertised.port
  const viaHost = via === null || via.host === '' ? advertisedHost : via.host
  const viaPort = via === null || via.port === 0 ? advertisedPort : via.port
  return {
    proto,
    address,
    host,
    port,
    advertisedHost,
    advertisedPort,
    viaHost,
    viaPort,
    name,
    givenHost: given?.host ?? address,
    virtual: given?.virtual ?? false,
    family: address.includes(':') ? 10 : 2,
    viaPrefix: viaPrefix(proto, viaHost, String(viaPort)),
  }
}

/** `Via: SIP/2.0/UDP host:port;branch=`; the default port is left out. */
export function viaPrefix(proto: number, host: string, port: string): string {
  const sentBy = port === (proto === TLS ? '5061' : '5060') ? host : `${host}:${port}`
  return `Via: SIP/2.0/${protoNameUpper(proto)} ${sentBy};branch=`
}

/** Where a message came from, filled once by the transport. */
export interface Received {
  readonly proto: number
  readonly srcIp: string
  readonly srcPort: number
  readonly dstIp: string
  readonly dstPort: number
  readonly socket: SocketInfo
  /** Number of the connection it came by, 0 for datagrams. */
  readonly connection: number
}

/** Where a message is to go. */
export interface Destination {
  proto: number
  ip: string
  port: number
  /** The connection to reuse if it is still there, 0 for none. */
  connection: number
  /** Which of our sockets to send from, null to let the transport choose. */
  socket: SocketInfo | null
  /**
   * True: use a connection that is there, but open none (set_forward_no_connect,
   * set_reply_no_connect).
   */
  noConnect?: boolean
  /** True: close the connection once this has been sent (set_reply_close). */
  closeAfter?: boolean
}
