/** `$tls_version`, `$tls_peer_subject_cn` and their kin. */
import type { TLSSocket } from 'node:tls'
import type { X509Certificate } from 'node:crypto'
import { type Pvar, type PvValue, keyed, variable } from '../../core/module.ts'
import type { SipMessage } from '../../sip/message.ts'
import { certificateValue, oneLine } from './certificate.ts'
import { cipherBits, cipherDescription } from './cipher-text.ts'
import type { Tls } from './tls.ts'

const socketOf = (self: Tls, msg: SipMessage): TLSSocket | null =>
  (self.connectionOf(msg)?.socket as TLSSocket | undefined) ?? null

/** A variable that is null for messages that came by another transport. */
const ofSocket = (doc: string, read: (socket: TLSSocket) => PvValue): Pvar<Tls> =>
  variable({
    doc,
    get: (self: Tls, msg) => {
      const socket = socketOf(self, msg)
      return socket === null ? null : read(socket)
    },
  })

const peerOf = (socket: TLSSocket): X509Certificate | undefined => socket.getPeerX509Certificate()
const ownOf = (socket: TLSSocket): X509Certificate | undefined => socket.getX509Certificate()

const NAME_PARTS = ['cn', 'locality', 'country', 'state', 'organization', 'unit']
const CERTIFICATE_NAMES = [
  ...['version', 'serial', 'subject', 'issuer', 'raw_cert', 'urlencoded_cert'],
  ...NAME_PARTS.flatMap(part => [`subject_${part}`, `issuer_${part}`]),
  ...['subject_uid', 'san_email', 'san_hostname', 'san_uri', 'san_ip'],
]

function certificateVariables(
  side: 'peer' | 'my',
  whose: (socket: TLSSocket) => X509Certificate | undefined,
  names: readonly string[],
): Record<string, Pvar<Tls>> {
  const owner = side === 'peer' ? "the peer's certificate" : 'our own certificate'
  return Object.fromEntries(
    names.map(name => [
      `tls_${side}_${name}`,
      ofSocket(`${name} of ${owner}.`, socket => {
        const certificate = whose(socket)
        return certificate === undefined ? null : certificateValue(certificate, name)
      }),
    ]),
  )
}

/** 1 or 0 of the peer's certificate; null when it has shown none. */
const verdict = (doc: string, holds: (socket: TLSSocket, error: string) => boolean): Pvar<Tls> =>
  ofSocket(doc, socket =>
    peerOf(socket) === undefined
      ? null
      : Number(holds(socket, String(socket.authorizationError ?? ''))),
  )

const LINES: Record<string, (socket: TLSSocket) => string | undefined> = {
  m_issuer_line: socket => ownOf(socket)?.issuer,
  m_subject_line: socket => ownOf(socket)?.subject,
  p_issuer_line: socket => peerOf(socket)?.issuer,
  p_subject_line: socket => peerOf(socket)?.subject,
}

export const variables: Record<string, Pvar<Tls>> = {
  tls_version: ofSocket('Version of the protocol.', socket => socket.getProtocol()),
  tls_description: ofSocket('The cipher suite as OpenSSL describes it.', socket => {
    const { name, version } = socket.getCipher()
    return cipherDescription(name, version)
  }),
  tls_cipher_info: ofSocket('Name of the cipher suite.', socket => socket.getCipher().name),
  tls_cipher_bits: ofSocket('Bits of its key.', socket =>
    String(cipherBits(socket.getCipher().name)),
  ),
  ...certificateVariables('peer', peerOf, [...CERTIFICATE_NAMES, 'notBefore', 'notAfter']),
  ...certificateVariables('my', ownOf, CERTIFICATE_NAMES),
  tls_peer_verified: verdict('Is the certificate of the peer good?', socket => socket.authorized),
  tls_peer_revoked: verdict('Is it revoked?', (_s, error) => error === 'CERT_REVOKED'),
  tls_peer_expired: verdict('Has it expired?', (_s, error) => error === 'CERT_HAS_EXPIRED'),
  tls_peer_selfsigned: verdict('Is it its own authority?', (_s, error) =>
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN'].includes(error),
  ),
  tls_peer_server_name: ofSocket(
    'The name that the client asked for (SNI).',
    socket => socket.servername || null,
  ),
  tls: keyed({
    doc: 'Names on one line: m_issuer_line m_subject_line p_issuer_line p_subject_line.',
    get: (self: Tls, msg, key: string) => {
      const socket = socketOf(self, msg)
      const name = socket === null ? undefined : LINES[key]?.(socket)
      return name === undefined ? null : oneLine(name)
    },
  }),
}
