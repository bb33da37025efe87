/** What a message came through or goes out by. Plain data: the net layer makes them, everything else reads them. */
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
  /** `name "x"` of the listen line, else ''. */
  readonly name: string
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
}
