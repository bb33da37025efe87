/**
 * Rows and the number of the last one in one transaction. The number is in a table of our own,
 * because Kamailio's tables keep Kamailio's columns.
 */
import {
  type Database,
  DbError,
  type DbInsert,
  type DbNumbered,
  type DbOnce,
  type DbStatements,
  cell,
  is,
} from '../db/api.ts'
import { createTable } from '../db/schema.ts'
import { ohanaSpool } from '../db/tables/ohana.ts'

const TABLE = ohanaSpool.name
/** Without quotes, as all of them read it; where it was not made with the others. */
const MAKE_TABLE = createTable('sqlite', ohanaSpool)[0]!
  .replace('CREATE TABLE', 'CREATE TABLE IF NOT EXISTS')
  .replaceAll(/\s+/g, ' ')
  .replaceAll(/(?<=\() | (?=\))|;$/g, '')

/** The database's user may not make the table, and nobody else has. */
export class NoTable extends Error {
  /** With what it means, and what an operator can do. */
  get told(): string {
    return (
      `${this.message}: a row may be there twice after a kill; as the owner of the database: ` +
      `kamdbctl add-tables ohana, or ${MAKE_TABLE}, and let this user select, insert and update`
    )
  }
}

/** Somebody else moved the number on: an earlier attempt of ours, whose answer was lost. */
class Overtaken extends Error {}
/** Ends a transaction that only was to show that it is possible. */
class Tried extends Error {}

/** The statement itself is refused: to repeat it as it is would be of no use. */
export const isRefused = (error: unknown): error is DbError =>
  error instanceof DbError && (error.failure === 'statement' || error.failure === 'duplicate')

const isFailure = (result: PromiseSettledResult<unknown>): result is PromiseRejectedResult =>
  result.status === 'rejected'

export class SpoolTable implements DbOnce {
  private readonly db: Database
  /** Of each spool the number of the last record that the database has, where it is known. */
  private readonly done = new Map<string, number>()

  constructor(db: Database) {
    this.db = db
  }

  async insertOnce({ spool, first, rows }: DbNumbered): Promise<void> {
    const before = this.done.get(spool) ?? (await this.ask(spool, first - 1))
    const missing = rows.slice(Math.max(0, before - first + 1))
    // Whether a lost connection took the commit along is not known.
    this.done.delete(spool)
    const last = Math.max(before, first + rows.length - 1)
    if (missing.length > 0) await this.commit(spool, before, last, missing)
    this.done.set(spool, last)
  }

  async check({ table, cells }: DbInsert): Promise<void> {
    try {
      await this.db.transaction(async db => {
        await db.insert(table, cells)
        throw new Tried()
      })
    } catch (error) {
      if (!(error instanceof Tried)) throw error
    }
  }

  private async commit(
    spool: string,
    before: number,
    last: number,
    rows: readonly DbInsert[],
  ): Promise<void> {
    await this.db.transaction(async db => {
      // All at once, in this order: a transaction is one connection, and nobody waits in between.
      const statements: Promise<unknown>[] = [moveOn(db, spool, before, last)]
      for (const { table, cells } of rows) statements.push(db.insert(table, cells))
      const failed = (await Promise.allSettled(statements)).find(isFailure)
      if (failed !== undefined) throw failed.reason
    })
  }

  /**
   * The number in the database; the table, and the row with the number `none`, are made when they
   * are not there.
   */
  private async ask(spool: string, none: number): Promise<number> {
    const { db } = this
    const own = [is('spool', 'string', spool)]
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
    await db.insert(TABLE, [cell('spool', 'string', spool), cell('done', 'bigint', none)])
    return none
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

/**
 * Comes first in the transaction: it locks the number, so that of two attempts the second finds out
 * about the first.
 */
async function moveOn(
  db: DbStatements,
  spool: string,
  before: number,
  last: number,
): Promise<void> {
  const { affected } = await db.update(
    TABLE,
    [is('spool', 'string', spool), is('done', 'bigint', before)],
    [cell('done', 'bigint', last)],
  )
  if (affected !== 1) throw new Overtaken('the number of loaded records was moved on meanwhile')
}
