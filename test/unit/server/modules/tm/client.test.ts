// Requests of our own: tm.t_uac_*, t_uac_send, their ACKs and events.
import { describe, expect, test } from 'vitest'
import { Fault } from '../../../../../rpc/faults.ts'
import {
  DESTROY,
  LOCAL_COMPLETED,
  LOCAL_RESPONSE_IN,
} from '../../../../../server/modules/tm/api.ts'
import { handlers } from '../../../../../server/modules/tm/rpc.ts'
import { tUacSend } from '../../../../../server/modules/tm/uac.ts'
import { Edit } from '../../../../../server/sip/edit.ts'
import { replyTo, request, TestProxy } from './proxy-for-test.ts'

const BOB = '10.0.0.3'
const HEADERS = 'From: <sip:x@a>\r\nTo: <sip:y@b>\r\nX-Z: 1\r\n'

const node = (): TestProxy => new TestProxy(() => 1).start()

const start = (proxy: TestProxy, method: string, headers = HEADERS, body = ''): void => {
  void handlers['tm.t_uac_start'](proxy.tm, method, `sip:y@${BOB}`, '.', '.', headers, body)
}

describe('a request of our own', () => {
  test('has the headers it needs, in Kamailio order, and those it was given', () => {
    const proxy = node()
    start(proxy, 'MESSAGE', `${HEADERS}Content-Type: text/plain\r\n`, 'hello')
    const { text } = proxy.last(BOB)
    expect(text.replace(/;tag=[0-9a-f-]+/, ';tag=T').replace(/[0-9a-f]{16}-\d+@/, 'ID@')).toBe(
      `MESSAGE sip:y@${BOB} SIP/2.0\r\n` +
        `Via: ${proxy.last(BOB).header('Via')}\r\n` +
        'To: <sip:y@b>\r\nFrom: <sip:x@a>;tag=T\r\nCSeq: 10 MESSAGE\r\nCall-ID: ID@10.0.0.1\r\n' +
        'Max-Forwards: 70\r\nContent-Length: 5\r\nUser-Agent: test\r\nX-Z: 1\r\n' +
        'Content-Type: text/plain\r\n\r\nhello',
    )
  })

  test('takes tags, Call-ID, CSeq and Route from its headers', () => {
    const proxy = node()
    const headers =
      'From: "X" <sip:x@a>;tag=1\r\nTo: <sip:y@b>;tag=2\r\nCall-ID: mine\r\nCSeq: 17 OPTIONS\r\n' +
      'Route: <sip:10.0.0.8;lr>\r\n'
    start(proxy, 'OPTIONS', headers)
    const sip = proxy.last('10.0.0.8')
    expect(sip.header('From')).toBe('"X" <sip:x@a>;tag=1')
    expect(sip.header('To')).toBe('<sip:y@b>;tag=2')
    expect(sip.header('Call-ID')).toBe('mine')
    expect(sip.header('CSeq')).toBe('17 OPTIONS')
    expect(sip.header('Route')).toBe('<sip:10.0.0.8;lr>')
  })

  test('tells status and reason, or the timeout', async () => {
    const proxy = node()
    const uac = (): unknown =>
      handlers['tm.t_uac_wait_block'](proxy.tm, 'OPTIONS', `sip:y@${BOB}`, '.', '.', HEADERS, '')
    const first = uac()
    proxy.answer(BOB, 200, 'Fine')
    expect(await first).toEqual({ code: 200, text: 'Fine' })
    const second = uac()
    proxy.pass(30_020)
    expect(await second).toEqual({ code: 408, text: 'Request Timeout' })
    proxy.pass(5020)
    expect(proxy.tm.counters).toMatchObject({ current: 0, totalLocal: 2 })
    expect(proxy.core.timers.armedCount).toBe(0)
  })

  test('tells all of the reply when asked to', async () => {
    const proxy = node()
    const done = handlers['tm.t_uac_wait'](
      proxy.tm,
      'OPTIONS',
      `sip:y@${BOB}`,
      '.',
      '.',
      HEADERS,
      '',
    )
    proxy.answer(BOB, 404, 'No', 'X-Why: because\r\n')
    const rows = await done
    expect(rows.slice(0, 3)).toEqual([404, 'No', `sip:y@${BOB}`])
    expect(rows.at(-1)).toContain('X-Why: because')
  })

  test('acknowledges a 200 to its INVITE at the contact, each time it comes', () => {
    const proxy = node()
    start(proxy, 'INVITE')
    const invite = proxy.last(BOB)
    const ok = replyTo(invite, 200, 'OK', 'Contact: <sip:z@10.0.0.9>\r\n')
    proxy.receive(ok, BOB)
    const ack = proxy.last('10.0.0.9')
    expect(ack.first).toBe('ACK sip:z@10.0.0.9 SIP/2.0')
    expect(ack.header('CSeq')).toBe('10 ACK')
    expect(ack.header('To')).toContain('tag=b')
    proxy.take()
    proxy.receive(ok, BOB)
    expect(proxy.take()).toEqual(['10.0.0.9 ACK sip:z@10.0.0.9'])
  })

  test('takes the route set of the 200 for its ACK', () => {
    const proxy = node()
    start(proxy, 'INVITE')
    const extra = 'Record-Route: <sip:10.0.0.21;lr>\r\nRecord-Route: <sip:10.0.0.22;lr>\r\n'
    const reply = replyTo(proxy.last(BOB), 200, 'OK', `${extra}Contact: <sip:z@10.0.0.9>\r\n`)
    proxy.receive(reply, BOB)
    const ack = proxy.last('10.0.0.22')
    expect(ack.all('Route')).toEqual(['<sip:10.0.0.22;lr>', '<sip:10.0.0.21;lr>'])
  })

  test('acknowledges a negative reply hop by hop', () => {
    const proxy = node()
    start(proxy, 'INVITE')
    const via = proxy.last(BOB).header('Via')
    proxy.answer(BOB, 486)
    expect(proxy.last(BOB).first).toBe(`ACK sip:y@${BOB} SIP/2.0`)
    expect(proxy.last(BOB).header('Via')).toBe(via)
  })

  test('can be cancelled', () => {
    const proxy = node()
    start(proxy, 'INVITE', `${HEADERS}Call-ID: mine\r\n`)
    proxy.answer(BOB, 180)
    expect(handlers['tm.cancel'](proxy.tm, 'mine', '10')).toEqual([1])
    expect(proxy.last(BOB).method).toBe('CANCEL')
    expect(() => handlers['tm.cancel'](proxy.tm, 'x', '1')).toThrow(
      new Fault(400, 'Transaction not found'),
    )
  })

  test('can be changed by event_route[tm:local-request]', () => {
    const proxy = new TestProxy(() => 1)
    proxy.block('event', 'tm:local-request', msg => {
      msg.setUri('sip:other@10.0.0.8')
      msg.addEdit(new Edit(msg.headersEnd, 0, 'X-Added: 1\r\n'))
      return 1
    })
    proxy.start()
    start(proxy, 'OPTIONS')
    expect(proxy.last('10.0.0.8').first).toBe('OPTIONS sip:other@10.0.0.8 SIP/2.0')
    expect(proxy.last('10.0.0.8').header('X-Added')).toBe('1')
  })

  test('tells its maker what happens', () => {
    const proxy = node()
    const heard: [number, number][] = []
    proxy.tm.request({
      method: 'OPTIONS',
      uri: `sip:y@${BOB}`,
      from: '<sip:x@a>',
      to: '<sip:y@b>',
      events: LOCAL_COMPLETED | LOCAL_RESPONSE_IN | DESTROY,
      callback: (event, _t, _request, _reply, code) => heard.push([event, code]),
    })
    proxy.answer(BOB, 183)
    proxy.answer(BOB, 200)
    proxy.pass(5020)
    expect(heard).toEqual([
      [LOCAL_RESPONSE_IN, 183],
      [LOCAL_COMPLETED, 200],
      [DESTROY, 200],
    ])
  })

  test('to a name waits for its address', () => {
    const proxy = node()
    const t = proxy.tm.request({
      method: 'OPTIONS',
      uri: 'sip:y@b.slow',
      from: '<sip:x@a>',
      to: '<sip:y@b>',
    })
    expect(t).not.toBeNull()
    proxy.lookups.get('b.slow')!({ ip: BOB, port: 5060, proto: 1 })
    expect(proxy.take()).toEqual([`${BOB} OPTIONS sip:y@b.slow`])
    proxy.answer(BOB, 200)
    expect(t!.status).toBe(200)
  })

  test('that cannot leave leaves nothing behind', () => {
    const proxy = node()
    proxy.broken.add(`${BOB}:5060`)
    expect(() => start(proxy, 'OPTIONS')).toThrow(
      'Unfortunately error on sending to next hop occurred (477/RPC/UAC)',
    )
    expect(proxy.tm.counters.current).toBe(0)
    expect(proxy.core.timers.armedCount).toBe(0)
  })
})

