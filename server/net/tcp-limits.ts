/** What connections take from the core parameters. */
import type { Socket } from 'node:net'
import { canonical } from '../lib/ip.ts'
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
  readonly tcp_reuse_port: number
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
