/** www_authenticate, proxy_authenticate, auth_check: one query for each request. */
import type { DbRow } from '../../core/db/api.ts'
import { isMissing } from '../../core/filled-argument.ts'
import type { Verdict } from '../../core/module/index.ts'
import type { Credentials } from '../../sip/header/credentials.ts'
import { H_AUTHORIZATION, H_PROXY_AUTHORIZATION } from '../../sip/header-names.ts'
import type { SipMessage } from '../../sip/message.ts'
import { BYE, INVITE, MESSAGE, PRACK, REGISTER, UPDATE } from '../../sip/method.ts'
import {
  AUTHENTICATED,
  type CredentialsHeader,
  FAILED,
  UNKNOWN_USER,
  WRONG_PASSWORD,
} from '../auth/api.ts'
import type { AuthDb } from './auth_db.ts'
import { loadCredentials } from './load-credentials.ts'

// ---- bits of auth_check's flags
const CHECK_IDENTITY = 1
/** But not for requests that may come without the name of the caller. */
const LET_ANONYMOUS = 2

const MAY_BE_ANONYMOUS = INVITE | BYE | PRACK | UPDATE | MESSAGE

function authenticate(
  self: AuthDb,
  msg: SipMessage,
  realm: string,
  table: string,
  header: CredentialsHeader,
  method: string,
): Verdict | Promise<Verdict> {
  const { auth } = self.apis
  if (isMissing(realm) || isMissing(table)) {
    self.core.log.error('auth_db', `the ${isMissing(realm) ? 'realm' : 'table'} is empty`)
    return FAILED
  }
  const name = auth.realmOf(realm)
  const found = auth.begin(msg, name, header)
  if (typeof found === 'number') return found
  return lookUp(self, msg, name, table, method, found)
}

async function lookUp(
  self: AuthDb,
  msg: SipMessage,
  realm: string,
  table: string,
  method: string,
  credentials: Credentials,
): Promise<Verdict> {
  const { config, loaded } = self
  let row: DbRow | null
  try {
    row = await self.login(table, credentials.user, credentials.domain, realm)
  } catch (error) {
    self.complain(error)
    return FAILED
  }
  if (row === null) return UNKNOWN_USER
  const verdict = compare(self, msg, realm, method, credentials, row)
  if (loaded.length > 0 && (verdict === AUTHENTICATED || config.force_generate_avps !== 0))
    loadCredentials(loaded, msg, row, 1)
  return verdict
}

function compare(
  self: AuthDb,
  msg: SipMessage,
  realm: string,
  method: string,
  credentials: Credentials,
  [password = null]: DbRow,
): Verdict {
  const { auth } = self.apis
  // No password is not the same as an empty one.
  if (password === null) return WRONG_PASSWORD
  const text = String(password)
  const ha1 = self.config.calculate_ha1 === 0 ? text : auth.ha1(msg, credentials, realm, text)
  return auth.end(msg, credentials, method, ha1)
}

export const wwwAuthenticate = (
  self: AuthDb,
  msg: SipMessage,
  realm: string,
  table: string,
  method = msg.method,
): Verdict | Promise<Verdict> => authenticate(self, msg, realm, table, H_AUTHORIZATION, method)

export const proxyAuthenticate = (
  self: AuthDb,
  msg: SipMessage,
  realm: string,
  table: string,
): Verdict | Promise<Verdict> =>
  authenticate(self, msg, realm, table, H_PROXY_AUTHORIZATION, msg.method)

/** auth_check: which header depends on the method; the user may have to be the one of From. */
export function authCheck(
  self: AuthDb,
  msg: SipMessage,
  realm: string,
  table: string,
  flags: number,
): Verdict | Promise<Verdict> {
  const www = msg.methodBit === REGISTER
  const header = www ? H_AUTHORIZATION : H_PROXY_AUTHORIZATION
  const verdict = authenticate(self, msg, realm, table, header, msg.method)
  if ((flags & CHECK_IDENTITY) === 0) return verdict
  if ((flags & LET_ANONYMOUS) !== 0 && (msg.methodBit & MAY_BE_ANONYMOUS) !== 0) return verdict
  return typeof verdict === 'number'
    ? verdict
    : verdict.then(code => identity(self, msg, www, code))
}

function identity(self: AuthDb, msg: SipMessage, www: boolean, verdict: Verdict): Verdict {
  if (verdict !== AUTHENTICATED) return verdict
  const credentials = www ? msg.authorization : msg.proxyAuthorization
  if (credentials === null) return verdict
  return self.apis.auth.identity(msg, credentials, self.config.use_domain !== 0)
}
