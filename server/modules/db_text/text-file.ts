/**
 * The file of one table: read once, and written as a whole, beside the one that is there and then
 * in its place, so that nobody ever finds half of it. Changes that come while it is written share
 * the next writing.
 */
import { chmod, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { DbError, type DbRow } from '../../core/db/api.ts'
import {
  BadTable,
  printHeader,
  printRow,
  readHeader,
  readRow,
  type TextColumn,
  type TextFormat,
} from './format.ts'
import { TextTable } from './text-table.ts'

/** Rows between two turns of the loop. */
const TURN = 2000

interface Waiting {
  readonly resolve: () => void
  readonly reject: (error: DbError) => void
}

export class TextFile {
  private readonly path: string
  private readonly name: string
  private readonly format: TextFormat
  private loading: Promise<TextTable> | null = null
  /** Rows as the file has them. */
  private saved: readonly DbRow[] = []
  /** Of the file that was read or written last: another one is somebody else's. */
  private mark = ''
  private waiting: Waiting[] = []
  private writing: Promise<void> | null = null

  constructor(folder: string, name: string, format: TextFormat) {
    this.path = join(folder, name)
    this.name = name
    this.format = format
  }

  /** `fresh`: read it again when somebody else has written it. */
  async table(fresh: boolean): Promise<TextTable> {
    if (fresh && this.loading !== null && this.writing === null) {
      const mark = await this.look()
      // While it was looked at, a change may have come.
      if (mark !== this.mark && this.writing === null) this.loading = null
    }
    if (this.loading === null) {
      this.loading = this.load()
      // What cannot be read now may be put right until the next time.
      this.loading.catch(() => (this.loading = null))
    }
    return this.loading
  }

  /** Resolves when what the table holds now is in the file. */
  save(table: TextTable): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject })
      this.writing ??= this.writeAll(table)
    })
  }

  /** Resolves when nothing is left to write. */
  async written(): Promise<void> {
    while (this.writing !== null) await this.writing
  }

  private async load(): Promise<TextTable> {
    let text: string
    try {
      this.mark = await this.look()
      text = await readFile(this.path, 'latin1')
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code === 'ENOENT' || code === 'EISDIR')
        throw new DbError('statement', `table ${this.name} does not exist!`)
      throw new DbError('unavailable', message, { cause: error })
    }
    try {
      const table = await this.read(text)
      this.saved = table.rows.slice()
      return table
    } catch (error) {
      if (!(error instanceof BadTable)) throw error
      const told = `could not load database from file [${this.name}]: ${error.message}`
      throw new DbError('statement', told, { cause: error })
    }
  }

  private async read(text: string): Promise<TextTable> {
    let end = endOfLine(text, 0)
    const columns = readHeader(text.slice(0, end))
    const rows: DbRow[] = []
    for (let line = 2; end < text.length; line++) {
      const start = end + 1
      end = endOfLine(text, start)
      const row = text.slice(start, end).replace(/\r$/, '')
      if (row !== '') rows.push(this.readLine(row, columns, line))
      if (line % TURN === 0) await nextTurn()
    }
    return new TextTable(columns, rows)
  }

  private readLine(row: string, columns: readonly TextColumn[], line: number): DbRow {
    try {
      return readRow(row, columns, this.format)
    } catch (error) {
      throw new BadTable(`line ${line}: ${(error as Error).message}`, { cause: error })
    }
  }

  private async writeAll(table: TextTable): Promise<void> {
    // Changes of one turn of the loop are written together.
    await nextTurn()
    while (this.waiting.length > 0) {
      const waiting = this.waiting.splice(0)
      const rows = table.rows.slice()
      try {
        await this.write(table.columns, rows)
        this.saved = rows
        for (const { resolve } of waiting) resolve()
      } catch (error) {
        // What is not in the file did not happen.
        table.rows = this.saved.slice()
        const failed = new DbError('unavailable', (error as Error).message, { cause: error })
        for (const { reject } of [...waiting, ...this.waiting.splice(0)]) reject(failed)
      }
    }
    this.writing = null
  }

  private async write(columns: readonly TextColumn[], rows: readonly DbRow[]): Promise<void> {
    const aside = join(dirname(this.path), `.${this.name}.new`)
    const mode = (await stat(this.path).catch(() => null))?.mode
    try {
      const file = await open(aside, 'w')
      try {
        await file.write(`${printHeader(columns)}\n`, null, 'latin1')
        for (let at = 0; at < rows.length; at += TURN) {
          const some = rows.slice(at, at + TURN)
          const lines = some.map(row => `${printRow(row, columns, this.format)}\n`)
          await file.appendFile(lines.join(''), 'latin1')
        }
        await file.datasync()
      } finally {
        await file.close()
      }
      if (mode !== undefined) await chmod(aside, mode & 0o777)
      await rename(aside, this.path)
    } catch (error) {
      await rm(aside, { force: true }).catch(() => undefined)
      throw error
    }
    this.mark = await this.look()
  }

  private async look(): Promise<string> {
    const { mtimeMs, size, ino } = await stat(this.path)
    return `${ino} ${size} ${mtimeMs}`
  }
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}
