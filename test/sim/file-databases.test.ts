// Records in files (db_text, db_flatstore), each exactly once: the node is killed at every step of
// the way, then at random ones, with a full disk and rotated files in between.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { cell, type Database } from '../../server/core/db/api.ts'
import type { Disk } from '../../server/core/db/disk.ts'
import type { DbSession } from '../../server/core/db/driver.ts'
import { Log } from '../../server/core/log.ts'
import { encodeRow, loadInto } from '../../server/core/spool/database.ts'
import { Spool } from '../../server/core/spool/spool.ts'
import { SeededRandom } from '../../server/lib/random.ts'
import { FlatFolder } from '../../server/modules/db_flatstore/flat-folder.ts'
import { TextFolder } from '../../server/modules/db_text/folder.ts'
import { DyingDisk, type Share } from '../kit/dying-disk.ts'
import { OpenedFiles } from '../kit/opened-files.ts'

interface Kind {
  readonly name: string
  open(folder: string, disk: Disk): DbSession
  prepare(folder: string): void
  /** Somebody puts the files aside. */
  rotate: ((folder: string, session: DbSession, to: string) => Promise<void>) | null
  /** Lines of the rows of a file; none of one that holds no rows. */
  rows(name: string, text: string): string[]
}

const TABLES = ['acc', 'missed_calls']
const log = new Log(() => 0)

const KINDS: Kind[] = [
  {
    name: 'db_text',
    open: (folder, disk) => {
      const format = { delimiter: ':', emptyStrings: false, fresh: false, mostRows: 1000 }
      return new TextFolder(folder, format, disk)
    },
    prepare: folder => {
      for (const table of TABLES)
        writeFileSync(join(folder, table), 'id(int,auto) callid(string) \n')
    },
    rotate: null,
    rows: (name, text) =>
      name.startsWith('.')
        ? []
        : text
            .split('\n')
            .slice(1, -1)
            .map(row => row.split(':')[1]!),
  },
  {
    name: 'db_flatstore',
    open: (folder, disk) => new FlatFolder(folder, true, log, disk),
    prepare: () => undefined,
    rotate: async (folder, session, to) => {
      for (const name of readdirSync(folder))
        if (name.endsWith('.log')) renameSync(join(folder, name), join(folder, `${name}.${to}`))
      await (session as FlatFolder).rotate()
    },
    rows: (name, text) => (name.startsWith('.') ? [] : text.split('\n').slice(0, -1)),
  },
]

class Story {
  readonly kind: Kind
  /** Records that were taken, in order. */
  readonly taken: string[] = []
  readonly #spools: string
  readonly #tables: string
  #dying = new DyingDisk()
  #session!: DbSession
  #spool!: Spool
  #deliver!: ReturnType<typeof loadInto>
  #rotated = 0
  readonly #opened = new OpenedFiles({ sync: () => undefined })

