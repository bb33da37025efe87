/** does_uri_exist: is the user of the request URI one of ours? */
import { type DbTerm, is } from '../../core/db/api.ts'
import type { Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { UriDb } from './uri_db.ts'

const ERROR = -1
const QUERY_FAILED = -4
const NONE = -5

export function doesUriExist(self: UriDb, msg: SipMessage): Verdict | Promise<Verdict> {
  if (!self.hasDatabase) return self.fail('no database', ERROR)
  const { sipUri } = msg
  if (sipUri === null) return self.fail('Error while parsing R-URI', ERROR)
  const { config } = self
  const column = config.use_uri_table === 0 ? config.user_column : config.uriuser_column
  const where: DbTerm[] = [is(column, 'string', sipUri.user)]
  if (config.use_domain !== 0) where.push(is(config.domain_column, 'string', sipUri.host))
  return self.look(where, NONE, QUERY_FAILED)
}
