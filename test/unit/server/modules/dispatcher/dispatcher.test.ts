import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Fault } from '../../../../../rpc/faults.ts'
import { TICK_MS } from '../../../../../server/lib/wheel.ts'
import { Bench } from '../../../../kit/bench.ts'
import { reply } from '../../../../compat/keepalive/facts.ts'

const REQUEST = (number: number, user = 'bob'): string =>
  [
    `INVITE sip:${user}@example.org SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:25075;branch=z9hG4bKds${number}`,
    'From: <sip:alice@example.org>;tag=a',
    'To: <sip:bob@example.org>',
    `Call-ID: ${number}`,
    'CSeq: 1 INVITE',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n')

class World {
  readonly list: string
  bench!: Bench
  private now = Date.UTC(2026, 0, 1)
  private number = 0

  private constructor(list: string) {
    this.list = list
  }

  static async start(
    list: string,
    params: Record<string, string | number>,
    script = '',
  ): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), 'dispatcher-'))
    const world = new World(join(folder, 'list'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    world.write(list)
    const values = { list_file: world.list, flags: 2, reload_delta: 0, ...params }
    const config = [
      'debug=1',
      ...['tm', 'sl', 'pv', 'xlog', 'dispatcher'].map(name => `loadmodule "${name}.so"`),
      ...Object.entries(values).map(
        ([name, value]) => `modparam("dispatcher", "${name}", ${JSON.stringify(value)})`,
      ),
      `request_route { ${script} xlog("L_ALERT", "@@$du\\n"); drop; }`,
      'event_route[dispatcher:dst-down] { xlog("L_ALERT", "@@down $ru $dsv(code)\\n"); }',
      'event_route[dispatcher:dst-up] { xlog("L_ALERT", "@@up $ru $dsv(code) $dsv(reason)\\n"); }',
    ]
    const began = world.now
    const clock = { now: () => world.now, monotonic: () => world.now - began }
    world.bench = await Bench.start(config.join('\n'), clock)
    return world
  }

  write(list: string): void {
    writeFileSync(this.list, list)
  }

  /** To where a request goes, by its last digits. */
  next(): string {
    this.bench.lines.length = 0
    this.bench.receive(REQUEST(++this.number))
    return this.marks()[0]!.slice(-4)
  }

  marks(): string[] {
    return this.bench.lines
      .filter(({ text }) => text.includes('@@'))
      .map(({ text }) => text.split('@@')[1]!.trim())
  }

  async rpc(name: string, ...params: unknown[]): Promise<unknown> {
    const strictness = { convert: false, skipWrongOptional: false }
    const caller = { transport: 'stream', strictness, connection: null } as const
    return (await this.bench.core.rpc.call(name, params, caller)).value
  }

  async reload(list: string): Promise<string> {
    this.write(list)
    this.bench.lines.length = 0
    return this.rpc('dispatcher.reload').then(String, (fault: Fault) => fault.message)
  }

  async flags(): Promise<string[]> {
    const { RECORDS } = (await this.rpc('dispatcher.list')) as {
      RECORDS: { SET: { TARGETS: { DEST: { FLAGS: string } }[] } }[]
    }
    return RECORDS.flatMap(({ SET }) => SET.TARGETS.map(({ DEST }) => DEST.FLAGS))
  }

  pass(milliseconds: number): void {
    for (const end = this.now + milliseconds; this.now < end; this.now += TICK_MS)
      this.bench.core.timers.run()
  }

  /** Lets time pass until pings leave, and gives them. */
  pings(): string[] {
    const { sent } = this.bench
    sent.length = 0
    for (let waited = 0; waited < 11_000 && sent.length === 0; waited += TICK_MS) this.pass(TICK_MS)
    return sent.map(({ text }) => text).filter(text => text.startsWith('OPTIONS '))
  }
}

const LIST = `
1 sip:127.0.0.1:5081
1 sip:127.0.0.1:5082 8
1 sip:127.0.0.1:5083
`
const CHOOSE = 'if (!ds_select_dst("1", "4")) $du = "none";'

