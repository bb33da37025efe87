/** @tls: the connection that a message came by, and the certificates on it. */
import type { TLSSocket } from 'node:tls'
import { TLS, WSS } from '../../../sip/transport.ts'
import { certificateField, connectionValue, isCheck, peerCheck } from '../../tls/api.ts'
import { branch, leaf, type Root, type Select } from './step.ts'

/** Null for messages that came by another transport, and when the connection is gone. */
const ofSocket =
  (read: (socket: TLSSocket) => string | null): Select =>
  (core, msg) => {
    const { proto, connection } = msg.received
    if (proto !== TLS && proto !== WSS) return null
    const found = core.network.streams?.connection(connection) ?? null
    return found === null ? null : read(found.socket as TLSSocket)
  }

const value = (name: string): Select => ofSocket(socket => connectionValue(socket, name))

/** All spellings of a name lead to the same. */
const spelled = (rows: readonly (readonly [string, Root])[]): Record<string, Root> =>
  Object.fromEntries(rows.flatMap(([names, root]) => names.split(' ').map(name => [name, root])))

/** Words of a path, and what they are called in the variables. */
const NAME_FIELDS = {
  'cn common_name commonName': 'cn',
  'l locality locality_name localityName': 'locality',
  'c country country_name countryName': 'country',
  'st state state_or_province_name stateOrProvinceName': 'state',
  'o organization organization_name organizationName': 'organization',
  'ou unit organizational_unit_name organizationalUnitName': 'unit',
  'uid uniqueIdentifier unique_identifier': 'uid',
}

const CERTIFICATE_FIELDS = {
  version: 'version',
  'sn serial serialNumber serial_number': 'serial',
  'notBefore not_before': 'notBefore',
  'notAfter not_after': 'notAfter',
  'rawCert raw_cert': 'raw_cert',
  'URLEncodedCert urlencoded_cert': 'urlencoded_cert',
  'email emailAddress email_address': 'san_email',
  'host hostname dns': 'san_hostname',
  'uri url': 'san_uri',
  'ip IPAddress ip_address': 'san_ip',
}

/** Only what the peer shows has been checked. */
const CHECKED = 'verified revoked expired self_signed'.split(' ').filter(isCheck)

function certificate(side: 'peer' | 'my'): Root {
  const field = (name: string): Root =>
    leaf(ofSocket(socket => certificateField(socket, side, name)))
  const fields = (names: Record<string, string>, prefix = ''): [string, Root][] =>
    Object.entries(names).map(([words, name]) => [words, field(prefix + name)])
  const party = (prefix: string): Root => branch(null, spelled(fields(NAME_FIELDS, prefix)))
  const check = (name: string): Root =>
    leaf(
      ofSocket(socket => {
        const found = side === 'peer' ? peerCheck(socket, name) : null
        return found === null ? null : String(Number(found))
      }),
    )
  return branch(
    null,
    spelled([
      ...fields(CERTIFICATE_FIELDS),
      ...CHECKED.map((name): [string, Root] => [name, check(name)]),
      ['subject', party('subject_')],
      ['issuer', party('issuer_')],
    ]),
  )
}

export const tlsSelects: Record<string, Root> = {
  tls: branch(
    null,
    spelled([
      ['version', leaf(value('version'))],
      ['desc description', leaf(value('description'))],
      ['cipher', branch(value('cipher'), { bits: leaf(value('cipher_bits')) })],
      ['server_name serverName', leaf(value('server_name'))],
      ['peer', certificate('peer')],
      ['my me myself', certificate('my')],
    ]),
  ),
}
