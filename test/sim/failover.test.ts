// Many calls to a pool of servers that fall silent, are full and come back, over a wire that loses,
// doubles and delays, SIP and names alike: as long as one server stands, nobody is turned away, no
// call hangs, and the node keeps nothing of it.
import { describe, expect, test } from 'vitest'
import { SipText, print } from '../kit/sip-text.ts'
import { type Faults, PERFECT, World } from '../kit/world.ts'
import { Callee, Caller } from './people.ts'

const CALLS = 40
const FIRST_SEED = Number(process.env.FUZZ_SEED ?? 1)
// 503: a place that is full says so behind the CANCEL. 624: one that was given up answers its late
// CANCEL while the next one is being looked up.
const SEEDS = [...Array.from({ length: 8 }, (_, more) => FIRST_SEED + more), 503, 624]
const BAD_DAY: Faults = { lost: 10, doubled: 10, delayMs: 300 }

const PROXY = '10.0.0.1:5060'
const FULL = '10.0.0.6:5060'
const SHAKY = ['10.0.0.7:5060', '10.0.0.8:5060']
const STEADY = '10.0.0.9:5060'

const NAMES = `
_sip._udp.pool.test 20 SRV 10 10 5060 full.pool.test
_sip._udp.pool.test 20 SRV 10 60 5060 shaky.pool.test
_sip._udp.pool.test 20 SRV 20 0 5060 steady.pool.test
full.pool.test 10 A 10.0.0.6
shaky.pool.test 10 A 10.0.0.7
shaky.pool.test 10 A 10.0.0.8
steady.pool.test 10 A 10.0.0.9
`

/** A server that has no room for anybody. */
function fullServer(world: World): void {
  world.listen(FULL, (text, from) => {
    const request = new SipText(text)
    if (!request.isRequest || request.method === 'ACK') return
    const copied = request.headers.filter(([name]) => /^(via|from|to|call-id|cseq)$/i.test(name))
    const headers = copied.map(([name, value]): [string, string] =>
      name.toLowerCase() === 'to' ? [name, `${value};tag=full`] : [name, value],
    )
    world.send(print('SIP/2.0 503 Full', headers), FULL, from)
  })
}

/**
 * Servers take no new calls for a while, now and then both at once. What they have begun they bring
 * to its end: a call that rings is not taken over by anybody.
 */
function outages(world: World): void {
  for (const address of SHAKY) {
    const known = new Set<string>()
    let off = false
    world.deaf.set(address, text => {
      const request = new SipText(text)
      const id = request.header('Call-ID')
      if (!request.isRequest || request.method !== 'INVITE' || known.has(id)) return false
      if (!off) known.add(id)
      return off
    })
    let at = world.below(5000)
    while (at < 60_000) {
      const end = at + 3000 + world.below(15_000)
      world.after(at, () => void (off = true))
      world.after(end, () => void (off = false))
      at = end + world.below(10_000)
    }
  }
}

async function play(seed: number, faults: Faults) {
  const world = new World(seed, faults)
  world.names.add(NAMES)
  await world.node(PROXY, 'test/sim/pool.cfg')
  fullServer(world)
  const callees = [...SHAKY, STEADY].map(address => new Callee(world, address))
  outages(world)
  const callers: Caller[] = []
  for (let call = 0; call < CALLS; call++) {
    const caller = new Caller(world, `10.0.1.${call + 1}:5060`, [PROXY], 'sip:bob@pool.test')
    callers.push(caller)
    const start = world.below(40_000)
    world.after(start, () => caller.call())
    if (call % 5 === 0) world.after(start + 500 + world.below(4000), () => caller.cancel())
  }
  world.run(300_000)
  return { world, callees, callers }
}

/** Places that got an INVITE, in all of these stories. */
const asked = new Set<string>()

describe.for(SEEDS)('seed %i', seed => {
  test.for<[string, Faults]>([
    ['on a perfect wire', PERFECT],
    ['on a bad wire', BAD_DAY],
  ])('%s every call is taken by somebody, or ends as its caller wants', async ([, faults]) => {
    const { world, callees, callers } = await play(seed, faults)
    const endings = callers.map(caller => caller.ending)
    expect(endings).not.toContain(null)
    // Nobody heard that the place was full, unreachable or unknown.
    const statuses = callers.map(caller => caller.status)
    for (const status of [408, 477, 478, 500, 503]) expect(statuses).not.toContain(status)
    expect(callees.flatMap(callee => callee.strange)).toEqual([])
    for (const node of world.nodes) {
      expect(node.mistakes).toEqual([])
      expect(node.statistic('tmx', 'inuse_transactions')).toBe(0)
    }
    for (const line of world.story) {
      const [, to] = new RegExp(`${PROXY} -> (\\S+) INVITE`).exec(line) ?? []
      if (to !== undefined) asked.add(to)
    }
  })
})

// The last place is seldom needed, but it is.
test('all of the pool was asked', () => {
  expect([...asked].sort()).toEqual([FULL, ...SHAKY, STEADY].sort())
})
