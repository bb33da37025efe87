/** A database by its URL, with the driver modules of the server and without a node around them. */
import type { DbOutcome, DbStatement, RunRequest } from '../../rpc/database.ts'
import type { Core } from '../core/core.ts'
import { Counters } from '../core/counters.ts'
import { adviceAbout } from '../core/db/advice.ts'
import { type Database, DbError, type DbStatements } from '../core/db/api.ts'
import { Databases } from '../core/db/databases.ts'
import { readDbUrl } from '../core/db/url.ts'
import { Log } from '../core/log.ts'
import { BadValue, type Param } from '../core/module/index.ts'
import { systemClock } from '../lib/clock.ts'
import { modules } from '../modules/index.ts'
import { makeParams } from './parameters.ts'

const PATIENCE_MS = 3_600_000

/** What a driver module is given of a core: the place where it puts its driver. */
export async function openDatabase(url: string): Promise<{ db: Database; databases: Databases }> {
  const params = makeParams([])
  const log = new Log(() => systemClock.now())
  const counters = new Counters()
  const databases = new Databases({ params, log, counters, clock: systemClock })
  const core = { databases, log, counters, params, clock: systemClock } as unknown as Core
  const load = modules[`db_${readDbUrl(url).scheme}`]
  if (load !== undefined) {
    const { default: surface } = await load()
    const defaults = Object.entries(surface.params as Record<string, Param<unknown>>).map(
      ([name, { kind, default: value }]) => [name, kind === 'each' ? [] : (value ?? '')] as const,
    )
    const config = Object.fromEntries(defaults)
    const stats = Object.fromEntries(
      Object.keys(surface.stats ?? {}).map(name => [
        name,
        counters.register(surface.name, name, ''),
      ]),
    )
    new surface.instance({ config, apis: {}, core, stats })
  }
  const db = databases.open(url, 'kamctl')
  await db.connect()
  // Somebody waits for it who can end it: an index of a large table takes its time.
  params.db_deadline = PATIENCE_MS
  return { db, databases }
}

async function carryOut(db: DbStatements, statement: DbStatement): Promise<DbOutcome> {
  const none = { columns: [], rows: [], affected: -1 }
  switch (statement.do) {
    case 'query':
      return { ...none, ...(await db.query(statement)) }
    case 'insert':
      return { ...none, ...changed(await db.insert(statement.table, statement.row)) }
    case 'update': {
      const { table, where, changes } = statement
      return { ...none, ...changed(await db.update(table, where, changes)) }
    }
    case 'delete':
      return { ...none, ...changed(await db.delete(statement.table, statement.where)) }
    case 'raw': {
      const { columns, rows, affected } = await db.raw(statement.sql)
      return { columns, rows, affected }
    }
  }
}

const changed = ({ affected }: { affected: number }): { affected: number } => ({ affected })

/** All statements of a request, in their order. */
export async function run(
  db: Database,
  { statements, together }: RunRequest,
): Promise<DbOutcome[]> {
  const all = async (to: DbStatements): Promise<DbOutcome[]> => {
    const outcomes: DbOutcome[] = []
    for (const statement of statements) outcomes.push(await carryOut(to, statement))
    return outcomes
  }
  return together ? db.transaction(all) : all(db)
}

/** Why a statement, or the way to the database, failed. */
export function failureOf(error: unknown): { failure: string; text: string } {
  const text = error instanceof Error ? error.message : String(error)
  if (error instanceof DbError) {
    const advice = adviceAbout(text)
    return { failure: error.failure, text: advice === '' ? text : `${text}: ${advice}` }
  }
  if (error instanceof BadValue) return { failure: 'url', text: `${text} ${error.hint}`.trim() }
  return { failure: 'internal', text }
}