describe('a wrong request is refused in words', () => {
  test.for([
    ['', `sip:y@${BOB}`, '.', '.', HEADERS, '', 'Empty method'],
    ['OPTIONS', 'bad', '.', '.', HEADERS, '', 'Invalid request uri "bad"'],
    ['OPTIONS', `sip:y@${BOB}`, 'bad', '.', HEADERS, '', 'Invalid next-hop uri "bad"'],
    ['OPTIONS', `sip:y@${BOB}`, '.', 'bad', HEADERS, '', 'No local socket for "bad"'],
    ['OPTIONS', `sip:y@${BOB}`, '.', '.', 'To: <sip:a@b>\r\n', '', 'From missing'],
    ['OPTIONS', `sip:y@${BOB}`, '.', '.', 'From: <sip:a@b>\r\n', '', 'To missing'],
    ['OPTIONS', `sip:y@${BOB}`, '.', '.', 'From: <sip:a@b>', '', 'Invalid headers'],
    ['MESSAGE', `sip:y@${BOB}`, '.', '.', HEADERS, 'x', 'Content-Type missing'],
    ['OPTIONS', `sip:y@${BOB}`, '.', '.', `${HEADERS}CSeq: 1 BYE\r\n`, '', 'CSeq method mismatch'],
  ] as const)('%s %s %s %s', ([method, uri, hop, socket, headers, body, text]) => {
    const run = (): unknown =>
      handlers['tm.t_uac_start'](node().tm, method, uri, hop, socket, headers, body)
    expect(run).toThrow(new Fault(400, text))
  })

  test('by t_uac_send as false', () => {
    const proxy = node()
    proxy.receive(request('OPTIONS', 'x'))
    const send = (uri: string): number =>
      tUacSend(proxy.tm, null as never, 'OPTIONS', uri, '', '', HEADERS.trimEnd(), '')
    expect(send('bad')).toBe(-1)
    expect(send(`sip:y@${BOB}`)).toBe(1)
    expect(proxy.take()).toEqual([`${BOB} OPTIONS sip:y@${BOB}`])
  })
})