  constructor(kind: Kind) {
    this.kind = kind
    const folder = mkdtempSync(join(tmpdir(), 'ohana-files-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    this.#spools = join(folder, 'spool')
    this.#tables = join(folder, 'tables')
    mkdirSync(this.#tables)
    kind.prepare(this.#tables)
    this.#start()
  }

  /** The process ends without a word, and is started again. */
  async restart(): Promise<void> {
    await this.end()
    this.#start()
  }

  async end(): Promise<void> {
    await this.#dying.bury()
    this.#opened.closeAll()
  }

  #start(): void {
    this.#dying = new DyingDisk()
    this.#session = this.kind.open(this.#tables, this.#dying.disk)
    const limits = { segment: 2000, reserve: 0, most: 1e9, sync: true }
    this.#spool = new Spool('acc', this.#spools, 'a'.repeat(32), limits, this.#opened.files, log)
    const { once } = this.#session
    const can = new Set(['insert'])
    const database = { once, can, available: true, shownUrl: this.kind.name }
    this.#deliver = loadInto(database as unknown as Database, this.#spool)
  }

  take(table: string, name: string): void {
    this.#spool.append(encodeRow(table, [cell('callid', 'string', name)]))
    this.#spool.commit()
    this.taken.push(name)
  }

  /** The process dies in so many steps. */
  doom(steps: number, share: Share): void {
    this.#dying.left = steps
    this.#dying.share = share
  }

  /** A step fails, so many from now on. */
  fail(steps: number): void {
    this.#dying.untilFailure = steps
  }

  set isFull(full: boolean) {
    this.#dying.isFull = full
  }

  /** false: it died on the way. `forgets`: it dies before it can note what has arrived. */
  async deliver(most: number, forgets = false): Promise<boolean> {
    const batch = await this.#spool.take(most)
    if (batch === null) return true
    const delivering = this.#deliver(batch).catch(() => 0)
    const count = await Promise.race([delivering, this.#dying.death])
    if (count === 'dead') return false
    if (!forgets) this.#spool.acknowledge(count)
    return !forgets
  }

  /** Another row, of somebody who does not mind to lose it. */
  /** Another row, of somebody who does not mind to lose it. */
  async other(table: string): Promise<void> {
    const row = [cell('callid', 'string', 'other')]
    await this.#orDie(this.#session.insert(table, row).catch(() => undefined))
  }

  async rotate(): Promise<void> {
    const { kind } = this
    if (kind.rotate === null) return
    await this.#orDie(kind.rotate(this.#tables, this.#session, String(++this.#rotated)))
  }

  async #orDie(work: Promise<unknown>): Promise<void> {
    if ((await Promise.race([work, this.#dying.death])) === 'dead') await this.restart()
  }

  get pending(): number {
    return this.#spool.pending
  }

  /** What is in all files, and whether something was left lying about. */
  get found(): string[] {
    const names = readdirSync(this.#tables)
    const rows = names.flatMap(name =>
      this.kind.rows(name, readFileSync(join(this.#tables, name), 'latin1')),
    )
    return rows.filter(row => row !== 'other').sort()
  }

  get leftOver(): string[] {
    return readdirSync(this.#tables).filter(name => name.endsWith('.new'))
  }
}

/** More steps than two batches take. */
const STEPS = 24

describe.for(KINDS)('$name', kind => {
  test.for(['nothing', 'a part', 'all'] as const)(
    'a kill at each step, %s of it done',
    async share => {
      let died = 0
      for (let steps = 0; steps < STEPS; steps++) {
        const story = new Story(kind)
        story.take('acc', 'before')
        await story.deliver(10)
        // Two that are the same are two.
        for (const name of ['same', 'same', 'c']) story.take('acc', name)
        story.take('missed_calls', 'm')
        story.doom(steps, share)
        const survived = await story.deliver(10, true)
        if (survived !== true) await story.restart()
        if (steps < STEPS - 10) died++
        for (let rest = 0; story.pending > 0 && rest < 10; rest++) await story.deliver(3)
        expect(story.found, `step ${steps}`).toEqual(story.taken.toSorted())
        expect(story.leftOver).toEqual([])
        await story.end()
      }
      expect(died).toBeGreaterThan(5)
    },
  )

  test.for(Array.from({ length: 10 }, (_, i) => i + 1))('seed %i', async seed => {
    const random = new SeededRandom(seed)
    const below = (limit: number): number => random.uint32() % limit
    const story = new Story(kind)
    const shares: Share[] = ['nothing', 'a part', 'all']
    for (let step = 0; step < 150; step++) {
      const what = below(20)
      // Few names: many records are the same.
      if (what < 8) story.take(TABLES[below(2)]!, `call-${below(5)}`)
      else if (what < 14) {
        if (below(3) === 0) story.doom(below(12), shares[below(3)]!)
        if (below(3) === 0) story.fail(below(6))
        if (!(await story.deliver(1 + below(8), below(6) === 0))) await story.restart()
      } else if (what < 16) await story.other(TABLES[below(2)]!)
      else if (what < 17) await story.rotate()
      else if (what < 18) story.isFull = below(2) === 0
      else if (what < 19) await story.restart()
    }
    await story.restart()
    for (let rest = 0; story.pending > 0 && rest < 500; rest++) await story.deliver(8)
    expect(story.found).toEqual(story.taken.toSorted())
    expect(story.taken.length).toBeGreaterThan(20)
    await story.end()
  })
})
