// No record is lost or doubled: the node is killed under load, the database goes away under load,
// the disk runs full. The long forms are in test/soak/acc.ts.
import { DatabaseSync } from 'node:sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { AccountedLoad, type AccountedRow } from '../kit/accounted-load.ts'
import { AccountingNode, inDatabase } from '../kit/accounting-node.ts'

const TABLE = `CREATE TABLE acc (id INTEGER PRIMARY KEY,
  method VARCHAR(16) DEFAULT '' NOT NULL, from_tag VARCHAR(128) DEFAULT '' NOT NULL,
  to_tag VARCHAR(128) DEFAULT '' NOT NULL, callid VARCHAR(255) DEFAULT '' NOT NULL,
  sip_code VARCHAR(3) DEFAULT '' NOT NULL, sip_reason VARCHAR(128) DEFAULT '' NOT NULL,
  time TIMESTAMP NOT NULL)`

const RATE = 200

function database(): { url: string; path: string; rows: () => AccountedRow[] } {
  const folder = mkdtempSync(join(tmpdir(), 'ohana-acc-rows-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'acc.sqlite')
  const db = new DatabaseSync(path)
  db.exec('PRAGMA journal_mode=WAL')
  db.exec(TABLE)
  db.close()
  const rows = (): AccountedRow[] => {
    const reading = new DatabaseSync(path, { timeout: 5000 })
    const found = reading.prepare('SELECT method, callid FROM acc').all()
    reading.close()
    return found as unknown as AccountedRow[]
  }
  return { url: `sqlite:///${path}`, path, rows }
}

async function stage(url: string, more = '', wrap: string[] = []) {
  const node = await AccountingNode.start(inDatabase('db_sqlite', url), more, wrap)
  onTestFinished(() => node.stop())
  const load = await AccountedLoad.open(node.port)
  onTestFinished(() => load.close())
  return { node, load }
}

const perfect = { lost: [], doubled: [] }

test('a node that is killed under load loses no record and doubles none', async () => {
  const { url, rows } = database()
  const { node, load } = await stage(url)
  load.start(RATE)
  for (let kill = 0; kill < 4; kill++) {
    await pause(100 + Math.random() * 400)
    await node.kill()
    await node.start()
  }
  await pause(300)
  load.pause()
  await expect.poll(() => load.judge(rows())).toEqual(perfect)
  expect(load.answered.size).toBeGreaterThan(100)
})

test('a database that is away for a while gets all records when it is back', async () => {
  const { url, path, rows } = database()
  const { node, load } = await stage(url, 'db_deadline=300')
  load.start(RATE)
  await pause(300)
  const holder = new DatabaseSync(path, { timeout: 5000 })
  holder.exec('BEGIN EXCLUSIVE')
  await pause(2500)
  // The node may die meanwhile: what waits is on its disk.
  await node.kill()
  await node.start()
  await pause(500)
  holder.exec('COMMIT')
  holder.close()
  await pause(300)
  load.pause()
  await expect.poll(() => load.judge(rows())).toEqual(perfect)
  expect(load.refused.size).toBe(0)
  expect(load.answered.size).toBeGreaterThan(400)
})

test('a full disk refuses new calls and loses nothing of those that were taken', async () => {
  const { url, path, rows } = database()
  const small =
    'mkdir -p FOLDER/spool && mount -t tmpfs -o size=256k tmpfs FOLDER/spool && exec "$@"'
  const wrap = ['unshare', '-rm', 'sh', '-c', small, 'sh']
  const { node, load } = await stage(url, 'spool_reserve=64\ndb_deadline=300', wrap)
  const holder = new DatabaseSync(path, { timeout: 5000 })
  holder.exec('BEGIN EXCLUSIVE')
  load.start(RATE)
  // A busy machine refuses some for other reasons before the disk is full.
  const full = (): unknown => node.log.match(/acc: cannot write to .*ENOSPC/g)
  await expect.poll(full, { timeout: 30_000 }).toHaveLength(1)
  const { refused } = load
  const others = refused.get(503) ?? 0
  await expect.poll(() => refused.get(503) ?? 0).toBeGreaterThan(others + 20)
  load.pause()
  expect(full()).toHaveLength(1)
  holder.exec('COMMIT')
  holder.close()
  await expect.poll(() => load.judge(rows())).toEqual(perfect)
  const before = load.answered.size
  expect(before).toBeGreaterThan(100)
  await expect.poll(() => node.log).toContain('acc: there is room again')
  load.start(RATE)
  await expect.poll(() => load.answered.size).toBeGreaterThan(before + 20)
})
