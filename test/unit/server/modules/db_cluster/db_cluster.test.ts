// Which database of a cluster gets a statement, and what becomes of those that fail.
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { cell, type Database, is } from '../../../../../server/core/db/api.ts'
import { SQL_CAN } from '../../../../../server/core/db/driver.ts'
import { Bench } from '../../../../kit/bench.ts'
import { FakeDriver } from '../../core/db/fake-driver.ts'

const LOAD = 'loadmodule "db_cluster.so"\n'
const modparam = (name: string, value: string | number): string =>
  `modparam("db_cluster", "${name}", ${typeof value === 'number' ? value : `"${value}"`})\n`

const CONNECTIONS = ['a', 'b', 'c']
  .map(name => modparam('connection', `${name}=>fake://u:secret@${name}/d`))
  .join('')

/** A node with a cluster of databases that do what the test says, and a clock of its own. */
async function stage(cluster: string, more = '') {
  const clock = { ms: 10_000, now: () => clock.ms, monotonic: () => clock.ms }
  const config = `${LOAD}${CONNECTIONS}${modparam('cluster', `k=>${cluster}`)}${more}`
  const bench = await Bench.start(`${config}request_route { exit; }\n`, clock)
  const fakes = { a: new FakeDriver(), b: new FakeDriver(), c: new FakeDriver() }
  bench.core.databases.add({
    scheme: 'fake',
    can: new Set(SQL_CAN),
    open: (url, limits) => fakes[url.host as 'a'].open(url, limits),
  })
  onTestFinished(() => bench.core.databases.close())
  const db = bench.core.databases.open('cluster://k', 'test')
  /** Who was asked since the last time. */
  const asked = (): string =>
    Object.entries(fakes)
      .flatMap(([name, fake]) => fake.asked.splice(0).map(() => name))
      .join('')
  return { bench, clock, fakes, db, asked }
}

const read = (db: Database) => db.query({ table: 't', columns: [], where: [] })
const write = (db: Database) => db.insert('t', [cell('n', 'int', 1)])

describe('reading from a cluster', () => {
  test('serially asks the last of the config that has the highest priority', async () => {
    const { db, asked } = await stage('a=9s9s;b=9s9s;c=1s1s')
    for (let times = 0; times < 3; times++) await read(db)
    expect(asked()).toBe('bbb')
  })

  test('in turn asks all of them alike', async () => {
    const { db, asked } = await stage('a=9r9s;b=9r9s;c=9r9s')
    for (let times = 0; times < 6; times++) await read(db)
    expect(asked()).toBe('aabbcc')
  })

  test('goes on to the next one, then to the next priority', async () => {
    const { db, fakes, asked } = await stage('a=9s9s;b=9s9s;c=1s1s')
    fakes.b.mood = 'unavailable'
    await read(db)
    expect(asked()).toBe('ab')
    fakes.a.mood = 'unavailable'
    await read(db)
    expect(asked()).toBe('ac')
  })

  test('raw statements count as reading', async () => {
    const { db, asked } = await stage('a=9s1s;b=1s9s')
    await db.raw('select 1')
    await write(db)
    expect(asked()).toBe('ab')
  })

  test('page by page stays with who gave the first one', async () => {
    const { db, fakes, asked } = await stage('a=9s9s;b=8s9s')
    fakes.a.rows = fakes.b.rows = [['1'], ['2'], ['3']]
    const select = { table: 't', columns: [], where: [] }
    let pages = 0
    for await (const _page of db.pages(select, 1)) pages++
    expect([pages, asked()]).toEqual([3, 'aaa'])
    fakes.a.mood = 'unavailable'
    for await (const _page of db.pages(select, 1)) pages++
    expect([pages, asked()]).toEqual([6, 'abbb'])
  })

  test('never asks one with priority 0', async () => {
    const { db, fakes, asked } = await stage('a=9s9s;b=0s9s')
    fakes.a.mood = 'unavailable'
    await expect(read(db)).rejects.toMatchObject({ failure: 'unavailable' })
    expect(asked()).toBe('a')
  })
})

