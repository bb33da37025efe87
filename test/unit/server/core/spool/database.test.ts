// Rows for a database without transactions or without our table: one after the other, each
// acknowledged at once.
import { expect, test } from 'vitest'
import { type Database, cell, type DbCell, DbError } from '../../../../../server/core/db/api.ts'
import { Log } from '../../../../../server/core/log.ts'
import { encodeRow, loadInto } from '../../../../../server/core/spool/database.ts'
import { Spool } from '../../../../../server/core/spool/spool.ts'
import { SmallDisk } from './small-disk.ts'

function stage(refuse: (name: string) => DbError | null, more: object = {}) {
  const disk = new SmallDisk()
  const rows: string[] = []
  const database = {
    available: true,
    can: new Set(['insert']),
    shownUrl: 'plain://',
    insert: async (_table: string, [first]: readonly DbCell[]) => {
      const name = String(first!.value)
      const error = refuse(name)
      if (error !== null) throw error
      rows.push(name)
      return { affected: 1, lastId: null }
    },
    ...more,
  } as unknown as Database
  const log = new Log(() => 0)
  const limits = { segment: 1e6, reserve: 0, most: 1e9, sync: false }
  const spool = new Spool('acc', disk.folder, 'a', limits, disk.files, log)
  const deliver = loadInto(database, spool)
  for (const name of ['a', 'b', 'c', 'd'])
    spool.append(encodeRow('acc', [cell('x', 'string', name)]))
  spool.commit()
  return { rows, spool, deliver, disk, log }
}

test('what arrived before a failure is not sent again', async () => {
  let away = true
  const { rows, spool, deliver } = stage(name =>
    away && name === 'c' ? new DbError('unavailable', 'gone') : null,
  )
  expect(await deliver((await spool.take(10))!)).toBe(2)
  expect(spool.delivered).toBe(2)
  await expect(deliver((await spool.take(10))!)).rejects.toThrow('gone')
  away = false
  expect(await deliver((await spool.take(10))!)).toBe(2)
  expect(rows).toEqual(['a', 'b', 'c', 'd'])
  spool.close()
})

test('a row that is refused by a table which took others is set aside', async () => {
  const { rows, spool, deliver, disk } = stage(name =>
    name === 'c' ? new DbError('statement', 'too long') : null,
  )
  await deliver((await spool.take(10))!)
  expect(rows).toEqual(['a', 'b', 'd'])
  expect(disk.files.readText(`${disk.folder}/rejected`)).toContain('too long')
  spool.close()
})

test('a table that takes nothing loses nothing', async () => {
  const { rows, spool, deliver } = stage(() => new DbError('statement', 'no such table'))
  await expect(deliver((await spool.take(10))!)).rejects.toThrow('no such table')
  expect(rows).toEqual([])
  expect(spool.pending).toBe(4)
  spool.close()
})

test('who may not make the table is told how it is made', async () => {
  const refused = () => Promise.reject(new DbError('statement', 'permission denied for schema'))
  const { rows, deliver, spool, log } = stage(() => null, {
    can: new Set(['insert', 'transactions']),
    query: refused,
    raw: refused,
  })
  const lines: string[] = []
  log.addSink(line => lines.push(line.text))
  await deliver((await spool.take(10))!)
  expect(rows).toEqual(['a', 'b', 'c', 'd'])
  expect(lines.join('\n')).toContain(
    'kamdbctl add-tables ohana, or CREATE TABLE IF NOT EXISTS ohana_spool ' +
      '(spool VARCHAR(64) NOT NULL, done BIGINT NOT NULL, ' +
      'CONSTRAINT ohana_spool_spool_idx UNIQUE (spool)), and let this user',
  )
  spool.close()
})
