/** What the transport asks of whoever holds keys, certificates and the rules for them. */
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { SocketInfo } from '../sip/transport.ts'
import type { Connection } from './connection.ts'

export interface TlsAuthority {
  /** Begins the handshake with a peer that has connected to this socket; `secure` ends it. */
  accept(info: SocketInfo, plain: Socket): TLSSocket
  /** Begins the handshake with the peer at that address; `secureConnect` ends it. */
  connect(info: SocketInfo, ip: string, port: number, plain: Socket): TLSSocket
  /** Bytes that may wait for a handshake beside those of tcp_conn_wq_max (con_ct_wq_max). */
  readonly handshakeQueue: number
  /** Seconds without use until a connection is closed (connection_timeout). */
  readonly lifetime: number
  /** After the handshake: null, or why the peer may not speak. */
  refuse(connection: Connection): string | null
}
