// What is SQLite's own: its files, times, locks, and its thread.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { cell, type Database, is } from '../../../../../server/core/db/api.ts'
import { Bench } from '../../../../kit/bench.ts'

const NOW = 1_700_000_000

interface Opened {
  readonly path: string
  readonly db: Database
  readonly bench: Bench
}

async function opened(before = '', config = (_path: string): string => ''): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), 'sqlite-'))
  const path = join(folder, 'test.db')
  if (before !== '') {
    const file = new DatabaseSync(path)
    file.exec(before)
    file.close()
  }
  const bench = await Bench.start(
    `loadmodule "db_sqlite.so"\n${config(path)}\nrequest_route { exit; }\n`,
  )
  onTestFinished(async () => {
    await bench.core.databases.close()
    rmSync(folder, { recursive: true })
  })
  return { path, bench, db: bench.core.databases.open(`sqlite:///${path}`, 'test') }
}

const TIMES = 'CREATE TABLE t (name VARCHAR(10), at TIMESTAMP WITHOUT TIME ZONE)'

describe('times', () => {
  test('are written as Kamailio writes them: Julian days, half a second early', async () => {
    const { db, path } = await opened(TIMES)
    await db.insert('t', [cell('at', 'datetime', NOW)])
    const file = new DatabaseSync(path, { readOnly: true })
    const row = file.prepare('SELECT at, typeof(at) AS type FROM t').get()!
    file.close()
    expect(row).toEqual({ at: (NOW - 0.5) / 86_400 + 2_440_587.5, type: 'real' })
  })

  test.each([
    ['a Julian day', `${NOW / 86_400 + 2_440_587.5}`],
    ['a Julian day of Kamailio', `${(NOW - 0.5) / 86_400 + 2_440_587.5}`],
    ['seconds', `${NOW}`],
    ['a text', `'2023-11-14 22:13:20'`],
    ['a text with a T', `'2023-11-14T22:13:20'`],
    ['what SQLite makes', `datetime(${NOW}, 'unixepoch')`],
  ])('are read as %s', async (_what, written) => {
    const { db } = await opened(`${TIMES}; INSERT INTO t VALUES ('x', ${written})`)
    expect((await db.query({ table: 't', columns: ['at'], where: [] })).rows).toEqual([[NOW]])
  })
})

describe('a file', () => {
  test('that is not there is made', async () => {
    const { db } = await opened()
    await db.connect()
    await db.raw('CREATE TABLE t (a INT)')
    expect((await db.query({ table: 't', columns: [], where: [] })).rows).toEqual([])
  })

  test('in a folder that is not there cannot be', async () => {
    const { bench } = await opened()
    const db = bench.core.databases.open('sqlite:////nowhere/at/all.db', 'test')
    await expect(db.connect()).rejects.toMatchObject({
      failure: 'unavailable',
      message: 'unable to open database file',
    })
  })

  test('that is no database is refused', async () => {
    const { db, path } = await opened()
    writeFileSync(path, 'this is a text, and a long one, so that it cannot be mistaken'.repeat(20))
    await expect(db.connect()).rejects.toMatchObject({ message: 'file is not a database' })
  })

  test('must be named', async () => {
    const { bench } = await opened()
    expect(() => bench.core.databases.open('sqlite:///', 'test')).toThrow('names no file')
  })

  test('that another program holds is not there for a while', async () => {
    const { db, path } = await opened(TIMES)
    await db.connect()
    const other = new DatabaseSync(path)
    other.exec('BEGIN EXCLUSIVE')
    await expect(db.insert('t', [cell('name', 'string', 'x')])).rejects.toMatchObject({
      failure: 'unavailable',
      message: 'database is locked',
    })
    other.exec('COMMIT')
    other.close()
    await db.insert('t', [cell('name', 'string', 'x')])
    expect(db.available).toBe(true)
  })
})

describe('parameters', () => {
  test('db_set_readonly keeps a file from being changed', async () => {
    const config = (path: string): string => `modparam("db_sqlite", "db_set_readonly", "${path}")`
    const { db } = await opened(TIMES, config)
    expect((await db.query({ table: 't', columns: [], where: [] })).rows).toEqual([])
    await expect(db.delete('t', [])).rejects.toMatchObject({
      message: 'attempt to write a readonly database',
    })
  })

  test('db_set_journal_mode says how the journal is kept', async () => {
    const config = (path: string): string =>
      `modparam("db_sqlite", "db_set_journal_mode", "${path}=WAL")`
    const { db } = await opened(TIMES, config)
    expect((await db.raw('PRAGMA journal_mode')).rows).toEqual([['wal']])
  })

  test.each(['WAL', '/x.db=FAST', '=WAL'])('%s is no journal mode of a database', async text => {
    await expect(
      opened('', () => `modparam("db_sqlite", "db_set_journal_mode", "${text}")`),
    ).rejects.toThrow('is no journal mode of a database')
  })
})

