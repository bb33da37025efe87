/**
 * Database URLs as Kamailio reads them (lib/srdb1/db_id.c):
 * `scheme://[user[:password]@]host[:port]/database[?parameters]`; for databases that are files
 * `sqlite:///path` and `text:///folder`, of flatstore `flatstore:/folder`, too; for directories
 * `ldap:/name` of a section of the driver's file and `ldap://user:password@host:port`.
 */
import { BadValue } from '../module/index.ts'

export interface DbUrl {
  /** As it was written. */
  readonly text: string
  readonly scheme: string
  readonly user: string
  readonly password: string
  readonly host: string
  /** 0: the database's own. */
  readonly port: number
  /** Name of the database, or path of the file. */
  readonly database: string
  readonly parameters: ReadonlyMap<string, string>
}

/** Throws BadValue when it is no URL of a database. */
export function readDbUrl(text: string): DbUrl {
  const start = text.indexOf(':/')
  if (start <= 0)
    throw new BadValue(
      `"${text}" is no database URL`,
      'for example mysql://user:password@host/database',
    )
  const scheme = text.slice(0, start)
  const behind = text.startsWith('//', start + 1) ? start + 3 : start + 1
  const [address, query] = split(text.slice(behind), '?')
  const slash = address.startsWith('/') ? 0 : address.indexOf('/', address.lastIndexOf('@') + 1)
  const authority = slash < 0 ? address : address.slice(0, slash)
  // The last @, because passwords have one now and then.
  const at = authority.lastIndexOf('@')
  const [user, password] = split(at < 0 ? '' : authority.slice(0, at), ':')
  const { host, port } = hostAndPort(authority.slice(at + 1))
  const database = slash < 0 ? '' : address.slice(slash + 1)
  const parameters = new Map(new URLSearchParams(query))
  return { text, scheme, user, password, host, port, database, parameters }
}

const MODULES: Readonly<Record<string, string>> = { ldap: 'db2_ldap', ldaps: 'db2_ldap' }

/** The module with the driver of a scheme. */
export const driverModule = (scheme: string): string => MODULES[scheme] ?? `db_${scheme}`

/** The URL without its password. */
export function shownUrl(url: DbUrl): string {
  return url.password === '' ? url.text : url.text.replace(`:${url.password}@`, ':***@')
}

function split(text: string, by: string): [string, string] {
  const at = text.indexOf(by)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

function hostAndPort(text: string): { host: string; port: number } {
  const end = text.startsWith('[') ? text.indexOf(']') + 1 : 0
  const colon = text.indexOf(':', end)
  if (colon < 0) return { host: text, port: 0 }
  return { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) || 0 }
}
