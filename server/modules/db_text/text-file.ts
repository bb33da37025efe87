/**
 * The file of one table: read once, and written as a whole, beside the one that is there and then
 * in its place, so that nobody ever finds half of it. Changes that come while it is written share
 * the next writing.
 */
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { DbError, type DbRow } from '../../core/db/api.ts'
import type { Disk } from '../../core/db/disk.ts'
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

/** For rows that may come again. */
export interface Care {
  /** Names the file that takes the table's place, differently each time. */
  readonly label: string
  /** Told of that file, by its name, when it is complete. */
  note(aside: string): Promise<void>
}

interface Waiting {
  readonly care: Care | null
  readonly resolve: () => void
  readonly reject: (error: DbError) => void
}

export class TextFile {
  private readonly disk: Disk
  private readonly folder: string
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

  constructor(disk: Disk, folder: string, name: string, format: TextFormat) {
    this.disk = disk
    this.folder = folder
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
  save(table: TextTable, care: Care | null = null): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ care, resolve, reject })
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
      text = await this.disk.read(this.path)
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code === 'ENOENT' && (await this.disk.facts(this.folder)) === null)
        throw new DbError('unavailable', `database folder ${this.folder} does not exist`)
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
        const cares = waiting.flatMap(({ care }) => (care === null ? [] : [care]))
        await this.write(table.columns, rows, cares)
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

  private async write(
    columns: readonly TextColumn[],
    rows: readonly DbRow[],
    cares: readonly Care[],
  ): Promise<void> {
    const { disk, name, folder, path } = this
    const [first] = cares
    const aside = first === undefined ? `.${name}.new` : `.${name}.${first.label}.new`
    const mode = (await disk.facts(path).catch(() => null))?.mode
    let noted = 0
    try {
      await disk.write(join(folder, aside), this.parts(columns, rows), { sync: true, mode })
      for (const { note } of cares) {
        await note(aside)
        noted++
      }
      await disk.rename(join(folder, aside), path)
    } catch (error) {
      // That it is still there says to whom it was noted that it did not become the table.
      if (noted === 0) await disk.remove(join(folder, aside)).catch(() => undefined)
      throw error
    }
    this.mark = await this.look()
  }

  private *parts(columns: readonly TextColumn[], rows: readonly DbRow[]): Generator<string> {
    yield `${printHeader(columns)}\n`
    for (let at = 0; at < rows.length; at += TURN) {
      const some = rows.slice(at, at + TURN)
      yield some.map(row => `${printRow(row, columns, this.format)}\n`).join('')
    }
  }

  private async look(): Promise<string> {
    const { mtimeMs, size, ino } = (await this.disk.facts(this.path)) ?? NOT_THERE
    return `${ino} ${size} ${mtimeMs}`
  }
}

const NOT_THERE = { ino: 0, size: 0, mtimeMs: 0 }

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}
