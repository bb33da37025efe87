// Records from a spool into a database that fails in all ways, under a node that is killed at any
// moment and a disk that is full now and then: each record whose reply left is there once.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  type Database,
  cell,
  type DbCell,
  DbError,
  type DbStatements,
  type DbTerm,
} from '../../server/core/db/api.ts'
import { Log } from '../../server/core/log.ts'
import { encodeRow, loadInto } from '../../server/core/spool/database.ts'
import { systemFiles } from '../../server/core/spool/files.ts'
import { Spool } from '../../server/core/spool/spool.ts'
import { SeededRandom } from '../../server/lib/random.ts'
import { OpenedFiles } from '../kit/opened-files.ts'

type Tables = { rows: string[]; done: Map<string, number> | null }

/** A database with transactions and no mercy. */
class StrangeDatabase {
  tables: Tables = { rows: [], done: null }
  /** A transaction that was given up by its client and is carried out later. */
  late: Tables | null = null
  readonly #below: (limit: number) => number

  constructor(below: (limit: number) => number) {
    this.#below = below
  }

  get database(): Database {
    const statements = this.#statements(() => this.tables)
    return {
      ...statements,
      available: true,
      can: new Set(['transactions', 'raw']),
      shownUrl: 'strange://',
      transaction: (work: (db: DbStatements) => Promise<unknown>) => this.#transaction(work),
    } as unknown as Database
  }

  async #transaction(work: (db: DbStatements) => Promise<unknown>): Promise<unknown> {
    // One that was given up holds the lock until it is through.
    if (this.late !== null) {
      this.tables = this.late
      this.late = null
    }
    const copy: Tables = {
      rows: [...this.tables.rows],
      done: this.tables.done && new Map(this.tables.done),
    }
    const result = await work(this.#statements(() => copy))
    const fate = this.#below(10)
    if (fate === 0) throw new DbError('unavailable', 'lost before the commit')
    if (fate === 1) {
      this.late = copy
      throw new DbError('deadline', 'no answer in time')
    }
    this.tables = copy
    if (fate === 2) throw new DbError('unavailable', 'lost behind the commit')
    return result
  }

  #statements(tables: () => Tables): DbStatements {
    const fail = (): void => {
      if (this.#below(25) === 0) throw new DbError('unavailable', 'connection lost')
    }
    const valueOf = (cells: readonly DbCell[], column: string) =>
      cells.find(one => one.column === column)!.value
    const change = (affected: number) => ({ affected, lastId: null })
    const done = (): Map<string, number> => {
      const found = tables().done
      if (found === null) throw new DbError('statement', 'no such table')
      return found
    }
    return {
      query: async ({ where }: { where: readonly DbTerm[] }) => {
        fail()
        const found = done().get(String(valueOf(where, 'spool')))
        return { columns: [], rows: found === undefined ? [] : [[found]] }
      },
      raw: async () => {
        tables().done ??= new Map()
        return { columns: [], rows: [], ...change(0) }
      },
      insert: async (table: string, cells: readonly DbCell[]) => {
        fail()
        if (table === 'acc') tables().rows.push(String(valueOf(cells, 'callid')))
        else done().set(String(valueOf(cells, 'spool')), Number(valueOf(cells, 'done')))
        return change(1)
      },
      update: async (_table: string, where: readonly DbTerm[], cells: readonly DbCell[]) => {
        fail()
        const spool = String(valueOf(where, 'spool'))
        if (done().get(spool) !== Number(valueOf(where, 'done'))) return change(0)
        done().set(spool, Number(valueOf(cells, 'done')))
        return change(1)
      },
    } as unknown as DbStatements
  }
}

class Story {
  readonly below: (limit: number) => number
  readonly server: StrangeDatabase
  readonly answered: string[] = []
  isFull = false
  readonly #folder: string
  readonly #opened: OpenedFiles
  #spool!: Spool
  #deliver!: ReturnType<typeof loadInto>
  #next = 0

  constructor(seed: number, folder: string) {
    const random = new SeededRandom(seed)
    this.below = limit => random.uint32() % limit
    this.server = new StrangeDatabase(this.below)
    this.#folder = folder
    this.#opened = new OpenedFiles({
      write: (file, bytes, position) => {
        if (!this.isFull) return systemFiles.write(file, bytes, position)
        // What a full disk takes: some of it, or nothing.
        const some = bytes.subarray(0, this.below(bytes.length))
        if (some.length > 0 && this.below(2) === 0) return systemFiles.write(file, some, position)
        throw new Error('ENOSPC: no space left on device')
      },
    })
    this.start()
  }

  /**
   * Opens what is on the disk, as a node does after it was killed; if need be there is room first.
   */
  start(): void {
    this.#opened.closeAll()
    try {
      this.#open()
    } catch {
      this.isFull = false
      this.#open()
    }
  }

  #open(): void {
    const limits = { segment: 2000, reserve: 500, most: 1e9, sync: false }
    const log = new Log(() => 0)
    this.#spool = new Spool('acc', this.#folder, 'a'.repeat(32), limits, this.#opened.files, log)
    this.#deliver = loadInto(this.server.database, this.#spool)
  }

  /** A turn of the loop: some calls are answered if their records could be written. */
  turn(): void {
    const names = Array.from({ length: 1 + this.below(5) }, () => `call-${this.#next++}`)
    for (const name of names) this.#spool.append(encodeRow('acc', [cell('callid', 'string', name)]))
    if (this.#spool.commit() && this.#spool.unwritten === 0) this.answered.push(...names)
  }

  tick(): void {
    this.#spool.tick()
  }

  async deliver(): Promise<void> {
    const batch = await this.#spool.take(1 + this.below(20))
    if (batch === null) return
    try {
      const count = await this.#deliver(batch)
      // The node may be killed between the arrival and its acknowledgement.
      if (this.below(8) === 0) this.start()
      else this.#spool.acknowledge(count)
    } catch (error) {
      if (!(error instanceof Error)) throw error
    }
  }

  get pending(): number {
    return this.#spool.pending
  }
}

test.for(Array.from({ length: 100 }, (_, i) => i + 1))('seed %i', async seed => {
  const folder = mkdtempSync(join(tmpdir(), 'ohana-spool-sim-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const story = new Story(seed, folder)
  for (let step = 0; step < 300; step++) {
    const what = story.below(20)
    if (what < 9) story.turn()
    else if (what < 16) await story.deliver()
    else if (what < 18) story.tick()
    else if (what === 18) story.isFull = story.below(3) === 0
    else if (!story.isFull) story.start()
  }
  story.isFull = false
  story.tick()
  for (let rest = 0; story.pending > 0 && rest < 2000; rest++) await story.deliver()
  if (story.server.late !== null) story.server.tables = story.server.late
  const { rows } = story.server.tables
  const twice = rows.filter((row, i) => rows.indexOf(row) !== i)
  const lost = story.answered.filter(name => !rows.includes(name))
  expect({ twice, lost }).toEqual({ twice: [], lost: [] })
  expect(story.answered.length).toBeGreaterThan(50)
})
