// event_route[tm:local-request] that waits: requests of our own that are held, and their order.
import { describe, expect, test } from 'vitest'
import { SCRIPT_DROP } from '../../../../../server/core/script-state.ts'
import { handlers } from '../../../../../server/modules/tm/rpc.ts'
import type { SipMessage } from '../../../../../server/sip/message.ts'
import { UDP } from '../../../../../server/sip/transport.ts'
import { TestProxy } from './proxy-for-test.ts'

const BOB = '10.0.0.3'
const DESK = '10.0.0.4'

/** A node whose route waits for requests with X-Wait, one gate for each, in the order of asking. */
function node(after: (msg: SipMessage) => void = () => undefined) {
  const gates: (() => void)[] = []
  const proxy = new TestProxy(() => 1)
  proxy.core.routes.table.add({
    kind: 'event',
    name: 'tm:local-request',
    waits: true,
    run: function* (msg) {
      if (msg.raw.includes('X-Wait')) yield new Promise<number>(open => gates.push(() => open(1)))
      after(msg)
      return 1
    },
  })
  proxy.start()
  const open = async (): Promise<void> => {
    gates.shift()!()
    await new Promise(later => setImmediate(later))
  }
  return { proxy, gates, open }
}

interface Asked {
  wait?: boolean
  call?: string
  cseq?: number
}

const ask = (
  proxy: TestProxy,
  method: string,
  { wait = true, call = 'one', cseq = 1 }: Asked = {},
): Promise<unknown> => {
  const line = wait ? 'X-Wait: yes\r\n' : ''
  const own = `Call-ID: ${call}\r\nCSeq: ${cseq} ${method}\r\n`
  const headers = `From: <sip:x@a>\r\nTo: <sip:y@b>\r\n${own}`
  const args = [method, `sip:y@${BOB}`, '.', '.', headers + line, ''] as const
  return handlers['tm.t_uac_wait_block'](proxy.tm, ...args) as Promise<unknown>
}

const empty = (proxy: TestProxy): void => {
  proxy.pass(60_000)
  expect(proxy.tm.counters.current).toBe(0)
  expect(proxy.core.timers.armedCount).toBe(0)
  expect(proxy.core.routes.waiting).toBe(0)
  expect(proxy.tm.heldRequests.size).toBe(0)
}

