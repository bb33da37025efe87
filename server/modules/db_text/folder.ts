/** A folder of tables as the database port sees it. */
import { join } from 'node:path'
import {
  type DbCell,
  type DbChange,
  DbError,
  type DbInsert,
  type DbNumbered,
  type DbOnce,
  type DbResult,
  type DbSelect,
  type DbStatements,
  type DbTerm,
  is,
} from '../../core/db/api.ts'
import { type Disk, systemDisk } from '../../core/db/disk.ts'
import type { DbSession } from '../../core/db/driver.ts'
import { OnceMark } from '../../core/db/once-mark.ts'
import type { TextFormat } from './format.ts'
import { readStatement } from './statement.ts'
import { TextFile } from './text-file.ts'
import { TextTable } from './text-table.ts'

export interface FolderOptions extends TextFormat {
  /** db_mode: a file that somebody else has written is read again. */
  readonly fresh: boolean
  /** Rows that a query may give. */
  readonly mostRows: number
}

export class TextFolder implements DbSession {
  readonly once: DbOnce
  private readonly path: string
  private readonly options: FolderOptions
  private readonly disk: Disk
  private readonly files = new Map<string, TextFile>()
  /** What is in doubt is the file that was to become the table: is it still there? */
  private readonly marks = new Map<string, OnceMark<string>>()

  constructor(path: string, options: FolderOptions, disk: Disk = systemDisk) {
    this.path = path
    this.options = options
    this.disk = disk
    this.once = {
      insertOnce: numbered => this.insertOnce(numbered),
      check: row => this.check(row),
    }
  }

  async connect(): Promise<void> {
    const found = await this.disk.facts(this.path).catch(() => null)
    if (found?.isFolder !== true)
      throw new DbError('unavailable', `database folder ${this.path} does not exist`)
  }

  async query(select: DbSelect): Promise<DbResult> {
    const found = (await this.table(select.table)).select(select)
    const { mostRows } = this.options
    if (found.rows.length > mostRows)
      throw new DbError(
        'statement',
        `Truncated table at [${mostRows}] rows. Please increase 'max_result_rows' param!`,
      )
    return found
  }

  async *pages(select: DbSelect, rows: number): AsyncGenerator<DbResult> {
    const found = (await this.table(select.table)).select(select)
    for (let at = 0; at < found.rows.length; at += rows)
      yield { columns: found.columns, rows: found.rows.slice(at, at + rows) }
  }

  async insert(table: string, row: readonly DbCell[]): Promise<DbChange> {
    return this.change(table, to => ({ affected: 1, ...to.insert(row) }))
  }

  insertUpdate(table: string, row: readonly DbCell[], keys: readonly string[]): Promise<DbChange> {
    return this.change(table, to => {
      const affected = keys.length === 0 ? 0 : to.update(rowOf(row, keys), row)
      return affected > 0 ? { affected, lastId: null } : { affected: 1, ...to.insert(row) }
    })
  }

  /** What it does not name is as in a new row. */
  replace(table: string, row: readonly DbCell[], keys: readonly string[]): Promise<DbChange> {
    return this.change(table, to => {
      const before = to.rows
      if (keys.length > 0) to.delete(rowOf(row, keys))
      try {
        return { affected: 1, ...to.insert(row) }
      } catch (error) {
        to.rows = before
        throw error
      }
    })
  }

  update(table: string, where: readonly DbTerm[], changes: readonly DbCell[]): Promise<DbChange> {
    return this.change(table, to => ({ affected: to.update(where, changes), lastId: null }))
  }

  delete(table: string, where: readonly DbTerm[]): Promise<DbChange> {
    return this.change(table, to => ({ affected: to.delete(where), lastId: null }))
  }

  async raw(text: string): Promise<DbResult & DbChange> {
    const statement = readStatement(text)
    const { table } = statement
    if (statement.verb === 'select') {
      const found = await this.query(statement)
      return { ...found, affected: -1, lastId: null }
    }
    const change = await (statement.verb === 'insert'
      ? this.insert(table, statement.cells)
      : statement.verb === 'update'
        ? this.update(table, statement.where, statement.cells)
        : this.delete(table, statement.where))
    return { columns: [], rows: [], ...change }
  }

  transaction<T>(_work: (db: DbStatements) => Promise<T>): Promise<T> {
    return Promise.reject(new DbError('statement', 'db_text has no transactions'))
  }

  /** The declaration of a table, for who prints its rows. */
  async columnsOf(table: string): Promise<TextTable['columns']> {
    return (await this.table(table)).columns
  }

  /** Resolves when all changes are in the files. */
  async written(): Promise<void> {
    await Promise.all([...this.files.values()].map(file => file.written()))
  }

  close(): Promise<void> {
    return this.written()
  }

  private insertOnce(numbered: DbNumbered): Promise<void> {
    const { spool } = numbered
    const mark = this.marks.get(spool) ?? this.markOf(spool)
    return mark.insertOnce(numbered, async ({ table, rows, last, note }) => {
      const to = await this.table(table)
      const before = to.rows.slice()
      try {
        for (const { cells } of rows) to.insert(cells)
      } catch (error) {
        to.rows = before
        throw error
      }
      await this.file(table).save(to, { label: `${spool}.${last}`, note })
    })
  }

  private markOf(spool: string): OnceMark<string> {
    const { disk, path } = this
    const made = new OnceMark<string>(disk, path, spool, {
      isDone: async aside => (await disk.facts(join(path, aside))) === null,
      forget: aside => disk.remove(join(path, aside)),
    })
    this.marks.set(spool, made)
    return made
  }

  /** Whether the table takes the row: tried with a table that nobody else sees. */
  private async check({ table, cells }: DbInsert): Promise<void> {
    const { columns, rows } = await this.table(table)
    new TextTable(columns, rows.slice()).insert(cells)
  }

  private async change(name: string, work: (table: TextTable) => DbChange): Promise<DbChange> {
    const table = await this.table(name)
    const change = work(table)
    if (change.affected > 0) await this.file(name).save(table)
    return change
  }

  private table(name: string): Promise<TextTable> {
    return this.file(name).table(this.options.fresh)
  }

  private file(name: string): TextFile {
    const known = this.files.get(name)
    if (known !== undefined) return known
    // A name is no path.
    if (!/^[^./\0][^/\0]*$/.test(name)) throw new DbError('statement', `no table name: ${name}`)
    const made = new TextFile(this.disk, this.path, name, this.options)
    this.files.set(name, made)
    return made
  }
}

/** The row with the same key. */
const rowOf = (row: readonly DbCell[], keys: readonly string[]): DbTerm[] =>
  row
    .filter(({ column }) => keys.includes(column))
    .map(({ column, type, value }) => is(column, type, value))
