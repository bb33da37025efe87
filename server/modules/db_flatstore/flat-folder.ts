/** A folder of files to which rows are appended, as the database port sees it. */
import { stat } from 'node:fs/promises'
import { type DbCell, type DbChange, DbError, type DbStatements } from '../../core/db/api.ts'
import type { DbSession } from '../../core/db/driver.ts'
import { FlatFile } from './flat-file.ts'

/**
 * Behind the name of a table; in Kamailio the number of the process, each of which has a file of
 * its own. A node has one.
 */
const PROCESS = 1

const DELIMITER = '|'
const ENCODED = '%7C'

const refuse = (what: string): Promise<never> =>
  Promise.reject(new DbError('statement', `db_flatstore only inserts: no ${what}`))

export class FlatFolder implements DbSession {
  private readonly path: string
  private readonly encode: boolean
  private readonly files = new Map<string, FlatFile>()

  constructor(path: string, encode: boolean) {
    this.path = path
    this.encode = encode
  }

  async connect(): Promise<void> {
    const found = await stat(this.path).catch(() => null)
    if (found?.isDirectory() !== true)
      throw new DbError('unavailable', `folder ${this.path} does not exist`)
  }

  async insert(table: string, row: readonly DbCell[]): Promise<DbChange> {
    await this.file(table).append(this.line(row))
    return { affected: 1, lastId: null }
  }

  readonly query = (): Promise<never> => refuse('query')
  readonly insertUpdate = (): Promise<never> => refuse('insert_update')
  readonly replace = (): Promise<never> => refuse('replace')
  readonly update = (): Promise<never> => refuse('update')
  readonly delete = (): Promise<never> => refuse('delete')
  readonly raw = (): Promise<never> => refuse('raw statement')

  async *pages(): AsyncGenerator<never> {
    yield await refuse('query')
  }

  transaction<T>(_work: (db: DbStatements) => Promise<T>): Promise<T> {
    return refuse('transaction')
  }

  async rotate(): Promise<void> {
    await Promise.all([...this.files.values()].map(file => file.close()))
  }

  close(): Promise<void> {
    return this.rotate()
  }

  private line(row: readonly DbCell[]): string {
    return `${row.map(one => this.field(one)).join(DELIMITER)}\n`
  }

  private field({ type, value }: DbCell): string {
    if (value === null) return ''
    if (typeof value === 'string') return this.encode ? value.replaceAll(DELIMITER, ENCODED) : value
    // As C prints it.
    return type === 'double' ? Number(value).toFixed(6) : String(value)
  }

  private file(table: string): FlatFile {
    const known = this.files.get(table)
    if (known !== undefined) return known
    // The names of tables may come from variables: one is no path.
    if (!/^[^./\0][^/\0]*$/.test(table)) throw new DbError('statement', `no table name: ${table}`)
    const made = new FlatFile(`${this.path}/${table}_${PROCESS}.log`)
    this.files.set(table, made)
    return made
  }
}