describe('a reload', () => {
  test('keeps states and whose turn it is', async () => {
    const world = await World.start(LIST, {}, CHOOSE)
    expect([world.next(), world.next()]).toEqual(['5083', '5082'])
    await world.rpc('dispatcher.set_state', 'i', 1, 'sip:127.0.0.1:5081')
    expect(await world.reload(LIST)).toContain('successfully')
    expect(await world.flags()).toEqual(['AX', 'AP', 'IX'])
    expect([world.next(), world.next()]).toEqual(['5083', '5082'])
  })

  test('takes the flags of a row that has others than before', async () => {
    const world = await World.start(LIST, {}, CHOOSE)
    await world.rpc('dispatcher.set_state', 'i', 1, 'all')
    await world.reload('1 sip:127.0.0.1:5081 8\n1 sip:127.0.0.1:5082 8\n')
    expect(await world.flags()).toEqual(['IX', 'AP'])
  })

  test.for([
    ['1', 'line 2: bad line [1]; generation 1 stays'],
    [
      '1 sip:127.0.0.1:5099 0 0 socket=udp:192.0.2.1:1',
      'line 2: non-local socket <udp:192.0.2.1:1>',
    ],
    ['1 sip: 0', 'line 2: bad uri [sip:]'],
  ])('with the line %s leaves the list that is in force', async ([line = '', why = '']) => {
    const world = await World.start(LIST, {}, CHOOSE)
    expect(await world.reload(`1 sip:127.0.0.1:5090\n${line}\n`)).toBe('Reload Failed')
    expect(world.bench.lines.map(({ text }) => text).join('')).toContain(why)
    expect([world.next(), world.next(), world.next()]).toEqual(['5083', '5082', '5081'])
  })

  test('that comes too soon is refused', async () => {
    const world = await World.start(LIST, { reload_delta: 5 })
    expect(await world.reload(LIST)).toContain('successfully')
    expect(await world.reload(LIST)).toBe('Ongoing reload')
    world.pass(6000)
    expect(await world.reload(LIST)).toContain('successfully')
  })
})

describe('weights', () => {
  const count = (world: World, calls: number): Record<string, number> => {
    const counted: Record<string, number> = {}
    for (let i = 0; i < calls; i++) {
      const to = world.next()
      counted[to] = (counted[to] ?? 0) + 1
    }
    return counted
  }
  const weighted = (name: string): string =>
    [50, 30, 10].map((value, i) => `1 sip:127.0.0.1:508${i} 0 ${9 - i} ${name}=${value}`).join('\n')

  test('are per cent of the calls, and the last one takes what is missing', async () => {
    const world = await World.start(weighted('weight'), {}, 'ds_select_dst("1", "9");')
    expect(count(world, 100)).toEqual({ 5080: 50, 5081: 30, 5082: 20 })
    expect(count(world, 200)).toEqual({ 5080: 100, 5081: 60, 5082: 40 })
  })

  test('are relative to those that are up', async () => {
    const world = await World.start(weighted('rweight'), {}, 'ds_select_dst("1", "11");')
    expect(count(world, 100)).toEqual({ 5080: 55, 5081: 33, 5082: 12 })
    await world.rpc('dispatcher.set_state', 'i', 1, 'sip:127.0.0.1:5080')
    expect(count(world, 100)).toEqual({ 5081: 75, 5082: 25 })
  })
})

test('at random every destination is chosen now and then', async () => {
  const world = await World.start(LIST, {}, 'ds_select_dst("1", "6");')
  const chosen = new Set(Array.from({ length: 60 }, () => world.next()))
  expect([...chosen].toSorted()).toEqual(['5081', '5082', '5083'])
})

describe('pings', () => {
  const params = { ds_ping_interval: 10, ds_probing_mode: 1, ds_ping_latency_stats: 1 }
  const answer = (world: World, ping: string, status: string): void =>
    world.bench.receive(reply(ping, status))

  test('go to all destinations, and those that answer stay up', async () => {
    const world = await World.start(LIST, params)
    const pings = world.pings()
    expect(pings.map(ping => ping.split('\r\n')[0])).toEqual([
      'OPTIONS sip:127.0.0.1:5083 SIP/2.0',
      'OPTIONS sip:127.0.0.1:5082 SIP/2.0',
      'OPTIONS sip:127.0.0.1:5081 SIP/2.0',
    ])
    expect(pings[0]).toContain('From: <sip:dispatcher@localhost>;tag=')
    answer(world, pings[0]!, '200 OK')
    answer(world, pings[1]!, '503 No')
    answer(world, pings[2]!, '200 OK')
    expect(world.marks()).toEqual(['down sip:127.0.0.1:5082 503'])
    expect(await world.flags()).toEqual(['AP', 'IP', 'AP'])
    world.bench.lines.length = 0
    const again = world.pings().find(ping => ping.includes(':5082 SIP'))!
    answer(world, again, '200 Fine')
    expect(world.marks()).toContain('up sip:127.0.0.1:5082 200 Fine')
  })

  test('that nobody answers bring a destination down', async () => {
    const world = await World.start('1 sip:127.0.0.1:5081\n', params)
    world.pings()
    world.pass(80_000)
    expect(world.marks()).toEqual(['down sip:127.0.0.1:5081 408'])
    const { RECORDS } = (await world.rpc('dispatcher.list')) as {
      RECORDS: { SET: { TARGETS: { DEST: { LATENCY: { TIMEOUT: number } } }[] } }[]
    }
    expect(RECORDS[0]!.SET.TARGETS[0]!.DEST.LATENCY.TIMEOUT).toBeGreaterThan(0)
  })

  test('may be answered by what ds_ping_reply_codes says', async () => {
    const codes = { ...params, ds_ping_reply_codes: 'class=4;code=503' }
    const world = await World.start('1 sip:127.0.0.1:5081\n', codes)
    for (const status of ['404 No', '503 No']) answer(world, world.pings()[0]!, status)
    expect(await world.flags()).toEqual(['AP'])
    answer(world, world.pings()[0]!, '500 No')
    expect(await world.flags()).toEqual(['IP'])
  })

  test('leave by the socket and the proxy that the attributes name', async () => {
    const attributes = 'socket=udp:127.0.0.1:25071;obproxy=sip:127.0.0.1:5999;ping_from=sip:me@x'
    const world = await World.start(`1 sip:127.0.0.1:5081 0 0 ${attributes}\n`, params)
    const [ping] = world.pings()
    const [sent] = world.bench.sent
    expect([sent!.to.port, sent!.to.socket?.port]).toEqual([5999, 25071])
    expect(ping).toContain('From: <sip:me@x>;tag=')
  })

  test('lower the weight of a destination whose answers take longer than usual (cc)', async () => {
    const list = [1, 2].map(i => `1 sip:127.0.0.1:508${i} 8 0 cc=1;weight=50;rweight=50`).join('\n')
    const world = await World.start(list, params)
    const round = (delay: number): void => {
      const [first, second] = world.pings()
      world.bench.receive(reply(first!, '200 OK'))
      world.pass(delay)
      world.bench.receive(reply(second!, '200 OK'))
    }
    for (let i = 0; i < 12; i++) round(50)
    const weights = async (): Promise<number[]> => {
      const { RECORDS } = (await world.rpc('dispatcher.list')) as {
        RECORDS: { SET: { TARGETS: { DEST: { ATTRS: { RWEIGHT: number } } }[] } }[]
      }
      return RECORDS[0]!.SET.TARGETS.map(({ DEST }) => DEST.ATTRS.RWEIGHT)
    }
    expect(await weights()).toEqual([50, 50])
    round(350)
    const [fast, slow] = await weights()
    expect(fast).toBe(50)
    expect(slow).toBeLessThan(50)
    expect(slow).toBeGreaterThan(0)
  })

  test('are switched off by an operator', async () => {
    const world = await World.start(LIST, params)
    await world.rpc('dispatcher.ping_active', 0)
    expect(world.pings()).toEqual([])
  })
})

