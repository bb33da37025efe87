/**
 * A TLS domain (Kamailio's word for a profile): certificate, rules and protocol versions of the
 * connections that it is for.
 */
import { constants } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  createSecureContext,
  type SecureContext,
  type SecureContextOptions,
  type SecureVersion,
} from 'node:tls'
import { BadValue } from '../../core/module/index.ts'
import { failOnBadCertificates } from '../../net/openssl.ts'

/** OpenSSL resumes no session whose peer shows certificates without a name for what it is for. */
const SESSIONS = 'ohana'

export const DEFAULT = 'default'
export const ANY = 'any'

/** The attributes of a section of tls.cfg, under their names there. */
export interface ProfileSettings {
  method: string
  verify_certificate: boolean
  verify_depth: number
  require_certificate: boolean
  verify_client: string
  private_key: string
  certificate: string
  ca_list: string
  ca_path: string
  crl: string
  cipher_list: string
  server_name: string
  /** 0: the name itself, 1: and its subdomains, 2: the subdomains only. */
  server_name_mode: number
  server_id: string
}

export interface Profile extends Readonly<ProfileSettings> {
  readonly side: 'server' | 'client'
  /** An address, `default` or `any`. */
  readonly ip: string
  readonly port: number
  /** The contents of its files. */
  readonly options: SecureContextOptions
  readonly context: SecureContext
}

/** `TLSs<default>`, `TLSc<1.2.3.4:5061>`: what Kamailio calls a domain in its log. */
export function profileName({
  side,
  ip,
  port,
  server_name,
}: Omit<Profile, 'context' | 'options'>): string {
  const where = ip === DEFAULT ? ip : ip === ANY ? `any:${server_name}` : `${ip}:${port}`
  return `TLS${side === 'server' ? 's' : 'c'}<${where}>`
}

/** Does a peer that shows no certificate stay outside? */
export const mustShowCertificate = (one: ProfileSettings): boolean =>
  one.require_certificate || one.verify_client === 'on'

/** Must a certificate that is shown be good? Whoever says optional_no_ca takes any. */
export const wantsGoodCertificate = (one: ProfileSettings): boolean =>
  one.verify_client !== 'optional_no_ca' &&
  (one.verify_certificate || one.require_certificate || one.verify_client !== 'off')

export const asksForCertificate = (one: ProfileSettings): boolean =>
  one.verify_certificate || one.require_certificate || one.verify_client !== 'off'

const VERIFY_CLIENT: readonly string[] = ['off', 'on', 'optional', 'optional_no_ca']
const VERSIONS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const

/** Lowest and highest version of a `method`: `TLSv1.2` alone, `TLSv1.2+` and later. */
export function versionsOf(method: string): { min: SecureVersion; max: SecureVersion } {
  const name = method.replace(/\+$/, '')
  if (/^(any|sslv23)$/i.test(name)) return { min: 'TLSv1', max: 'TLSv1.3' }
  const asked = name.toLowerCase().replace(/^tlsv1\.0$/, 'tlsv1')
  const version = VERSIONS.find(one => one.toLowerCase() === asked)
  if (version === undefined) {
    throw new BadValue(
      `unknown TLS method ${method}`,
      `known are ${VERSIONS.map(one => `${one}, ${one}+`).join(', ')}, any`,
    )
  }
  return { min: version, max: method.endsWith('+') ? 'TLSv1.3' : version }
}

/**
 * Reads the files of a profile; throws BadValue that names the one that cannot be used. Sessions
 * are resumed with it only where `resumes` says so.
 */
