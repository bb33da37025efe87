/**
 * Records that are rows of a database. Each is loaded exactly once, whatever dies in between: the
 * rows of a batch and the number of its last record are committed together, the number in a table
 * of our own (Kamailio's tables keep Kamailio's columns). A database without transactions, or whose
 * user may not make that table, gets one row after the other; a kill between a row and its
 * acknowledgement doubles that row.
 */
import { type Database, type DbCell, DbError, type DbStatements, cell, is } from '../db/api.ts'
import { adviceAbout } from '../db/advice.ts'
import { createTable } from '../db/schema.ts'
import { ohanaSpool } from '../db/tables/ohana.ts'
import type { Deliver } from './pump.ts'
import type { Batch } from './reader.ts'
import type { Spool } from './spool.ts'

const TABLE = ohanaSpool.name
/** Without quotes, as all of them read it; where it was not made with the others. */
const MAKE_TABLE = createTable('sqlite', ohanaSpool)[0]!
  .replace('CREATE TABLE', 'CREATE TABLE IF NOT EXISTS')
  .replaceAll(/\s+/g, ' ')
  .replaceAll(/(?<=\() | (?=\))|;$/g, '')

/** What an operator can do when it cannot be made. */
const HINT =
  `as the owner of the database: kamdbctl add-tables ohana, or ${MAKE_TABLE}, ` +
  `and let this user select, insert and update`

/** A row on its way, as the spool keeps it. */
type Row = readonly [table: string, cells: readonly (readonly [string, string, unknown])[]]

export function encodeRow(table: string, cells: readonly DbCell[]): string {
  return JSON.stringify([table, cells.map(({ column, type, value }) => [column, type, value])])
}

function decodeRow(record: string): { table: string; cells: DbCell[] } {
  const [table, cells] = JSON.parse(record) as Row
  return { table, cells: cells.map(parts => cell(...(parts as Parameters<typeof cell>))) }
}

/** The database's user may not make the table, and nobody else has. */
class NoTable extends Error {}
/** Somebody else moved the number on: an earlier attempt of ours, whose answer was lost. */
class Overtaken extends Error {}
/** Ends a transaction that only was to show that it is possible. */
class Tried extends Error {}

/** The statement itself is refused: to repeat it as it is would be of no use. */
const isRefused = (error: unknown): error is DbError =>
  error instanceof DbError && (error.failure === 'statement' || error.failure === 'duplicate')

const isFailure = (result: PromiseSettledResult<unknown>): result is PromiseRejectedResult =>
  result.status === 'rejected'

/** Loads the rows of a spool into a database. */
export function loadInto(db: Database, spool: Spool): Deliver {
  const loading = db.can.has('transactions') ? new Loading(db, spool) : new OneByOne(db, spool)
  return async batch => {
    try {
      return await loading.deliver(batch)
    } catch (error) {
      const { message } = error as Error
      const advice = adviceAbout(message)
      throw advice === '' ? error : new Error(`${message}: ${advice}`, { cause: error })
    }
  }
}

class Loading {
  private readonly db: Database
  private readonly spool: Spool
  /** Number of the last record that the database has; -1: to be asked for. */
  private done = -1
  /** What does it where there is no table of ours. */
  private withoutTable: OneByOne | null = null

  constructor(db: Database, spool: Spool) {
    this.db = db
    this.spool = spool
  }

  async deliver(batch: Batch): Promise<number> {
    if (this.withoutTable !== null) return this.withoutTable.deliver(batch)
    if (!this.db.available) throw new Error(`${this.db.shownUrl} is away`)
    try {
      if (this.done < 0) this.done = await this.ask()
    } catch (error) {
      if (!(error instanceof NoTable)) throw error
      this.spool.warn(`${error.message}: a row may be there twice after a kill; ${HINT}`)
      this.withoutTable = new OneByOne(this.db, this.spool)
      return this.withoutTable.deliver(batch)
    }
    const there = this.done - batch.first + 1
    if (there > 0) return Math.min(there, batch.records.length)
    return this.load(batch, batch.records.length)
  }

