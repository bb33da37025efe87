/** Asks a node which database it uses. */
import type { Fleet } from '../../rpc/fleet/fleet.ts'
import { UsageError } from '../exit.ts'
import { readWrite } from './engine.ts'
import type { Settings } from './rc.ts'

const HOW =
  'name it with --db mysql://user:password@host/database, or set DBENGINE and its companions in ' +
  '/etc/kamailio/kamctlrc or ~/.kamctlrc'

/** The first that a node has open; throws UsageError when nobody knows one. */
export async function nodeDatabase(fleet: Fleet, get: Settings): Promise<string> {
  const answers = await fleet.ask('ohana.db.status')
  const urls = answers.flatMap(answer => (answer.ok ? answer.value.map(({ url }) => url) : []))
  const url = urls.find(one => !/^(redis|flatstore|ldap):/.test(one))
  if (url !== undefined) return withPassword(url, get)
  const asked = answers.some(answer => answer.ok)
    ? 'the node uses no database'
    : 'no database is configured and no node answers that could name it'
  throw new UsageError(`${asked}: ${HOW}`)
}

/** A node does not tell its password. */
const withPassword = (url: string, get: Settings): string =>
  url.replace(':***@', `:${readWrite(get).password}@`)
