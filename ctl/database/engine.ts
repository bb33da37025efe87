/** Which database kamctlrc means. */
import { UsageError } from '../exit.ts'
import type { Settings } from './rc.ts'

export type Engine = 'mysql' | 'postgres' | 'sqlite' | 'dbtext'

const ENGINES: Readonly<Record<string, Engine>> = {
  mysql: 'mysql',
  pgsql: 'postgres',
  postgres: 'postgres',
  postgresql: 'postgres',
  sqlite: 'sqlite',
  dbtext: 'dbtext',
  textdb: 'dbtext',
}

const DIRECTORY =
  'a directory is only read; its own tools change it: ldapsearch, ldapadd, ldapmodify'

/** Engines of Kamailio that are not there, and what does their work. */
const INSTEAD: Readonly<Record<string, string>> = {
  oracle: 'use MYSQL, PGSQL or SQLITE',
  db_berkeley: 'use SQLITE, which keeps its tables in one file',
  berkeley: 'use SQLITE, which keeps its tables in one file',
  ldap: DIRECTORY,
  db2_ldap: DIRECTORY,
}

/** Throws UsageError for the URL of a directory, which a node reads and nobody writes here. */
export function refuseDirectory(url: string): void {
  if (!/^ldaps?:/.test(url)) return
  const shown = url.replace(/:\/\/.*@/, '://')
  throw new UsageError(`${shown}: ${DIRECTORY}`)
}

/** Of DBENGINE; null when it is not set. Throws UsageError when it is none that is there. */
export function engineOf(name: string): Engine | null {
  if (name === '') return null
  const key = name.toLowerCase()
  const engine = ENGINES[key]
  if (engine !== undefined) return engine
  const hint = INSTEAD[key] ?? 'DBENGINE is MYSQL, PGSQL, SQLITE or DBTEXT'
  throw new UsageError(`database engine not loaded - tried '${name}': ${hint}`)
}

/** Defaults are those of Kamailio's tools. */
export interface Account {
  readonly user: string
  readonly password: string
}

export const readWrite = (get: Settings): Account => ({
  user: get('DBRWUSER') || 'kamailio',
  password: get('DBRWPW') || 'kamailiorw',
})
export const readOnly = (get: Settings): Account => ({
  user: get('DBROUSER') || 'kamailioro',
  password: get('DBROPW') || 'kamailioro',
})

export const databaseName = (get: Settings): string => get('DBNAME') || 'kamailio'
export const databaseHost = (get: Settings): string => get('DBHOST') || 'localhost'

/** `mysql://kamailio:kamailiorw@localhost/kamailio` */
export function urlOf(get: Settings, engine: Engine, account: Account, database: string): string {
  if (engine === 'sqlite' || engine === 'dbtext') {
    const path = database || get('DB_PATH')
    if (path === '') throw new UsageError('DB_PATH is not set: where is the database?')
    // `sqlite:////absolute`, `sqlite:///relative`, `text:///absolute`.
    return engine === 'sqlite' ? `sqlite:///${path}` : `text://${path}`
  }
  const { user, password } = account
  const who = password === '' ? user : `${user}:${password}`
  const host = databaseHost(get)
  const address = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  const port = get('DBPORT') === '' ? '' : `:${get('DBPORT')}`
  return `${engine}://${who}@${address}${port}/${database || databaseName(get)}`
}
