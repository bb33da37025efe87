// Dialogs in a database: what survives a kill, and what a database that is away does to calls.
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { loadDialogs } from '../../../../../server/modules/dialog/load.ts'
import { CALLEE_PORT, CALLER_PORT, cases, fill } from '../../../../compat/dialog-rpc/cases.ts'
import { withinText } from '../../../../compat/dialog-rpc/play.ts'
import { does, newTables, type Params, START, World } from './database-world.ts'
import { until } from './dialog-bench.ts'

describe('a call that is under way when the node is killed', () => {
  const killed = async (
    params: Params,
  ): Promise<{ path: string; answer: string; before: unknown }> => {
    const world = await World.start({ db_mode: 1, default_timeout: 60, ...params })
    await world.plays(does('c1', 'call'), 'rows')
    const answer = world.node.got(CALLER_PORT).at(-1)!
    return { path: world.path, answer, before: world.rpc('dlg.dlg_list', 'c1') }
  }

  test('is the same after the next start', async () => {
    const { path, before } = await killed({})
    const world = await World.start({ db_mode: 1 }, path, START + 20_000)
    const [was] = before as Record<string, unknown>[]
    const [is] = world.rpc('dlg.dlg_list', 'c1') as Record<string, unknown>[]
    const added = { duration: 20, init_ts: (START + 20_000) / 1000, dflags: 0 }
    // Kamailio, too, reads profiles in the other order.
    const profiles = (was!.profiles as unknown[]).toReversed()
    expect(is).toEqual({ ...was, ...added, profiles })
    expect(world.rpc('dlg.profile_get_size', 'caller', 'alice')).toBe(1)
  })

  test('ends with its BYE', async () => {
    const { path, answer } = await killed({})
    const world = await World.start({ db_mode: 1 }, path, START + 20_000)
    const awaited = { port: CALLEE_PORT, start: 'BYE ', call: 'c1' }
    await world.node.send(CALLER_PORT, withinText('c1', 'BYE', 12, answer), awaited)
    expect(world.rpc('dlg.profile_get_size', 'caller', 'alice')).toBe(0)
    expect(world.rpc('dlg.stats_active')).toMatchObject({ all: 0 })
    expect([world.rows(), world.variables()]).toEqual([[], []])
  })

  test('ends when its lifetime is over, which went on meanwhile', async () => {
    const { path } = await killed({})
    const world = await World.start({ db_mode: 1 }, path, START + 20_000)
    world.pass(38)
    expect(world.rpc('dlg.stats_active')).toMatchObject({ ongoing: 1 })
    world.pass(4)
    expect(world.rpc('dlg.stats_active')).toMatchObject({ all: 0 })
    await world.plays('rows')
    expect([world.rows(), world.variables()]).toEqual([[], []])
  })

  test('ends at the start when that is over already', async () => {
    const { path } = await killed({})
    const world = await World.start({ db_mode: 1 }, path, START + 90_000)
    world.pass(2)
    await world.plays('rows')
    expect(world.rows()).toEqual([])
    expect(world.dialogs.stats.expired_dialogs.value).toBe(1)
  })

  test('is not known again when nothing is read (db_skip_load)', async () => {
    const { path } = await killed({})
    const world = await World.start({ db_mode: 1, db_skip_load: 1 }, path)
    expect(world.rpc('dlg.stats_active')).toMatchObject({ all: 0 })
    expect(world.rows()).toEqual(['c1'])
  })
})

describe('the other modes', () => {
  test('db_mode 2 writes when it is time, and at the end', async () => {
    const world = await World.start({ db_mode: 2, db_update_period: 10 })
    await world.plays(does('c1', 'call'))
    expect(world.rows()).toEqual([])
    world.pass(11)
    await world.plays('rows')
    expect(world.rows(['callid', 'state'])).toEqual(['c1,4'])
    await world.plays(does('c2', 'call'), does('c1', 'bye'), 'rows')
    expect(world.rows()).toEqual(['c2'])
    await world.plays(does('c3', 'call'))
    await world.node.bench.host.stop()
    expect(world.rows()).toEqual(['c2', 'c3'])
  })

  test('db_mode 3 writes at the end alone, and takes the rows away at the start', async () => {
    const world = await World.start({ db_mode: 3 })
    await world.plays(does('c1', 'call'), does('c2', 'call'), does('c3', 'invite'))
    await world.plays(does('c2', 'bye'), 'rows')
    expect(world.rows()).toEqual([])
    await world.node.bench.host.stop()
    expect([world.rows(), world.variables()]).toEqual([['c1'], ['color,blue']])
    const next = await World.start({ db_mode: 3 }, world.path)
    expect(next.rpc('dlg.stats_active')).toMatchObject({ ongoing: 1 })
    expect([next.rows(), next.variables()]).toEqual([[], []])
  })

  test('a call that nobody answered has no rows', async () => {
    const world = await World.start({ db_mode: 1 })
    await world.plays(does('c1', 'invite'), does('c1', 'ring'), 'rows', does('c1', 'busy'), 'rows')
    expect([world.rows(), world.variables()]).toEqual([[], []])
  })
})

