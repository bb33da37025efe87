/** `$tls_version`, `$tls_peer_subject_cn` and their kin. */
import type { TLSSocket } from 'node:tls'
import type { X509Certificate } from 'node:crypto'
import { type Pvar, type PvValue, keyed, variable } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { certificateField, connectionValue, peerCheck } from './api.ts'
import { oneLine } from './certificate.ts'
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
  names: readonly string[],
): Record<string, Pvar<Tls>> {
  const owner = side === 'peer' ? "the peer's certificate" : 'our own certificate'
  return Object.fromEntries(
    names.map(name => [
      `tls_${side}_${name}`,
      ofSocket(`${name} of ${owner}.`, socket => certificateField(socket, side, name)),
    ]),
  )
}

/** 1 or 0 of the peer's certificate; 0 when it has shown none, as in Kamailio. */
const verdict = (doc: string, name: string): Pvar<Tls> =>
  ofSocket(doc, socket => Number(peerCheck(socket, name) ?? false))

const LINES: Record<string, (socket: TLSSocket) => string | undefined> = {
  m_issuer_line: socket => ownOf(socket)?.issuer,
  m_subject_line: socket => ownOf(socket)?.subject,
  p_issuer_line: socket => peerOf(socket)?.issuer,
  p_subject_line: socket => peerOf(socket)?.subject,
}

export const variables: Record<string, Pvar<Tls>> = {
  tls_version: ofSocket('Version of the protocol.', socket => connectionValue(socket, 'version')),
  tls_description: ofSocket('The cipher suite as OpenSSL describes it.', socket =>
    connectionValue(socket, 'description'),
  ),
  tls_cipher_info: ofSocket('Name of the cipher suite.', socket =>
    connectionValue(socket, 'cipher'),
  ),
  tls_cipher_bits: ofSocket('Bits of its key.', socket => connectionValue(socket, 'cipher_bits')),
  ...certificateVariables('peer', [...CERTIFICATE_NAMES, 'notBefore', 'notAfter']),
  ...certificateVariables('my', CERTIFICATE_NAMES),
  tls_peer_verified: verdict('Is the certificate of the peer good?', 'verified'),
  tls_peer_revoked: verdict('Is it revoked?', 'revoked'),
  tls_peer_expired: verdict('Has it expired?', 'expired'),
  tls_peer_selfsigned: verdict('Is it its own authority?', 'self_signed'),
  tls_peer_server_name: ofSocket('The name that the client asked for (SNI).', socket =>
    connectionValue(socket, 'server_name'),
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