test('calls that are over are taken off the load', async () => {
  const list = '1 sip:127.0.0.1:5081 0 0 duid=a\n'
  const params = { ds_hash_size: 4, ds_hash_initexpire: 60, ds_hash_check_interval: 10 }
  const world = await World.start(list, params, 'ds_select_dst("1", "10");')
  world.next()
  const load = async (): Promise<number> => {
    const { RECORDS } = (await world.rpc('dispatcher.list')) as {
      RECORDS: { SET: { TARGETS: { DEST: { RUNTIME: { DLGLOAD: number } } }[] } }[]
    }
    return RECORDS[0]!.SET.TARGETS[0]!.DEST.RUNTIME.DLGLOAD
  }
  expect(await load()).toBe(1)
  world.pass(75_000)
  expect(await load()).toBe(0)
})

describe('hosts of destinations', () => {
  const FROM = 'if (ds_is_from_list()) $du = "sip:yes"; else $du = "sip:none";'

  test.for([1, 2, 4])('are names as well (ds_dns_mode %i)', async mode => {
    const world = await World.start('1 sip:localhost:25075\n', { ds_dns_mode: mode }, FROM)
    expect(world.next()).toBe(':yes')
  })

  test('that have no address are left out, and their names are in the log', async () => {
    const list = '1 sip:gone.invalid\n1 sip:127.0.0.1:5081\n'
    const world = await World.start(list, {}, CHOOSE)
    expect([world.next(), world.next()]).toEqual(['5081', '5081'])
    await expect(World.start(list, { ds_load_mode: 1 })).rejects.toThrow(
      'could not resolve gone.invalid',
    )
  })

  test('need no address with the flag 16', async () => {
    const world = await World.start('1 sip:gone.invalid:5081 16\n', {}, CHOOSE)
    expect(world.next()).toBe('5081')
  })

  test('of IPv6 are known in any spelling', async () => {
    const uri = 'sip:[2001:0DB8:0:0::1]:5070'
    const script = `if (ds_is_from_list("1", "3", "${uri}")) $du = "sip:yes"; else $du = "sip:no";`
    const world = await World.start('1 sip:[2001:db8::1]:5070\n', {}, script)
    expect(world.next()).toBe(':yes')
  })
})

describe('the start', () => {
  test('leaves out what is no destination', async () => {
    const world = await World.start(`${LIST}1 nonsense::\n`, {}, CHOOSE)
    expect(await world.flags()).toHaveLength(3)
    expect(world.bench.lines).toEqual([])
  })

  test('is refused for it with ds_load_mode 1', async () => {
    const list = `${LIST}1 nonsense::\n`
    await expect(World.start(list, { ds_load_mode: 1 })).rejects.toThrow('bad uri [nonsense::]')
  })

  test('is refused without a list', async () => {
    await expect(World.start(LIST, { list_file: '/nowhere/list' })).rejects.toThrow(
      "can't open list file [/nowhere/list]",
    )
  })
})
