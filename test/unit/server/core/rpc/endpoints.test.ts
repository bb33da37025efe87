import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { connect as connectSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { connect } from '../../../../../rpc/client/connect.ts'
import type { Client } from '../../../../../rpc/client/client.ts'
import { Fault, NoAnswer } from '../../../../../rpc/faults.ts'
import { StreamEndpoint } from '../../../../../server/core/rpc/stream-endpoint.ts'
import { WebSocketEndpoint } from '../../../../../server/core/rpc/websocket-endpoint.ts'
import { RECEIVED } from '../../../../../server/core/trace.ts'
import { UDP } from '../../../../../server/sip/transport.ts'
import { testNode, type TestNode } from './core-for-test.ts'

let node: TestNode
let folder: string
let stream: StreamEndpoint
let socket: WebSocketEndpoint
let url: string

beforeEach(async () => {
  node = testNode()
  folder = mkdtempSync(join(tmpdir(), 'ohana-rpc-'))
  stream = new StreamEndpoint(node.core, join(folder, 'ohana_rpc.sock'))
  socket = new WebSocketEndpoint(node.core, '127.0.0.1', 0)
  await stream.open()
  url = await socket.open()
})

afterEach(async () => {
  await stream.close()
  await socket.close()
  node.stop()
  rmSync(folder, { recursive: true })
})

/** Both transports must behave the same. */
const endpoints = [
  ['Unix stream socket', () => `unix:${stream.path}`],
  ['WebSocket', () => url],
] as const

describe.for(endpoints)('over a %s', ([, endpoint]) => {
  let client: Client
  beforeEach(async () => {
    client = await connect(endpoint())
  })
  afterEach(() => client.close())

  test('a typed call gets its result', async () => {
    expect(await client.call('core.uptime')).toMatchObject({ uptime: 0 })
    expect(await client.call('core.echo', 'a', 'b')).toEqual(['a', 'b'])
    expect(await client.call('ohana.node')).toMatchObject({ name: 'n1', state: 'running' })
  })

  test('a command that only does something gives nothing, raw shows the empty object', async () => {
    expect(await client.call('ohana.trace.enable', 0)).toBeUndefined()
    expect(await client.raw('ohana.trace.enable', [1])).toEqual({})
  })

  test("faults carry Kamailio's code and text", async () => {
    await expect(client.raw('nosuch.cmd')).rejects.toEqual(new Fault(500, 'Method Not Found'))
    await expect(client.raw('nosuch.cmd')).rejects.toMatchObject({ code: 500 })
    await expect(client.call('core.shmmem', 'x')).rejects.toMatchObject({
      code: 500,
      message: 'bad param, (use b|k|m|g)',
    })
  })

  test('texts that are not ASCII arrive as they were sent', async () => {
    expect(await client.call('core.echo', 'Zoë ☎ 日本')).toEqual(['Zoë ☎ 日本'])
  })

  test('a long reply, which is written in parts, arrives as a whole', async () => {
    const texts = Array.from({ length: 1234 }, (_, i) => `Zoë "${i}", ☎`)
    const short = client.call('core.echo', 'short')
    expect(await client.call('core.echo', ...texts)).toEqual(texts)
    expect(await short).toEqual(['short'])
  })

  test('calls under way at the same time get each its own reply', async () => {
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, i) => client.call('core.printi', i)),
    )
    expect(replies).toEqual(Array.from({ length: 50 }, (_, i) => [i]))
  })

  test('log lines come as events, the backlog first, and end with the subscription', async () => {
    const { log } = node.core
    log.write(-1, 'tm', 'before')
    const seen: string[] = []
    let arrived = (): void => {}
    const subscription = await client.subscribe(
      'log',
      event => {
        if ('data' in event) seen.push(`${event.data.name} ${event.data.text}`)
        arrived()
      },
      { backlog: 5, level: 0 },
    )
    log.write(0, 'tm', 'after')
    log.threshold = 3
    log.write(3, 'tm', 'too detailed')
    await new Promise<void>(resolve => {
      arrived = () => seen.length >= 2 && resolve()
      arrived()
    })
    expect(seen).toEqual(['ERROR before', 'WARNING after'])
    await subscription.close()
    await subscription.close()
    log.write(0, 'tm', 'unheard')
    await client.call('core.version')
    expect(seen).toHaveLength(2)
  })

  test('statistics come at once and then at their interval', async () => {
    const times: number[] = []
    await client.subscribe('stats', event => 'data' in event && times.push(event.data.now), {
      interval_ms: 500,
    })
    await client.call('core.version')
    node.clock.milliseconds += 1000
    node.core.timers.run()
    await client.call('core.version')
    expect(times).toHaveLength(2)
    expect(times[1]! - times[0]!).toBe(1000)
  })

  test('traced messages come as they are kept', async () => {
    const { trace } = node.core
    const seen: string[] = []
    await client.subscribe('trace', event => 'data' in event && seen.push(event.data.text), {
      callid: 'one@host',
    })
    for (const id of ['one@host', 'two@host']) {
      trace.keep(
        RECEIVED,
        UDP,
        '127.0.0.1',
        5060,
        '127.0.0.2',
        5070,
        `OPTIONS sip:a@b SIP/2.0\r\nCall-ID: ${id}\r\n\r\n`,
      )
    }
    node.clock.milliseconds += 300
    node.core.timers.run()
    await client.call('core.version')
    expect(seen).toEqual(['OPTIONS sip:a@b SIP/2.0\r\nCall-ID: one@host\r\n\r\n'])
  })

  test('a topic that is none, and a subscription that is none, are refused', async () => {
    await expect(client.raw('ohana.subscribe', ['weather'])).rejects.toMatchObject({ code: 404 })
    await expect(client.raw('ohana.subscribe', ['toString'])).rejects.toMatchObject({ code: 404 })
    await expect(client.call('ohana.unsubscribe', 99)).rejects.toMatchObject({ code: 404 })
  })

  test('closing the client ends its subscriptions at the node and its calls here', async () => {
    await client.subscribe('stats', () => {}, { interval_ms: 1000 })
    const late = client.call('core.version')
    await client.close()
    await expect(late).rejects.toBeInstanceOf(NoAnswer)
    expect(await client.closed).toBeNull()
    await expect(client.call('core.version')).rejects.toMatchObject({ reason: 'closed' })
    while (node.core.timers.armedCount > 0) await new Promise(resolve => setImmediate(resolve))
  })

  test('a node that goes away closes the client with a reason', async () => {
    await stream.close()
    await socket.close()
    expect(await client.closed).toBeInstanceOf(Error)
    await stream.open()
    await socket.open()
  })
})

