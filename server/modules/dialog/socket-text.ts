/**
 * Our sockets as rows of the database and RPC replies name them: `udp:127.0.0.1:5060`. As in
 * Kamailio WebSockets have no socket of their own: what they run over is named.
 */
import { carrierOf, protoName, type SocketInfo } from '../../sip/transport.ts'

export const socketText = ({ proto, host, port }: SocketInfo): string =>
  `${protoName(carrierOf(proto))}:${host}:${port}`

/** null when it is none of ours. */
export const socketOf = (sockets: readonly SocketInfo[], text: string): SocketInfo | null =>
  sockets.find(socket => socketText(socket) === text) ?? null
