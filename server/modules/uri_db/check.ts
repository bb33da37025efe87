/** check_to, check_from, check_uri: may a user use an address? */
import { is } from '../../core/db/api.ts'
import { isMissing } from '../../core/filled-argument.ts'
import type { Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { parseUri, type SipUri } from '../../sip/uri.ts'
import type { UriDb } from './uri_db.ts'

// ---- what the functions give
const MALFORMED = -1
const NOBODY = -2
const NO_USER = -4
const QUERY_FAILED = -8
const NOT_ALLOWED = -9
const OTHER_USER = -10

/** Without the table a user may use his own name, in letters of either case. */
function mayUse(self: UriDb, uri: SipUri, user: string, realm: string): Verdict | Promise<Verdict> {
  const { config } = self
  if (config.use_uri_table === 0)
    return uri.user.toLowerCase() === user.toLowerCase() ? 1 : OTHER_USER
  const where = [
    is(config.user_column, 'string', user),
    is(config.domain_column, 'string', realm),
    is(config.uriuser_column, 'string', uri.user),
  ]
  return self.look(where, NOT_ALLOWED, QUERY_FAILED)
}

/** The same for the credentials that auth has looked at. */
function checkCredentials(
  self: UriDb,
  msg: SipMessage,
  uri: SipUri | null,
): Verdict | Promise<Verdict> {
  if (uri === null) return self.fail('failed to parse the URI', MALFORMED)
  if (uri.user === '') return NO_USER
  const found = msg.authorization ?? msg.proxyAuthorization
  if (found === null) return self.fail('No authorized credentials found (error in scripts)', NOBODY)
  return mayUse(self, uri, found.user, found.domain || (found.realm ?? ''))
}

export const checkTo = (self: UriDb, msg: SipMessage): Verdict | Promise<Verdict> =>
  checkCredentials(self, msg, msg.to?.sipUri ?? null)

export const checkFrom = (self: UriDb, msg: SipMessage): Verdict | Promise<Verdict> =>
  checkCredentials(self, msg, msg.from?.sipUri ?? null)

export function checkUri(
  self: UriDb,
  msg: SipMessage,
  text: string,
  user?: string,
  realm?: string,
): Verdict | Promise<Verdict> {
  const uri = isMissing(text) ? null : parseUri(text)
  if (user === undefined || realm === undefined) return checkCredentials(self, msg, uri)
  if (uri === null) return self.fail('failed to parse the URI', MALFORMED)
  if (uri.user === '') return NO_USER
  if (user === '' || realm === '') return NOBODY
  return mayUse(self, uri, user, realm)
}
