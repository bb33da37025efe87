/** Credentials of a request: $au, $ar and the other parts of a Digest. */
import { variable, type Pvar, type PvValue } from '../../../core/module.ts'
import { H_AUTHORIZATION, H_PROXY_AUTHORIZATION } from '../../../sip/header-names.ts'
import type { SipMessage } from '../../../sip/message.ts'
import { ACK, CANCEL } from '../../../sip/method.ts'
import { digestParam, isDigest } from '../digest.ts'
import type { Pv } from '../pv.ts'
import { userOf } from './uri-parts.ts'

type Row = Pvar<Pv>

/**
 * The credentials that a request carries; ACK and CANCEL are never asked for any (RFC 3261 section
 * 22.1).
 */
function credentials(msg: SipMessage): string | null {
  if ((msg.methodBit & (ACK | CANCEL)) !== 0 || !msg.isRequest) return null
  const body = msg.header(H_PROXY_AUTHORIZATION) ?? msg.header(H_AUTHORIZATION)
  return body !== null && isDigest(body) ? body : null
}

const param = (doc: string, name: string): Row =>
  variable({
    doc,
    get: (_self, msg) => {
      const digest = credentials(msg)
      return digest === null ? null : digestParam(digest, name)
    },
  })

/** Digest user names may be written as user@domain. */
function userName(msg: SipMessage, half: 'user' | 'domain'): PvValue {
  const digest = credentials(msg)
  const name = digest === null ? null : digestParam(digest, 'username')
  if (digest === null || name === null) return null
  const at = name.indexOf('@')
  if (half === 'user') return at < 0 ? name : name.slice(0, at)
  return at < 0 ? digestParam(digest, 'realm') : name.slice(at + 1)
}

/** For accounting: who From says it is. */
function accountedName(msg: SipMessage): PvValue {
  const from = msg.from?.sipUri ?? null
  if (from === null || from.user === '') return null
  return `${from.user}@${from.host}`
}

export const authVariables: Record<string, Row> = {
  au: variable({
    doc: 'User of the credentials, without its domain.',
    get: (_self, msg) => userName(msg, 'user'),
  }),
  aU: param('User of the credentials as written.', 'username'),
  ad: variable({
    doc: 'Domain of the credentials: behind the @ of the user, else the realm.',
    get: (_self, msg) => userName(msg, 'domain'),
  }),
  ar: param('Realm of the credentials.', 'realm'),
  adu: param('URI of the credentials.', 'uri'),
  aa: param('Algorithm of the credentials.', 'algorithm'),
  adn: param('Nonce of the credentials.', 'nonce'),
  adc: param('Client nonce of the credentials.', 'cnonce'),
  adr: param('Response of the credentials.', 'response'),
  ado: param('Opaque value of the credentials.', 'opaque'),
  Au: variable({ doc: 'user@domain for accounting.', get: (_self, msg) => accountedName(msg) }),
  AU: variable({
    doc: 'User for accounting.',
    get: (_self, msg) => userOf(msg.from?.sipUri ?? null),
  }),
}
