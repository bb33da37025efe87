/** What other modules ask of a secure connection: the values of `@tls` and of `$tls_...`. */
import type { TLSSocket } from 'node:tls'
import { certificateValue } from './certificate.ts'
import { cipherBits, cipherDescription } from './cipher-text.ts'

/** Values of the connection itself. */
const OF_SOCKET: Record<string, (socket: TLSSocket) => string | null> = {
  version: socket => socket.getProtocol(),
  description: socket => {
    const { name, version } = socket.getCipher()
    return cipherDescription(name, version)
  },
  cipher: socket => socket.getCipher().name,
  cipher_bits: socket => String(cipherBits(socket.getCipher().name)),
  server_name: socket => socket.servername || null,
}

/** What checking the peer's certificate has found: 1 or 0. */
const CHECKS: Record<string, (socket: TLSSocket, error: string) => boolean> = {
  verified: socket => socket.authorized,
  revoked: (_socket, error) => error === 'CERT_REVOKED',
  expired: (_socket, error) => error === 'CERT_HAS_EXPIRED',
  self_signed: (_socket, error) =>
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN'].includes(error),
}

export const isCheck = (name: string): boolean => Object.hasOwn(CHECKS, name)

export const connectionValue = (socket: TLSSocket, name: string): string | null =>
  OF_SOCKET[name]!(socket)

/** True, false, or null when the peer has shown no certificate. */
export const peerCheck = (socket: TLSSocket, name: string): boolean | null =>
  socket.getPeerX509Certificate() === undefined
    ? null
    : CHECKS[name]!(socket, String(socket.authorizationError ?? ''))

/** The value that `$tls_peer_NAME` or `$tls_my_NAME` has; null without a certificate. */
export function certificateField(
  socket: TLSSocket,
  side: 'peer' | 'my',
  name: string,
): string | null {
  const certificate =
    side === 'peer' ? socket.getPeerX509Certificate() : socket.getX509Certificate()
  return certificate === undefined ? null : certificateValue(certificate, name)
}
