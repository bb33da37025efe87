/** is_subscriber: is there a subscriber for a URI? */
import type { DbRow } from '../../core/db/api.ts'
import { isMissing } from '../../core/filled-argument.ts'
import type { Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { parseUri } from '../../sip/uri.ts'
import type { AuthDb } from './auth_db.ts'
import { loadCredentials } from './load-credentials.ts'

// ---- bits of its flags
const USE_DOMAIN = 1
const LOAD_NOTHING = 2

const ERROR = -1
const NONE = -2

export function isSubscriber(
  self: AuthDb,
  msg: SipMessage,
  text: string,
  table: string,
  flags: number,
): Verdict | Promise<Verdict> {
  const uri = isMissing(text) || isMissing(table) ? null : parseUri(text)
  if (uri === null) {
    self.core.log.error('auth_db', `failed to parse the URI: ${text}`)
    return ERROR
  }
  if (uri.user === '') return NONE
  const domain = (flags & USE_DOMAIN) === 0 ? null : uri.host
  return lookUp(self, msg, table, uri.user, domain, (flags & LOAD_NOTHING) === 0)
}

async function lookUp(
  self: AuthDb,
  msg: SipMessage,
  table: string,
  user: string,
  domain: string | null,
  load: boolean,
): Promise<Verdict> {
  let row: DbRow | null
  try {
    row = await self.subscriber(table, user, domain)
  } catch (error) {
    self.complain(error)
    return ERROR
  }
  if (row === null) return NONE
  if (load) loadCredentials(self.loaded, msg, row, 1)
  return 1
}
