import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkValue } from '../../../../../rpc/check.ts'
import { Fault } from '../../../../../rpc/faults.ts'
import { RECEIVED, SENT } from '../../../../../server/core/trace.ts'
import { socketInfo, TCP, UDP } from '../../../../../server/sip/transport.ts'
import { caller, START, testNode, type TestNode } from './core-for-test.ts'

let node: TestNode
beforeEach(() => {
  node = testNode({
    connections: () => [
      {
        id: 3,
        type: 'TCP',
        state: 'CONN_OK',
        timeout: 100,
        lifetime: 600,
        remoteIp: '127.0.0.1',
        remotePort: 40000,
        localIp: '127.0.0.1',
        localPort: 5060,
      },
    ],
  })
  node.core.sockets.add(socketInfo(UDP, '127.0.0.1', 5060, null, ''))
  node.core.sockets.add(socketInfo(TCP, '::1', 5060, { host: 'sip.example.org', port: 0 }, 'v6'))
  node.core.sockets.addAlias({ proto: 0, host: 'example.org', port: 0 })
  node.core.sockets.addAlias({ proto: UDP, host: 'localhost', port: 5060 })
})
afterEach(() => node.stop())

const call = async (name: string, ...params: unknown[]): Promise<unknown> =>
  (await node.core.rpc.call(name, params, caller())).value

describe('every command of the core', () => {
  const calls: [string, ...unknown[]][] = [
    ['core.version'],
    ['core.flags'],
    ['core.info'],
    ['core.runinfo'],
    ['core.uptime'],
    ['core.ps'],
    ['core.psx'],
    ['core.psa'],
    ['core.pwd'],
    ['core.arg'],
    ['core.shmmem'],
    ['core.shmmem', 'm'],
    ['core.prints', 'a'],
    ['core.printi', 1],
    ['core.echo', 'a', 1],
    ['core.tcp_info'],
    ['core.tcp_options'],
    ['core.tcp_list'],
    ['core.udp4_raw_info'],
    ['core.aliases_list'],
    ['core.sockets_list'],
    ['core.modules'],
    ['core.ppdefines'],
    ['core.ppdefines_full'],
    ['system.listMethods'],
    ['system.methodHelp', 'core.uptime'],
    ['ohana.node'],
    ['ohana.snapshot'],
    ['ohana.statistics'],
    ['ohana.parameters'],
    ['ohana.trace.find', { limit: 5 }],
    ['ohana.trace.status'],
    ['ohana.trace.enable', 1],
    ['ohana.memory'],
    ['ohana.memory', 1],
    ['ohana.db.status'],
    ['ohana.tables'],
    ['ohana.log.tail'],
    ['ohana.log.tail', 5],
  ]

  test.for(calls)('%s gives what its contract says', async ([name, ...params]) => {
    node.core.log.write(-1, 'tm', 'a line')
    const { shape, value } = await node.core.rpc.call(name, params, caller())
    expect(checkValue(shape, value)).toBeNull()
  })
})

