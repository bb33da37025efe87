import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { cell, type Database, is } from '../../../server/core/db/api.ts'
import { Bench } from '../../kit/bench.ts'
import { start } from '../../kit/child.ts'
import { freePort } from '../../kit/ports.ts'
import { RedisServer } from '../../kit/redis.ts'
import { databaseSuite } from './suite.ts'
import type { SuiteTable } from './tables.ts'

const TYPES = {
  int: 'int',
  bigint: 'bigint',
  datetime: 'time',
  bitmap: 'int',
  double: 'double',
  string: 'string',
  blob: 'blob',
}

const schemaOf = ({ counted, columns, version }: SuiteTable): string => {
  const words = columns.map(({ name, type }) => `${name}/${TYPES[type]},`)
  return `${counted ? 'id/int,' : ''}${words.join('')}\n${version}\n`
}

const folder = mkdtempSync(join(tmpdir(), 'ohana-redis-'))
afterAll(() => rmSync(folder, { recursive: true }))

const config = (...keys: string[]): string =>
  [
    `modparam("db_redis", "schema_path", "${folder}")`,
    ...keys.map(one => `modparam("db_redis", "keys", "${one}")`),
    '',
  ].join('\n')

let server: RedisServer

databaseSuite({
  module: 'db_redis',
  config: config(
    'people=entry:name&age:age;members=entry:club,member&club:club',
    'marks=entry:name&flags:flags,priority;version=entry:table_name',
  ),
  can: [
    ...(['query', 'insert', 'delete', 'update', 'replace', 'insert_update'] as const),
    ...(['fetch', 'affected_rows'] as const),
  ],
  // A row is its key: a second one with the same takes its place.
  traits: [
    ...(['null', 'long numbers', 'types', 'order', 'operators', 'bits', 'blobs'] as const),
    ...(['strict', 'strict columns', 'itself'] as const),
  ],
  start: async tables => {
    server = await RedisServer.start()
    for (const table of tables) writeFileSync(join(folder, table.name), schemaOf(table))
    return `redis://127.0.0.1:${server.port}/3`
  },
  stop: () => server.stop(),
})

