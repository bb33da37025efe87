/**
 * How a database of files inserts each row once, over kills: beside its tables a small file says
 * how many rows of a spool are in them, and what is just being done. After a kill the driver looks
 * whether that was done. The mark is written before the rows, in one go (a rename).
 */
import { join } from 'node:path'
import { type DbInsert, type DbNumbered, DbError } from './api.ts'
import type { Disk } from './disk.ts'

/** `D` is what a driver needs to find out whether it was carried out. */
interface Mark<D> {
  /** Number of the last row that is there for certain. */
  readonly done: number
  /** The rows behind that, up to the number `next`, may be. */
  readonly doubt?: { readonly next: number; readonly what: D } | undefined
}

export interface Doubts<D> {
  /** Was it carried out? What is there in part is taken away. */
  isDone(what: D): Promise<boolean>
  /** It was not, and nobody asks any more. */
  forget(what: D): Promise<void>
}

/** Rows for one table, with what tells of them before the first byte of them is written. */
export interface Rows<D> {
  readonly table: string
  readonly rows: readonly DbInsert[]
  /** Number of the last one. */
  readonly last: number
  note(what: D): Promise<void>
}

/** A spool has nothing in these files yet. */
const NOTHING = -1

const MARK = '.ohana_spool.'

/** The spools that have a mark among these files of a folder. */
export const spoolsMarked = (names: readonly string[]): string[] =>
  names
    .filter(name => name.startsWith(MARK) && !name.endsWith('.new'))
    .map(name => name.slice(MARK.length))

export class OnceMark<D> {
  private readonly disk: Disk
  private readonly path: string
  private readonly doubts: Doubts<D>
  /** null: it is to be read. */
  private done: number | null = null
  /** One after the other: one that its caller has given up may still be under way. */
  private last: Promise<unknown> = Promise.resolve()

  constructor(disk: Disk, folder: string, spool: string, doubts: Doubts<D>) {
    if (!/^\w+$/.test(spool)) throw new DbError('statement', `no name of a spool: ${spool}`)
    this.disk = disk
    this.path = join(folder, `${MARK}${spool}`)
    this.doubts = doubts
  }

  /** Gives those of the rows that are not there to `insert`, one table after the other. */
  insertOnce(numbered: DbNumbered, insert: (rows: Rows<D>) => Promise<void>): Promise<void> {
    return this.inTurn(async () => {
      for (const run of runs(numbered)) await this.insertRun(run, numbered.sync, insert)
    })
  }

  /** Finds out now what was done: somebody else is about to write. */
  clear(): Promise<void> {
    return this.inTurn(async () => {
      this.done ??= await this.settle(0, false)
    })
  }

  /** The files are about to be put away: says, if there is room to, that nothing is in doubt. */
  rest(): Promise<void> {
    return this.inTurn(async () => {
      const { done } = this
      if (done !== null && done !== NOTHING) await this.write({ done }, false)
    }).catch(() => undefined)
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.last.then(work).catch((error: unknown) => {
      if (error instanceof DbError) throw error
      throw new DbError('unavailable', (error as Error).message, { cause: error })
    })
    this.last = mine.catch(() => undefined)
    return mine
  }

  private async insertRun(
    { first, table, rows }: Run,
    sync: boolean,
    insert: (rows: Rows<D>) => Promise<void>,
  ): Promise<void> {
    this.done ??= await this.settle(first, sync)
    const { done } = this
    const missing = rows.slice(Math.max(0, done - first + 1))
    if (missing.length === 0) return
    const last = first + rows.length - 1
    // Until it is through nobody knows how far it came.
    this.done = null
    const note = (what: D): Promise<void> => this.write({ done, doubt: { next: last, what } }, sync)
    await insert({ table, rows: missing, last, note })
    this.done = last
  }

  /** Rows from `first` on are to come. */
  private async settle(first: number, sync: boolean): Promise<number> {
    const { done, doubt } = await this.read()
    if (doubt === undefined) return done
    // They have been acknowledged, or they are found in their place.
    if (first > doubt.next || (await this.doubts.isDone(doubt.what))) return doubt.next
    await this.write({ done }, sync)
    await this.doubts.forget(doubt.what)
    return done
  }

  private async read(): Promise<Mark<D>> {
    if ((await this.disk.facts(this.path)) === null) return { done: NOTHING }
    const text = await this.disk.read(this.path)
    try {
      return JSON.parse(text) as Mark<D>
    } catch {
      // A crash of the machine, without `sync`: nothing is known.
      return { done: NOTHING }
    }
  }

  private async write(mark: Mark<D>, sync: boolean): Promise<void> {
    const aside = `${this.path}.new`
    try {
      await this.disk.write(aside, [JSON.stringify(mark)], { sync })
      await this.disk.rename(aside, this.path)
    } catch (error) {
      await this.disk.remove(aside).catch(() => undefined)
      throw error
    }
  }
}

interface Run {
  readonly first: number
  readonly table: string
  readonly rows: DbInsert[]
}

/** Rows for the same table that follow each other. */
function runs({ first, rows }: DbNumbered): Run[] {
  const all: Run[] = []
  for (const [at, row] of rows.entries()) {
    const run = all.at(-1)
    if (run !== undefined && run.table === row.table) run.rows.push(row)
    else all.push({ first: first + at, table: row.table, rows: [row] })
  }
  return all
}
