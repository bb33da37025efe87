/** A folder of files to which rows are appended, as the database port sees it. */
import { basename, join } from 'node:path'
import { crc32 } from 'node:zlib'
import {
  type DbCell,
  type DbChange,
  DbError,
  type DbNumbered,
  type DbOnce,
  type DbStatements,
} from '../../core/db/api.ts'
import { type Disk, systemDisk } from '../../core/db/disk.ts'
import type { DbSession } from '../../core/db/driver.ts'
import { OnceMark, spoolsMarked } from '../../core/db/once-mark.ts'
import type { Log } from '../../core/log.ts'
import { FlatFile, type Place } from './flat-file.ts'

/**
 * Behind the name of a table; in Kamailio the number of the process, each of which has a file of
 * its own. A node has one.
 */
const PROCESS = 1

const DELIMITER = '|'
const ENCODED = '%7C'

const refuse = (what: string): Promise<never> =>
  Promise.reject(new DbError('statement', `db_flatstore only inserts: no ${what}`))

/** Lines that are in a file of this name, or were when it was written. */
interface Doubt extends Place {
  readonly file: string
}

export class FlatFolder implements DbSession {
  readonly once: DbOnce
  private readonly path: string
  private readonly encode: boolean
  private readonly log: Log
  private readonly disk: Disk
  private readonly files = new Map<string, FlatFile>()
  private readonly marks = new Map<string, OnceMark<Doubt>>()
  /** What a process that was killed has left behind is put right. */
  private ready: Promise<void> | null = null

  constructor(path: string, encode: boolean, log: Log, disk: Disk = systemDisk) {
    this.path = path
    this.encode = encode
    this.log = log
    this.disk = disk
    this.once = {
      insertOnce: numbered => this.insertOnce(numbered),
      check: async ({ table }) => void this.file(table),
    }
  }

  async connect(): Promise<void> {
    const found = await this.disk.facts(this.path).catch(() => null)
    if (found?.isFolder !== true)
      throw new DbError('unavailable', `folder ${this.path} does not exist`)
  }

  async insert(table: string, row: readonly DbCell[]): Promise<DbChange> {
    await this.prepared()
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
    await Promise.all([...this.marks.values()].map(mark => mark.rest()))
  }

  close(): Promise<void> {
    return this.rotate()
  }

  private async insertOnce(numbered: DbNumbered): Promise<void> {
    const { spool, sync } = numbered
    await this.prepared()
    await this.mark(spool).insertOnce(numbered, ({ table, rows, note }) => {
      const lines = rows.map(({ cells }) => this.line(cells)).join('')
      const file = basename(this.pathOf(table))
      const care = { sync, note: (place: Place) => note({ ...place, file }) }
      return this.file(table).append(lines, care)
    })
  }

  /** No line may come behind one that is there in part. */
  private prepared(): Promise<void> {
    this.ready ??= this.prepare()
    this.ready.catch(() => (this.ready = null))
    return this.ready
  }

  private async prepare(): Promise<void> {
    const names = await this.disk.names(this.path).catch((error: Error) => {
      throw new DbError('unavailable', error.message, { cause: error })
    })
    for (const spool of spoolsMarked(names)) await this.mark(spool).clear()
  }

  private mark(spool: string): OnceMark<Doubt> {
    const known = this.marks.get(spool)
    if (known !== undefined) return known
    const doubts = { isDone: (what: Doubt) => this.isDone(what), forget: async () => undefined }
    const made = new OnceMark(this.disk, this.path, spool, doubts)
    this.marks.set(spool, made)
    return made
  }

  /** Are these lines in their file? Part of a line is cut off. */
  private async isDone({ file, ino, from, to, crc }: Doubt): Promise<boolean> {
    const path = await this.find(file, ino)
    if (path === null) {
      const what = `${join(this.path, file)} was moved away after the node was killed`
      this.log.warn('db_flatstore', `${what}: its last lines may be in the next file as well`)
      return false
    }
    const there = await this.disk.readPart(path, from, to - from)
    if (there.length === to - from) return crc32(there) === crc
    if (there.length > 0) await this.disk.cut(path, from)
    return false
  }

  /** The file with this inode: somebody may have renamed it meanwhile. */
  private async find(file: string, ino: number): Promise<string | null> {
    const names = await this.disk.names(this.path)
    for (const name of [file, ...names.filter(one => one !== file)]) {
      const path = join(this.path, name)
      if ((await this.disk.facts(path))?.ino === ino) return path
    }
    return null
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
    const made = new FlatFile(this.disk, this.pathOf(table))
    this.files.set(table, made)
    return made
  }

  private pathOf(table: string): string {
    // The names of tables may come from variables: one is no path.
    if (!/^[^./\0][^/\0]*$/.test(table)) throw new DbError('statement', `no table name: ${table}`)
    return `${this.path}/${table}_${PROCESS}.log`
  }
}