describe('a database that is away', () => {
  test('stops no call, and gets the rows later', async () => {
    const world = await World.start({ db_mode: 1 })
    const { driver, store } = world.control()
    driver.hold()
    const calls = ['c1', 'c2', 'c3'].map(call => does(call, 'call'))
    for (const step of calls) await world.plays(step)
    await world.plays(does('c2', 'bye'))
    expect(world.rpc('dlg.stats_active')).toMatchObject({ ongoing: 2 })
    driver.failure = 'unavailable'
    driver.go()
    expect(await store.flush()).toBe(false)
    driver.failure = null
    expect(world.rows()).toEqual([])
    world.pass(6)
    await until(() => store.waiting === 0)
    await store.flush()
    expect(world.rows(['callid', 'state'])).toEqual(['c1,4', 'c3,4'])
    const told = world.node.bench.lines.filter(({ text }) => /to the database/.test(text))
    expect(told.map(({ text }) => text)).toEqual([
      'writing dialogs to the database failed: made to fail: unavailable',
    ])
  })

  test('has each row once when it did its work and its answer was lost', async () => {
    const world = await World.start({ db_mode: 1 })
    const { driver, store } = world.control(false)
    driver.failure = 'deadline'
    driver.carriesOut = true
    await world.plays(does('c1', 'call'))
    expect(await store.flush()).toBe(false)
    driver.failure = null
    expect(await store.flush()).toBe(true)
    expect([world.rows(), world.variables()]).toEqual([['c1'], ['color,blue']])
  })

  test('loses the rows of a call that ends while they are written', async () => {
    const world = await World.start({ db_mode: 1 })
    const { driver, store } = world.control()
    driver.hold()
    await world.plays(does('c1', 'call'))
    const flushed = store.flush()
    await world.plays(does('c1', 'bye'))
    driver.go()
    await flushed
    expect([world.rows(), world.variables(), store.waiting]).toEqual([[], [], 0])
  })

  test('that refuses one row takes the others', async () => {
    const world = await World.start({ db_mode: 2 })
    new DatabaseSync(world.path).exec(
      "CREATE TRIGGER no BEFORE INSERT ON dialog WHEN new.callid = 'bad' " +
        "BEGIN SELECT RAISE(ABORT, 'not this one'); END",
    )
    for (const call of ['c1', 'bad', 'c2']) await world.plays(does(call, 'call'))
    await world.dialogs.store!.flush()
    expect(world.rows()).toEqual(['c1', 'c2'])
    await world.plays(does('bad', 'bye'))
    expect(world.rpc('dlg.stats_active')).toMatchObject({ ongoing: 2 })
  })
})

test('two requests that read the same call at once have one dialog', async () => {
  const world = await World.start({ db_mode: 1 })
  await world.plays(does('c1', 'call'), 'rows')
  const next = await World.start({ db_mode: 1, db_skip_load: 1 }, world.path)
  const store = next.dialogs.store!
  const where = store.shape.ofCall('c1')
  const both = [0, 1].map(() => loadDialogs(next.dialogs, store, where, 'conflict'))
  const [first, second] = await Promise.all(both)
  expect([first!.length, second!.length]).toEqual([1, 0])
  expect(next.rpc('dlg.profile_get_size', 'caller')).toBe(1)
  await next.plays(does('c2', 'call'))
  expect(next.rpc('dlg.stats_active')).toMatchObject({ ongoing: 2 })
})

test('a table of another hash_size is refused', async () => {
  const path = newTables()
  const db = new DatabaseSync(path)
  fill(db, { stored: [{ ...cases.find(one => one.stored)!.stored![0]!, hash_entry: 9 }] })
  db.close()
  await expect(World.start({ db_mode: 1, hash_size: 8 }, path)).rejects.toThrow(
    'dialog: inconsistent hash data in the dialog database: you may have restarted using a ' +
      'different hash_size',
  )
})
