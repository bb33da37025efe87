/** Sending, as modules see it: the transport layer stands behind it. */
import type { Resolved } from '../net/resolver.ts'
import type { Destination, SocketInfo } from '../sip/transport.ts'

export type { Resolved }

export interface Network {
  /**
   * Sends `text` (a byte string). False when it cannot leave at once: no socket of that family and
   * transport, or no connection and none may be opened. Later failures of a connection are reported
   * to `onSendError`.
   */
  send(text: string, destination: Destination): boolean
  /**
   * The address of a host name by RFC 3263 without waiting when it is an IP address or cached: then
   * `done` runs before this returns. `port` 0 and `proto` 0 mean "not given". `done` gets null when
   * the name does not resolve.
   */
  resolve(
    host: string,
    port: number,
    proto: number,
    secure: boolean,
    done: (to: Resolved | null) => void,
  ): void
  /** The socket of ours from which this transport reaches that address, null when we have none. */
  socketFor(proto: number, ip: string): SocketInfo | null
  /** Called when a connection could not be opened or broke while something was queued for it. */
  onSendError: ((destination: Destination) => void) | null
}
