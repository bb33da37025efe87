import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { cell, is } from '../../../server/core/db/api.ts'
import { Bench } from '../../kit/bench.ts'
import type { SuiteTable } from './tables.ts'
import { databaseSuite } from './suite.ts'

const TYPES = {
  int: 'int',
  bigint: 'int',
  datetime: 'int',
  bitmap: 'int',
  double: 'double',
  string: 'string',
  blob: 'string',
}

const header = ({ counted, columns }: SuiteTable): string =>
  [
    ...(counted ? ['id(int,auto)'] : []),
    ...columns.map(one => `${one.name}(${TYPES[one.type]}${one.null ? ',null' : ''})`),
  ].join(' ')

const folder = mkdtempSync(join(tmpdir(), 'ohana-text-'))

databaseSuite({
  module: 'db_text',
  can: [
    ...(['query', 'raw', 'insert', 'delete', 'update', 'replace', 'insert_update'] as const),
    ...(['fetch', 'last_id', 'affected_rows'] as const),
  ],
  // A column has one of three types, and no key is unique.
  traits: [
    'null',
    'long numbers',
    'order',
    'operators',
    'bits',
    'blobs',
    'strict',
    'strict columns',
    'same rows',
    'itself',
  ],
  start: async tables => {
    for (const table of tables) writeFileSync(join(folder, table.name), `${header(table)}\n`)
    return `text://${folder}`
  },
  stop: async () => rmSync(folder, { recursive: true }),
})

/** A folder with these files, and a node with it. */
async function stage(files: Readonly<Record<string, string>>, config = '') {
  const own = mkdtempSync(join(tmpdir(), 'ohana-text-'))
  const url = `text://${own}`
  for (const [name, text] of Object.entries(files)) writeFileSync(join(own, name), text, 'latin1')
  const said = config.replaceAll('URL', url)
  const bench = await Bench.start(`loadmodule "db_text.so"\n${said}\nrequest_route { exit; }\n`)
  onTestFinished(async () => {
    await bench.core.databases.close()
    rmSync(own, { recursive: true, force: true })
  })
  const db = bench.core.databases.open(url, 'test')
  const text = (name: string): string => readFileSync(join(own, name), 'latin1')
  return { own, bench, db, text }
}

const all = (table: string) => ({ table, columns: [], where: [] })

describe('files of db_text', () => {
  test('are whole at any time, and have what was confirmed', async () => {
    const { own, db, text } = await stage({ t: 'id(int,auto) name(str)\n' })
    const inserts = Array.from({ length: 50 }, async (_, at) => {
      await db.insert('t', [cell('name', 'string', `n${at}`)])
      expect(text('t')).toContain(`:n${at}\n`)
    })
    await Promise.all(inserts)
    expect(text('t').split('\n').length).toBe(52)
    expect(readdirSync(own)).toEqual(['t'])
  })

  test('that cannot be written leave the table as it was', async () => {
    const { own, db, text } = await stage({ t: 'id(int,auto) name(str)\n1:bob\n' })
    await db.query(all('t'))
    rmSync(own, { recursive: true })
    const insert = db.insert('t', [cell('name', 'string', 'eve')])
    await expect(insert).rejects.toMatchObject({ failure: 'unavailable' })
    expect((await db.query(all('t'))).rows).toEqual([[1, 'bob']])
    expect(() => text('t')).toThrow('ENOENT')
  })

  test.each([
    [
      'in which a value is missing',
      '1:bob:2\n2:bob:\n',
      'line 3: null value not allowed - field 2',
    ],
    ['with too much', '1:bob:2:3\n', 'line 2: 4 fields for 3 columns'],
    ['with a text for a number', 'x:bob:2\n', 'line 2: "x" is no number - field 0'],
  ])('with a row %s are refused by name', async (_what, rows, told) => {
    const { db } = await stage({ t: `id(int) name(string,null) n(double)\n${rows}` })
    await expect(db.query(all('t'))).rejects.toMatchObject({
      failure: 'statement',
      message: `could not load database from file [t]: ${told}`,
    })
    expect(db.available).toBe(true)
  })

  test('are read again with db_mode 1 when somebody else has written them', async () => {
    const { own, db } = await stage({ t: 'n(int)\n1\n' }, 'modparam("db_text", "db_mode", 1)')
    expect((await db.query(all('t'))).rows).toEqual([[1]])
    writeFileSync(join(own, 't'), 'n(int)\n1\n22\n')
    expect((await db.query(all('t'))).rows).toEqual([[1], [22]])
    await db.insert('t', [cell('n', 'int', 3)])
    expect((await db.query(all('t'))).rows).toEqual([[1], [22], [3]])
  })

  test('are read once with db_mode 0', async () => {
    const { own, db } = await stage({ t: 'n(int)\n1\n' })
    await db.query(all('t'))
    writeFileSync(join(own, 't'), 'n(int)\n1\n22\n')
    expect((await db.query(all('t'))).rows).toEqual([[1]])
  })

  test('may have another delimiter and empty strings', async () => {
    const { db, text } = await stage(
      { t: 'name(str,null) uri(str,null)\n|sip:a\\|b\n' },
      'modparam("db_text", "db_delim", "|")\nmodparam("db_text", "emptystring", 1)',
    )
    expect((await db.query(all('t'))).rows).toEqual([['', 'sip:a|b']])
    await db.insert('t', [cell('name', 'string', 'c:d|e'), cell('uri', 'string', null)])
    expect(text('t')).toBe('name(str,null) uri(str,null)\n|sip:a\\|b\nc:d\\|e|\n')
  })

  test('with more rows than a query may give', async () => {
    const { db } = await stage(
      { t: 'n(int)\n1\n2\n3\n' },
      'modparam("db_text", "max_result_rows", 2)',
    )
    await expect(db.query(all('t'))).rejects.toThrow(
      "Truncated table at [2] rows. Please increase 'max_result_rows' param!",
    )
    const where = [is('n', 'int', 3)]
    expect((await db.query({ ...all('t'), where })).rows).toEqual([[3]])
  })
})

describe('raw statements of db_text', () => {
  const T = 'id(int,auto) name(str,null) h(double,null)\n'

  test('insert rows and find them again', async () => {
    const { db, text } = await stage({ t: T })
    const made = await db.raw(`insert into t (name, h) values ('it''s "so"', 0.125);`)
    expect(made).toMatchObject({ affected: 1, lastId: 1 })
    await db.raw('insert into t (name, h) values (null, 1e21)')
    await db.raw('INSERT INTO t(name,h) VALUES("a, b",-1e-7)')
    expect(text('t')).toBe(
      `${T}1:it's "so":0.125\n2::1000000000000000000000.00\n3:a, b:-0.0000001\n`,
    )
    expect((await db.raw('select id from t where name is null')).rows).toEqual([[2]])
    expect((await db.raw('select id from t where h<=0 and name is not null')).rows).toEqual([[3]])
    expect((await db.raw('select id from t where id & 1 order by id desc')).rows).toEqual([
      [3],
      [1],
    ])
  })

  test.each([
    'insert into t (name) values ("a", 2)',
    'insert into t (name) values ("a"',
    'select * from t where',
    'select * from t limit 1',
    'update t set name',
    'delete t',
    'select * from ../t',
    '"',
    '',
  ])('%s is refused', async statement => {
    const { db } = await stage({ t: T })
    await expect(db.raw(statement)).rejects.toMatchObject({ failure: 'statement' })
  })
})