describe('core.*', () => {
  test('time as ctime prints it, and the age', async () => {
    process.env.TZ = 'UTC'
    node.clock.milliseconds = START + 90_061_000
    expect(await call('core.uptime')).toEqual({
      now: 'Sun Nov 22 08:04:07 2026',
      up_since: 'Sat Nov 21 07:03:06 2026',
      uptime: 90061,
    })
    expect(await call('core.runinfo')).toMatchObject({ utime_days: '1d 1h 1m 1s' })
  })

  test('sockets, aliases and connections in Kamailio’s words', async () => {
    expect(await call('core.sockets_list')).toMatchObject([
      { socket: { proto: 'udp', address: '127.0.0.1', port: '5060', mcast: 'no' } },
      { socket: { proto: 'tcp', address: '::1', port: '5060' } },
    ])
    const given = { host: 'localhost', virtual: true }
    node.core.sockets.list.push(socketInfo(UDP, '127.0.0.1', 5070, null, '', null, given))
    // Kamailio 5.6.3 on `listen=udp:localhost:5070 virtual`.
    expect(((await call('core.sockets_list')) as unknown[]).at(-1)).toEqual({
      socket: {
        ...{ proto: 'udp', address: 'localhost', ipaddress: '127.0.0.1', port: '5070' },
        ...{ mcast: 'no', mhomed: 'no', virtual: 'yes' },
      },
    })
    node.core.sockets.list.pop()
    expect(await call('core.aliases_list')).toEqual({
      myself_callbacks: 'no',
      aliases: [
        { alias: { proto: '*', address: 'example.org', port: '*' } },
        { alias: { proto: 'udp', address: 'localhost', port: 5060 } },
      ],
    })
    expect(await call('core.tcp_list')).toMatchObject([
      { id: 3, state: 'CONN_OK', src_port: 40000, lifetime: 600 },
    ])
    expect(await call('core.tcp_info')).toMatchObject({ opened_connections: 1 })
  })

  test('memory in the unit asked for, and no other', async () => {
    const { total } = (await call('core.shmmem')) as { total: number }
    expect(await call('core.shmmem', 'mb')).toMatchObject({ total: Math.floor(total / 1048576) })
    await expect(call('core.shmmem', 'x')).rejects.toMatchObject({ code: 500 })
  })

  test('without TCP there is nothing to tell of it', async () => {
    node.core.params.disable_tcp = 1
    for (const name of ['core.tcp_info', 'core.tcp_options', 'core.tcp_list']) {
      await expect(call(name)).rejects.toThrow('tcp support disabled')
    }
  })

  test('without a cache of names, or a blocklist, there is nothing to show', async () => {
    node.core.params.use_dns_cache = 0
    await expect(call('dns.view')).rejects.toThrow('dns cache support disabled')
    await expect(call('dns.lookup', 'a', 'a.test')).rejects.toThrow('dns cache support disabled')
    await expect(call('dns.add_a', 'a.test', 60, '10.0.0.1', 0)).rejects.toThrow(
      'Failed to add the entry to the cache',
    )
    await expect(call('dst_blocklist.view')).rejects.toThrow('dst blocklist support disabled')
  })

  test('dns.add_srv takes 16 bits of priority, weight and port', async () => {
    const bad = [
      [1, 2, 65_536],
      [65_536, 2, 1],
      [1, 70_000, 1],
      [1, 2, -1],
    ]
    for (const numbers of bad)
      await expect(call('dns.add_srv', 's.test', 60, ...numbers, 'h.test', 0)).rejects.toThrow(
        'Failed to add the entry to the cache',
      )
    await call('dns.add_srv', 's.test', 60, 65_535, 65_535, 65_535, 'h.test', 0)
  })

  test('dns.debug_all tells of every record', async () => {
    await call('dns.add_a', 'a.test', 60, '10.0.0.1', 0)
    await call('dns.add_srv', 's.test', 60, 1, 2, 5060, 'h.test', 2)
    expect(await call('dns.debug_all')).toEqual([
      ...['a.test', 1, 0, 100, 1, 60, 0, 0, 'ip', '10.0.0.1', 60],
      ...['s.test', 33, 0, 110, 1, 0, 0, 2, 'srv', 'h.test', 0],
    ])
  })

  test('core.kill with a signal that does nothing', async () => {
    expect(await call('core.kill', 0)).toBeUndefined()
    await new Promise(resolve => setImmediate(resolve))
    expect(node.core.log.tail(5)).toEqual([])
  })
})

