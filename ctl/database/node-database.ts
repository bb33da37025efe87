/** Asks a node which database it uses. */
import type { Fleet } from '../../rpc/fleet/fleet.ts'
import { UsageError } from '../exit.ts'
import { readOnly, readWrite, refuseDirectory } from './engine.ts'
import type { Settings } from './rc.ts'

const HOW =
  'name it with --db mysql://user:password@host/database, or set DBENGINE and its companions in ' +
  '/etc/kamailio/kamctlrc or ~/.kamctlrc'

/**
 * Whose tables commands are about, by their first word: modules may have databases of their own.
 */
const MODULES: Readonly<Record<string, string>> = {
  add: 'auth_db',
  passwd: 'auth_db',
  rm: 'auth_db',
  show: 'auth_db',
  sets: 'auth_db',
  setn: 'auth_db',
  rpid: 'auth_db',
  acl: 'group',
  avp: 'avpops',
  address: 'permissions',
  trusted: 'permissions',
  ul: 'usrloc',
  uacreg: 'uac',
  cr: 'carrierroute',
}

/**
 * That of the module which the command is about, else the first that a node has open. Throws
 * UsageError when nobody knows one.
 */
export async function nodeDatabase(fleet: Fleet, get: Settings, command: string): Promise<string> {
  const answers = await fleet.ask('ohana.db.status')
  const [word = ''] = command.split(' ')
  const module = MODULES[word] ?? word
  const all = answers.flatMap(answer => (answer.ok ? answer.value : []))
  const own = all.find(({ modules }) => modules.includes(module))
  if (own !== undefined) refuseDirectory(own.url)
  const open = all.filter(({ url }) => !/^(redis|flatstore|ldaps?):/.test(url))
  const found = open.find(({ modules }) => modules.includes(module)) ?? open[0]
  if (found !== undefined) return withAccount(found.url, get)
  const asked = answers.some(answer => answer.ok)
    ? 'the node uses no database'
    : 'no database is configured and no node answers that could name it'
  throw new UsageError(`${asked}: ${HOW}`)
}

/**
 * A node does not tell its password; and a module that only reads may have a user who may no more.
 */
function withAccount(url: string, get: Settings): string {
  const { user, password } = readWrite(get)
  return url.replace(/^(\w+:\/\/)([^:@/]+):\*\*\*@/, (_, scheme: string, who: string) =>
    who === readOnly(get).user ? `${scheme}${user}:${password}@` : `${scheme}${who}:${password}@`,
  )
}