describe('a tm:local-request that waits', () => {
  test('sends the request when it has ended, with what it did', async () => {
    const { proxy, open } = node(msg => {
      msg.dstUri = `sip:${DESK}`
    })
    const end = ask(proxy, 'OPTIONS')
    expect(proxy.take()).toEqual([])
    await open()
    expect(proxy.take()).toEqual([`${DESK} OPTIONS sip:y@${BOB}`])
    proxy.answer(DESK, 200)
    expect(await end).toEqual({ code: 200, text: 'Reason' })
    empty(proxy)
  })

  test('keeps the order of a call, and holds no other one up', async () => {
    const { proxy, open } = node()
    void ask(proxy, 'INFO', { cseq: 1 })
    void ask(proxy, 'UPDATE', { cseq: 2, wait: false })
    void ask(proxy, 'REFER', { cseq: 3 })
    void ask(proxy, 'BYE', { cseq: 4, wait: false })
    void ask(proxy, 'OPTIONS', { call: 'another', wait: false })
    expect(proxy.take()).toEqual([`${BOB} OPTIONS sip:y@${BOB}`])
    await open()
    expect(proxy.take()).toEqual([`${BOB} INFO sip:y@${BOB}`, `${BOB} UPDATE sip:y@${BOB}`])
    await open()
    expect(proxy.take()).toEqual([`${BOB} REFER sip:y@${BOB}`, `${BOB} BYE sip:y@${BOB}`])
    for (const method of ['OPTIONS', 'INFO', 'UPDATE', 'REFER', 'BYE'])
      proxy.answer(BOB, 200, 'OK', '', method)
    empty(proxy)
  })

  test('an INVITE that is cancelled meanwhile never leaves, nor does a CANCEL', async () => {
    const { proxy, open } = node()
    const end = ask(proxy, 'INVITE', { cseq: 7 })
    void handlers['tm.cancel'](proxy.tm, 'one', '7')
    expect(await end).toEqual({ code: 487, text: 'Request Terminated' })
    await open()
    expect(proxy.take()).toEqual([])
    empty(proxy)
  })

  test('a 200 is acknowledged behind it, and the next request follows', async () => {
    const { proxy, open } = node()
    void ask(proxy, 'INVITE', { cseq: 1 })
    await open()
    proxy.answer(BOB, 200, 'OK', 'Contact: <sip:z@10.0.0.9>\r\n')
    void ask(proxy, 'BYE', { cseq: 2, wait: false })
    expect(proxy.take()).toEqual([
      `${BOB} INVITE sip:y@${BOB}`,
      '10.0.0.9 ACK sip:z@10.0.0.9',
      `${BOB} BYE sip:y@${BOB}`,
    ])
    proxy.answer(BOB, 200, 'OK', '', 'BYE')
    empty(proxy)
  })

  test('longer than fr_timer is 408, for those behind it as well, and nothing leaves', async () => {
    const { proxy, open } = node()
    const ends = [ask(proxy, 'INFO'), ask(proxy, 'BYE', { cseq: 2, wait: false })]
    proxy.pass(30_020)
    const timeout = { code: 408, text: 'Request Timeout' }
    expect(await Promise.all(ends)).toEqual([timeout, timeout])
    await open()
    expect(proxy.take()).toEqual([])
    empty(proxy)
  })

  test('what it drops ends with 500, and the next one goes', async () => {
    const { proxy, open } = node(msg => {
      if (msg.raw.includes('X-Wait')) msg.scriptState = SCRIPT_DROP
    })
    const end = ask(proxy, 'INFO')
    void ask(proxy, 'BYE', { cseq: 2, wait: false })
    await open()
    expect(await end).toMatchObject({ code: 500 })
    expect(proxy.take()).toEqual([`${BOB} BYE sip:y@${BOB}`])
    proxy.answer(BOB, 200)
    empty(proxy)
  })

  test('what cannot be sent then ends with 503', async () => {
    const { proxy, open } = node()
    proxy.broken.add(`${BOB}:5060`)
    const end = ask(proxy, 'INFO')
    await open()
    expect(await end).toMatchObject({ code: 503 })
    empty(proxy)
  })
})

describe('a tm:local-request that sends elsewhere', () => {
  const towards = (uri: string): TestProxy =>
    node(msg => {
      msg.dstUri = uri
    }).proxy

  test('by another transport has a Via of that', () => {
    const proxy = towards(`sip:${DESK};transport=tcp`)
    void ask(proxy, 'OPTIONS', { wait: false })
    expect(proxy.take()).toEqual([`${DESK} OPTIONS sip:y@${BOB}`])
    const via = proxy.last(DESK).all('Via')
    expect([via.length, via[0]!.slice(0, 25)]).toEqual([1, 'SIP/2.0/TCP 10.0.0.1;bran'])
    proxy.answer(DESK, 200)
    empty(proxy)
  })

  test('by a name waits for its address, as does what comes behind it', async () => {
    const proxy = towards('sip:desk.slow')
    const ends = [ask(proxy, 'INFO', { wait: false }), ask(proxy, 'BYE', { wait: false, cseq: 2 })]
    expect(proxy.take()).toEqual([])
    const found = { ip: DESK, port: 5070, proto: UDP }
    proxy.lookups.get('desk.slow')!(found)
    expect(proxy.take()).toEqual([`${DESK}:5070 INFO sip:y@${BOB}`])
    proxy.lookups.get('desk.slow')!(null)
    expect(await ends[1]).toEqual({ code: 478, text: 'Unresolvable destination' })
    proxy.pass(30_020)
    expect(await ends[0]).toMatchObject({ code: 408 })
    empty(proxy)
  })

  test('by a name that there is not fails at once where that is known', async () => {
    const proxy = towards('sip:desk.invalid')
    await expect(async () => ask(proxy, 'INFO', { wait: false })).rejects.toThrow(
      'Unresolvable destination (478/RPC/UAC)',
    )
    expect(proxy.take()).toEqual([])
    empty(proxy)
  })
})
