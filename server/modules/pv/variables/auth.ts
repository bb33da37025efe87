/** Credentials of a request: $au, $ar and the other parts of a Digest. */
import { variable, type Pvar, type PvValue } from '../../../core/module/index.ts'
import { type Credentials, parseCredentials } from '../../../sip/header/credentials.ts'
import { H_AUTHORIZATION, H_PROXY_AUTHORIZATION } from '../../../sip/header-names.ts'
import { BODY, BODY_END, type SipMessage } from '../../../sip/message.ts'
import { ACK, CANCEL } from '../../../sip/method.ts'
import type { Pv } from '../pv.ts'
import { orNull } from './uri-parts.ts'

type Row = Pvar<Pv>

/**
 * The first credentials that a request carries; ACK and CANCEL are never asked for any (RFC 3261
 * section 22.1).
 */
function credentials(msg: SipMessage): Credentials | null {
  if ((msg.methodBit & (ACK | CANCEL)) !== 0 || !msg.isRequest) return null
  const proxy = msg.find(H_PROXY_AUTHORIZATION)
  const at = proxy < 0 ? msg.find(H_AUTHORIZATION) : proxy
  if (at < 0) return null
  const { headers, raw } = msg
  const found = parseCredentials(raw, headers[at + BODY]!, headers[at + BODY_END]!, at)
  return typeof found === 'number' ? null : found
}

/** A part of the credentials: null without any, '' when they do not have it. */
const part = (doc: string, get: (of: Credentials) => string | null): Row =>
  variable({
    doc,
    get: (_self, msg) => {
      const found = credentials(msg)
      return found === null ? null : (get(found) ?? '')
    },
  })

/** The credentials that auth has looked at, when they name a user. */
function checked(msg: SipMessage): Credentials | null {
  const found = msg.proxyAuthorization ?? msg.authorization
  return found === null || found.user === '' ? null : found
}

/** For accounting: who was authenticated, else who From says it is. */
function accountedName(msg: SipMessage): PvValue {
  const found = checked(msg)
  if (found !== null) return `${found.user}@${found.domain || (found.realm ?? '')}`
  const from = msg.from?.sipUri ?? null
  return from === null ? null : `${from.user}@${from.host}`
}

export const authVariables: Record<string, Row> = {
  au: part('User of the credentials, without its domain.', of => of.user),
  aU: part('User of the credentials as written.', of => of.username),
  ad: part('Domain of the credentials: behind the @ of the user.', of => of.domain),
  ar: part('Realm of the credentials.', of => of.realm),
  adu: variable({
    doc: 'URI of the credentials.',
    get: (_self, msg) => orNull(credentials(msg)?.uri ?? ''),
  }),
  aa: part('Algorithm of the credentials.', of => of.algorithm),
  adn: part('Nonce of the credentials.', of => of.nonce),
  adc: part('Client nonce of the credentials.', of => of.cnonce),
  adr: part('Response of the credentials.', of => of.response),
  ado: part('Opaque value of the credentials.', of => of.opaque),
  Au: variable({
    doc: 'user@domain for accounting: the one that auth looked at, else the one of From.',
    get: (_self, msg) => accountedName(msg),
  }),
  AU: variable({
    doc: 'User for accounting: the one that auth looked at, else the one of From.',
    get: (_self, msg) => checked(msg)?.user ?? msg.from?.sipUri?.user ?? null,
  }),
}
