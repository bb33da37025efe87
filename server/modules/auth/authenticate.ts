/** pv_www_authenticate, pv_proxy_authenticate, pv_auth_check: the script knows the password. */
import { avpsOf } from '../../core/avp.ts'
import type { Verdict } from '../../core/module/index.ts'
import { H_AUTHORIZATION, H_PROXY_AUTHORIZATION } from '../../sip/header-names.ts'
import type { SipMessage } from '../../sip/message.ts'
import { REGISTER } from '../../sip/method.ts'
import { AUTHENTICATED, type CredentialsHeader, FAILED } from './api.ts'
import type { Auth } from './auth.ts'
import { challengeLine, type Qop } from './challenge.ts'
import { isMissing } from '../../core/filled-argument.ts'

// ---- bits of `flags`
const IS_HA1 = 1
/** On failure a challenge is put into an AVP: without qop, with auth, with auth-int. */
const CHALLENGE = 2
const CHALLENGE_AUTH = 4
const CHALLENGE_AUTH_INT = 8

// ---- bits of `checks`
const CHECK_IDENTITY = 1

function verify(
  self: Auth,
  msg: SipMessage,
  realm: string,
  password: string,
  flags: number,
  header: CredentialsHeader,
  method: string,
): Verdict {
  const found = self.begin(msg, realm, header)
  if (typeof found === 'number') return found
  const ha1 = (flags & IS_HA1) === 0 ? self.ha1(msg, found, realm, password) : password
  return self.end(msg, found, method, ha1)
}

/** The verdict; when it is none of the good ones, a challenge is left in the AVP if wished. */
function authenticate(
  self: Auth,
  msg: SipMessage,
  realm: string,
  password: string,
  flags: number,
  header: CredentialsHeader,
  method = msg.method,
): Verdict {
  if (isMissing(realm) || isMissing(password)) {
    self.core.log.error('auth', `the ${isMissing(realm) ? 'realm' : 'password'} is empty`)
    return FAILED
  }
  const name = self.realmOf(realm)
  const verdict = verify(self, msg, name, password, flags, header, method)
  if (verdict < 0 && (flags & (CHALLENGE | CHALLENGE_AUTH | CHALLENGE_AUTH_INT)) !== 0) {
    const both = (flags & CHALLENGE_AUTH) !== 0 ? 'auth' : ''
    const qop: Qop = (flags & CHALLENGE_AUTH_INT) !== 0 ? 'auth-int' : both
    const line = challengeLine(self, msg, name, header, qop, false)
    avpsOf(msg).push(self.challengeAvp, line)
  }
  return verdict
}

export const wwwAuthenticate = (
  self: Auth,
  msg: SipMessage,
  realm: string,
  password: string,
  flags: number,
  method?: string,
): Verdict => authenticate(self, msg, realm, password, flags, H_AUTHORIZATION, method)

export const proxyAuthenticate = (
  self: Auth,
  msg: SipMessage,
  realm: string,
  password: string,
  flags: number,
): Verdict => authenticate(self, msg, realm, password, flags, H_PROXY_AUTHORIZATION)

/** pv_auth_check: which header depends on the method; the user may have to be the one of From. */
export function authCheck(
  self: Auth,
  msg: SipMessage,
  realm: string,
  password: string,
  flags: number,
  checks: number,
): Verdict {
  const www = msg.methodBit === REGISTER
  const header = www ? H_AUTHORIZATION : H_PROXY_AUTHORIZATION
  const verdict = authenticate(self, msg, realm, password, flags, header)
  if (verdict !== AUTHENTICATED || (checks & CHECK_IDENTITY) === 0) return verdict
  const credentials = www ? msg.authorization : msg.proxyAuthorization
  // Requests that are never challenged carry none.
  if (credentials === null) return verdict
  return self.identity(msg, credentials, self.config.use_domain !== 0)
}
