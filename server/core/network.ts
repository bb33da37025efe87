/** Sending, as modules see it: the transport layer stands behind it. */
import type { Connection } from '../net/connection.ts'
import type { Places, Resolved } from '../net/dns/dns.ts'
import type { TlsAuthority } from '../net/tls.ts'
import type { UpgradeRequest } from '../net/websocket.ts'
import type { Destination, SocketInfo } from '../sip/transport.ts'
import type { DepartureHook } from './hooks.ts'

export type { Connection, Places, Resolved, TlsAuthority, UpgradeRequest }

export interface Network {
  /**
   * Sends `text` (a byte string). False when it cannot leave at once: no socket of that family and
   * transport, or no connection and none may be opened. Later failures of a connection are reported
   * to `onSendError`.
   */
  send(text: string, destination: Destination): boolean
  /**
   * The address of a host name by RFC 3263 without waiting when it is an IP address or cached: then
   * `done` runs before this returns. `port` 0 and `proto` 0 mean "not given"; `secure`: the URI is
   * a sips one. `done` gets null when the name does not resolve; what it gets else says where to go
   * when that place fails (`more`).
   */
  resolve(
    host: string,
    port: number,
    proto: number,
    secure: boolean,
    done: (to: Resolved | null) => void,
  ): void
  /** The connections; null where there are none but datagrams. */
  readonly streams: Streams | null
  /** The socket of ours from which this transport reaches that address, null when we have none. */
  socketFor(proto: number, ip: string): SocketInfo | null
  /** The one from whose address the kernel would send there, null when that is none of ours. */
  socketTowards(proto: number, ip: string): SocketInfo | null
  /**
   * Called before anything leaves, once for all that leaves together: what must be on disk by then
   * is written. False: it could not be, and what is about to leave is withheld. Null in most nodes.
   */
  beforeLeaving: (() => boolean) | null
  /** May put another text in the place of one that is about to leave; null in most nodes. */
  beforeSend: ((text: string, to: Destination) => string) | null
  /** What leaves as only those on the wire are to see it (topology hiding); null in most nodes. */
  departures: readonly DepartureHook[] | null
  /**
   * Called when a connection could not be opened or broke while something was queued for it, and
   * when a datagram came back as undeliverable: `quoted` is how that began, else ''. `refused`
   * tells that it has not left at all: the kernel did not take it.
   */
  onSendError: ((destination: Destination, quoted: string, refused?: boolean) => void) | null
}

/** Connections of TCP and TLS, and WebSockets over them. */
export interface Streams {
  /** The open one with this number, null when it is gone. */
  connection(id: number): Connection | null
  connections(): Connection[]
  /** Answers a WebSocket handshake that came in over this connection (RFC 7118). */
  upgrade(connection: number, request: UpgradeRequest): boolean
  /** Requests to this port of the peer use the connection, too (RFC 5923). */
  addAlias(connection: number, port: number): boolean
  /** Who holds the certificates; without one TLS connections are refused. */
  authority: TlsAuthority | null
  /** Each is called with a connection that ended. */
  readonly onClosed: ((connection: Connection) => void)[]
}
