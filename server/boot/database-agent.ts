/**
 * Answers statements that come as lines on standard input, with the drivers of a node and without a
 * node: kamctl and kamdbctl start it, so that they reach a database the way that a node does, and
 * also while no node runs. It ends when its input ends.
 */
import { createInterface } from 'node:readline'
import {
  type DbOutcome,
  type DbReply,
  type DbStatement,
  decode,
  encode,
  type OpenRequest,
  type PagesRequest,
  type RunRequest,
} from '../../rpc/database.ts'
import type { Core } from '../core/core.ts'
import { Counters } from '../core/counters.ts'
import { type Database, DbError, type DbStatements } from '../core/db/api.ts'
import { Databases } from '../core/db/databases.ts'
import { readDbUrl } from '../core/db/url.ts'
import { Log } from '../core/log.ts'
import { BadValue, type Param } from '../core/module.ts'
import { systemClock } from '../lib/clock.ts'
import { modules } from '../modules/index.ts'
import { makeParams } from './parameters.ts'

/** What a driver module is given of a core: the place where it puts its driver. */
async function openDatabase(url: string): Promise<{ db: Database; databases: Databases }> {
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
    new surface.instance({ config, apis: {}, core, stats: {} })
  }
  const db = databases.open(url, 'kamctl')
  await db.connect()
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

async function run(db: Database, { statements, together }: RunRequest): Promise<DbOutcome[]> {
  const all = async (to: DbStatements): Promise<DbOutcome[]> => {
    const outcomes: DbOutcome[] = []
    for (const statement of statements) outcomes.push(await carryOut(to, statement))
    return outcomes
  }
  return together ? db.transaction(all) : all(db)
}

const write = (reply: DbReply): void => void process.stdout.write(`${encode(reply)}\n`)

function failure(id: number, error: unknown): DbReply {
  const text = error instanceof Error ? error.message : String(error)
  if (error instanceof DbError) return { id, failure: error.failure, text }
  if (error instanceof BadValue) return { id, failure: 'url', text: `${text} ${error.hint}`.trim() }
  return { id, failure: 'internal', text }
}

async function answer(db: Database, request: RunRequest | PagesRequest): Promise<void> {
  const { id } = request
  try {
    if ('select' in request)
      for await (const page of db.pages(request.select, request.size))
        write({ id, page: { ...page, affected: -1 } })
    write({ id, outcomes: 'select' in request ? [] : await run(db, request) })
  } catch (error) {
    write(failure(id, error))
  }
}

async function main(): Promise<void> {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
  const first = await lines.next()
  if (first.done === true) return
  try {
    const { db, databases } = await openDatabase((decode(first.value) as OpenRequest).url)
    write({ id: 0, outcomes: [] })
    for (let line = await lines.next(); line.done !== true; line = await lines.next())
      await answer(db, decode(line.value) as RunRequest | PagesRequest)
    await databases.close()
  } catch (error) {
    write(failure(0, error))
  }
}

await main()
