// A database server that goes away under load and comes back.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { cell, type Database, DbError } from '../../../server/core/db/api.ts'
import { Bench } from '../../kit/bench.ts'
import type { DatabaseServer } from '../../kit/database-server.ts'
import { until } from '../../kit/until.ts'

const DEADLINE = 600
/** What a busy machine adds. */
const SLACK = 15_000
/** Milliseconds between two statements of the load. */
const EVERY = 5

const configOf = (module: string): string => `
db_deadline=${DEADLINE}
db_retry_interval=50
loadmodule "${module}.so"
request_route { exit; }
`

interface Outcome {
  readonly id: number
  /** '' when the row was written. */
  readonly failure: string
  readonly took: number
}

/** Inserts rows one after the other's start, whatever becomes of them. */
class Load {
  readonly outcomes: Outcome[] = []
  private readonly db: Database
  private readonly under: Promise<void>[] = []
  private readonly timer: NodeJS.Timeout
  private last = 0

  constructor(db: Database) {
    this.db = db
    this.timer = setInterval(() => this.under.push(this.one(++this.last)), EVERY)
  }

  async end(): Promise<void> {
    clearInterval(this.timer)
    await Promise.all(this.under)
  }

  /** Waits until so many more statements ended, and the last one so. */
  async goesOn(failure: string): Promise<void> {
    const before = this.outcomes.length
    await until(
      () => this.outcomes.length > before + 10 && this.outcomes.at(-1)!.failure === failure,
    )
  }

  /** What is on its way when the server goes may be late or lost. */
  get failuresButLate(): string[] {
    const failures = new Set(this.outcomes.map(one => one.failure))
    failures.delete('deadline')
    return [...failures].toSorted()
  }

  private async one(id: number): Promise<void> {
    const began = performance.now()
    let failure = ''
    try {
      await this.db.insert('loads', [cell('number', 'int', id)])
    } catch (error) {
      failure = error instanceof DbError ? error.failure : String(error)
    }
    this.outcomes.push({ id, failure, took: performance.now() - began })
  }
}

/** A server of one's own, and a node that uses it. */
class RestartStage {
  server!: DatabaseServer
  bench!: Bench
  db!: Database
  /** Of db.available, since the test began. */
  readonly changes: boolean[] = []

  constructor(module: string, start: () => Promise<DatabaseServer>) {
    beforeAll(async () => {
      this.server = await start()
      const url = await this.server.makeDatabase('restarts')
      this.bench = await Bench.start(configOf(module))
      this.db = this.bench.core.databases.open(url, 'test')
      await this.db.connect()
      await this.db.raw('CREATE TABLE loads (number INT)')
      this.db.onAvailable(available => this.changes.push(available))
    })
    beforeEach(async () => {
      await this.db.delete('loads', [])
      this.changes.length = 0
      this.bench.lines.length = 0
    })
    afterAll(async () => {
      await this.bench.core.databases.close()
      await this.server.stop()
    })
  }

  /** How many lines of the log say that a database is so. */
  told(word: string): number {
    return this.bench.lines.filter(line => line.text.includes(`is ${word}`)).length
  }

  async numbers(): Promise<number[]> {
    const { rows } = await this.db.query({ table: 'loads', columns: ['number'], where: [] })
    return rows.map(row => Number(row[0]))
  }

  async becomes(available: boolean): Promise<void> {
    await until(() => this.db.available === available)
  }

  /** Every statement ended in time, as a value; what was acknowledged is there, once. */
  async check({ outcomes }: Load): Promise<void> {
    expect(Math.max(...outcomes.map(one => one.took))).toBeLessThan(DEADLINE + SLACK)
    expect(outcomes.at(-1)?.failure).toBe('')
    const written = await this.numbers()
    expect(new Set(written).size).toBe(written.length)
    const acknowledged = outcomes.filter(one => one.failure === '').map(one => one.id)
    expect(acknowledged.filter(id => !written.includes(id))).toEqual([])
  }
}

export function restarts(module: string, start: () => Promise<DatabaseServer>): void {
  describe(`${module}, when its server goes away under load`, () => {
    const stage = new RestartStage(module, start)

    test.each([
      ['is stopped', undefined],
      ['is killed', 'SIGKILL'],
    ] as const)('and %s', async (_what, signal) => {
      const { server, db, changes } = stage
      const load = new Load(db)
      await load.goesOn('')
      await server.pause(signal)
      await stage.becomes(false)
      await load.goesOn('unavailable')
      await server.start()
      await stage.becomes(true)
      await load.goesOn('')
      await load.end()
      expect(load.failuresButLate).toEqual(['', 'unavailable'])
      expect(changes).toEqual([false, true])
      expect([stage.told('away'), stage.told('back')]).toEqual([1, 1])
      await stage.check(load)
    })

    test('and hangs', async () => {
      const { server, db } = stage
      const load = new Load(db)
      await load.goesOn('')
      server.signal('SIGSTOP')
      await stage.becomes(false)
      // Nothing is sent to it any more: this one would be late otherwise.
      await expect(stage.numbers()).rejects.toMatchObject({ failure: 'unavailable' })
      server.signal('SIGCONT')
      await stage.becomes(true)
      await load.goesOn('')
      await load.end()
      expect(load.failuresButLate).toEqual(['', 'unavailable'])
      await stage.check(load)
    })

    test('a transaction that it cuts off is none', async () => {
      const { server, db } = stage
      const work = db.transaction(async statements => {
        await statements.insert('loads', [cell('number', 'int', 1)])
        await server.pause('SIGKILL')
        await statements.insert('loads', [cell('number', 'int', 2)])
      })
      await expect(work).rejects.toMatchObject({ name: 'DbError' })
      await server.start()
      await stage.becomes(true)
      // It may have to recover first.
      await until(async () => (await stage.numbers().catch(() => [0])).length === 0)
    })
  })
}

/** Nobody listens there. */
export function unreachable(module: string): void {
  test(`${module} says why it cannot be reached`, async () => {
    const { core } = await Bench.start(configOf(module))
    const nobody = `${module.slice(3)}://kamailio:secret@127.0.0.1:1/none`
    const db = core.databases.open(nobody, 'test')
    await expect(db.connect()).rejects.toMatchObject({
      failure: 'unavailable',
      message: expect.stringContaining('ECONNREFUSED'),
    })
    await core.databases.close()
  })
}
