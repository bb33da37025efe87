/** Which credentials of a request are looked at, and consume_credentials and has_credentials. */
import type { Verdict } from '../../core/module/index.ts'
import { Edit } from '../../sip/edit.ts'
import {
  type Credentials,
  MALFORMED,
  OTHER_SCHEME,
  parseCredentials,
} from '../../sip/header/credentials.ts'
import { H_AUTHORIZATION, H_PROXY_AUTHORIZATION } from '../../sip/header-names.ts'
import { BODY, BODY_END, NEXT, type SipMessage, START, STRIDE } from '../../sip/message.ts'
import { ACK, CANCEL, PRACK } from '../../sip/method.ts'
import type { CredentialsHeader } from './api.ts'
import type { Auth } from './auth.ts'
import { isMissing } from '../../core/filled-argument.ts'

/** RFC 3261 section 22.1: an ACK and a CANCEL cannot be sent again, so they are not challenged. */
export const isNeverChallenged = (msg: SipMessage): boolean =>
  (msg.methodBit & (ACK | CANCEL | PRACK)) !== 0

/** The credentials for a realm; null when there are none, MALFORMED when one before them is. */
export function findCredentials(
  msg: SipMessage,
  realm: string,
  header: CredentialsHeader,
): Credentials | null | typeof MALFORMED {
  const { headers, raw } = msg
  let wanted = ''
  for (let i = msg.find(header); i >= 0; i = msg.find(header, i + STRIDE)) {
    const found = parseCredentials(raw, headers[i + BODY]!, headers[i + BODY_END]!, i)
    if (found === MALFORMED) return MALFORMED
    if (found === OTHER_SCHEME || found.realm === null) continue
    if (found.realm === realm) return found
    if (found.realm.length !== realm.length) continue
    if (wanted === '') wanted = realm.toLowerCase()
    if (found.realm.toLowerCase() === wanted) return found
  }
  return null
}

/** has_credentials: are there some for this realm, right or wrong? */
export function hasCredentials(_self: Auth, msg: SipMessage, realm: string): Verdict {
  if (isMissing(realm)) return -1
  const inHeader = (header: CredentialsHeader): boolean => {
    const found = findCredentials(msg, realm, header)
    return found !== null && found !== MALFORMED
  }
  return inHeader(H_PROXY_AUTHORIZATION) || inHeader(H_AUTHORIZATION) ? 1 : -1
}

/** consume_credentials: takes those that were looked at out of the request. */
export function consumeCredentials(self: Auth, msg: SipMessage): Verdict {
  if (isNeverChallenged(msg)) return -1
  const found = msg.authorization ?? msg.proxyAuthorization
  if (found === null) {
    self.core.log.error('auth', 'No authorized credentials found (error in scripts)')
    return -1
  }
  const start = msg.headers[found.at + START]!
  msg.addEdit(new Edit(start, msg.headers[found.at + NEXT]! - start, ''))
  return 1
}