export function makeProfile(
  side: Profile['side'],
  ip: string,
  port: number,
  settings: ProfileSettings,
  resumes = true,
): Profile {
  const { min, max } = versionsOf(settings.method)
  const verify_client = settings.verify_client.toLowerCase()
  const bare = { ...settings, verify_client, side, ip, port }
  const name = profileName(bare)
  if (!VERIFY_CLIENT.includes(verify_client)) {
    throw new BadValue(
      `${name}: unknown verify_client "${settings.verify_client}"`,
      `known are ${VERIFY_CLIENT.join(', ')}`,
    )
  }
  if (ip === ANY && settings.server_name === '')
    throw new BadValue(`${name}: tls domain for any address but no server name`)
  const read = (path: string, what: string): Buffer | undefined => {
    if (path === '') return undefined
    try {
      return readFileSync(path)
    } catch (error) {
      throw new BadValue(`${name}: Unable to load ${what} '${path}': ${(error as Error).message}`)
    }
  }
  const old = min === 'TLSv1' || min === 'TLSv1.1'
  const ciphers = settings.cipher_list || (old ? 'DEFAULT' : '')
  const { cert, key } = credentials(side, settings, read)
  if (key !== undefined && /-----BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED/m.test(String(key))) {
    const file = settings.private_key || settings.certificate
    throw new BadValue(
      `${name}: Unable to load private key '${file}': it has a password`,
      `take it off: openssl pkey -in ${file} -out ${file}.open`,
    )
  }
  const crl = read(settings.crl, 'certificate revocation list')
  const options: SecureContextOptions = {
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION | (resumes ? 0 : constants.SSL_OP_NO_TICKET),
    sessionIdContext: SESSIONS,
    minVersion: min,
    maxVersion: max,
    // An empty list: nobody is trusted unless the config says so.
    ca: authorities(name, settings, read),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
    ...(crl === undefined ? {} : { crl }),
    // The old versions need what OpenSSL forbids at its default level.
    ...(ciphers === '' ? {} : { ciphers: old ? `${ciphers}:@SECLEVEL=0` : ciphers }),
  }
  try {
    const context = createSecureContext(options)
    if (wantsGoodCertificate(bare)) failOnBadCertificates(context, bare.verify_depth)
    return { ...bare, options, context }
  } catch (error) {
    throw new BadValue(`${name}: ${filesOf(settings)}: ${(error as Error).message}`)
  }
}

type Read = (path: string, what: string) => Buffer | undefined

/** The certificate that is shown and its key; one file may hold both. */
function credentials(
  side: Profile['side'],
  { certificate, private_key }: ProfileSettings,
  read: Read,
): { cert?: Buffer; key?: Buffer } {
  const cert = read(certificate, 'certificate file')
  const key = read(private_key || certificate, 'private key')
  if (cert === undefined || key === undefined) return {}
  // What is not an error in Kamailio: a client without a key shows no certificate.
  const isKey = private_key !== '' || key.includes('PRIVATE KEY')
  return side === 'client' && !isKey ? {} : { cert, key }
}

/** What OpenSSL may mean when it says that something is wrong. */
const filesOf = ({
  private_key,
  certificate,
  crl,
  ca_list,
  cipher_list,
}: ProfileSettings): string =>
  Object.entries({ certificate, private_key, ca_list, crl, cipher_list })
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name} '${value}'`)
    .join(', ')

/** The certificates of ca_list and of all files of ca_path; a folder that is not there has none. */
function authorities(name: string, { ca_list, ca_path }: ProfileSettings, read: Read): Buffer[] {
  const unusable = `${name}: Unable to load CA list file '${ca_list}' dir '${ca_path}'`
  const list = read(ca_list, 'CA list file')
  // The runtime takes such a file for an empty list.
  if (list !== undefined && !/-----BEGIN (X509 |TRUSTED )?CERTIFICATE-----/.test(String(list)))
    throw new BadValue(`${unusable}: there is no certificate in it`)
  if (ca_path === '' || !existsSync(ca_path)) return list === undefined ? [] : [list]
  let names: string[] = []
  try {
    names = readdirSync(ca_path).filter(file => /\.(pem|crt|\d+)$/.test(file))
  } catch (error) {
    throw new BadValue(`${unusable}: ${(error as Error).message}`)
  }
  const files = names.map(file => read(join(ca_path, file), 'CA certificate')!)
  return list === undefined ? files : [list, ...files]
}
