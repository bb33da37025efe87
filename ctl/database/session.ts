/** The database that a command is meant for: --db, else kamctlrc, else the node says it. */
import type { DbCell, DbOutcome, DbSelect, DbTerm } from '../../rpc/database.ts'
import type { Fleet } from '../../rpc/fleet/fleet.ts'
import type { Args } from '../command.ts'
import { UsageError } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Database } from './agent.ts'
import { toBytes } from './bytes.ts'
import { engineOf, readOnly, readWrite, refuseDirectory, urlOf } from './engine.ts'
import { nodeDatabase } from './node-database.ts'
import { type Settings, readSettings } from './rc.ts'

export interface Session {
  readonly db: Database
  readonly get: Settings
  /** `mysql`, `sqlite` ... */
  readonly scheme: string
  /** A table by the name that kamctlrc may give it: SUB_TABLE, else `subscriber`. */
  table(variable: string, name: string): string
}

/** Somebody who came in by ssh: what reaches files of this machine is not for him. */
export const isGuest = (io: Io): boolean => io.env.KAMCTL_GUEST === '1'

export async function databaseUrl(
  io: Io,
  fleet: Fleet,
  args: Args,
  access: 'write' | 'read' = 'write',
): Promise<string> {
  const get = readSettings(io.env)
  if (args.option('db') !== undefined && isGuest(io)) throw new UsageError('--db is not for guests')
  const url =
    args.option('db') ?? urlFromRc(get, access) ?? (await nodeDatabase(fleet, get, args.command))
  refuseDirectory(url)
  return url
}

/** Opens it for the time of the work. */
export async function withDatabase<T>(
  io: Io,
  fleet: Fleet,
  args: Args,
  work: (session: Session) => Promise<T>,
  access: 'write' | 'read' = 'write',
): Promise<T> {
  const get = readSettings(io.env)
  const url = await databaseUrl(io, fleet, args, access)
  const db = await io.openDatabase(url)
  try {
    return await work({
      db,
      get,
      scheme: url.slice(0, url.indexOf(':')),
      table: (variable, name) => get(variable) || name,
    })
  } finally {
    await db.close()
  }
}

function urlFromRc(get: Settings, access: 'write' | 'read'): string | null {
  const engine = engineOf(get('DBENGINE'))
  if (engine === null) return null
  return urlOf(get, engine, access === 'write' ? readWrite(get) : readOnly(get), '')
}

export const text = (column: string, value: string): DbCell => ({
  column,
  type: 'string',
  value: toBytes(value),
})
export const int = (column: string, value: number): DbCell => ({ column, type: 'int', value })
/** The moment, in a column of the type datetime. */
export const now = (column: string, io: Io): DbCell => ({
  column,
  type: 'datetime',
  value: Math.floor(io.now() / 1000),
})
/** Those that are equal. */
export const where = (...cells: readonly DbCell[]): DbTerm[] =>
  cells.map(cell => ({ ...cell, op: '=' }))

export const select = (
  table: string,
  terms: readonly DbTerm[] = [],
  more: { columns?: readonly string[]; order?: string } = {},
): DbSelect => ({ do: 'query', table, columns: [], where: terms, ...more })

export async function exists(
  { db }: Session,
  table: string,
  ...cells: readonly DbCell[]
): Promise<boolean> {
  const columns = [cells[0]!.column]
  const found: DbOutcome = await db.run(select(table, where(...cells), { columns }))
  return found.rows.length > 0
}

export interface User {
  readonly name: string
  readonly domain: string
}

/** `alice@example.org`, or `alice` with SIP_DOMAIN. */
export function userOf({ get }: Pick<Session, 'get'>, word: string): User {
  const [name = '', domain = ''] = word.replace(/^sips?:/, '').split('@')
  const full = domain || get('SIP_DOMAIN')
  if (full === '')
    throw new UsageError(
      'domain unknown: use usernames with domain or set default domain in SIP_DOMAIN',
    )
  return { name, domain: full }
}

const AOR = /^[-a-zA-Z0-9&=+$,;?/_.!~*'()]+@.+/

/** A word that has to be user@domain. */
export function aorOf(session: Pick<Session, 'get'>, word: string): User {
  if (!AOR.test(word)) throw new UsageError(`${word} is not a valid AoR (user@domain)`)
  return userOf(session, word)
}
export const isAor = (word: string): boolean => AOR.test(word)

/** A word that has to be a whole number; the fallback when it is not there. */
export function whole(args: Args, name: string, fallback?: number): number {
  const word = args.word(name)
  if (word === '' && fallback !== undefined) return fallback
  if (!/^-?\d+$/.test(word)) throw new UsageError(`${name} is a whole number, not ${word}`)
  return Number(word)
}