describe('the Unix socket', () => {
  test('belongs to owner and group', () => {
    expect(statSync(stream.path).mode & 0o777).toBe(0o660)
  })

  test('is not taken from a node that listens on it', async () => {
    const second = new StreamEndpoint(node.core, stream.path)
    await expect(second.open()).rejects.toThrow('another node listens here')
  })

  test.for([
    ['no JSON', 'hello', { code: -32700, message: 'Parse error' }],
    ['an empty batch', '[]', { code: -32600, message: 'Invalid Request' }],
    ['a number', '5', { code: -32600, message: 'Invalid Request' }],
    ['a method that is no text', '{"jsonrpc":"2.0","method":1,"id":1}', { code: -32600 }],
    ['scalar params', '{"jsonrpc":"2.0","method":"core.echo","params":3,"id":1}', { code: -32600 }],
    ['a name of JavaScript', '{"jsonrpc":"2.0","method":"__proto__","id":1}', { code: 500 }],
  ] as const)('answers %s with an error', async ([, line, error]) => {
    expect(await exchange(line)).toMatchObject({ jsonrpc: '2.0', error })
  })

  test('answers a batch, and nothing to a notification in it', async () => {
    const batch = [
      { jsonrpc: '2.0', method: 'core.echo', params: ['a'], id: 1 },
      { jsonrpc: '2.0', method: 'core.echo', params: ['b'] },
      { jsonrpc: '2.0', method: 'core.echo', params: { x: 'c' }, id: 'three' },
    ]
    expect(await exchange(JSON.stringify(batch))).toEqual([
      { jsonrpc: '2.0', id: 1, result: ['a'] },
      { jsonrpc: '2.0', id: 'three', result: ['c'] },
    ])
  })

  /** Sends a line as it is and reads one line. */
  async function exchange(line: string): Promise<unknown> {
    const raw = connectSocket({ path: stream.path })
    raw.write(`${line}\n`)
    let text = ''
    for await (const chunk of raw) {
      text += String(chunk)
      if (text.includes('\n')) break
    }
    raw.destroy()
    return JSON.parse(text)
  }
})

describe('reaching a node', () => {
  test('that is not there is a NoAnswer', async () => {
    const none = connect(`unix:${folder}/none.sock`)
    await expect(none).rejects.toMatchObject({ name: 'NoAnswer', reason: 'unreachable' })
    await expect(connect('ws://127.0.0.1:1/')).rejects.toMatchObject({ reason: 'unreachable' })
    await expect(connect('gopher://x')).rejects.toMatchObject({ reason: 'unreachable' })
  })

  test('a browser is refused: it would let any web page in', async () => {
    const browser = new WebSocket(url, { origin: 'http://example.org' })
    const error = await new Promise<Error>(resolve => browser.once('error', resolve))
    expect(error.message).toContain('401')
  })

  test('WebSocket off loopback is refused, because nobody is asked who he is', async () => {
    const open = new WebSocketEndpoint(node.core, '0.0.0.0', 0)
    await expect(open.open()).rejects.toThrow('loopback only')
  })

  test('a reply that does not come in time is a NoAnswer that says so', async () => {
    const { promise, resolve } = Promise.withResolvers<string[]>()
    const slow = {
      'test.slow': { doc: '', class: 'read', params: [], result: { kind: 'nothing', help: '' } },
    } as const
    node.core.rpc.addModule(slow as never, { 'test.slow': () => promise } as never, null)
    const client = await connect(`unix:${stream.path}`, { timeoutMs: 50 })
    await expect(client.raw('test.slow')).rejects.toMatchObject({
      reason: 'timeout',
      message: 'no answer in 50 ms',
    })
    resolve([])
    await client.close()
  })
})
