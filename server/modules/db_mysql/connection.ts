/** One connection to a MySQL or MariaDB server. */
import {
  type Connection,
  type ConnectionOptions,
  createConnection,
  type FieldPacket,
  type ResultSetHeader,
} from 'mysql2'
import type {
  DbCell,
  DbChange,
  DbColumn,
  DbError,
  DbResult,
  DbRow,
  DbSelect,
} from '../../core/db/api.ts'
import type { Counter } from '../../core/counters.ts'
import type { DbConnection } from '../../core/db/pool.ts'
import { type Sql, SqlBuilder } from '../../core/db/sql.ts'
import { SqlStatements } from '../../core/db/sql-statements.ts'
import { toText } from '../../core/db/text.ts'
import { errorOf } from './failures.ts'
import { bind, columnOf, readRow } from './values.ts'

const builder = new SqlBuilder({
  quote: name => `\`${name.replaceAll('`', '``')}\``,
  mark: () => '?',
  bind,
})

/** What the driver wants of statements. */
export interface StatementOptions {
  readonly unsigned: boolean
  /** Counts what fails because the server or the connection has failed. */
  readonly errors: Counter
}

type Outcome = { rows: unknown[][] | ResultSetHeader; fields: FieldPacket[] | undefined }

export class MysqlConnection extends SqlStatements implements DbConnection {
  private readonly connection: Connection
  private readonly options: StatementOptions
  private lost: (() => void) | null = null
  private gone = false
  private inTransaction = false

  private constructor(connection: Connection, options: StatementOptions) {
    super(builder)
    this.connection = connection
    this.options = options
    connection.on('error', () => this.lose())
    connection.on('end', () => this.lose())
  }

  static open(how: ConnectionOptions, options: StatementOptions): Promise<MysqlConnection> {
    return new Promise((resolve, reject) => {
      const connection = createConnection(how)
      // It is told twice: to who connects, and as an event.
      let over = false
      const failed = (error: Error): void => {
        if (over) return
        over = true
        options.errors.value++
        connection.destroy()
        reject(errorOf(error))
      }
      // Errors that come later belong to the object that is made then.
      connection.on('error', failed)
      connection.connect(error => {
        if (error) {
          failed(error)
          return
        }
        const made = new MysqlConnection(connection, options)
        connection.off('error', failed)
        resolve(made)
      })
    })
  }

  onLost(listener: () => void): void {
    this.lost = listener
    if (this.gone) listener()
  }

  begin(): Promise<void> {
    this.inTransaction = true
    return this.say('START TRANSACTION')
  }

  commit(): Promise<void> {
    this.inTransaction = false
    return this.say('COMMIT')
  }

  rollback(): Promise<void> {
    this.inTransaction = false
    return this.say('ROLLBACK')
  }

  ping(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.connection.ping(error => (error ? reject(errorOf(error)) : resolve()))
    })
  }

  end(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.connection.end(error => (error ? reject(errorOf(error)) : resolve()))
    })
  }

  destroy(): void {
    this.connection.destroy()
    this.lose()
  }

  /** In a transaction the connection has other statements to carry out between two pages. */
  pages(select: DbSelect, rows: number): AsyncGenerator<DbResult> {
    return this.inTransaction ? this.pagesByOffset(select, rows) : this.stream(select, rows)
  }

  /** Rows as they come: the server waits while nobody reads. */
  private async *stream(select: DbSelect, rows: number): AsyncGenerator<DbResult> {
    const { text, values } = this.sql.select(select)
    const options = { sql: text, values: values as string[], rowsAsArray: true }
    const command = this.connection.execute(options)
    let columns: DbColumn[] = []
    command.on('fields', (fields: FieldPacket[]) => (columns = this.columns(fields)))
    let page: DbRow[] = []
    try {
      for await (const row of command.stream({ highWaterMark: rows })) {
        readRow(row as unknown[], columns)
        page.push(row as DbRow)
        if (page.length < rows) continue
        yield { columns, rows: page }
        page = []
      }
    } catch (error) {
      throw this.failed(error as Error)
    }
    if (page.length > 0) yield { columns, rows: page }
  }

  async insertUpdate(
    table: string,
    row: readonly DbCell[],
    _keys: readonly string[],
  ): Promise<DbChange> {
    const set = row.map(({ column }) => `${this.sql.name(column)}=VALUES(${this.sql.name(column)})`)
    const tail = ` ON DUPLICATE KEY UPDATE ${set.join(',')}`
    const { lastId } = await this.change(this.sql.insert(table, row, 'INSERT', tail))
    // MySQL says 1, 2 or 0 for new, changed and as it was.
    return { affected: 1, lastId }
  }

  async replace(
    table: string,
    row: readonly DbCell[],
    _keys: readonly string[],
  ): Promise<DbChange> {
    const { lastId } = await this.change(this.sql.insert(table, row, 'REPLACE'))
    return { affected: 1, lastId }
  }

  async raw(statement: string): Promise<DbResult & DbChange> {
    const outcome = await this.send('query', { text: toText(statement), values: [] })
    return { ...this.result(outcome), ...changeOf(outcome) }
  }

  protected async rows(statement: Sql): Promise<DbResult> {
    return this.result(await this.send('execute', statement))
  }

  protected async change(statement: Sql): Promise<DbChange> {
    return changeOf(await this.send('execute', statement))
  }

  private async say(text: string): Promise<void> {
    await this.send('query', { text, values: [] })
  }

  private send(how: 'execute' | 'query', { text, values }: Sql): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const options = { sql: text, values: values as string[], rowsAsArray: true }
      this.connection[how](options, (error, rows, fields) => {
        if (error) reject(this.failed(error))
        else resolve({ rows: rows as Outcome['rows'], fields })
      })
    })
  }

  private result({ rows, fields }: Outcome): DbResult {
    if (!Array.isArray(rows) || fields === undefined) return { columns: [], rows: [] }
    const columns = this.columns(fields)
    for (const row of rows) readRow(row, columns)
    return { columns, rows: rows as DbRow[] }
  }

  private columns(fields: FieldPacket[]): DbColumn[] {
    return fields.map(field => columnOf(field, this.options.unsigned))
  }

  private failed(cause: Error): DbError {
    const error = errorOf(cause)
    if (error.failure === 'unavailable') this.options.errors.value++
    return error
  }

  private lose(): void {
    if (this.gone) return
    this.gone = true
    this.lost?.()
  }
}

function changeOf({ rows }: Outcome): DbChange {
  if (Array.isArray(rows)) return { affected: -1, lastId: null }
  return { affected: rows.affectedRows, lastId: rows.insertId === 0 ? null : rows.insertId }
}