describe('changes of one turn of the loop', () => {
  test('are one commit, and one that fails does not undo the others', async () => {
    const { db, path } = await opened('CREATE TABLE t (a INT UNIQUE)')
    await db.connect()
    const watcher = new DatabaseSync(path, { readOnly: true })
    const version = (): unknown => watcher.prepare('PRAGMA data_version').get()!.data_version
    const before = Number(version())
    const all = await Promise.allSettled(
      [1, 2, 2, 3, 4].map(a => db.insert('t', [cell('a', 'int', a)])),
    )
    expect(all.map(one => one.status).filter(status => status === 'rejected').length).toBe(1)
    expect(Number(version())).toBe(before + 1)
    expect(watcher.prepare('SELECT count(*) AS n FROM t').get()).toEqual({ n: 4 })
    watcher.close()
  })

  test('and queries keep their order', async () => {
    const { db } = await opened('CREATE TABLE t (a INT)')
    const count = async (): Promise<unknown> => (await db.raw('SELECT count(*) FROM t')).rows[0]![0]
    const insert = () => db.insert('t', [cell('a', 'int', 1)])
    const found = await Promise.all([count(), insert(), count(), insert(), insert(), count()])
    expect([found[0], found[2], found[5]]).toEqual([0, 1, 3])
  })
})

test('a table that was altered gives its new columns', async () => {
  const { db } = await opened('CREATE TABLE t (a INT); INSERT INTO t VALUES (1)')
  const all = { table: 't', columns: [], where: [] }
  expect((await db.query(all)).rows).toEqual([[1]])
  await db.raw("ALTER TABLE t ADD COLUMN b VARCHAR(5) DEFAULT 'x'")
  const { columns, rows } = await db.query(all)
  expect([columns.map(({ name }) => name), rows]).toEqual([['a', 'b'], [[1, 'x']]])
})

test('a table without row numbers is read in pages, too', async () => {
  const { db } = await opened(
    'CREATE TABLE t (a INT PRIMARY KEY) WITHOUT ROWID; INSERT INTO t VALUES (1), (2), (3)',
  )
  const pages: number[] = []
  for await (const page of db.pages({ table: 't', columns: ['a'], where: [] }, 2))
    pages.push(page.rows.length)
  expect(pages).toEqual([2, 1])
})

test('a name that is unknown is not taken for a text', async () => {
  const { db } = await opened('CREATE TABLE t (a VARCHAR(5))')
  const where = [is('nothing', 'string', 'x')]
  await expect(db.query({ table: 't', columns: [], where })).rejects.toMatchObject({
    failure: 'statement',
    message: 'no such column: nothing',
  })
})

test('a whole number in a column of text has no fraction', async () => {
  const { db } = await opened('CREATE TABLE t (a VARCHAR(5))')
  await db.insert('t', [cell('a', 'int', 7)])
  expect((await db.query({ table: 't', columns: ['a'], where: [] })).rows).toEqual([['7']])
})

test('a transaction that does nothing for too long is taken back, and others go on', async () => {
  const { db, bench } = await opened('CREATE TABLE t (a INT)')
  bench.core.params.db_deadline = 200
  const work = db.transaction(async statements => {
    await statements.insert('t', [cell('a', 'int', 1)])
    await new Promise(() => undefined)
  })
  await expect(work).rejects.toMatchObject({ failure: 'deadline' })
  expect((await db.query({ table: 't', columns: [], where: [] })).rows).toEqual([])
})

test('what is under way when the node stops is done, what comes later is refused', async () => {
  const { db, bench, path } = await opened('CREATE TABLE t (a INT)')
  const inserts = [1, 2, 3].map(a => db.insert('t', [cell('a', 'int', a)]))
  await bench.core.databases.close()
  await Promise.all(inserts)
  await expect(db.insert('t', [cell('a', 'int', 4)])).rejects.toMatchObject({
    failure: 'unavailable',
    message: 'the node stops',
  })
  const file = new DatabaseSync(path, { readOnly: true })
  expect(file.prepare('SELECT count(*) AS n FROM t').get()).toEqual({ n: 3 })
  file.close()
})
