/**
 * Records that are rows of a database. Each is loaded exactly once, whatever dies in between: the
 * number of the last record is kept with the rows. A database that can neither have that number in
 * a transaction nor keep it otherwise gets one row after the other; a kill between a row and its
 * acknowledgement doubles that row.
 */
import { type Database, type DbCell, DbError, type DbInsert, type DbOnce, cell } from '../db/api.ts'
import { adviceAbout } from '../db/advice.ts'
import { onceOf } from './member-once.ts'
import type { Deliver } from './pump.ts'
import type { Batch } from './reader.ts'
import type { Spool } from './spool.ts'
import { isRefused, NoTable } from './spool-table.ts'

/** A row on its way, as the spool keeps it. */
type Row = readonly [table: string, cells: readonly (readonly [string, string, unknown])[]]

export function encodeRow(table: string, cells: readonly DbCell[]): string {
  return JSON.stringify([table, cells.map(({ column, type, value }) => [column, type, value])])
}

function decodeRow(record: string): DbInsert {
  const [table, cells] = JSON.parse(record) as Row
  return { table, cells: cells.map(parts => cell(...(parts as Parameters<typeof cell>))) }
}

/** Loads the rows of a spool into a database. */
export function loadInto(db: Database, spool: Spool): Deliver {
  const loading = new Loading(db, spool)
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
  private readonly spool: Spool
  private once: DbOnce | null
  private readonly oneByOne: OneByOne

  constructor(db: Database, spool: Spool) {
    this.spool = spool
    this.once = onceOf(db)
    this.oneByOne = new OneByOne(db, spool)
  }

  async deliver(batch: Batch): Promise<number> {
    const { spool, once } = this
    if (once === null) return this.oneByOne.deliver(batch)
    try {
      return await this.load(once, batch, batch.records.map(decodeRow))
    } catch (error) {
      if (!(error instanceof NoTable)) throw error
      spool.warn(error.told)
      this.once = null
      return this.oneByOne.deliver(batch)
    }
  }

  /** Loads all, or fewer when one of them is refused. */
  private async load(once: DbOnce, batch: Batch, rows: readonly DbInsert[]): Promise<number> {
    const { id, sync } = this.spool
    try {
      await once.insertOnce({ spool: id, first: batch.first, rows, sync })
      return rows.length
    } catch (error) {
      if (!isRefused(error)) throw error
      if (rows.length > 1) return this.load(once, batch, rows.slice(0, rows.length >> 1))
      await this.judge(once, batch, error)
      return 1
    }
  }

  /**
   * The first record is refused. If another one is not, it is the record's own fault, and it makes
   * way; else it is the table's, and somebody has to put that right.
   */
  private async judge(once: DbOnce, batch: Batch, error: DbError): Promise<void> {
    const [own, ...others] = batch.records.map(decodeRow)
    for (const other of others) {
      if (other.table !== own!.table || !(await works(once, other))) continue
      // The table may have been put right meanwhile.
      if (await works(once, own!)) throw error
      this.spool.setAside(batch.first, batch.records[0]!, error.message)
      return
    }
    throw error
  }
}

async function works(once: DbOnce, row: DbInsert): Promise<boolean> {
  try {
    await once.check(row)
    return true
  } catch (error) {
    if (!isRefused(error)) throw error
    return false
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
        await this.insert(batch.first + count, record)
        this.spool.acknowledge(++count)
      }
    } catch (error) {
      if (count === 0) throw error
    }
    return count
  }

  private async insert(number: number, record: string): Promise<void> {
    const { table, cells } = decodeRow(record)
    try {
      await this.db.insert(table, cells)
      this.good.add(table)
    } catch (error) {
      if (!isRefused(error) || !this.good.has(table)) throw error
      this.spool.setAside(number, record, error.message)
    }
  }
}
