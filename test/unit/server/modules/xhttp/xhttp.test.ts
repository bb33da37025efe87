import { beforeEach, describe, expect, test } from 'vitest'
import type { RouteBlock } from '../../../../../server/core/module/index.ts'
import { SipMessage } from '../../../../../server/sip/message.ts'
import {
  type Destination,
  type Received,
  socketInfo,
  TCP,
} from '../../../../../server/sip/transport.ts'
import jsonrpcs from '../../../../../server/modules/jsonrpcs/jsonrpcs.module.ts'
import type { JsonRpcS } from '../../../../../server/modules/jsonrpcs/jsonrpcs.ts'
import { dispatch, exec, getReplyPart } from '../../../../../server/modules/jsonrpcs/script.ts'
import { reply, url } from '../../../../../server/modules/xhttp/reply.ts'
import { path, queryString } from '../../../../../server/modules/xhttp/url.ts'
import xhttp from '../../../../../server/modules/xhttp/xhttp.module.ts'
import type { Xhttp } from '../../../../../server/modules/xhttp/xhttp.ts'
import { testModules, type TestModules } from '../modules-for-test.ts'

const socket = socketInfo(TCP, '127.0.0.1', 5060, null, '')
const received: Received = {
  proto: TCP,
  srcIp: '127.0.0.1',
  srcPort: 40000,
  dstIp: '127.0.0.1',
  dstPort: 5060,
  socket,
  connection: 9,
}
const http = (body = '', target = '/RPC?x=1'): SipMessage =>
  new SipMessage(
    `POST ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    received,
    1,
  )

let sent: { text: string; to: Destination }[]
let ran: SipMessage[]

/** A node whose network keeps what it sends, with an event route that notes what it got. */
async function begin(
  values: readonly (readonly [string, string, string | number])[] = [],
): Promise<TestModules> {
  sent = []
  ran = []
  const node = testModules(
    [xhttp, jsonrpcs],
    [['jsonrpcs', 'fifo_name', ''], ['jsonrpcs', 'dgram_socket', ''], ...values],
    ({ core }) => {
      core.network.send = (text, to) => sent.push({ text, to }) > 0
      const block: RouteBlock = { kind: 'event', name: 'xhttp:request', run: m => ran.push(m) }
      core.routes.table.add(block)
    },
  )
  await node.host.start()
  return node
}

let node: TestModules
beforeEach(async () => {
  node = await begin([['jsonrpcs', 'transport', 7]])
})

describe('xhttp', () => {
  test('an HTTP request runs the event route, others are left alone', () => {
    const msg = http()
    expect(msg.bad).toBeNull()
    expect(node.core.hooks.onHttp!(msg)).toBe(true)
    expect(ran).toEqual([msg])
  })

  test('url_match and url_skip choose', async () => {
    const { core } = await begin([
      ['xhttp', 'url_match', '^/(RPC|api)'],
      ['xhttp', 'url_skip', 'secret'],
    ])
    const taken = (target: string): boolean => core.hooks.onHttp!(http('', target))
    expect(['/RPC', '/api/x', '/other', '/api/secret'].map(taken)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  test('the reply as Kamailio prints it, back over the connection', () => {
    const self = node.host.instance('xhttp') as Xhttp
    node.core.params.server_header = 'Server: test'
    expect(reply(self, http(), 404, 'Not here', 'text/html', '<html>')).toBe(1)
    expect(sent[0]!.text).toBe(
      'HTTP/1.1 404 Not here\r\nSia: SIP/2.0/TCP 127.0.0.1:40000\r\nContent-Type: text/html\r\n' +
        'Server: test\r\nContent-Length: 6\r\n\r\n<html>',
    )
    expect(sent[0]!.to).toMatchObject({ connection: 9, port: 40000, noConnect: true })
  })

  test('a SIP request is not answered by it, and $hu is null there', () => {
    const self = node.host.instance('xhttp') as Xhttp
    const sip = new SipMessage('OPTIONS sip:a SIP/2.0\r\nCall-ID: x\r\n\r\n', received, 1)
    expect(reply(self, sip, 200, 'OK', '', '')).toBe(-1)
    expect(url(self, sip)).toBeNull()
    expect(url(self, http())).toBe('/RPC?x=1')
  })

  test('parts of a URL', () => {
    expect([path('/a/b?x=1?y'), queryString('/a/b?x=1?y')]).toEqual(['/a/b', 'x=1?y'])
    expect([path('/a'), queryString('/a'), path(null)]).toEqual(['/a', '', ''])
  })

  test('a KEMI callback waits for a script engine: without one the event route runs', async () => {
    node = await begin([['xhttp', 'event_callback', 'ksr_http']])
    expect(node.core.hooks.onHttp!(http())).toBe(true)
    expect(ran).toHaveLength(1)
  })
})

describe('jsonrpc_dispatch and jsonrpc_exec', () => {
  const jsonrpc = (): JsonRpcS => node.host.instance('jsonrpcs') as JsonRpcS
  const body = (method: string): string => `{"jsonrpc":"2.0","method":"${method}","id":1}`

  test('a result is 200, a fault is its code and text', () => {
    expect(dispatch(jsonrpc(), http(body('core.echo')))).toBe(1)
    expect(dispatch(jsonrpc(), http(body('nosuch')))).toBe(1)
    expect(sent.map(({ text }) => text.split('\r\n')[0])).toEqual([
      'HTTP/1.1 200 OK',
      'HTTP/1.1 500 Method Not Found',
    ])
    expect(sent[0]!.text).toContain('Content-Type: application/json\r\n')
  })

  test('no JSON is not answered', () => {
    expect(dispatch(jsonrpc(), http('hello'))).toBe(-1)
    expect(sent).toEqual([])
  })

  test('without HTTP in `transport` it says so', async () => {
    node = await begin()
    expect(dispatch(jsonrpc(), http(body('core.echo')))).toBe(-1)
    expect(node.core.log.tail(1)[0]!.text).toContain('load xhttp')
  })

  test('a script executes commands and reads the reply', async () => {
    const msg = http()
    expect(getReplyPart(jsonrpc(), msg, 'body')).toBeNull()
    expect(await exec(jsonrpc(), msg, body('nosuch'))).toBe(1)
    expect(getReplyPart(jsonrpc(), msg, 'code')).toBe(500)
    expect(getReplyPart(jsonrpc(), msg, 'text')).toBe('Method Not Found')
    expect(await exec(jsonrpc(), msg, body('core.echo'))).toBe(1)
    expect(getReplyPart(jsonrpc(), msg, 'body')).toContain('"result":\t[]')
    expect(await exec(jsonrpc(), msg, 'junk')).toBe(-1)
  })
})
