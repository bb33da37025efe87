/** Our sockets as rows of the database and RPC replies name them: `udp:127.0.0.1:5060`. */
import { protoName, type SocketInfo } from '../../sip/transport.ts'

export const socketText = ({ proto, host, port }: SocketInfo): string =>
  `${protoName(proto)}:${host}:${port}`

/** null when it is none of ours. */
export const socketOf = (sockets: readonly SocketInfo[], text: string): SocketInfo | null =>
  sockets.find(socket => socketText(socket) === text) ?? null
