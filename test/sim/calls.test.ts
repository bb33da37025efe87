// Many calls through one and through two nodes, over a wire that loses, doubles and delays: every
// call comes to an end, nobody hears what makes no sense, and no node keeps anything of it.
import { describe, expect, test } from 'vitest'
import { type Faults, PERFECT, World } from '../kit/world.ts'
import { Callee, Caller } from './people.ts'

const CALLS = 60
const FIRST_SEED = Number(process.env.FUZZ_SEED ?? 1)
const SEEDS = Array.from({ length: 12 }, (_, more) => FIRST_SEED + more)
const CONFIG = 'test/sim/proxy.cfg'
const BAD_DAY: Faults = { lost: 15, doubled: 15, delayMs: 400 }

async function play(seed: number, faults: Faults, nodes: number) {
  const world = new World(seed, faults)
  const proxies = ['10.0.0.1:5060', '10.0.0.2:5060'].slice(0, nodes)
  for (const address of proxies) await world.node(address, CONFIG)
  const callee = new Callee(world, '10.0.0.9:5060')
  const callers: Caller[] = []
  for (let call = 0; call < CALLS; call++) {
    const address = `10.0.1.${call + 1}:5060`
    const caller = new Caller(world, address, proxies, 'sip:bob@10.0.0.9')
    callers.push(caller)
    const start = world.below(20_000)
    world.after(start, () => caller.call())
    if (call % 4 === 0) world.after(start + 500 + world.below(5000), () => caller.cancel())
  }
  // Twenty seconds of calls, a callee's patience, the timers of the transactions behind it.
  world.run(240_000)
  return { world, callee, callers }
}

describe.for(SEEDS)('seed %i', seed => {
  test('on a perfect wire every call ends as the people want', async () => {
    const { world, callee, callers } = await play(seed, PERFECT, 1)
    const endings = callers.map(caller => caller.ending)
    expect(new Set(endings)).toEqual(new Set(['talked', 'refused', 'cancelled']))
    expect(callee.strange).toEqual([])
    expectClean(world)
  })

  test.for([1, 2])('on a bad wire every call through %i nodes ends', async nodes => {
    const { world, callee, callers } = await play(seed, BAD_DAY, nodes)
    const endings = callers.map(caller => caller.ending)
    expect(endings.filter(ending => ending === null)).toEqual([])
    // The wire is bad, not cut: most calls come about.
    expect(endings.filter(ending => ending === 'talked').length).toBeGreaterThan(CALLS / 3)
    expect(callee.strange).toEqual([])
    expectClean(world)
  })
})

test('the same seed tells the same story, another seed another', async () => {
  const [one, again, other] = [
    await play(7, BAD_DAY, 1),
    await play(7, BAD_DAY, 1),
    await play(8, BAD_DAY, 1),
  ]
  expect(one.world.story).toEqual(again.world.story)
  expect(one.world.story).not.toEqual(other.world.story)
})

/** No node made a mistake or keeps a transaction. */
function expectClean(world: World): void {
  for (const node of world.nodes) {
    expect(node.mistakes).toEqual([])
    expect(node.statistic('tmx', 'inuse_transactions')).toBe(0)
  }
}
