// Tables in memory: built aside, put in force when all is good.
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Database, DbRow } from '../../../../../server/core/db/api.ts'
import { LoadedTable } from '../../../../../server/core/db/loaded-table.ts'
import { RowsHash } from '../../../../../server/core/db/rows-hash.ts'
import { BadValue } from '../../../../../server/core/module/index.ts'
import { START, testNode, type TestNode } from '../rpc/core-for-test.ts'
import { FakeDriver } from './fake-driver.ts'

let node: TestNode
let driver: FakeDriver
let db: Database
let lines: string[]

beforeEach(() => {
  node = testNode()
  driver = new FakeDriver()
  driver.columns = ['id', 'domain', 'did']
  lines = []
  node.core.log.addSink(line => lines.push(`${line.source}: ${line.text}`))
  node.core.databases.add(driver)
  db = node.core.databases.open('fake://u:p@h/d', 'domain')
})
afterEach(() => node.stop())

const table = (): LoadedTable<Map<string, string>> =>
  new LoadedTable(node.core, {
    module: 'domain',
    name: 'domain',
    source: db.shownUrl,
    empty: new Map(),
    build: async load => {
      const domains = new Map<string, string>()
      const select = { table: 'domain', columns: ['id', 'domain', 'did'], where: [] }
      for await (const [, domain, did] of load.rows(db, select, 2)) {
        if (domain === '') throw new BadValue('the domain is empty')
        domains.set(String(domain), String(did))
      }
      return domains
    },
  })

const shown = async (): Promise<Record<string, unknown>> => {
  const { value } = await node.core.rpc.call('ohana.tables', [], {
    transport: 'stream',
    strictness: { convert: false, skipWrongOptional: false },
    connection: null,
  })
  return (value as Record<string, unknown>[])[0]!
}

const GOOD: DbRow[] = [
  [1, 'example.org', 'a'],
  [2, 'example.com', 'b'],
  [3, 'example.net', null],
]

test('a load is put in force, with all that is known of it', async () => {
  driver.rows = GOOD
  const domains = table()
  expect(domains.current.size).toBe(0)
  await domains.load('start')
  expect(domains.current.get('example.com')).toBe('b')
  expect(await shown()).toEqual({
    module: 'domain',
    table: 'domain',
    source: 'fake://u:***@h/d',
    rows: 3,
    generation: 1,
    hash: expect.stringMatching(/^[0-9a-f]{16}$/),
    loaded_at: START / 1000,
    loaded_by: 'start',
    last_error: '',
    last_error_at: 0,
  })
})

test('a bad row is named, and the table before it serves', async () => {
  driver.rows = GOOD
  const domains = table()
  await domains.load('start')
  const before = domains.current
  driver.rows = [...GOOD, [17, '', 'x']]
  node.clock.milliseconds += 5000
  await expect(domains.load('rpc domain.reload')).rejects.toThrow(
    'row 4 of domain (id 17): the domain is empty',
  )
  expect(domains.current).toBe(before)
  expect(lines).toEqual([
    'domain: table domain was not loaded: row 4 of domain (id 17): the domain is empty; ' +
      'generation 1 stays',
  ])
  expect(await shown()).toMatchObject({
    generation: 1,
    rows: 3,
    loaded_by: 'start',
    last_error: 'row 4 of domain (id 17): the domain is empty',
    last_error_at: START / 1000 + 5,
  })
})

test('a database that is away is no row’s fault', async () => {
  driver.rows = GOOD
  driver.mood = 'unavailable'
  await expect(table().load('start')).rejects.toThrow(/^it is unavailable$/)
})

test('the next good load takes the error back', async () => {
  const domains = table()
  driver.rows = [[1, '', 'a']]
  await expect(domains.load('start')).rejects.toThrow('row 1')
  driver.rows = GOOD
  await domains.load('rpc domain.reload')
  expect(await shown()).toMatchObject({
    generation: 1,
    loaded_by: 'rpc domain.reload',
    last_error: '',
  })
})

test('loads go on one after the other', async () => {
  const domains = table()
  driver.rows = GOOD
  const first = domains.load('start')
  const second = domains.load('rpc domain.reload')
  await first
  expect(domains.loadedBy).toBe('start')
  await second
  expect([domains.generation, domains.loadedBy]).toEqual([2, 'rpc domain.reload'])
})

test('the hash is that of the rows, in any order', () => {
  const hashOf = (rows: DbRow[]): string => {
    const hash = new RowsHash()
    for (const row of rows) hash.add(row)
    return hash.text()
  }
  expect(hashOf(GOOD)).toBe(hashOf(GOOD.toReversed()))
  expect(hashOf(GOOD)).not.toBe(hashOf(GOOD.slice(1)))
  expect(hashOf([...GOOD, GOOD[0]!])).not.toBe(hashOf(GOOD))
  expect(hashOf([[1, null]])).not.toBe(hashOf([[1, '']]))
  expect(hashOf([['a', 'b']])).not.toBe(hashOf([['ab', '']]))
})

test('a module that is made anew has one table, not two', async () => {
  table()
  await table().load('start')
  expect(node.core.databases.tables.all().map(one => one.generation)).toEqual([1])
})