describe('ohana.*', () => {
  const message = (method: string, callId: string, from: string): string =>
    `${method} sip:bob@example.org SIP/2.0\r\nFrom: <sip:${from}@example.org>;tag=1\r\n` +
    `To: <sip:bob@example.org>\r\nCall-ID: ${callId}\r\n\r\n`
  const keep = (text: string, direction = RECEIVED): void =>
    node.core.trace.keep(direction, UDP, '127.0.0.1', 5060, '::1', 5070, text)
  const find = async (filter: object): Promise<Record<string, unknown>[]> =>
    ((await call('ohana.trace.find', filter)) as { messages: Record<string, unknown>[] }).messages

  test('the trace is searched by Call-ID and by user', async () => {
    keep(message('INVITE', 'one@a', 'alice'))
    keep(message('INVITE', 'two@a', 'carol'), SENT)
    keep(message('BYE', 'one@a', 'alice'))
    expect((await find({ callid: 'one@a' })).map(m => m.seq)).toEqual([1, 3])
    expect((await find({ user: 'carol' })).map(m => m.seq)).toEqual([2])
    expect((await find({ user: 'bob' })).map(m => m.seq)).toEqual([1, 2, 3])
    expect((await find({ user: 'bo' })).map(m => m.seq)).toEqual([])
    expect((await find({ user: '.*' })).map(m => m.seq)).toEqual([])
    expect((await find({ user: 'bob', after: 1, limit: 1 })).map(m => m.seq)).toEqual([3])
    expect(await find({ callid: 'two@a' })).toMatchObject([
      { direction: 'out', proto: 'udp', src: '127.0.0.1:5060', dst: '[::1]:5070' },
    ])
    await expect(call('ohana.trace.find', {})).rejects.toThrow('say which messages')
  })

  test('more matches than the limit: the newest, and that there were more', async () => {
    for (let i = 0; i < 5; i++) keep(message('OPTIONS', `call-${i}`, 'alice'))
    expect(await call('ohana.trace.find', { user: 'alice', limit: 2 })).toMatchObject({
      more: true,
      messages: [{ seq: 4 }, { seq: 5 }],
      status: { oldest: 1, newest: 5, wrapped: false },
    })
  })

  test('a long trace is searched in slices', async () => {
    for (let i = 0; i < 1500; i++) keep(message('OPTIONS', `call-${i}`, 'alice'))
    const found = find({ user: 'alice', limit: 10_000 })
    let turns = 0
    const count = setInterval(() => turns++, 0)
    expect(await found).toHaveLength(1500)
    clearInterval(count)
    expect(node.core.trace.newest).toBe(1500)
  })

  test('bytes that are no UTF-8 are shown one by one', async () => {
    keep('OPTIONS sip:a@b SIP/2.0\r\nCall-ID: raw\r\n\r\n\xff\xe9')
    const [shown] = await find({ callid: 'raw' })
    expect(shown).toMatchObject({ encoding: 'latin1' })
    expect(Buffer.from(String(shown!.text), 'latin1').toString('utf8')).toMatch(/ÿé$/)
  })

  test('parameters with value, range and what is pending', async () => {
    const values = { max_limit: 70 }
    node.core.cfg.declare(
      {
        group: 'maxfwd',
        name: 'max_limit',
        kind: 'int',
        doc: 'hops',
        default: 70,
        min: 1,
        max: 256,
        live: true,
      },
      values,
    )
    values.max_limit = 33
    node.core.cfg.delayed = [{ group: 'maxfwd', instance: null, name: 'max_limit', value: 44 }]
    expect(await call('ohana.parameters')).toContainEqual({
      group: 'maxfwd',
      name: 'max_limit',
      type: 'int',
      value: '33',
      default: '70',
      min: 1,
      max: 256,
      live: true,
      pending: '44',
      doc: 'hops',
    })
  })

  test('the snapshot reads the statistics that are there', async () => {
    node.core.counters.register('core', 'rcv_requests_invite', '').value = 7
    node.core.counters.register('usrloc', 'location_users', '').value = 2
    node.core.counters.register('usrloc', 'aliases_users', '').value = 1
    node.core.counters.register('usrloc', 'registered_users', '').value = 3
    node.core.counters.register('sl', '4xx_replies', '').value = 4
    node.core.counters.register('tmx', '4xx_transactions', '').value = 5
    expect(await call('ohana.snapshot')).toMatchObject({
      requests: { invite: 7 },
      calls: { attempted: 7 },
      registrations: { users: 3 },
      sent: { '4xx': 9 },
      transactions: { failed: 5 },
    })
  })

  test('events need a caller who stays', async () => {
    await expect(call('ohana.subscribe', 'log')).rejects.toMatchObject({ code: 400 })
  })
})

describe('the registry', () => {
  const row = { doc: '', class: 'read', params: [], result: { kind: 'nothing', help: '' } } as const
  const add = (name: string, run: () => unknown): void =>
    node.core.rpc.addModule({ [name]: row } as never, { [name]: run } as never, null)

  test('a name stays with its first owner', async () => {
    add('core.version', () => 'mine')
    expect(await call('core.version')).toMatch(/^ohana/)
  })

  test('our own mistake is logged and told as an internal error, at once and later', async () => {
    add('test.now', () => {
      throw new TypeError('oops')
    })
    add('test.later', () => Promise.reject(new TypeError('later')))
    await expect(call('test.now')).rejects.toEqual(new Fault(500, 'Internal error'))
    await expect(call('test.later')).rejects.toEqual(new Fault(500, 'Internal error'))
    expect(node.core.log.tail(9).map(line => line.text.split('\n')[0])).toEqual([
      'in test.now: TypeError: oops',
      'in test.later: TypeError: later',
    ])
  })

  test('the caller is known while a handler runs, and only then', async () => {
    const seen: unknown[] = []
    add('test.who', () => void seen.push(node.core.rpc.caller?.transport))
    await node.core.rpc.call('test.who', [], caller('fifo'))
    expect(seen).toEqual(['fifo'])
    expect(node.core.rpc.caller).toBeNull()
  })
})
