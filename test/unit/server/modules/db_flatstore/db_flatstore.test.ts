// Rows that are appended to files, as Kamailio 5.6.3 writes them.
import { mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type DbCell, cell, type Database } from '../../../../../server/core/db/api.ts'
import { Bench } from '../../../../kit/bench.ts'

async function stage(config = '') {
  const folder = mkdtempSync(join(tmpdir(), 'ohana-flat-'))
  const bench = await Bench.start(
    `loadmodule "db_flatstore.so"\n${config}\nrequest_route { exit; }\n`,
  )
  onTestFinished(async () => {
    await bench.core.databases.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const open = (url: string): Database => bench.core.databases.open(url, 'test')
  const text = (name: string): string => readFileSync(join(folder, name), 'latin1')
  return { folder, bench, open, text }
}

// What Kamailio 5.6.3 has made of the same values.
const VALUES = ['OPTIONS', '', '200', 'o:k|"\xc3\xa9', 'x|y%7c\r\nz\\w\t%']
const WRITTEN = 'OPTIONS||200|o:k%7C"\xc3\xa9|x%7Cy%7c\r\nz\\w\t%\n'

const texts = (values: readonly string[]): DbCell[] =>
  values.map((value, at) => cell(`c${at}`, 'string', value))

describe('db_flatstore', () => {
  test('writes texts as Kamailio does', async () => {
    const { folder, open, text } = await stage()
    await open(`flatstore:${folder}`).insert('acc', texts(VALUES))
    expect(text('acc_1.log')).toBe(WRITTEN)
  })

  test('leaves the delimiter as it is when it is to', async () => {
    const { folder, open, text } = await stage('modparam("db_flatstore", "encode_delimiter", 0)')
    await open(`flatstore://${folder}`).insert('acc', texts(VALUES))
    expect(text('acc_1.log')).toBe(WRITTEN.replaceAll('%7C', '|'))
  })

  test('writes numbers, times and nulls', async () => {
    const { folder, open, text } = await stage()
    await open(`flatstore:${folder}`).insert('t', [
      cell('a', 'int', -7),
      cell('b', 'double', 1.5),
      cell('c', 'datetime', 1_700_000_000),
      cell('d', 'string', null),
      cell('e', 'bigint', 9_007_199_254_740_993n),
      cell('f', 'blob', 'a|b'),
    ])
    expect(text('t_1.log')).toBe('-7|1.500000|1700000000||9007199254740993|a%7Cb\n')
  })

  test('appends, each table to its own file, by whichever URL', async () => {
    const { folder, open, text } = await stage()
    const rows = Array.from({ length: 100 }, (_, at) => {
      const db = open(at % 3 === 0 ? `flatstore:${folder}` : `flatstore://${folder}/`)
      return db.insert(at % 2 === 0 ? 'acc' : 'missed_calls', texts([`n${at}`]))
    })
    await Promise.all(rows)
    const even = Array.from({ length: 50 }, (_, at) => `n${at * 2}`)
    expect(text('acc_1.log').trim().split('\n').toSorted()).toEqual(even.toSorted())
    expect(readdirSync(folder)).toEqual(['acc_1.log', 'missed_calls_1.log'])
  })

  test.each(['flatstore.k_rotate', 'flatstore.rotate'])('%s opens new files', async name => {
    const { folder, bench, open, text } = await stage()
    const db = open(`flatstore:${folder}`)
    await db.insert('acc', texts(['one']))
    renameSync(join(folder, 'acc_1.log'), join(folder, 'old'))
    await db.insert('acc', texts(['two']))
    const how = { convert: false, skipWrongOptional: false }
    await bench.core.rpc.call(name, [], { transport: 'stream', strictness: how, connection: null })
    expect(readdirSync(folder)).toEqual(['old'])
    await db.insert('acc', texts(['three']))
    expect(text('old')).toBe('one\ntwo\n')
    expect(text('acc_1.log')).toBe('three\n')
  })

  test('says that a folder is not there, and writes when it is', async () => {
    const { folder, open } = await stage()
    const db = open(`flatstore:${folder}/nowhere`)
    await expect(db.connect()).rejects.toMatchObject({ failure: 'unavailable' })
    await expect(db.insert('acc', texts(['x']))).rejects.toMatchObject({ failure: 'unavailable' })
  })

  test('says when the disk is full', async () => {
    const { folder, open } = await stage()
    symlinkSync('/dev/full', join(folder, 'acc_1.log'))
    await expect(open(`flatstore:${folder}`).insert('acc', texts(['x']))).rejects.toMatchObject({
      failure: 'unavailable',
      message: expect.stringContaining('ENOSPC'),
    })
  })

  test('can do nothing else', async () => {
    const { folder, open } = await stage()
    const db = open(`flatstore:${folder}`)
    expect([...db.can]).toEqual(['insert'])
    const select = { table: 'acc', columns: [], where: [] }
    for (const refused of [
      db.query(select),
      db.pages(select, 1)[Symbol.asyncIterator]().next(),
      db.delete('acc', []),
      db.raw('select 1'),
      db.transaction(async () => 1),
      db.insert('../acc', texts(['x'])),
    ])
      await expect(refused).rejects.toMatchObject({ failure: 'statement' })
    expect(readdirSync(folder)).toEqual([])
  })

  test('wants the name of a folder', async () => {
    const { open } = await stage()
    expect(() => open('flatstore://relative')).toThrow('flatstore://relative names no folder')
  })
})