describe('writing to a cluster', () => {
  test('in parallel goes to all, and one that can is enough', async () => {
    const { bench, db, fakes, asked } = await stage('a=9s9p;b=9s9p;c=1s1p')
    await write(db)
    expect(asked()).toBe('ab')
    fakes.a.mood = 'statement'
    expect(await db.update('t', [is('n', 'int', 1)], [])).toEqual({ affected: 1, lastId: null })
    expect(bench.lines.at(-1)?.text).toContain('not written to [a] of cluster [k]')
    expect(asked()).toBe('ab')
  })

  test('in parallel goes to the next priority when none can', async () => {
    const { db, fakes, asked } = await stage('a=9s9p;b=9s9p;c=1s1p')
    fakes.a.mood = fakes.b.mood = 'unavailable'
    await write(db)
    expect(asked()).toBe('abc')
  })

  test('serially does not go on with a row that is there', async () => {
    const { db, fakes, asked } = await stage('a=9s9s;b=9s9s;c=1s1s')
    fakes.b.mood = 'duplicate'
    await expect(write(db)).rejects.toMatchObject({ failure: 'duplicate' })
    expect(asked()).toBe('b')
  })

  test('says what the first one said when all refuse', async () => {
    const { db, fakes } = await stage('a=9s9s;b=9s9s')
    fakes.b.mood = 'statement'
    fakes.a.mood = 'unavailable'
    await expect(write(db)).rejects.toMatchObject({ failure: 'statement' })
  })

  test('has no transactions', async () => {
    const { db } = await stage('a=9s9s')
    expect(db.can.has('transactions')).toBe(false)
    await expect(db.transaction(async () => 1)).rejects.toMatchObject({ failure: 'statement' })
  })
})

describe('a connection that does not answer', () => {
  test('is left alone for inactive_interval', async () => {
    const { bench, clock, db, fakes, asked } = await stage(
      'a=9s9s;b=1s1s',
      modparam('inactive_interval', 60),
    )
    fakes.a.mood = 'unavailable'
    await read(db)
    expect(bench.lines.at(-1)?.text).toBe(
      'connection [a] of cluster [k] disabled for 60 s: it is unavailable',
    )
    fakes.a.mood = ''
    clock.ms += 59_000
    await read(db)
    expect(asked()).toBe('abb')
    clock.ms += 1_000
    await read(db)
    expect(asked()).toBe('a')
  })

  test('is not when it refuses a statement, or fails quickly enough', async () => {
    const { clock, db, fakes, asked } = await stage(
      'a=9s9s;b=1s1s',
      modparam('max_query_length', 5),
    )
    fakes.a.mood = 'statement'
    await read(db)
    fakes.a.mood = 'unavailable'
    await read(db)
    expect(asked()).toBe('aabb')
    const slow = fakes.a.query
    fakes.a.query = select => {
      clock.ms += 5_000
      return slow(select)
    }
    await read(db)
    await read(db)
    expect(asked()).toBe('abb')
  })

  test('is better than none', async () => {
    const { db, fakes, asked } = await stage('a=9s9s;b=1s1s')
    fakes.a.mood = fakes.b.mood = 'unavailable'
    await expect(read(db)).rejects.toMatchObject({ failure: 'unavailable' })
    fakes.a.mood = ''
    asked()
    await read(db)
    expect(asked()).toBe('a')
  })
})

describe('operators', () => {
  // As Kamailio 5.6.3 answers.
  test('see clusters and connections, newest first', async () => {
    const { bench } = await stage('a=9s8p;b=9s8p', modparam('cluster', 'l=>c=1s1s'))
    expect(bench.rpc('dbcl.list_clusters')).toEqual([{ cluster: 'l' }, { cluster: 'k' }])
    const row = { flags: 1, state: 'active', ticks: 0, ref: 1 }
    expect(bench.rpc('dbcl.list_connections', 'k')).toEqual([
      { connection: 'b', url: 'fake://u:***@b/d', ...row },
      { connection: 'a', url: 'fake://u:***@a/d', ...row },
    ])
    expect(bench.rpc('dbcl.list_connections', 'l')).toMatchObject([{ connection: 'c', ref: 0 }])
    expect(() => bench.rpc('dbcl.list_connections', 'x')).toThrow('Cluster not found')
    expect(() => bench.rpc('dbcl.list_connections')).toThrow('Not enough parameters (cluster)')
  })

  test('disable a connection, but not the last one, and enable it', async () => {
    const { bench, clock, db, asked } = await stage('a=9s8p;b=9s8p')
    const disable = (...args: unknown[]) => bench.rpc('dbcl.disable_connection', ...args)
    const last = 'Cannot disable last active connection in a cluster'
    clock.ms += 5_000
    expect(disable('k', 'b', 30)).toBe('Ok. Cluster connection disabled.')
    expect(bench.rpc('dbcl.list_connections', 'k')).toMatchObject([
      { connection: 'b', state: 'disabled', ticks: 35 },
      { connection: 'a', state: 'active', ticks: 0 },
    ])
    expect(() => disable('k', 'a', 30)).toThrow(last)
    expect(() => disable('k', 'x', 30)).toThrow('Cluster connection not found')
    expect(() => disable('x', 'a', 30)).toThrow('Cluster not found')
    await read(db)
    expect(asked()).toBe('a')
    expect(disable('k', 'b', 40)).toBe('Ok. Cluster connection re-disabled.')
    const enabled = bench.rpc('dbcl.enable_connection', 'k', 'b')
    expect(enabled).toBe('Ok. Cluster connection enabled.')
    await read(db)
    expect(asked()).toBe('b')
  })

  test('is not asked though all others are away when it was disabled by hand', async () => {
    const { bench, db, fakes, asked } = await stage('a=9s9s;b=1s1s')
    bench.rpc('dbcl.disable_connection', 'k', 'a', 30)
    fakes.b.mood = 'unavailable'
    for (let times = 0; times < 2; times++)
      await expect(read(db)).rejects.toMatchObject({ failure: 'unavailable' })
    expect(asked()).toBe('bb')
  })
})

