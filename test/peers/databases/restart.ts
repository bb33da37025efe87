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

const CONFIG = (module: string): string => `
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

export function restarts(module: string, start: () => Promise<DatabaseServer>): void {
  describe(`${module}, when its server goes away under load`, () => {
    let server: DatabaseServer
    let bench: Bench
    let db: Database
    const changes: boolean[] = []
    const told = (word: string): number =>
      bench.lines.filter(line => line.text.includes(`is ${word}`)).length

    beforeAll(async () => {
      server = await start()
      const url = await server.makeDatabase('restarts')
      bench = await Bench.start(CONFIG(module))
      db = bench.core.databases.open(url, 'test')
      await db.connect()
      await db.raw('CREATE TABLE loads (number INT)')
      db.onAvailable(available => changes.push(available))
    }, 60_000)

    beforeEach(async () => {
      await db.delete('loads', [])
      changes.length = 0
      bench.lines.length = 0
    })

    afterAll(async () => {
      await bench.core.databases.close()
      await server.stop()
    })

    const back = async (): Promise<void> => {
      for (let tries = 0; !db.available && tries < 200; tries++) await pause(50)
      expect(db.available).toBe(true)
    }

    /** Every statement ended in time, as a value; what was acknowledged is there, once. */
    const check = async (load: Load): Promise<void> => {
      expect(Math.max(...load.outcomes.map(one => one.took))).toBeLessThan(DEADLINE + SLACK)
      const { rows } = await db.query({ table: 'loads', columns: ['number'], where: [] })
      const written = rows.map(row => Number(row[0]))
      expect(new Set(written).size).toBe(written.length)
      const acknowledged = load.outcomes.filter(one => one.failure === '').map(one => one.id)
      expect(acknowledged.filter(id => !written.includes(id))).toEqual([])
    }

    test.each([
      ['is stopped', undefined],
      ['is killed', 'SIGKILL'],
    ] as const)('and %s', async (_what, signal) => {
      const load = new Load(db)
      await pause(200)
      await server.pause(signal)
      await pause(500)
      expect(db.available).toBe(false)
      await server.start()
      await back()
      await pause(100)
      await load.end()
      expect([...load.failures].toSorted()).toEqual(['', 'unavailable'])
      expect(load.outcomes.at(-1)?.failure).toBe('')
      expect(changes).toEqual([false, true])
      expect([told('away'), told('back')]).toEqual([1, 1])
      await check(load)
    })

    test('and hangs', async () => {
      const load = new Load(db)
      await pause(200)
      server.signal('SIGSTOP')
      await pause(DEADLINE + 400)
      expect(db.available).toBe(false)
      const began = performance.now()
      await expect(db.query({ table: 'loads', columns: [], where: [] })).rejects.toMatchObject({
        failure: 'unavailable',
      })
      // Nothing is sent to it any more.
      expect(performance.now() - began).toBeLessThan(50)
      server.signal('SIGCONT')
      await back()
      await pause(100)
      await load.end()
      expect(load.failures).toContain('deadline')
      expect(load.outcomes.at(-1)?.failure).toBe('')
      await check(load)
    })

    test('a transaction that it cuts off is none', async () => {
      const work = db.transaction(async statements => {
        await statements.insert('loads', [cell('number', 'int', 1)])
        await server.pause('SIGKILL')
        await statements.insert('loads', [cell('number', 'int', 2)])
      })
      await expect(work).rejects.toMatchObject({ name: 'DbError' })
      await server.start()
      await back()
      // It may have to recover first.
      const rows = async () => (await db.query({ table: 'loads', columns: [], where: [] })).rows
      await vi.waitFor(async () => expect(await rows()).toEqual([]), 5000)
    })
  })

  test(`${module} says why it cannot be reached`, async () => {
    const { core } = await Bench.start(CONFIG(module))
    const nobody = `${module.slice(3)}://kamailio:secret@127.0.0.1:1/none`
    const db = core.databases.open(nobody, 'test')
    await expect(db.connect()).rejects.toMatchObject({
      failure: 'unavailable',
      message: expect.stringContaining('ECONNREFUSED'),
    })
    await core.databases.close()
  })
}