describe('keys of db_redis', () => {
  let own: RedisServer
  let bench: Bench
  let db: Database
  const KEYS = 'calls=entry:callid,at&day:day,user&user:user'

  beforeAll(async () => {
    own = await RedisServer.start()
    writeFileSync(join(folder, 'calls'), 'callid/string,at/time,day/int,user/string,n/double,\n1\n')
    bench = await Bench.start(
      `loadmodule "db_redis.so"\n${config(KEYS)}\nrequest_route { exit; }\n`,
    )
    db = bench.core.databases.open(`redis://127.0.0.1:${own.port}`, 'test')
  })
  afterAll(async () => {
    await bench.core.databases.close()
    await own.stop()
  })

  const all = async (): Promise<Record<string, unknown>> => {
    const { client } = own
    const found: Record<string, unknown> = {}
    for (const key of (await client.keys('*')).toSorted())
      found[key] =
        (await client.type(key)) === 'set' ? await client.smembers(key) : await client.hgetall(key)
    return found
  }
  const insert = (callid: string, day: number, user: string | null) =>
    db.insert('calls', [
      cell('callid', 'string', callid),
      cell('at', 'datetime', Date.parse('2026-11-21T18:12:43') / 1000),
      cell('day', 'int', day),
      cell('user', 'string', user),
      cell('n', 'double', 0.25),
    ])

  test('are those of Kamailio, and go when the rows go', async () => {
    await insert('c1', 7, 'al')
    const row = 'calls:entry::c1:2026-11-21 18:12:43'
    expect(await all()).toEqual({
      [row]: { callid: 'c1', at: '2026-11-21 18:12:43', day: '7', user: 'al', n: '0.250000' },
      'calls:day::7:al': [row],
      'calls:user::al': [row],
      'calls::index::day': ['calls:day::7:al'],
      'calls::index::user': ['calls:user::al'],
    })
    await db.update('calls', [is('user', 'string', 'al')], [cell('day', 'int', 8)])
    expect(Object.keys(await all())).toEqual([
      'calls::index::day',
      'calls::index::user',
      'calls:day::8:al',
      row,
      'calls:user::al',
    ])
    await db.delete('calls', [is('day', 'int', 8)])
    expect(await all()).toEqual({})
  })

  test('a set keeps the rows that are left', async () => {
    await insert('c1', 7, 'al')
    await insert('c2', 7, 'al')
    await insert('c3', 7, null)
    await db.delete('calls', [is('callid', 'string', 'c1')])
    expect(await own.client.smembers('calls:user::al')).toHaveLength(1)
    expect((await db.query({ table: 'calls', columns: ['callid'], where: [] })).rows.length).toBe(2)
    await db.delete('calls', [])
    expect(await all()).toEqual({})
  })

  test('rows that others made are found', async () => {
    await own.client.hset('calls:entry::x', 'callid', 'x', 'day', '', 'at', '1700000000')
    const columns = ['callid', 'at', 'day', 'n']
    const { rows } = await db.query({ table: 'calls', columns, where: [] })
    expect(rows).toEqual([['x', 1_700_000_000, null, null]])
    await db.delete('calls', [])
  })

  test.each([
    ['without a value of the key', [cell('callid', 'string', 'x')], 'needs values for callid, at'],
    ['of a column that is none', [cell('x', 'string', 'x')], 'column <x> not found'],
  ])('a row %s is refused', async (_what, row, told) => {
    await expect(db.insert('calls', row)).rejects.toThrow(told)
  })

  test('a table without keys is read, and not written', async () => {
    writeFileSync(join(folder, 'address'), 'id/int,tag/string\n1\n')
    await own.client.hset('address:entry::1', 'id', '1', 'tag', 'x')
    const select = { table: 'address', columns: [], where: [is('tag', 'string', 'x')] }
    expect((await db.query(select)).rows).toEqual([[1, 'x']])
    expect(bench.lines.at(-1)?.text).toBe("performing full table scan on table 'address'")
    await expect(db.insert('address', [cell('id', 'int', 2)])).rejects.toThrow(
      'no entry key for table address in the parameter keys',
    )
  })

  test.each([
    ['redis://a:1,b:2/', 'names no single server'],
    ['redis://h/x', '"x" is no number of a Redis database'],
  ])('%s is refused', (url, told) => {
    expect(() => bench.core.databases.open(url, 'test')).toThrow(told)
  })

  test('keys without an entry are refused', async () => {
    const wrong = Bench.start(
      `loadmodule "db_redis.so"\n${config('t=map:a')}request_route { exit; }`,
    )
    await expect(wrong).rejects.toThrow('keys of "t=map:a": a table needs an entry key')
  })
})

test('db_redis says that its server is away, and finds it again', async () => {
  const port = await freePort()
  const run = async () => {
    const where = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder]
    const child = start('redis-server', [...where, '--save', '', '--appendonly', 'no'])
    await child.printed(/Ready to accept connections/)
    return child
  }
  writeFileSync(join(folder, 'notes'), 'name/string,\n1\n')
  const { core } = await Bench.start(
    `loadmodule "db_redis.so"\n${config('notes=entry:name')}\nrequest_route { exit; }\n`,
  )
  onTestFinished(() => core.databases.close())
  const db = core.databases.open(`redis://127.0.0.1:${port}/1`, 'test')
  const insert = () => db.insert('notes', [cell('name', 'string', 'x')])
  const tried = () => insert().then(() => 'written', String)
  await expect(db.connect()).rejects.toMatchObject({
    failure: 'unavailable',
    message: expect.stringContaining('ECONNREFUSED') as string,
  })
  const first = await run()
  await expect.poll(tried).toBe('written')
  await first.stop()
  await expect.poll(() => insert().catch(String)).toContain('ECONNREFUSED')
  const second = await run()
  await expect.poll(tried).toBe('written')
  expect((await db.query({ table: 'notes', columns: [], where: [] })).rows).toEqual([['x']])
  await second.stop()
})

