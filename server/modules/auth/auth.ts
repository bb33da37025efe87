/** The instance of auth: nonces, the hash in use, and what it does for other modules. */
import type { AvpName } from '../../core/avp.ts'
import type { Core } from '../../core/core.ts'
import {
  type ApisOf,
  BadValue,
  type ConfigOf,
  type ModuleEnv,
  type Verdict,
} from '../../core/module/index.ts'
import { DigestHash } from '../../sip/digest.ts'
import { type Credentials, MALFORMED } from '../../sip/header/credentials.ts'
import { H_AUTHORIZATION } from '../../sip/header-names.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { SipUri } from '../../sip/uri.ts'
import { PUBLISH, REGISTER } from '../../sip/method.ts'
import {
  AUTHENTICATED,
  type Authentication,
  type CredentialsHeader,
  FAILED,
  NO_CREDENTIALS,
  OTHER_USER,
  WRONG_PASSWORD,
} from './api.ts'
import type { needs, params } from './auth.module.ts'
import { findCredentials, isNeverChallenged } from './credentials.ts'
import { GOOD, Nonces } from './nonce.ts'
import { NonceIds, roundedDown } from './nonce-ids.ts'
import { readChallengeAvp } from './challenge-avp.ts'

const ALGORITHMS = ['', 'MD5', 'SHA-256', 'SHA-512-256']
/** Digits of a secret that is made here. */
const SECRET_DIGITS = 32

export class Auth implements Authentication {
  readonly core: Core
  readonly config: ConfigOf<typeof params>
  readonly apis: ApisOf<typeof needs>
  readonly nonces: Nonces
  readonly challengeAvp: AvpName
  private readonly digest: DigestHash
  /** auth_algorithm: the hash of single messages; null when nobody asked. */
  private chosen: WeakMap<SipMessage, DigestHash> | null = null

  constructor({ core, config, apis }: ModuleEnv<typeof params, typeof needs>) {
    this.core = core
    this.config = config
    this.apis = apis
    this.challengeAvp = readChallengeAvp(config.challenge_attr)
    if (!['', 'auth', 'auth-int'].includes(config.qop))
      throw new BadValue('auth: Unsupported qop parameter value', '"auth", "auth-int" or ""')
    if (!ALGORITHMS.includes(config.algorithm))
      throw new BadValue(
        'auth: Invalid algorithm provided. Possible values are "", "MD5" or "SHA-256"',
        'or "SHA-512-256"',
      )
    this.digest = new DigestHash(config.algorithm)
    const secret = config.secret === '' ? core.random.hex(SECRET_DIGITS) : config.secret
    const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000)
    this.nonces = new Nonces(
      { ...config, secret },
      idsOf(config, core.random.uint32()),
      () => seconds(core.clock.now()),
      seconds(core.startedAt),
    )
  }

  /** The hash for a message; its name is '' for MD5 without naming it. */
  digestFor(msg: SipMessage): DigestHash {
    return this.chosen?.get(msg) ?? this.digest
  }

  /** auth_algorithm */
  choose(msg: SipMessage, algorithm: string): Verdict {
    if (!ALGORITHMS.includes(algorithm)) return this.fail(`invalid algorithm ${algorithm}`)
    this.chosen ??= new WeakMap()
    this.chosen.set(msg, new DigestHash(algorithm))
    return 1
  }

  realmOf(realm: string): string {
    const { realm_prefix } = this.config
    return realm_prefix !== '' && realm.startsWith(realm_prefix)
      ? realm.slice(realm_prefix.length)
      : realm
  }

  begin(msg: SipMessage, realm: string, header: CredentialsHeader): Credentials | Verdict {
    if (isNeverChallenged(msg)) return AUTHENTICATED
    const found = findCredentials(msg, realm, header)
    if (found === null) return NO_CREDENTIALS
    if (found === MALFORMED) return this.fail('Error while parsing credentials')
    if (header === H_AUTHORIZATION) msg.authorization = found
    else msg.proxyAuthorization = found
    if (!found.complete) return this.fail('received credentials are not filled properly')
    const verdict = this.nonces.check(msg, found)
    return verdict === GOOD ? found : verdict
  }

  private fail(text: string): Verdict {
    this.core.log.debug('auth', text)
    return FAILED
  }

  ha1(msg: SipMessage, credentials: Credentials, realm: string, password: string): string {
    return this.digestFor(msg).ha1(credentials.username!, realm, password)
  }

  end(msg: SipMessage, credentials: Credentials, method: string, ha1: string): Verdict {
    const digest = this.digestFor(msg)
    const response = credentials.response!
    if (response.length !== digest.digits) return this.fail('response of another length')
    // A hash that is none must not be as good as a password.
    if (ha1.length !== digest.digits) return WRONG_PASSWORD
    const body = credentials.protection === 'auth-int' ? msg.body : ''
    if (digest.response(ha1, method, body, credentials) !== response) return WRONG_PASSWORD
    if (this.config.add_authinfo_hdr !== 0) this.addInfo(msg, credentials, ha1)
    return AUTHENTICATED
  }

  /** RFC 7615 section 3.4: the reply proves that this server knows the password, too. */
  private addInfo(msg: SipMessage, credentials: Credentials, ha1: string): void {
    const next = this.nonces.next(msg, credentials.nonce!)
    const proof = this.digestFor(msg).response(ha1, '', '', credentials)
    const { qop, cnonce, nc } = credentials
    const line =
      `Authentication-Info: nextnonce="${next}", qop=${qop ?? ''}, rspauth="${proof}", ` +
      `cnonce="${cnonce ?? ''}", nc=${nc ?? ''}\r\n`
    if (msg.replyLumps === null) msg.replyLumps = [line]
    else msg.replyLumps.push(line)
  }

  identity(msg: SipMessage, credentials: Credentials, useDomain: boolean): Verdict {
    const from = msg.from?.sipUri ?? null
    if (from === null) return FAILED
    if ((msg.methodBit & (REGISTER | PUBLISH)) === 0)
      return credentials.user === from.user ? AUTHENTICATED : OTHER_USER
    const to = msg.to?.sipUri ?? null
    if (to === null) return FAILED
    if (credentials.user !== to.user || !isSame(from, to, useDomain)) return OTHER_USER
    if (msg.methodBit === REGISTER) return AUTHENTICATED
    const { sipUri } = msg
    if (sipUri === null) return FAILED
    return isSame(from, sipUri, useDomain) ? AUTHENTICATED : OTHER_USER
  }
}

const isSame = (one: SipUri, other: SipUri, useDomain: boolean): boolean =>
  one.user === other.user && (!useDomain || one.host === other.host)

function idsOf(config: ConfigOf<typeof params>, first: number): NonceIds {
  const sizeOf = (order: number, size: number): number =>
    order > 0 ? 2 ** order : roundedDown(size)
  const { nonce_count, one_time_nonce } = config
  return new NonceIds(
    first,
    nonce_count === 0 ? 0 : sizeOf(config.nc_array_order, config.nc_array_size),
    one_time_nonce === 0 ? 0 : sizeOf(config.otn_in_flight_order, config.otn_in_flight_no),
  )
}
