// What stands between modules and a database: bounds, deadline, circuit breaker, counters.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { cell, type Database, is } from '../../../../../server/core/db/api.ts'
import { testNode, type TestNode } from '../rpc/core-for-test.ts'
import { FakeDriver } from './fake-driver.ts'

const URL = 'fake://user:secret@host/db'
const SELECT = { table: 't', columns: [], where: [] }

let node: TestNode
let driver: FakeDriver
let db: Database
let lines: string[]

beforeEach(() => {
  vi.useFakeTimers()
  node = testNode()
  driver = new FakeDriver()
  const { core } = node
  core.params.db_deadline = 1000
  core.params.db_failures = 3
  core.params.db_retry_interval = 100
  lines = []
  core.log.addSink(line => lines.push(line.text))
  core.databases.add(driver)
  db = core.databases.open(URL, 'acc')
})
afterEach(async () => {
  await node.core.databases.close()
  node.stop()
  vi.useRealTimers()
})

/** Lets time pass, for the node and for timers. */
async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(0)
  for (let passed = 0; passed < milliseconds; passed += 50) {
    node.clock.milliseconds += 50
    await vi.advanceTimersByTimeAsync(50)
  }
}

const failing = (times: number): Promise<unknown[]> =>
  Promise.all(
    Array.from({ length: times }, () =>
      db.query(SELECT).catch((error: { failure: string }) => error.failure),
    ),
  )
const count = (name: string): number => node.core.counters.find('db', name)!.current()
const status = async (): Promise<Record<string, unknown>> => {
  const { value } = await node.core.rpc.call('ohana.db.status', [], {
    transport: 'stream',
    strictness: { convert: false, skipWrongOptional: false },
    connection: null,
  })
  return (value as Record<string, unknown>[])[0]!
}

describe('statements', () => {
  test('reach the driver, all of them', async () => {
    await db.query(SELECT)
    await db.insert('t', [cell('a', 'int', 1)])
    await db.insertUpdate('t', [], [])
    await db.replace('t', [], [])
    await db.update('t', [is('a', 'int', 1)], [])
    await db.delete('t', [])
    await db.raw('x')
    await db.connect()
    await db.transaction(statements => statements.insert('t', []))
    expect(driver.asked).toEqual([
      ...['query t', 'insert', 'insertUpdate', 'replace', 'update', 'delete', 'raw'],
      ...['connect', 'begin', 'insert'],
    ])
  })

  test('are counted, with those that a database refuses', async () => {
    await db.query(SELECT)
    driver.mood = 'statement'
    await failing(2)
    expect([count('statements'), count('errors'), count('refused')]).toEqual([3, 2, 0])
    expect(await status()).toMatchObject({
      url: 'fake://user:***@host/db',
      modules: ['acc'],
      available: true,
      connections: 2,
      statements: 3,
      errors: 2,
      last_error: 'it is statement',
    })
  })

  test('beyond the bound are refused at once', async () => {
    node.core.params.db_max_statements = 2
    driver.mood = 'hang'
    const under = failing(2)
    expect(await failing(1)).toEqual(['busy'])
    expect(driver.asked.length).toBe(2)
    driver.mood = ''
    driver.wake()
    await under
    expect(await failing(1)).toEqual([expect.objectContaining({ rows: [] })])
    expect(count('refused')).toBe(1)
  })

  test('that take too long end with the deadline, and late answers are nobody’s', async () => {
    driver.mood = 'hang'
    const first = failing(1)
    await pass(900)
    const second = failing(1)
    await pass(150)
    expect(await first).toEqual(['deadline'])
    expect(await status()).toMatchObject({ under_way: 1, deadlines: 1 })
    driver.wake()
    expect(await second).toEqual([expect.objectContaining({ rows: [] })])
    expect(count('deadlines')).toBe(1)
  })

  test('of a transaction have a deadline each', async () => {
    const work = db.transaction(async statements => {
      await statements.insert('t', [])
      driver.mood = 'hang'
      await statements.insert('t', [])
    })
    const failed = work.catch((error: unknown) => error)
    await pass(1100)
    expect(await failed).toMatchObject({ failure: 'deadline' })
  })

  test('in pages are one each', async () => {
    driver.columns = ['a']
    driver.rows = [['1'], ['2'], ['3']]
    const pages: number[] = []
    for await (const page of db.pages(SELECT, 2)) pages.push(page.rows.length)
    expect(pages).toEqual([2, 1])
    expect(count('statements')).toBe(3)
  })
})

test('a transaction that does not begin in time never does its work', async () => {
  driver.mood = 'hang'
  let worked = false
  const late = db
    .transaction(async () => {
      worked = true
    })
    .catch((error: { failure: string }) => error.failure)
  await pass(1100)
  expect(await late).toBe('deadline')
  driver.wake()
  await pass(100)
  expect(worked).toBe(false)
})

