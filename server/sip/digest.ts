/** Digest authentication (RFC 7616, RFC 8760): the hashes, and the answer of a client. */
import { hash } from 'node:crypto'

/** What a server asks for in WWW-Authenticate or Proxy-Authenticate. */
export interface Challenge {
  readonly realm: string
  readonly nonce: string
  /** null when there is none: it is not sent back then. */
  readonly opaque: string | null
  /** `auth` before `auth-int`; '' for the form without quality of protection. */
  readonly qop: '' | 'auth' | 'auth-int'
  readonly stale: boolean
  /** As written by the server; '' stands for MD5. */
  readonly algorithm: string
}

/** Algorithms by the names that the registry of RFC 8760 gives them, with those of OpenSSL. */
const HASHES: Readonly<Record<string, string>> = {
  '': 'md5',
  MD5: 'md5',
  'SHA-256': 'sha256',
  'SHA-512-256': 'sha512-256',
}

/** `name=value` pairs between commas; the value may stand in quotes. */
function* parametersOf(text: string): Generator<[name: string, value: string]> {
  let at = 0
  while (at < text.length) {
    const equals = text.indexOf('=', at)
    if (equals < 0) return
    const name = text.slice(at, equals).replaceAll(',', ' ').trim().toLowerCase()
    let i = equals + 1
    while (i < text.length && text.charCodeAt(i) <= 0x20) i++
    if (text[i] === '"') {
      const start = ++i
      while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1
      yield [name, text.slice(start, i)]
      const comma = text.indexOf(',', i)
      at = comma < 0 ? text.length : comma + 1
    } else {
      const comma = text.indexOf(',', i)
      const end = comma < 0 ? text.length : comma
      yield [name, text.slice(i, end).trim()]
      at = end + 1
    }
  }
}

function chooseQop(offered: string): Challenge['qop'] {
  const names = offered.toLowerCase().split(',')
  const has = (wanted: string): boolean => names.some(name => name.trim() === wanted)
  if (has('auth')) return 'auth'
  return has('auth-int') ? 'auth-int' : ''
}

/** Reads the body of the header; null when it is no Digest challenge that can be answered. */
export function parseChallenge(body: string): Challenge | null {
  const scheme = /^\s*digest\s+/i.exec(body)
  if (scheme === null) return null
  const given = new Map(parametersOf(body.slice(scheme[0].length)))
  const [realm, nonce] = [given.get('realm'), given.get('nonce')]
  const algorithm = given.get('algorithm') ?? ''
  if (realm === undefined || nonce === undefined || hashOf(algorithm) === undefined) return null
  return {
    realm,
    nonce,
    opaque: given.get('opaque') ?? null,
    qop: chooseQop(given.get('qop') ?? ''),
    stale: given.get('stale')?.toLowerCase() === 'true',
    algorithm,
  }
}

const hashOf = (algorithm: string): string | undefined => HASHES[algorithm.toUpperCase()]

/** One hash function; texts are byte strings, hashes are hexadecimal. */
export class DigestHash {
  /** As a challenge names it, '' for MD5 without a name. */
  readonly name: string
  /** Digits of a hash. */
  readonly digits: number
  private readonly openssl: string

  /** `name` must be one of those above. */
  constructor(name: string) {
    this.name = name
    this.openssl = hashOf(name)!
    this.digits = this.of('').length
  }

  of(text: string): string {
    return hash(this.openssl, Buffer.from(text, 'latin1'), 'hex')
  }

  /** H(A1): what stands for a user's password. */
  ha1(user: string, realm: string, password: string): string {
    return this.of(`${user}:${realm}:${password}`)
  }

  /**
   * RFC 7616 section 3.4.1. `body` is hashed for the protection `auth-int`; without a qop nc and
   * cnonce have no part in it.
   */
  response(ha1: string, method: string, body: string, answer: Answer): string {
    const { nonce, nc, cnonce, qop, protection, uri } = answer
    const entity = protection === 'auth-int' ? `:${this.of(body)}` : ''
    const ha2 = this.of(`${method}:${uri}${entity}`)
    const middle = qop === null || qop === '' ? '' : `${nc ?? ''}:${cnonce ?? ''}:${qop}:`
    return this.of(`${ha1}:${nonce}:${middle}${ha2}`)
  }
}

/** The parts of credentials that go into a response; a qop of '' counts as none. */
export interface Answer {
  readonly nonce: string | null
  readonly nc: string | null
  readonly cnonce: string | null
  readonly qop: string | null
  /** What the qop means. */
  readonly protection: '' | 'auth' | 'auth-int'
  readonly uri: string | null
}

/** Who answers a challenge. */
export interface Login {
  readonly user: string
  /** The password, or with `isHa1` the hash of user, realm and password. */
  readonly password: string
  readonly isHa1: boolean
}

/** The body of Authorization or Proxy-Authorization for a request (RFC 7616 section 3.4). */
export function answerChallenge(
  challenge: Challenge,
  login: Login,
  method: string,
  uri: string,
  body: string,
  cnonce: string,
): string {
  const { realm, nonce, opaque, qop, algorithm } = challenge
  const { user, password } = login
  const digest = new DigestHash(algorithm)
  const ha1 = login.isHa1 ? password.toLowerCase() : digest.ha1(user, realm, password)
  // A nonce is answered once: the count stays 1.
  const answer = { nonce, nc: '00000001', cnonce, qop, protection: qop, uri }
  const response = digest.response(ha1, method, body, answer)
  const parts = [`username="${user}"`, `realm="${realm}"`, `nonce="${nonce}"`, `uri="${uri}"`]
  if (opaque !== null) parts.push(`opaque="${opaque}"`)
  if (qop !== '') parts.push(`qop=${qop}`, 'nc=00000001', `cnonce="${cnonce}"`)
  parts.push(`response="${response}"`, `algorithm=${algorithm === '' ? 'MD5' : algorithm}`)
  return `Digest ${parts.join(', ')}`
}
