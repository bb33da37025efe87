/** One connection to a PostgreSQL server. */
import { Client, type ClientConfig, type QueryArrayResult } from 'pg'
import {
  type DbCell,
  type DbChange,
  type DbColumn,
  type DbResult,
  type DbRow,
  type DbSelect,
  is,
} from '../../core/db/api.ts'
import type { DbConnection } from '../../core/db/pool.ts'
import { type Sql, SqlBuilder } from '../../core/db/sql.ts'
import { SqlStatements } from '../../core/db/sql-statements.ts'
import { toText } from '../../core/db/text.ts'
import { errorOf } from './failures.ts'
import { bind, read, typeOf } from './values.ts'

/** What needs no quotes; without them case does not matter, as configs are used to. */
const PLAIN = /^[A-Za-z_][A-Za-z0-9_$]*$/
/** Names of Kamailio's tables and columns that are words of the language. */
const WORDS = new Set(['user', 'group', 'order', 'table', 'end', 'column', 'check', 'default'])

const builder = new SqlBuilder({
  quote: name =>
    PLAIN.test(name) && !WORDS.has(name.toLowerCase()) ? name : `"${name.replaceAll('"', '""')}"`,
  mark: n => `$${n}`,
  bind,
})

/** Everything comes as the text that the server sent. */
const types = { getTypeParser: () => (text: string) => text }

/** Statements that a connection keeps prepared. */
const MOST_PREPARED = 200
/** The table was altered since it was prepared, or the statement is gone. */
const OUTDATED = new Set(['0A000', '26000'])

export class PostgresConnection extends SqlStatements implements DbConnection {
  private readonly client: Client
  private readonly prepared = new Map<string, string>()
  private names = 0
  private lost: (() => void) | null = null
  private gone = false
  private inTransaction = false

  private constructor(client: Client) {
    super(builder)
    this.client = client
    client.on('error', () => this.lose())
    client.on('end', () => this.lose())
  }

  static async open(config: ClientConfig): Promise<PostgresConnection> {
    const made = new PostgresConnection(new Client(config))
    try {
      await made.client.connect()
    } catch (error) {
      throw errorOf(error as Error)
    }
    return made
  }

  onLost(listener: () => void): void {
    this.lost = listener
    if (this.gone) listener()
  }

  async begin(): Promise<void> {
    await this.say('BEGIN')
    this.inTransaction = true
  }

  async commit(): Promise<void> {
    this.inTransaction = false
    await this.say('COMMIT')
  }

  async rollback(): Promise<void> {
    this.inTransaction = false
    await this.say('ROLLBACK')
  }

  async ping(): Promise<void> {
    await this.say('SELECT 1')
  }

  async end(): Promise<void> {
    await this.client.end()
  }

  destroy(): void {
    this.client.connection.stream.destroy()
    this.lose()
  }

  /** By a cursor, which lives in a transaction. */
  async *pages(select: DbSelect, rows: number): AsyncGenerator<DbResult> {
    const own = !this.inTransaction
    const cursor = `ohana_pages${++this.names}`
    const { text, values } = this.sql.select(select)
    if (own) await this.begin()
    try {
      await this.send({ text: `DECLARE ${cursor} NO SCROLL CURSOR FOR ${text}`, values })
      for (;;) {
        const page = result(await this.send({ text: `FETCH ${rows} FROM ${cursor}`, values: [] }))
        if (page.rows.length > 0) yield page
        if (page.rows.length < rows) break
      }
    } catch (error) {
      if (own) await this.rollback().catch(() => this.destroy())
      throw error
    } finally {
      await this.endPages(own, cursor)
    }
  }

  insertUpdate(table: string, row: readonly DbCell[], keys: readonly string[]): Promise<DbChange> {
    return this.replace(table, row, keys)
  }

  /**
   * The columns that are named change, or a row is made; that needs no unique key. None of the
   * statements fails when somebody else makes the row meanwhile: a failure would end a transaction.
   */
  async replace(table: string, row: readonly DbCell[], keys: readonly string[]): Promise<DbChange> {
    const where = row
      .filter(({ column }) => keys.includes(column))
      .map(({ column, type, value }) => is(column, type, value))
    if (where.length === 0) return this.insert(table, row)
    const rest = row.filter(({ column }) => !keys.includes(column))
    const update = this.sql.update(table, where, rest.length === 0 ? row : rest)
    const changed = await this.change(update)
    if (changed.affected > 0) return changed
    const made = await this.change(this.sql.insert(table, row, 'INSERT', ' ON CONFLICT DO NOTHING'))
    return made.affected > 0 ? made : this.change(update)
  }

  async raw(statement: string): Promise<DbResult & DbChange> {
    const outcome = await this.send({ text: toText(statement), values: [] })
    // Of several statements the last one counts.
    const last = Array.isArray(outcome) ? (outcome.at(-1) as QueryArrayResult) : outcome
    return { ...result(last), ...changeOf(last) }
  }

  protected async rows(statement: Sql): Promise<DbResult> {
    return result(await this.sendPrepared(statement))
  }

  protected async change(statement: Sql): Promise<DbChange> {
    return changeOf(await this.sendPrepared(statement))
  }

  private async endPages(own: boolean, cursor: string): Promise<void> {
    if (this.gone) return
    // A reader who stopped early leaves the cursor open; the end of the transaction closes it.
    if (own && this.inTransaction) await this.commit()
    else if (!own) await this.say(`CLOSE ${cursor}`).catch(() => undefined)
  }

  private async say(text: string): Promise<void> {
    await this.send({ text, values: [] })
  }

  private nameOf(text: string): string | undefined {
    const known = this.prepared.get(text)
    if (known !== undefined || this.prepared.size >= MOST_PREPARED) return known
    const name = `ohana${++this.names}`
    this.prepared.set(text, name)
    return name
  }

  private async sendPrepared(statement: Sql): Promise<QueryArrayResult> {
    try {
      return await this.send(statement, this.nameOf(statement.text))
    } catch (error) {
      const { code } = ((error as Error).cause ?? {}) as { code?: string }
      if (code === undefined || !OUTDATED.has(code) || this.inTransaction) throw error
      this.prepared.delete(statement.text)
      return this.send(statement, this.nameOf(statement.text))
    }
  }

  private async send({ text, values }: Sql, name?: string): Promise<QueryArrayResult> {
    const named = name === undefined ? {} : { name }
    try {
      return await this.client.query({ text, values, rowMode: 'array', types, ...named })
    } catch (error) {
      throw errorOf(error as Error)
    }
  }

  private lose(): void {
    if (this.gone) return
    this.gone = true
    this.lost?.()
  }
}

function result({ fields, rows }: QueryArrayResult): DbResult {
  const columns: DbColumn[] = fields.map(({ name, dataTypeID }) => ({
    name,
    type: typeOf(dataTypeID),
  }))
  for (const row of rows)
    for (let at = 0; at < row.length; at++)
      if (row[at] !== null) row[at] = read(row[at], columns[at]!.type)
  return { columns, rows: rows as DbRow[] }
}

/** PostgreSQL does not say which key it made. */
function changeOf({ command, rowCount }: QueryArrayResult): DbChange {
  return { affected: command === 'SELECT' ? -1 : (rowCount ?? -1), lastId: null }
}
