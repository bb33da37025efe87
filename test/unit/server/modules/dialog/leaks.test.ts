// Many calls through nodes that keep dialogs, over a wire that loses, doubles and delays: when all
// have ended nothing is left of them, and what was counted is 0 again.
import { describe, expect, test } from 'vitest'
import type { Dialogs } from '../../../../../server/modules/dialog/dialog.ts'
import { type Faults, PERFECT, World, type WorldNode } from '../../../../kit/world.ts'
import { Callee, Caller } from '../../../../sim/people.ts'

const CALLS = 50
const FIRST_SEED = Number(process.env.FUZZ_SEED ?? 1)
const SEEDS = Array.from({ length: 6 }, (_, more) => FIRST_SEED + more)
const CONFIG = 'test/unit/server/modules/dialog/proxy.cfg'
const BAD_DAY: Faults = { lost: 15, doubled: 15, delayMs: 400 }
const CUT: Faults = { lost: 60, doubled: 15, delayMs: 400 }
const MINUTE = 60_000

const dialogsOf = (node: WorldNode): Dialogs => node.host.instance('dialog') as Dialogs

async function play(seed: number, faults: Faults, nodes: number): Promise<World> {
  const world = new World(seed, faults)
  const proxies = ['10.0.0.1:5060', '10.0.0.2:5060'].slice(0, nodes)
  for (const address of proxies) await world.node(address, CONFIG)
  const callees = [new Callee(world, '10.0.0.9:5060'), new Callee(world, '10.0.0.8:5060', 'u')]
  for (let call = 0; call < CALLS; call++) {
    const target = `sip:bob@10.0.0.${9 - (call % callees.length)}`
    const caller = new Caller(world, `10.0.1.${call + 1}:5060`, proxies, target)
    const start = world.below(20_000)
    world.after(start, () => caller.call())
    if (call % 4 === 0) world.after(start + 500 + world.below(5000), () => caller.cancel())
  }
  world.run(4 * MINUTE)
  return world
}

/** Nothing is kept, counted or timed. */
function expectNothingLeft(world: World): void {
  for (const node of world.nodes) {
    const dialogs = dialogsOf(node)
    expect(node.mistakes).toEqual([])
    expect(dialogs.all().map(({ callId, state, ref }) => `${callId} ${state} ${ref}`)).toEqual([])
    expect(dialogs.profiles.find('all')?.count(undefined)).toBe(0)
    expect(dialogs.keepalives.size).toBe(0)
    for (const name of ['active_dialogs', 'early_dialogs'])
      expect(node.statistic('dialog', name), name).toBe(0)
    expect(node.statistic('dialog', 'processed_dialogs')).toBeGreaterThan(0)
    expect(node.statistic('tmx', 'inuse_transactions')).toBe(0)
  }
}

describe.for(SEEDS)('seed %i', seed => {
  test('on a perfect wire nothing is left of the calls', async () => {
    const world = await play(seed, PERFECT, 1)
    const [node] = world.nodes
    const failed = node!.statistic('dialog', 'failed_dialogs')
    expect(node!.statistic('dialog', 'processed_dialogs')).toBe(CALLS)
    expect(failed).toBeGreaterThan(0)
    expect(failed).toBeLessThan(CALLS)
    expectNothingLeft(world)
  })

  test.for([1, 2])('on a bad wire nothing is left of them in %i nodes', async nodes => {
    const world = await play(seed, BAD_DAY, nodes)
    // A lost ACK ends a call a minute later, a lost BYE at the end of its lifetime.
    world.run(70 * MINUTE)
    expectNothingLeft(world)
  })

  test('on a wire that is nearly cut nothing is left of them either', async () => {
    const world = await play(seed, CUT, 1)
    world.run(70 * MINUTE)
    expectNothingLeft(world)
  })
})
