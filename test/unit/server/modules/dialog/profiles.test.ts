// Profiles count the dialogs that are there, whatever becomes of them.
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Dialogs } from '../../../../../server/modules/dialog/dialog.ts'
import { SeededRandom } from '../../../../../server/lib/random.ts'
import {
  CALLEE_PORT,
  CALLER_PORT,
  type Case,
  type Step,
} from '../../../../compat/dialog-rpc/cases.ts'
import { inviteText, play, replyText } from '../../../../compat/dialog-rpc/play.ts'
import { SERVER_PORT } from '../../../../kit/bench-ports.ts'
import { type DialogNode, dialogNode } from './dialog-bench.ts'

const PARAMS = { profiles_with_value: 'caller; dest', profiles_no_value: 'inbound' }
const COUNTED = 'set_dlg_profile("inbound"); set_dlg_profile("caller", "$ci");'

class World {
  readonly node: DialogNode
  private readonly clock: { time: number }

  constructor(node: DialogNode, clock: { time: number }) {
    this.node = node
    this.clock = clock
  }

  static async start(more: Partial<Case> = {}): Promise<World> {
    const clock = { time: 1_700_000_000_000 }
    const { time } = clock
    const reading = { now: () => clock.time, monotonic: () => clock.time - time }
    const params = { ...PARAMS, default_timeout: 100, early_timeout: 100, ...more.params }
    const one = { name: '', script: COUNTED, steps: [], ...more, params }
    const node = await dialogNode(one, 'none', reading)
    onTestFinished(() => node.stop())
    return new World(node, clock)
  }

  get dialogs(): Dialogs {
    return this.node.bench.host.instance('dialog') as Dialogs
  }

  plays(
    ...steps: [call: string, does: Extract<Step, { call: string }>['does']][]
  ): Promise<unknown> {
    const all = steps.map(([call, does]) => ({ call, does }))
    return play(this.node, { name: '', steps: all })
  }

  pass(seconds: number): void {
    for (let i = 0; i < seconds * 10; i++) {
      this.clock.time += 100
      this.node.bench.core.timers.run()
    }
  }

  size(profile = 'inbound', ...value: string[]): unknown {
    return this.node.bench.rpc('dlg.profile_get_size', profile, ...value)
  }

  /** What the profiles say is what the dialogs say. */
  check(): void {
    for (const name of ['inbound', 'caller', 'dest']) {
      const profile = this.dialogs.profiles.find(name)!
      const links = [...this.dialogs.table.each()].flatMap(({ profiles }) => profiles)
      const own = links.filter(link => link.profile.name === name)
      expect(profile.size, name).toBe(own.length)
      const counted = [...profile.items(undefined)]
      expect(new Set(counted)).toEqual(new Set(own))
      for (const { value } of own)
        expect(profile.count(value)).toBe(own.filter(link => link.value === value).length)
    }
  }
}