describe('a cluster is refused', () => {
  const wrong: [cluster: string, told: string][] = [
    ['k', 'invalid cluster parameter [k] at [1]'],
    ['k=>a=9s8x', 'invalid parameter [9s8x] for connection id [a]'],
    ['k=>a=9p8p', 'invalid parameter [9p8p] for connection id [a]'],
    ['k=>a=9s8', 'invalid parameter [9s8] for connection id [a]'],
    ['k=>a=9s9p;b=as9p', 'invalid parameter [as9p] for connection id [b]'],
    ['k=>x=9s8p', 'invalid connection id [x]'],
  ]
  test.each(wrong)('%s: %s', async (cluster, told) => {
    const config = `${LOAD}${CONNECTIONS}${modparam('cluster', cluster)}request_route { exit; }\n`
    await expect(Bench.start(config)).rejects.toThrow(told)
  })

  test('that nobody has defined', async () => {
    const { bench } = await stage('a=9s9s')
    expect(() => bench.core.databases.open('cluster://x', 'test')).toThrow(
      'cluster id not found [x]',
    )
  })

  test('whose database has no driver', async () => {
    const config = `${LOAD}${modparam('connection', 'a=>nosql://h/d')}`
    const bench = await Bench.start(
      `${config}${modparam('cluster', 'k=>a=1s1s')}request_route { exit; }\n`,
    )
    expect(() => bench.core.databases.open('cluster://k', 'test')).toThrow(
      'Module db_nosql not found. Missing loadmodule?',
    )
  })

  test('with a connection that is none', async () => {
    const config = `${LOAD}${modparam('connection', 'mysql://h/d')}request_route { exit; }\n`
    await expect(Bench.start(config)).rejects.toThrow('invalid connection parameter [mysql://h/d]')
  })
})

test('rows that come again after a kill are in each database once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ohana-cluster-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const places = ['a', 'b'].map(name => join(folder, name))
  const make = (place: string) => writeFileSync(join(place, 'acc'), 'callid(string) \n')
  for (const place of places) {
    renameSync(mkdtempSync(join(tmpdir(), 'ohana-cluster-')), place)
    make(place)
  }
  const urls = places.map((place, i) => modparam('connection', `${'ab'[i]}=>text://${place}`))
  const config = `${LOAD}loadmodule "db_text.so"\n${urls.join('')}`
  /** As a process has it that has just been started. */
  const open = async () => {
    const cluster = modparam('cluster', 'k=>a=9s9p;b=9s9p')
    const bench = await Bench.start(`${config}${cluster}request_route { exit; }\n`)
    onTestFinished(() => bench.core.databases.close())
    return bench.core.databases.open('cluster://k', 'test').once!
  }
  const rows = (names: string) =>
    names.split('').map(name => ({ table: 'acc', cells: [cell('callid', 'string', name)] }))
  const found = () =>
    places.map(place => readFileSync(join(place, 'acc'), 'latin1').split('\n').slice(1).join(''))
  const numbered = (first: number, names: string) => ({
    spool: 'abc',
    first,
    rows: rows(names),
    sync: false,
  })
  const first = await open()
  await first.insertOnce(numbered(1, 'xy'))
  rmSync(join(places[1]!, 'acc'))
  const second = await open()
  // One of them can: that is enough, and the others go on behind it.
  await second.insertOnce(numbered(1, 'xyz'))
  make(places[1]!)
  await (await open()).insertOnce(numbered(1, 'xyzXY'))
  expect(found()).toEqual(['xyzXY', 'zXY'])
  const refused = { table: 'acc', cells: [cell('nothing', 'string', 'x')] }
  await expect(second.check(refused)).rejects.toMatchObject({ failure: 'statement' })
})
