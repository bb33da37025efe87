/** One SQLite file as the database port sees it. */
import {
  type DbCell,
  type DbChange,
  DbError,
  type DbResult,
  type DbRow,
  type DbSelect,
  type DbStatements,
  type DbTerm,
} from '../../core/db/api.ts'
import type { DbLimits, DbSession } from '../../core/db/driver.ts'
import { type Dialect, type Sql, SqlBuilder } from '../../core/db/sql.ts'
import { SqlStatements } from '../../core/db/sql-statements.ts'
import { SqliteThread } from './thread.ts'
import { bind } from './values.ts'
import {
  BOUNDARY,
  CHANGE,
  QUERY,
  RAW,
  type SqliteAnswer,
  type SqliteFile,
  type SqliteOrder,
} from './orders.ts'

const dialect: Dialect = {
  // Not in double quotes: a name that is unknown would be taken for a text.
  quote: name => `\`${name.replaceAll('`', '``')}\``,
  mark: () => '?',
  bind,
}
const sql = new SqlBuilder(dialect)

/** Where an order goes: to the thread, or behind the transaction that is open. */
type Send = (order: SqliteOrder) => Promise<SqliteAnswer>

class SqliteStatements extends SqlStatements {
  protected readonly send: Send

  constructor(send: Send) {
    super(sql)
    this.send = send
  }

  /** By the number of the row: nothing is held open between two pages. */
  async *pages(select: DbSelect, rows: number): AsyncGenerator<DbResult> {
    if (select.order !== undefined && select.order !== '') {
      yield* this.pagesByOffset(select, rows)
      return
    }
    const { table, where, columns } = select
    const wanted = ['rowid', ...(columns.length === 0 ? ['*'] : columns)]
    let last: DbTerm[] = []
    for (;;) {
      const page = { table, columns: wanted, where: [...where, ...last], order: 'rowid' }
      const found = await this.numberedPage(page, rows)
      if (found === null) {
        yield* this.pagesByOffset(select, rows)
        return
      }
      if (found.rows.length === 0) return
      const value = found.rows.at(-1)![0] as number
      last = [{ column: 'rowid', type: 'bigint', op: '>', value }]
      yield { columns: found.columns.slice(1), rows: found.rows.map(row => row.slice(1)) }
      if (found.rows.length < rows) return
    }
  }

  /** null: the table has no row numbers (WITHOUT ROWID, a view). */
  private async numberedPage(page: DbSelect, rows: number): Promise<DbResult | null> {
    try {
      return await this.rows(sql.select(page, ` LIMIT ${rows}`))
    } catch (error) {
      if ((error as Error).message === 'no such column: rowid') return null
      throw error
    }
  }

  /** Whichever unique key it is that the row offends. */
  insertUpdate(table: string, row: readonly DbCell[], keys: readonly string[]): Promise<DbChange> {
    const set = row
      .filter(({ column }) => !keys.includes(column))
      .map(({ column }) => `${sql.name(column)}=excluded.${sql.name(column)}`)
    const otherwise = set.length === 0 ? 'NOTHING' : `UPDATE SET ${set.join(',')}`
    return this.change(sql.insert(table, row, 'INSERT', ` ON CONFLICT DO ${otherwise}`))
  }

  replace(table: string, row: readonly DbCell[], _keys: readonly string[]): Promise<DbChange> {
    return this.change(sql.insert(table, row, 'REPLACE'))
  }

  async raw(statement: string): Promise<DbResult & DbChange> {
    const answer = await this.ask(RAW, { text: statement, values: [] })
    return { ...result(answer), affected: answer.affected, lastId: answer.lastId }
  }

  protected async rows(statement: Sql): Promise<DbResult> {
    return result(await this.ask(QUERY, statement))
  }

  protected async change(statement: Sql): Promise<DbChange> {
    const { affected, lastId } = await this.ask(CHANGE, statement)
    return { affected, lastId }
  }

  private ask(kind: number, { text, values }: Sql): Promise<SqliteAnswer> {
    return this.send({ kind, sql: text, values })
  }
}

const result = ({ columns, rows }: SqliteAnswer): DbResult => ({
  columns,
  rows: rows as unknown as DbRow[],
})

const boundary = (text: string): SqliteOrder => ({ kind: BOUNDARY, sql: text, values: [] })

export class SqliteSession extends SqliteStatements implements DbSession {
  private readonly thread: SqliteThread
  private readonly limits: DbLimits
  /** Resolves when no transaction is open; null when none is. */
  private transactions: Promise<void> | null = null

  constructor(file: SqliteFile, limits: DbLimits) {
    const thread = new SqliteThread(file)
    super(order => this.behindTransactions(order))
    this.thread = thread
    this.limits = limits
  }

  async connect(): Promise<void> {
    await this.send({ kind: QUERY, sql: 'SELECT 1', values: [] })
  }

  async transaction<T>(work: (db: DbStatements) => Promise<T>): Promise<T> {
    while (this.transactions !== null) await this.transactions
    let over!: () => void
    this.transactions = new Promise(done => {
      over = () => {
        this.transactions = null
        done()
      }
    })
    try {
      return await this.alone(work)
    } finally {
      over()
    }
  }

  close(): Promise<void> {
    return this.thread.close()
  }

  /** Ends by itself when nothing comes for too long: everybody else waits for it. */
  private async alone<T>(work: (db: DbStatements) => Promise<T>): Promise<T> {
    const { thread } = this
    await thread.carryOut(boundary('BEGIN IMMEDIATE'))
    let ended: DbError | null = null
    let giveUp!: (error: DbError) => void
    const idle = new Promise<never>((_, reject) => (giveUp = reject))
    idle.catch(() => undefined)
    const timer = setTimeout(() => {
      ended = new DbError('deadline', 'the transaction did nothing for too long')
      giveUp(ended)
    }, this.limits.deadline)
    const send: Send = order => {
      if (ended !== null) return Promise.reject(ended)
      timer.refresh()
      return thread.carryOut(order)
    }
    try {
      const value = await Promise.race([work(new SqliteStatements(send)), idle])
      await thread.carryOut(boundary('COMMIT'))
      return value
    } catch (error) {
      // Some errors have rolled it back already.
      await thread.carryOut(boundary('ROLLBACK')).catch(() => undefined)
      throw error
    } finally {
      clearTimeout(timer)
      ended ??= new DbError('statement', 'the transaction is over')
    }
  }

  private async behindTransactions(order: SqliteOrder): Promise<SqliteAnswer> {
    while (this.transactions !== null) await this.transactions
    return this.thread.carryOut(order)
  }
}