describe('a dialog is counted as long as it is there', () => {
  test('of several branches once, until the call ends', async () => {
    const branch = `append_branch("sip:other@127.0.0.1:${CALLEE_PORT}");`
    const world = await World.start({ script: `${COUNTED} ${branch}` })
    await world.plays(['c1', 'invite'])
    const asked = world.node.got(CALLEE_PORT)
    expect(asked.length).toBe(2)
    expect([world.size(), world.size('caller', 'c1')]).toEqual([1, 1])
    const { bench } = world.node
    bench.receive(replyText('c1', asked[0]!, '486 Busy Here'), CALLEE_PORT)
    expect(world.size()).toBe(1)
    bench.receive(replyText('c1', asked[1]!, '200 OK'), CALLEE_PORT)
    expect(world.size()).toBe(1)
    await world.plays(['c1', 'ack'], ['c1', 'bye'])
    expect([world.size(), world.size('caller', 'c1')]).toEqual([0, 0])
    world.check()
  })

  test('not when all branches refuse', async () => {
    const branch = `append_branch("sip:other@127.0.0.1:${CALLEE_PORT}");`
    const world = await World.start({ script: `${COUNTED} ${branch}` })
    await world.plays(['c1', 'invite'])
    for (const request of world.node.got(CALLEE_PORT))
      world.node.bench.receive(replyText('c1', request, '486 Busy Here'), CALLEE_PORT)
    expect([world.size(), world.size('caller', 'c1')]).toEqual([0, 0])
  })

  test('of an INVITE that comes through again', async () => {
    const script = `if (!is_in_profile("inbound")) { ${COUNTED} }`
    const world = await World.start({ script })
    await world.plays(['c1', 'invite'])
    world.node.bench.receive(world.node.got(CALLEE_PORT)[0]!, SERVER_PORT)
    expect(world.node.got(CALLEE_PORT).length).toBe(2)
    expect(world.size()).toBe(1)
    for (const request of world.node.got(CALLEE_PORT).toReversed())
      world.node.bench.receive(replyText('c1', request, '486 Busy Here'), CALLEE_PORT)
    world.pass(300)
    expect(world.size()).toBe(0)
    world.check()
  })

  test('that nobody answers or ends', async () => {
    const world = await World.start({ params: { default_timeout: 60 } })
    await world.plays(['c1', 'invite'], ['c2', 'invite'], ['c2', 'ring'], ['c3', 'call'])
    expect(world.size()).toBe(3)
    world.pass(400)
    expect([world.size(), world.size('caller')]).toEqual([0, 0])
    world.check()
  })

  test('that the script drops', async () => {
    const world = await World.start({ script: `${COUNTED} exit;` })
    world.node.bench.receive(inviteText('c1'), CALLER_PORT)
    world.pass(10)
    expect([world.size(), world.dialogs.table.size]).toEqual([0, 0])
  })

  test('that was chosen before it began, and never began', async () => {
    const world = await World.start({ before: `${COUNTED} exit;`, script: '' })
    world.node.bench.receive(inviteText('c1'), CALLER_PORT)
    expect(world.size()).toBe(0)
  })

  test.for([1, 2, 3, 4, 5])('whatever happens, seed %i', async seed => {
    const world = await World.start({
      onReply: 'set_dlg_profile("dest", "$T_reply_code"); unset_dlg_profile("inbound");',
      onFailure: 'unset_dlg_profile("caller", "$ci");',
      info: 'set_dlg_profile("dest", "$ci"); set_dlg_profile("inbound");',
    })
    const random = new SeededRandom(seed)
    const ways = [
      ['invite'],
      ['invite', 'ring'],
      ['invite', 'ring', 'busy'],
      ['invite', 'busy'],
      ['call', 'info'],
      ['call', 'info', 'bye'],
      ['call', 'bye', 'bye answered'],
    ] as const
    for (let i = 0; i < 25; i++) {
      const way = ways[random.uint32() % ways.length]!
      for (const does of way) {
        await world.plays([`call${i}`, does])
        world.check()
      }
      world.pass(random.uint32() % 4)
      world.check()
    }
    world.pass(600)
    world.check()
    expect([world.size(), world.size('caller'), world.size('dest')]).toEqual([0, 0, 0])
    expect(world.dialogs.table.size).toBe(0)
  })
})

test('all dialogs of a profile get another lifetime', async () => {
  const world = await World.start({
    info: 'dlg_set_timeout_by_profile("caller", "c2", "20"); $dlg_var(a) = "$rc";',
  })
  await world.plays(['c1', 'call'], ['c2', 'call'], ['c2', 'info'])
  world.pass(25)
  expect(world.node.bench.rpc('dlg.stats_active')).toMatchObject({ ongoing: 1 })
  expect(world.size('caller', 'c1')).toBe(1)
})

test('items of other nodes go when their time is over', async () => {
  const info = 'dlg_remote_profile("add", "inbound", "", "u1", "$var(until)");'
  const world = await World.start({
    info: `$var(until) = $TS + 100; ${info} dlg_remote_profile("add", "inbound", "", "u2", "0");`,
    params: { default_timeout: 5000 },
  })
  await world.plays(['c1', 'call'], ['c1', 'info'])
  expect(world.size()).toBe(3)
  world.pass(80)
  expect(world.size()).toBe(3)
  world.pass(120)
  expect(world.size()).toBe(2)
})

test.for([
  [{ profiles_no_value: 'a/s' }, 'dialog: bad profile name <a/s>, char /'],
  [{ profiles_no_value: 'a;b; a' }, 'dialog: duplicate dialog profile registered <a>'],
  [{ profiles_no_value: 'a', profiles_with_value: 'a' }, 'duplicate dialog profile registered <a>'],
] as const)('%j is refused', async ([params, reason]) => {
  await expect(World.start({ params, script: '' })).rejects.toThrow(reason)
})

test('profiles that are not defined are refused with their place', async () => {
  const script = 'is_in_profile("dest", "x"); set_dlg_profile("none"); is_in_profile("no", "x");'
  await expect(World.start({ script })).rejects.toMatchObject({
    cause: {
      diagnostics: [
        {
          text: 'set_dlg_profile(): profile <none> not defined',
          col: expect.any(Number),
          hint: 'caller, dest, inbound',
        },
        { text: 'is_in_profile(): profile <no> not defined' },
      ],
    },
  })
})

test('a profile that has the name of a variable is none', async () => {
  const world = await World.start({ script: 'set_dlg_profile("$fU");' })
  await world.plays(['c1', 'invite'])
  const lines = world.node.bench.lines.map(({ text }) => text)
  expect(lines).toEqual(['profile <$fU> not defined'])
})
