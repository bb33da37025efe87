// The storage itself: a database, expiry, and records in memory.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { toposD, toposT } from '../../../../../server/core/db/tables/topos.ts'
import { DatabaseStorage } from '../../../../../server/modules/topos/database.ts'
import { emptyRecord } from '../../../../../server/modules/topos/data.ts'
import { Order } from '../../../../../server/modules/topos/order.ts'
import { Store } from '../../../../../server/modules/topos/store.ts'
import { Bench } from '../../../../kit/bench.ts'
import { sqliteFile } from '../../../../kit/sqlite-file.ts'

const LIMITS = { branchExpire: 180, dialogExpire: 10_800 }

class Watch {
  ms = 1_800_000_000_000
  now(): number {
    return this.ms
  }
  monotonic(): number {
    return this.ms
  }
}

async function opened() {
  const folder = mkdtempSync(join(tmpdir(), 'topos-'))
  const clock = new Watch()
  const path = join(folder, 'topos.db')
  const url = sqliteFile(path, toposD, toposT)
  const { core, host } = await Bench.start('loadmodule "db_sqlite.so"\nrequest_route { exit; }\n')
  const { databases, log } = core
  const storage = new DatabaseStorage(
    { databases, log, clock },
    { url, checkVersion: true, limits: LIMITS },
  )
  await storage.start()
  onTestFinished(async () => {
    await storage.stop()
    await host.stop()
    await databases.close()
    rmSync(folder, { recursive: true })
  })
  return { storage, clock, path }
}

const dialog = (more: object) => ({
  ...emptyRecord(),
  a_uuid: 'atpsh-1',
  b_uuid: 'btpsh-1',
  ...more,
})

test('what is written is read, bytes and all, by the name of either side', async () => {
  const { storage } = await opened()
  const record = dialog({ a_contact: 'sip:\xc3\xa4@h', iflags: 2 })
  storage.insertDialog(record, 0)
  storage.updateDialog('btpsh-1', { b_tag: 'x' })
  expect(await storage.loadDialog('btpsh-1')).toEqual({ ...record, b_tag: 'x' })
  expect(await storage.loadDialog('atpsh-2')).toBeNull()
})

test('an INVITE is found by Call-ID, To tag and dialog', async () => {
  const { storage } = await opened()
  const branch = dialog({ x_vbranch: 'z1', a_callid: 'c', s_method: 'INVITE' })
  storage.insertBranch(branch)
  expect(await storage.loadInvite('c', 't', 'atpsh-1')).toBeNull()
  storage.updateBranch(branch, { b_tag: 't' })
  expect(await storage.loadInvite('c', 't', 'btpsh-1')).toEqual({ ...branch, b_tag: 't' })
  expect(await storage.loadInvite('c', 't', 'atpsh-9')).toBeNull()
})

test('records go when their time is over', async () => {
  const { storage, clock } = await opened()
  storage.insertBranch(dialog({ x_vbranch: 'z1' }))
  storage.insertDialog(dialog({ iflags: 2 }), 0)
  storage.insertDialog(dialog({ a_uuid: 'atpsh-2' }), 0)
  clock.ms += 170_000
  storage.clean()
  expect(await storage.loadBranch('z1')).not.toBeNull()
  clock.ms += 11_000
  storage.clean()
  expect(await storage.loadBranch('z1')).toBeNull()
  expect(await storage.loadDialog('atpsh-2')).toBeNull()
  expect(await storage.loadDialog('atpsh-1')).not.toBeNull()
  storage.endDialog('atpsh-1')
  clock.ms += 181_000
  storage.clean()
  expect(await storage.loadDialog('atpsh-1')).toBeNull()
})

test('a subscription is kept for as long as it lasts, longer when it is refreshed', async () => {
  const { storage, clock } = await opened()
  const pass = async (seconds: number): Promise<boolean> => {
    clock.ms += seconds * 1000
    storage.clean()
    return (await storage.loadDialog('atpsh-1')) !== null
  }
  storage.insertDialog(dialog({ iflags: 2 }), 20_000)
  expect(await pass(19_900)).toBe(true)
  storage.prolongDialog('btpsh-1', 60)
  expect(await pass(10_700)).toBe(true)
  expect(await pass(200)).toBe(false)
})

test('the time of a record is a Julian day, as Kamailio writes it', async () => {
  const { storage, clock, path } = await opened()
  storage.insertDialog(dialog({}), 0)
  await storage.loadDialog('atpsh-1')
  const database = new DatabaseSync(path, { readOnly: true })
  const row = database.prepare("SELECT strftime('%s', rectime) AS at FROM topos_d").get()
  database.close()
  expect(Number(row!.at)).toBeCloseTo(clock.ms / 1000, -1)
})

test('a table of another shape is told of once, and reads fail', async () => {
  const { storage, path } = await opened()
  const database = new DatabaseSync(path)
  database.exec('DROP TABLE topos_t')
  database.close()
  await expect(storage.loadBranch('z')).rejects.toThrow('topos_t')
  await expect(storage.loadBranch('z')).rejects.toThrow('topos_t')
})

test('memory forgets what nobody uses, and a dialog is trusted for a while only', async () => {
  const { storage, clock } = await opened()
  const store = new Store(storage, clock)
  store.insertDialog(dialog({ iflags: 2 }))
  store.insertBranch(dialog({ x_vbranch: 'z1', s_method: 'INVITE', a_callid: 'c', b_tag: 't' }))
  expect(store.isFresh('btpsh-1')).toBe(true)
  expect(store.invite('c', 't', 'btpsh-1')?.x_vbranch).toBe('z1')
  clock.ms += 10_001
  expect(store.isFresh('btpsh-1')).toBe(false)
  expect(store.dialog('btpsh-1')).not.toBeNull()
  clock.ms += 180_000
  store.sweep(180_000)
  expect([store.dialog('atpsh-1'), store.branch('z1'), store.invite('c', 't', 'atpsh-1')]).toEqual([
    null,
    null,
    null,
  ])
  await store.loadDialog('atpsh-1')
  expect(store.dialog('atpsh-1')?.iflags).toBe(2)
})

test('a failed load does not stop the messages of the call', async () => {
  const failures: unknown[] = []
  const order = new Order(error => failures.push(error))
  const out: string[] = []
  const failing = (): Promise<void> => Promise.reject(new Error('down'))
  expect(
    order.run(
      'c',
      failing,
      () => 'one',
      text => out.push(text),
    ),
  ).toBeNull()
  expect(
    order.run(
      'c',
      () => null,
      () => 'two',
      text => out.push(text),
    ),
  ).toBeNull()
  expect(
    order.run(
      'd',
      () => null,
      () => 'other',
      text => out.push(text),
    ),
  ).toBe('other')
  await expect.poll(() => out).toEqual(['one', 'two'])
  expect(failures).toHaveLength(1)
  await expect
    .poll(() =>
      order.run(
        'c',
        () => null,
        () => 'at once',
        () => {},
      ),
    )
    .toBe('at once')
})
