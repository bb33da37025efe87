// A database server that goes away under load and comes back.
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { cell, type Database, DbError } from '../../../server/core/db/api.ts'
import { Bench } from '../../kit/bench.ts'
import type { DatabaseServer } from '../../kit/database-server.ts'

const DEADLINE = 400
/** What a busy machine adds. */
const SLACK = 600
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

  get failures(): Set<string> {
    return new Set(this.outcomes.map(one => one.failure))
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
    }, 60_000)
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

  async back(): Promise<void> {
    await vi.waitFor(() => expect(this.db.available).toBe(true), 10_000)
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
      await pause(200)
      await server.pause(signal)
      await pause(500)
      expect(db.available).toBe(false)
      await server.start()
      await stage.back()
      await pause(100)
      await load.end()
      expect([...load.failures].toSorted()).toEqual(['', 'unavailable'])
      expect(changes).toEqual([false, true])
      expect([stage.told('away'), stage.told('back')]).toEqual([1, 1])
      await stage.check(load)
    })

    test('and hangs', async () => {
      const { server, db } = stage
      const load = new Load(db)
      await pause(200)
      server.signal('SIGSTOP')
      await pause(DEADLINE + 400)
      expect(db.available).toBe(false)
      const began = performance.now()
      await expect(stage.numbers()).rejects.toMatchObject({ failure: 'unavailable' })
      // Nothing is sent to it any more.
      expect(performance.now() - began).toBeLessThan(DEADLINE / 2)
      server.signal('SIGCONT')
      await stage.back()
      await pause(100)
      await load.end()
      expect(load.failures).toContain('deadline')
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
      await stage.back()
      // It may have to recover first.
      await vi.waitFor(async () => expect(await stage.numbers()).toEqual([]), 5000)
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