  /** Loads the first `count`, or fewer when one of them is refused. */
  private async load(batch: Batch, count: number): Promise<number> {
    try {
      await this.commit(batch.first + count - 1, batch.records.slice(0, count))
      return count
    } catch (error) {
      // Whether a lost connection took the commit along is not known.
      this.done = -1
      if (!isRefused(error)) throw error
      this.done = await this.ask()
      if (this.done >= batch.first) return this.done - batch.first + 1
      if (count > 1) return this.load(batch, count >> 1)
      await this.judge(batch, error)
      return 1
    }
  }

  private async commit(last: number, records: readonly string[]): Promise<void> {
    await this.db.transaction(async db => {
      // All at once, in this order: a transaction is one connection, and nobody waits in between.
      const statements: Promise<unknown>[] = [this.moveOn(db, last)]
      for (const record of records) {
        const { table, cells } = decodeRow(record)
        statements.push(db.insert(table, cells))
      }
      const failed = (await Promise.allSettled(statements)).find(isFailure)
      if (failed !== undefined) throw failed.reason
    })
    this.done = last
  }

  /**
   * Comes first in the transaction: it locks the number, so that of two attempts the second finds
   * out about the first.
   */
  private async moveOn(db: DbStatements, last: number): Promise<void> {
    const { affected } = await db.update(
      TABLE,
      [is('spool', 'string', this.spool.id), is('done', 'bigint', this.done)],
      [cell('done', 'bigint', last)],
    )
    if (affected !== 1) throw new Overtaken('the number of loaded records was moved on meanwhile')
  }

  /**
   * The first record is refused. If another one is not, it is the record's own fault, and it makes
   * way; else it is the table's, and somebody has to put that right.
   */
  private async judge(batch: Batch, error: DbError): Promise<void> {
    const { table } = decodeRow(batch.records[0]!)
    for (const record of batch.records.slice(1)) {
      const other = decodeRow(record)
      if (other.table !== table || !(await this.works(other.table, other.cells))) continue
      await this.commit(batch.first, [])
      this.spool.setAside(batch.records[0]!, error.message)
      return
    }
    throw error
  }

  private async works(table: string, cells: readonly DbCell[]): Promise<boolean> {
    try {
      await this.db.transaction(async db => {
        await db.insert(table, cells)
        throw new Tried()
      })
    } catch (error) {
      if (error instanceof Tried) return true
      if (!isRefused(error)) throw error
    }
    return false
  }

  /** The number in the database; the table and the row are made when they are not there. */
  private async ask(): Promise<number> {
    const { db, spool } = this
    const own = [is('spool', 'string', spool.id)]
    const asked = () => db.query({ table: TABLE, columns: ['done'], where: own })
    let rows: readonly (readonly unknown[])[]
    try {
      rows = (await asked()).rows
    } catch (error) {
      if (!isRefused(error)) throw error
      await this.makeTable()
      rows = (await asked()).rows
    }
    if (rows.length > 0) return Number(rows[0]![0])
    const done = cell('done', 'bigint', spool.delivered)
    await db.insert(TABLE, [cell('spool', 'string', spool.id), done])
    return spool.delivered
  }

  private async makeTable(): Promise<void> {
    try {
      await this.db.raw(MAKE_TABLE)
    } catch (error) {
      if (!isRefused(error)) throw error
      throw new NoTable(`the table ${TABLE} cannot be made (${error.message})`, { cause: error })
    }
  }
}

class OneByOne {
  private readonly db: Database
  private readonly spool: Spool
  /** Tables that have taken a row: what they refuse then is the row's own fault. */
  private readonly good = new Set<string>()

  constructor(db: Database, spool: Spool) {
    this.db = db
    this.spool = spool
  }

  async deliver(batch: Batch): Promise<number> {
    let count = 0
    try {
      for (const record of batch.records) {
        await this.insert(record)
        this.spool.acknowledge(++count)
      }
    } catch (error) {
      if (count === 0) throw error
    }
    return count
  }

  private async insert(record: string): Promise<void> {
    const { table, cells } = decodeRow(record)
    try {
      await this.db.insert(table, cells)
      this.good.add(table)
    } catch (error) {
      if (!isRefused(error) || !this.good.has(table)) throw error
      this.spool.setAside(record, error.message)
    }
  }
}