describe('tm commands on server transactions', () => {
  const waiting = (): TestProxy => {
    const proxy = new TestProxy((self, msg) => self.tm.suspend(msg)).start()
    proxy.receive(request('OPTIONS', 'bob'))
    return proxy
  }

  test('tm.reply answers by index and label', () => {
    const proxy = waiting()
    const [t] = proxy.tm.table.all()
    const id = `${t!.hashIndex}:${t!.label}`
    void handlers['tm.reply'](proxy.tm, 200, 'OK', id, 'tt', 'X-A: 1', undefined)
    expect(proxy.last('10.0.0.2').header('To')).toContain(';tag=tt')
    expect(proxy.last('10.0.0.2').header('X-A')).toBe('1')
    expect(() => handlers['tm.reply'](proxy.tm, 200, 'OK', 'x', 't', undefined, undefined)).toThrow(
      new Fault(400, 'Invalid transaction ID'),
    )
    expect(() =>
      handlers['tm.reply'](proxy.tm, 200, 'OK', '1:2', 't', undefined, undefined),
    ).toThrow(new Fault(481, 'No such transaction'))
  })

  test('tm.reply_callid answers by call', () => {
    const proxy = waiting()
    void handlers['tm.reply_callid'](proxy.tm, 404, 'No', 'c1', '1', 'tt', '.', undefined)
    expect(proxy.take()).toEqual(['10.0.0.2 404 No OPTIONS'])
  })

  test('tm.list and tm.stats tell what is there', () => {
    const proxy = waiting()
    expect(handlers['tm.list'](proxy.tm)).toMatchObject([
      {
        method: 'OPTIONS',
        from: 'From: <sip:alice@example.org>;tag=a\r\n',
        callid: 'Call-ID: c1\r\n',
        cseq: 'CSeq: 1',
        uas_request: 'yes',
        tflags: 32772,
      },
    ])
    expect(handlers['tm.stats'](proxy.tm)).toMatchObject({
      current: 1,
      total: 1,
      created: 1,
      freed: 0,
    })
    expect(() => handlers['tm.hash_stats'](proxy.tm)).toThrow('Hash statistics not supported')
    void handlers['tm.clean'](proxy.tm)
    expect(proxy.tm.counters.current).toBe(1)
  })
})
