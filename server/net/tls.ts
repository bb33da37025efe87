/** What the transport asks of whoever holds keys, certificates and the rules for them. */
import type { ConnectionOptions, Server } from 'node:tls'
import type { SocketInfo } from '../sip/transport.ts'
import type { Connection } from './connection.ts'

export interface TlsAuthority {
  /**
   * Shakes hands on connections that came in on this socket: they are given to it as `connection`
   * events, it never listens itself. Another one after a reload.
   */
  server(info: SocketInfo): Server
  /** For a connection from this socket to that address. */
  client(info: SocketInfo, ip: string, port: number): ConnectionOptions
  /** Bytes that may wait for a handshake beside those of tcp_conn_wq_max (con_ct_wq_max). */
  readonly handshakeQueue: number
  /** After the handshake: null, or why the peer may not speak. */
  refuse(connection: Connection): string | null
}
