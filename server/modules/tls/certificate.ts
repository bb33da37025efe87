/** What the variables and selects tell of a certificate, as Kamailio prints it. */
import type { X509Certificate } from 'node:crypto'

/** Fields of a name by the word in Kamailio's variables. */
const FIELDS: Record<string, string> = {
  cn: 'CN',
  locality: 'L',
  country: 'C',
  state: 'ST',
  organization: 'O',
  unit: 'OU',
  uid: 'UID',
}

/** `/C=US/O=Acme/CN=x`: a subject or issuer on one line. */
export const oneLine = (name: string): string =>
  name
    .split('\n')
    .map(field => `/${field}`)
    .join('')

/** One field of a name, null when it has none. */
function fieldOf(name: string, word: string): string | null {
  const key = `${FIELDS[word]}=`
  const line = name.split('\n').find(one => one.startsWith(key))
  return line === undefined ? null : line.slice(key.length)
}

const SAN_KINDS: Record<string, string> = {
  email: 'email',
  hostname: 'DNS',
  uri: 'URI',
  ip: 'IP Address',
}

/** The first alternative name of this kind. */
function alternativeName(certificate: X509Certificate, word: string): string | null {
  const key = `${SAN_KINDS[word]}:`
  const names = certificate.subjectAltName?.split(', ') ?? []
  return names.find(one => one.startsWith(key))?.slice(key.length) ?? null
}

/** X.509 counts versions from 0 in the certificate: 2 is version 3. */
function versionOf(certificate: X509Certificate): string {
  // Certificate and TBSCertificate are sequences with lengths of up to four bytes; [0] holds the
  // version, where it is not the first one.
  const der = certificate.raw
  const skip = (at: number): number => at + 2 + (der[at + 1]! > 0x80 ? der[at + 1]! & 0x7f : 0)
  const tbs = skip(skip(0))
  return String(der[tbs] === 0xa0 ? der[tbs + 4]! : 0)
}

/** Everything but letters, digits and `_.-`, as %xx. */
const urlEncoded = (text: string): string =>
  text.replace(/[^A-Za-z0-9_.-]/g, mark => `%${mark.charCodeAt(0).toString(16).padStart(2, '0')}`)

const VALUES: Record<string, (certificate: X509Certificate) => string | null> = {
  version: versionOf,
  serial: ({ serialNumber }) => BigInt(`0x${serialNumber}`).toString(),
  raw_cert: String,
  urlencoded_cert: certificate => urlEncoded(String(certificate)),
  notBefore: ({ validFrom }) => validFrom,
  notAfter: ({ validTo }) => validTo,
}

/**
 * The value behind `$tls_peer_NAME` or `$tls_my_NAME`. `subject` and `issuer` alone are null, as
 * they are in Kamailio.
 */
export function certificateValue(certificate: X509Certificate, name: string): string | null {
  const plain = VALUES[name]
  if (plain !== undefined) return plain(certificate)
  const [side, word] = name.split('_') as [string, string | undefined]
  if (word === undefined) return null
  if (side === 'san') return alternativeName(certificate, word)
  return fieldOf(side === 'subject' ? certificate.subject : certificate.issuer, word)
}
