/** The handshake of TLS connections; what to prove and to ask for is the authority's to say. */
import type { Socket } from 'node:net'
import { connect, type ConnectionOptions, TLSSocket, type TLSSocketOptions } from 'node:tls'
import type { SocketInfo } from '../sip/transport.ts'
import type { Connection } from './connection.ts'

/** Whoever holds keys, certificates and rules for them (the module tls). */
export interface TlsAuthority {
  /** For a connection that came in on this socket. */
  server(info: SocketInfo): TLSSocketOptions
  /** For a connection from this socket to that address. */
  client(info: SocketInfo, ip: string, port: number): ConnectionOptions
  /** After the handshake: null, or why the peer may not speak. */
  refuse(connection: Connection): string | null
}

export function acceptSecure(authority: TlsAuthority, plain: Socket, info: SocketInfo): TLSSocket {
  return new TLSSocket(plain, {
    ...authority.server(info),
    isServer: true,
    // The authority judges, not the library: with its rules come texts for the log.
    rejectUnauthorized: false,
  })
}

export function openSecure(
  authority: TlsAuthority,
  plain: Socket,
  info: SocketInfo,
  ip: string,
  port: number,
): TLSSocket {
  return connect({
    ...authority.client(info, ip, port),
    socket: plain,
    rejectUnauthorized: false,
  })
}
