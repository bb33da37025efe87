/** What connections take from the core parameters. */
import type { Socket } from 'node:net'
import { canonical, inBrackets } from '../lib/ip.ts'
import type { Connection } from './connection.ts'
import type { SocketParams } from './kernel.ts'

/**
 * What of the tcp_* parameters the connections obey; live, so read at each use. Seconds and bytes
 * as Kamailio's.
 */
export interface TcpLimits extends SocketParams {
  readonly tcp_connect_timeout: number
  readonly tcp_connection_lifetime: number
  readonly tcp_conn_wq_max: number
  readonly tcp_rd_buf_size: number
  readonly tcp_accept_no_cl: number
  readonly tcp_crlf_ping: number
  readonly tcp_no_connect: number
  readonly tcp_max_connections: number
  readonly tls_max_connections: number
  readonly tcp_accept_iplimit: number
  readonly tcp_send_timeout: number
  readonly tcp_wq_max: number
  readonly tcp_source_ipv4: string
  readonly tcp_source_ipv6: string
  readonly tcp_connection_match: number
  readonly tcp_accept_unique: number
  readonly tcp_msg_read_timeout: number
  readonly tcp_listen_backlog: number
  readonly tcp_accept_haproxy: number
  readonly tcp_wait_data: number
  readonly tcp_reuse_port: number
}

/**
 * Bytes that may wait for a connection to be opened, a TLS handshake included, at least. Kamailio
 * has tcp_conn_wq_max, for TLS con_ct_wq_max of tls, and processes that open it while others read;
 * our one loop opens it between two readings, and what those brought has to wait that long.
 */
const OPENING_QUEUE = 1024 * 1024

/**
 * May so many bytes more wait for this connection, which has not sent all? `handshakeQueue` is what
 * TLS allows beside, `waiting` counts what waits for all of them.
 */
export function hasRoom(
  c: Connection,
  more: number,
  limits: TcpLimits,
  handshakeQueue: number,
  waiting: () => number,
): boolean {
  // Nobody holds it back: it is still being enciphered, which ends with the turn.
  if (c.state === 'established' && !c.isHeldBack) return c.waiting + more <= limits.tcp_wq_max
  const own = limits.tcp_conn_wq_max
  const most = c.isNew ? Math.max(OPENING_QUEUE, own + handshakeQueue) : own
  return c.waiting + more <= most && waiting() + more <= limits.tcp_wq_max
}

export const queueFull = (c: Connection): string =>
  `the send queue of ${inBrackets(c.remoteIp)}:${c.remotePort} is full, ${c.waiting} bytes wait`

/** Why no further connection may be open, '' when one may; `secured` counts those of TLS. */
export function tooMany(open: number, secured: number, limits: TcpLimits): string {
  const { tcp_max_connections, tls_max_connections } = limits
  if (open >= tcp_max_connections)
    return `maximum number of connections exceeded: ${open}/${tcp_max_connections}`
  if (secured >= tls_max_connections)
    return `maximum number of tls connections exceeded: ${secured}/${tls_max_connections}`
  return ''
}

/** Has the address of the peer opened as many as one may (tcp_accept_iplimit)? */
export function hasMany(
  { remoteAddress = '' }: Socket,
  open: ReadonlyMap<number, Connection>,
  { tcp_accept_iplimit: limit }: TcpLimits,
): boolean {
  // Nobody can have more than there are.
  if (limit <= 0 || open.size < limit) return false
  const peer = canonical(remoteAddress)
  let count = 0
  for (const { passive, remoteIp } of open.values()) if (passive && remoteIp === peer) count++
  return count >= limit
}
