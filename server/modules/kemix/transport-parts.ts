/** Where the message came from, where it arrived, and from where it will leave. */
import { inBrackets } from '../../lib/ip.ts'
import { protoName, type SocketInfo, UDP } from '../../sip/transport.ts'
import { number, orNull, part, type Rows } from './rows.ts'

const socketText = ({ proto, host, port }: SocketInfo): string =>
  `${protoName(proto)}:${host}:${port}`

export const transportParts: Rows = {
  ...part('srcip', 'The address that it came from', msg => msg.received.srcIp),
  ...part('srcport', 'The port that it came from', msg => msg.received.srcPort),
  ...part('srcuri', 'Where it came from, as a URI', ({ received }) => {
    const transport = received.proto === UDP ? '' : `;transport=${protoName(received.proto)}`
    return `sip:${inBrackets(received.srcIp)}:${received.srcPort}${transport}`
  }),
  ...part(
    'srcaddr_sock',
    'Where it came from, as proto:address:port',
    ({ received: { proto, srcIp, srcPort } }) =>
      `${protoName(proto)}:${inBrackets(srcIp)}:${srcPort}`,
  ),
  ...part('proto', 'The transport that it came by', msg => protoName(msg.received.proto)),
  ...number('protoid', 'The transport that it came by, as a number', msg => msg.received.proto),
  ...number('conid', 'The connection that it came by, -1 for datagrams', msg =>
    msg.received.connection === 0 ? -1 : msg.received.connection,
  ),
  ...part('rcvip', 'The address that it arrived at', msg => msg.received.socket.address),
  ...part('rcvport', 'The port that it arrived at', msg => msg.received.socket.port),
  ...part('rcvaddr_sock', 'The socket that it arrived at, as proto:address:port', msg =>
    socketText(msg.received.socket),
  ),
  ...part('rcv_sock_name', 'The name of the socket that it arrived at', msg =>
    orNull(msg.received.socket.name),
  ),
  ...part(
    'rcvadvip',
    'The address that this socket advertises',
    msg => msg.received.socket.advertisedHost,
  ),
  ...part(
    'rcvadvport',
    'The port that this socket advertises',
    msg => msg.received.socket.advertisedPort,
  ),
  ...part('send_sock', 'The socket that it is to leave from, as proto:address:port', msg =>
    msg.forceSocket === null ? null : socketText(msg.forceSocket),
  ),
  ...part('send_sock_name', 'The name of the socket that it is to leave from', msg =>
    orNull(msg.forceSocket?.name),
  ),
  ...number(
    'send_sock_port',
    'The port that it is to leave from, 0 when none was chosen',
    msg => msg.forceSocket?.port ?? 0,
  ),
}