test('pages that do not come end with the deadline', async () => {
  driver.columns = ['a']
  driver.rows = [['1'], ['2'], ['3']]
  const read = async (): Promise<unknown> => {
    const pages: unknown[] = []
    try {
      for await (const page of db.pages(SELECT, 1)) {
        pages.push(page.rows[0]![0])
        driver.mood = 'hang'
      }
    } catch (error) {
      return [pages, (error as { failure: string }).failure]
    }
    return pages
  }
  const reading = read()
  await pass(1100)
  expect(await reading).toEqual([['1'], 'deadline'])
})

describe('the circuit', () => {
  test('opens after some failures in a row, and nothing is sent any more', async () => {
    driver.mood = 'unavailable'
    await failing(3)
    expect(db.available).toBe(false)
    const sent = driver.asked.length
    expect(await failing(5)).toEqual(Array.from({ length: 5 }, () => 'unavailable'))
    await expect(db.transaction(async () => 1)).rejects.toMatchObject({ failure: 'unavailable' })
    expect(driver.asked.length).toBe(sent)
    expect(lines).toEqual(['database fake://user:***@host/db is away: it is unavailable'])
    expect(await status()).toMatchObject({ available: false, opened: 1, refused: 6 })
  })

  test('stays closed when one succeeds in between', async () => {
    driver.mood = 'unavailable'
    await failing(2)
    driver.mood = ''
    await failing(1)
    driver.mood = 'unavailable'
    await failing(2)
    expect(db.available).toBe(true)
  })

  test.each(['statement', 'duplicate', 'busy'] as const)('is not opened by %s', async mood => {
    driver.mood = mood
    await failing(10)
    expect(db.available).toBe(true)
  })

  test('is opened by what comes too late', async () => {
    driver.mood = 'hang'
    const all = failing(3)
    await pass(1100)
    expect(await all).toEqual(['deadline', 'deadline', 'deadline'])
    expect(db.available).toBe(false)
  })

  test('closes when the database answers, and says so once', async () => {
    const heard: boolean[] = []
    db.onAvailable(available => heard.push(available))
    driver.mood = 'unavailable'
    await failing(3)
    await pass(1000)
    expect(driver.asked.filter(what => what === 'connect').length).toBeGreaterThanOrEqual(9)
    expect(db.available).toBe(false)
    driver.mood = ''
    await pass(150)
    expect(db.available).toBe(true)
    expect(heard).toEqual([false, true])
    expect(lines.length).toBe(2)
    expect(lines[1]).toBe('database fake://user:***@host/db is back')
    expect(await failing(1)).toEqual([expect.objectContaining({ rows: [] })])
  })

  test('tries no more when the node stops', async () => {
    driver.mood = 'unavailable'
    await failing(3)
    await node.core.databases.close()
    const sent = driver.asked.length
    await pass(1000)
    expect(driver.asked.length).toBe(sent)
    expect(driver.closed).toBe(true)
  })
})

describe('slow statements', () => {
  const slowly = async (statement: Promise<unknown>): Promise<void> => {
    await pass(200)
    driver.wake()
    await statement
  }

  test('are told of in words of Kamailio, without their values', async () => {
    node.core.params.latency_limit_db = 150_000
    driver.mood = 'hang'
    const where = [is('user', 'string', 'alice'), is('id', 'int', 1)]
    await slowly(db.query({ table: 't', columns: ['a', 'b'], where, order: 'a' }))
    await slowly(db.insert('t', [cell('a', 'int', 1), cell('b', 'int', 2)]))
    await slowly(db.replace('t', [cell('a', 'int', 1)], ['a']))
    await slowly(db.update('t', where, [cell('pass', 'string', 'secret')]))
    await slowly(db.delete('t', []))
    await slowly(db.raw("select 'x'"))
    await slowly(db.query(SELECT))
    const told = (text: string) => `alert - query execution too long [200000 us] for [${text}]`
    expect(lines).toEqual([
      told('select a,b from t where user=?1 AND id=?2 order by a'),
      told('insert into t (a,b) values (?1,?2)'),
      told('replace into t (a) values (?1)'),
      told('update t set pass=?1 where user=?2 AND id=?3'),
      told('delete from t'),
      told("select 'x'"),
      told('select * from t'),
    ])
  })

  test('are not told of below the limit, or without one', async () => {
    driver.mood = 'hang'
    await slowly(db.query(SELECT))
    node.core.params.latency_limit_db = 250_000
    await slowly(db.query(SELECT))
    expect(lines).toEqual([])
  })

  test('are told of inside of transactions, and when they fail', async () => {
    node.core.params.latency_limit_db = 100_000
    await db.transaction(async statements => {
      driver.mood = 'hang'
      await slowly(statements.delete('t', []))
      driver.mood = ''
    })
    driver.mood = 'hang'
    const late = db.query(SELECT).catch(() => 'late')
    await pass(1100)
    expect(await late).toBe('late')
    expect(lines.filter(line => line.startsWith('alert'))).toHaveLength(2)
  })
})
