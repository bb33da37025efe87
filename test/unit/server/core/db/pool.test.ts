// Connections of one server, made by a connection that does what a test says.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DbError } from '../../../../../server/core/db/api.ts'
import type { DbConnection } from '../../../../../server/core/db/pool.ts'
import { PooledSession } from '../../../../../server/core/db/pool.ts'
import { FakeClock } from '../rpc/core-for-test.ts'
import { FakeDriver } from './fake-driver.ts'

class FakeConnection extends FakeDriver implements DbConnection {
  gone = false
  private lost: (() => void) | null = null
  private reject: ((error: Error) => void) | null = null

  onLost(listener: () => void): void {
    this.lost = listener
  }
  lose(): void {
    this.gone = true
    this.lost?.()
    this.reject?.(new DbError('unavailable', 'the connection was lost'))
  }
  destroy(): void {
    this.lose()
  }
  async end(): Promise<void> {
    this.gone = true
  }
  begin = async (): Promise<void> => void this.asked.push('begin')
  commit = async (): Promise<void> => void this.asked.push('commit')
  rollback = async (): Promise<void> => void this.asked.push('rollback')
  ping = (): Promise<void> => this.connect()
  /** Until it is lost. */
  stuck = (): Promise<never> =>
    new Promise((_, reject) => {
      this.reject = reject
    })
}

const SELECT = { table: 't', columns: [], where: [] }
const clock = new FakeClock()
const limits = { deadline: 1000, connections: 2, clock }
let made: FakeConnection[]
let refuse: string
let pool: PooledSession

beforeEach(() => {
  vi.useFakeTimers()
  made = []
  refuse = ''
  pool = new PooledSession({
    connect: async () => {
      if (refuse !== '') throw new DbError('unavailable', refuse)
      made.push(new FakeConnection())
      return made.at(-1)!
    },
    limits,
    retries: 1,
    pingInterval: 60_000,
  })
})
afterEach(async () => {
  await pool.close()
  vi.useRealTimers()
})

async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(0)
  for (let passed = 0; passed < milliseconds; passed += 50) {
    clock.milliseconds += 50
    await vi.advanceTimersByTimeAsync(50)
  }
}

describe('connections', () => {
  test('are made when they are needed, used again, and no more than allowed', async () => {
    expect(pool.connections).toBe(0)
    await pool.query(SELECT)
    await pool.query(SELECT)
    expect(made.length).toBe(1)
    await Promise.all(Array.from({ length: 10 }, () => pool.query(SELECT)))
    expect(made.length).toBe(2)
    expect(made.flatMap(one => one.asked).length).toBe(12)
  })

  test('that were lost are made again', async () => {
    await pool.query(SELECT)
    made[0]!.lose()
    expect(pool.connections).toBe(0)
    await pool.query(SELECT)
    expect(made.length).toBe(2)
  })

  test('that cannot be made fail all that wait, in the server’s words', async () => {
    refuse = 'connect ECONNREFUSED'
    const all = await Promise.allSettled([pool.query(SELECT), pool.insert('t', []), pool.connect()])
    for (const one of all)
      expect(one).toMatchObject({
        reason: { failure: 'unavailable', message: 'connect ECONNREFUSED' },
      })
  })

  test('that stand go on when the server wants no more', async () => {
    await pool.query(SELECT)
    refuse = 'too many connections'
    const all = await Promise.all([pool.query(SELECT), pool.query(SELECT), pool.query(SELECT)])
    expect(all.length).toBe(3)
  })

  test('are asked now and then whether they live', async () => {
    await pool.query(SELECT)
    await pass(60_000)
    expect(made[0]!.asked).toEqual(['query t', 'connect'])
    made[0]!.mood = 'unavailable'
    await pass(60_000)
    expect([made[0]!.gone, pool.connections]).toEqual([true, 0])
  })

  test('are ended with the node', async () => {
    await pool.query(SELECT)
    await pool.close()
    expect(made[0]!.gone).toBe(true)
    await expect(pool.query(SELECT)).rejects.toMatchObject({ failure: 'unavailable' })
  })
})

describe('a connection that is lost', () => {
  test('costs a query a second attempt', async () => {
    await pool.query(SELECT)
    made[0]!.mood = 'unavailable'
    await expect(pool.query(SELECT)).resolves.toMatchObject({ rows: [] })
    expect(made.length).toBe(2)
  })

  test('fails a change: whether it was carried out is not known', async () => {
    await pool.query(SELECT)
    made[0]!.mood = 'unavailable'
    await expect(pool.insert('t', [])).rejects.toMatchObject({ failure: 'unavailable' })
    expect(made.length).toBe(1)
  })

  test('is cut off when it is silent, and who waits gets another', async () => {
    limits.connections = 1
    await pool.query(SELECT)
    made[0]!.insert = made[0]!.stuck
    const stuck = pool.insert('t', []).catch((error: unknown) => error)
    const waits = pool.query(SELECT).catch((error: unknown) => error)
    await pass(900)
    const later = pool.query(SELECT)
    await pass(200)
    expect(await stuck).toMatchObject({ failure: 'unavailable' })
    // It has waited for as long as it may.
    expect(await waits).toMatchObject({ failure: 'deadline' })
    await expect(later).resolves.toMatchObject({ rows: [] })
    limits.connections = 2
  })
})

describe('a transaction', () => {
  test('has a connection for itself', async () => {
    await pool.transaction(async db => {
      await db.insert('t', [])
      await pool.query(SELECT)
    })
    expect(made.map(one => one.asked)).toEqual([['begin', 'insert', 'commit'], ['query t']])
  })

  test('is rolled back when its work fails', async () => {
    const work = pool.transaction(async db => {
      await db.insert('t', [])
      throw new Error('no')
    })
    await expect(work).rejects.toThrow('no')
    expect(made[0]!.asked).toEqual(['begin', 'insert', 'rollback'])
    await pool.query(SELECT)
    expect(made.length).toBe(1)
  })

  test('that does nothing for too long loses its connection', async () => {
    const work = pool.transaction(async db => {
      await db.insert('t', [])
      await new Promise(later => setTimeout(later, 5000))
      made[0]!.mood = 'unavailable'
      await db.insert('t', [])
    })
    const failed = work.catch((error: unknown) => error)
    await pass(1200)
    expect(made[0]!.gone).toBe(true)
    await pass(4000)
    expect(await failed).toMatchObject({ failure: 'unavailable' })
  })
})

describe('pages', () => {
  test('keep their connection while they are read, however long that takes', async () => {
    await pool.query(SELECT)
    made[0]!.rows = [['1'], ['2'], ['3']]
    const sizes: number[] = []
    for await (const page of pool.pages(SELECT, 2)) {
      sizes.push(page.rows.length)
      await pass(3000)
    }
    expect(sizes).toEqual([2, 1])
    expect([made.length, made[0]!.gone]).toEqual([1, false])
  })

  test('give it back when nobody reads on', async () => {
    await pool.query(SELECT)
    made[0]!.rows = [['1'], ['2'], ['3']]
    for await (const page of pool.pages(SELECT, 1)) if (page.rows.length > 0) break
    await pool.query(SELECT)
    await pool.query(SELECT)
    expect(pool.connections).toBe(made.filter(one => !one.gone).length)
  })
})