describe('rows that are inserted once', () => {
  const SCHEMAS = { calls2: 'callid/string,user/string,n/int,\n1\n' }
  const KEYS = 'calls2=entry:callid&user:user'
  let own: RedisServer

  beforeAll(async () => {
    own = await RedisServer.start()
    for (const [name, text] of Object.entries(SCHEMAS)) writeFileSync(join(folder, name), text)
  })
  afterAll(() => own.stop())

  /** As a process has it that has just been started. */
  const open = async (): Promise<Database> => {
    const { core } = await Bench.start(
      `loadmodule "db_redis.so"\n${config(KEYS)}\nrequest_route { exit; }\n`,
    )
    onTestFinished(() => core.databases.close())
    return core.databases.open(`redis://127.0.0.1:${own.port}`, 'test')
  }
  const rows = (...names: [callid: string, user: string][]) =>
    names.map(([callid, user]) => ({
      table: 'calls2',
      cells: [cell('callid', 'string', callid), cell('user', 'string', user)],
    }))
  const keys = async () => (await own.client.keys('*')).toSorted()

  test('come again after a kill and are left out, though somebody took them away', async () => {
    const once = (await open()).once!
    const first = { spool: 'abc', first: 5, rows: rows(['a', 'x'], ['b', 'x']), sync: false }
    await once.insertOnce(first)
    expect(await own.client.hgetall('ohana_spool:entry::abc')).toEqual({ spool: 'abc', done: '6' })
    expect(await own.client.smembers('calls2:user::x')).toHaveLength(2)
    await own.client.del('calls2:entry::a')
    const again = (await open()).once!
    await again.insertOnce({ ...first, rows: [...first.rows, ...rows(['c', 'y'])] })
    expect(await keys()).toEqual([
      ...['calls2::index::user', 'calls2:entry::b', 'calls2:entry::c'],
      ...['calls2:user::x', 'calls2:user::y', 'ohana_spool:entry::abc'],
    ])
    expect(await own.client.hget('ohana_spool:entry::abc', 'done')).toBe('7')
  })

  test('take the place of a row with their key, and its place in the sets', async () => {
    await own.client.flushall()
    const once = (await open()).once!
    const moved = rows(['a', 'x'], ['a', 'y'])
    await once.insertOnce({ spool: 'abc', first: 1, rows: moved, sync: false })
    expect(await own.client.hgetall('calls2:entry::a')).toEqual({ callid: 'a', user: 'y' })
    expect(await keys()).toEqual([
      ...['calls2::index::user', 'calls2:entry::a', 'calls2:user::y', 'ohana_spool:entry::abc'],
    ])
    expect(await own.client.smembers('calls2::index::user')).toEqual(['calls2:user::y'])
  })

  test('are all there or none, whichever of them is refused', async () => {
    await own.client.flushall()
    const once = (await open()).once!
    const [good] = rows(['a', 'x'])
    const bad = { table: 'calls2', cells: [cell('nothing', 'string', 'x')] }
    const numbered = { spool: 'abc', first: 1, rows: [good!, bad], sync: false }
    await expect(once.insertOnce(numbered)).rejects.toMatchObject({ failure: 'statement' })
    expect(await keys()).toEqual([])
    await expect(once.check(bad)).rejects.toMatchObject({ failure: 'statement' })
    await once.check(good!)
    // A key of another kind: the script itself fails, and the number stays.
    await own.client.set('calls2:entry::b', 'no hash')
    const second = { ...numbered, rows: rows(['a', 'x'], ['b', 'x']) }
    await expect(once.insertOnce(second)).rejects.toMatchObject({ failure: 'statement' })
    expect(await own.client.exists('ohana_spool:entry::abc')).toBe(0)
  })
})
