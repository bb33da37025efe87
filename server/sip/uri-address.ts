/** Our own address as Record-Route and Path write it. */
import { inBrackets } from '../lib/ip.ts'
import { protoName, type SocketInfo, UDP } from './transport.ts'

/** The port that is left out. */
const DEFAULT_PORT = 5060

/**
 * `host:port;transport=tcp;sn=name`: what peers are told of a socket. `host` and `port` stand for
 * its own when they are not '' (set_advertised_address); `named`: with the name of the socket.
 */
export function uriAddress(socket: SocketInfo, host: string, port: string, named: boolean): string {
  let text = host === '' ? socket.advertisedHost : inBrackets(host)
  const number = port === '' ? socket.advertisedPort : Number(port)
  if (number !== DEFAULT_PORT) text += `:${number}`
  if (socket.proto !== UDP) text += `;transport=${protoName(socket.proto)}`
  return named && socket.name !== '' ? `${text};sn=${socket.name}` : text
}
