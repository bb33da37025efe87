// A thousand calls of all kinds on a bad day: forks, serial forks, phones that do not answer,
// requests that are set aside, callers who change their minds; then with routes that wait, each
// kind of them. SIM_CALLS and FUZZ_SEED make it longer and different: SIM_CALLS=10000 npx vitest
// run test/sim/storm.test.ts
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Async } from '../../server/modules/async/async.ts'
import { TICK_MS } from '../../server/lib/wheel.ts'
import { type Faults, World, type WorldNode } from '../kit/world.ts'
import { Callee, Caller } from './people.ts'

const CALLS = Number(process.env.SIM_CALLS ?? 1000)
const FIRST_SEED = Number(process.env.FUZZ_SEED ?? 1)
const CALLS_A_WORLD = 250
const SEEDS = Array.from(
  { length: Math.ceil(CALLS / CALLS_A_WORLD) },
  (_, more) => FIRST_SEED + more,
)
const BAD_DAY: Faults = { lost: 10, doubled: 10, delayMs: 300 }
const LIFE_MS = 60_000 + 240_000

/** What the user of the request URI stands for is told in the config. */
type Storm = { config: string; users: string[]; waits: boolean }
const STORM: Storm = {
  config: 'test/sim/storm.cfg',
  users: ['bob', 'fork', 'serial', 'silent', 'sleep', 'later', 'task'],
  waits: false,
}
const WAITING: Storm = {
  config: 'test/sim/waiting.cfg',
  users: ['request', 'branch', 'reply', 'failed', 'all', 'silent', 'aside', 'send'],
  waits: true,
}

async function play(seed: number, { config, users, waits }: Storm) {
  const world = new World(seed, BAD_DAY)
  const proxy = '10.0.0.1:5060'
  const node = await world.node(proxy, config)
  const idle = node.core.timers.armedCount
  const callees = ['10.0.0.9:5060', '10.0.0.10:5060', '10.0.0.12:5060'].map(
    (address, i) => new Callee(world, address, `t${i}`),
  )
  const callers: Caller[] = []
  for (let call = 0; call < CALLS_A_WORLD; call++) {
    const address = `10.0.${1 + (call >> 7)}.${1 + (call & 127)}:5060`
    const caller = new Caller(world, address, [proxy], `sip:${users[call % users.length]}@10.0.0.9`)
    callers.push(caller)
    const start = world.below(60_000)
    world.after(start, () => caller.call())
    if (call % 4 === 0) world.after(start + 200 + world.below(6000), () => caller.cancel())
  }
  if (!waits) world.run(LIFE_MS)
  else
    for (let at = 0; at < LIFE_MS; at += TICK_MS) {
      world.run(TICK_MS)
      // What waited goes on.
      await turn()
    }
  return { node, idle, callees, callers }
}

describe.for(SEEDS)('seed %i', seed => {
  test('every call ends on both sides, and nothing of it is kept', () => expectAllEnd(seed, STORM))
})

describe.for(SEEDS.slice(0, Math.ceil(SEEDS.length / 2)))('seed %i', seed => {
  test('the same where routes wait', () => expectAllEnd(seed, WAITING))
})

async function expectAllEnd(seed: number, storm: Storm): Promise<void> {
  const { node, idle, callees, callers } = await play(seed, storm)
  const endings = callers.map(caller => caller.ending)
  expect(endings.filter(ending => ending === null || ending === 'gave up')).toEqual([])
  expect(new Set(endings)).toEqual(new Set(['talked', 'refused', 'cancelled']))
  expect(callers.filter(caller => !caller.quiet)).toEqual([])
  // What nobody answered is nowhere among them.
  const statuses = new Set(callers.map(caller => caller.status))
  expect([...statuses].filter(status => ![200, 486, 487, 603].includes(status))).toEqual([])
  expect(callees.flatMap(callee => callee.unfinished)).toEqual([])
  expectEmpty(node, idle)
}

/** No transaction, timer, waiting run or sleeping request is left, and nothing went wrong. */
function expectEmpty(node: WorldNode, idle: number): void {
  expect(node.mistakes).toEqual([])
  expect(node.statistic('tmx', 'inuse_transactions')).toBe(0)
  expect(node.statistic('tmx', 'active_transactions')).toBe(0)
  expect((node.host.instance('async') as Async).sleepers.size).toBe(0)
  expect(node.core.routes.waiting).toBe(0)
  expect(node.core.timers.armedCount).toBe(idle)
}
