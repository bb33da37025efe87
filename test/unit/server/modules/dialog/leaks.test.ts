// Many calls through nodes that keep dialogs, over a wire that loses, doubles and delays: when all
// have ended nothing is left of them, and what was counted is 0 again.
import { describe, expect, test } from 'vitest'
import type { Dialogs } from '../../../../../server/modules/dialog/dialog.ts'
import { type Faults, PERFECT, World, type WorldNode } from '../../../../kit/world.ts'
import { Callee, Caller } from '../../../../sim/people.ts'

const CALLS = 50
const FIRST_SEED = Number(process.env.FUZZ_SEED ?? 1)
const SEEDS = Array.from({ length: 6 }, (_, more) => FIRST_SEED + more)
const FOLDER = 'test/unit/server/modules/dialog'
const BAD_DAY: Faults = { lost: 15, doubled: 15, delayMs: 400 }
const CUT: Faults = { lost: 60, doubled: 15, delayMs: 400 }
const MINUTE = 60_000

const dialogsOf = (node: WorldNode): Dialogs => node.host.instance('dialog') as Dialogs

async function play(seed: number, faults: Faults, nodes: number, config = 'proxy'): Promise<World> {
  const world = new World(seed, faults)
  const proxies = ['10.0.0.1:5060', '10.0.0.2:5060'].slice(0, nodes)
  for (const address of proxies) await world.node(address, `${FOLDER}/${config}.cfg`)
  // Some phones are switched off in the midst of their call.
  const lost = (text: string): boolean => /^BYE [^]*\r\nCall-ID: c1001\d*05060\r/.test(text)
  if (config === 'restless') world.deaf.set(proxies[0]!, lost)
  for (const last of [9, 8, 7]) void new Callee(world, `10.0.0.${last}:5060`, `t${last}`)
  for (let call = 0; call < CALLS; call++) {
    const target = `sip:bob@10.0.0.${9 - (call % 2)}`
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
    expect(
      dialogs.table.all().map(({ callId, state, ref }) => `${callId} ${state} ${ref}`),
    ).toEqual([])
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

  test.for([
    ['perfect', PERFECT],
    ['bad', BAD_DAY],
  ] as const)(
    'on a %s wire nothing is left of forked calls that are watched',
    async ([, faults]) => {
      const world = await play(seed, faults, 1, 'restless')
      for (const what of ['OPTIONS', 'INVITE sip:carol', 'INVITE sip:dave'])
        expect(world.story.some(line => line.includes(` ${what}`))).toBe(true)
      world.run(70 * MINUTE)
      expectNothingLeft(world)
    },
  )

  test('on a wire that is nearly cut nothing is left of them either', async () => {
    const world = await play(seed, CUT, 1)
    world.run(70 * MINUTE)
    expectNothingLeft(world)
  })
})
