/** What auth does for the modules that know passwords. */
import { api, type Verdict } from '../../core/module/index.ts'
import type { Credentials } from '../../sip/header/credentials.ts'
import type { H_AUTHORIZATION, H_PROXY_AUTHORIZATION } from '../../sip/header-names.ts'
import type { SipMessage } from '../../sip/message.ts'

// ---- what the functions that authenticate give
export const AUTHENTICATED = 1
export const FAILED = -1
export const WRONG_PASSWORD = -2
export const UNKNOWN_USER = -3
export const STALE_NONCE = -4
export const NO_CREDENTIALS = -5
export const NONCE_REUSED = -6
export const OTHER_USER = -8

/** Which of the two headers is looked at. */
export type CredentialsHeader = typeof H_AUTHORIZATION | typeof H_PROXY_AUTHORIZATION

export interface Authentication {
  /** The realm without the prefix that realm_prefix says is not part of it. */
  realmOf(realm: string): string
  /**
   * Finds the credentials for a realm, notes them on the message and checks their nonce: gives
   * those whose response is to be checked, or the verdict when nothing is left to be checked. A
   * number is AUTHENTICATED for requests that cannot be challenged.
   */
  begin(msg: SipMessage, realm: string, header: CredentialsHeader): Credentials | Verdict
  /** What a password is hashed to for these credentials; `realm` is what realmOf gave. */
  ha1(msg: SipMessage, credentials: Credentials, realm: string, password: string): string
  /**
   * Checks the response of the credentials against the hash of user, realm and password. What is
   * right may get an Authentication-Info into the reply.
   */
  end(msg: SipMessage, credentials: Credentials, method: string, ha1: string): Verdict
  /**
   * Is the user of these credentials the one of From, and of To in REGISTER and PUBLISH, and of the
   * request URI in PUBLISH? AUTHENTICATED, OTHER_USER, or FAILED for malformed headers.
   */
  identity(msg: SipMessage, credentials: Credentials, useDomain: boolean): Verdict
}

export const auth = api<Authentication>('auth')
