// An onsend_route that waits: what it is about is held until it has ended.
import { describe, expect, test } from 'vitest'
import { newBranch } from '../../../../../server/core/branch.ts'
import { SCRIPT_DROP } from '../../../../../server/core/script-state.ts'
import { BY_URI } from '../../../../../server/modules/tm/forward.ts'
import { relay } from '../../../../../server/modules/tm/relay.ts'
import type { SipMessage } from '../../../../../server/sip/message.ts'
import { CALLER, request, TestProxy } from './proxy-for-test.ts'

const BOB = '10.0.0.3'
const DESK = '10.0.0.4'

/** A proxy that sends to Bob and, for `both`, to the desk; what each run of its route is about. */
function node(after: (msg: SipMessage) => void = () => undefined) {
  const gates = new Map<string, () => void>()
  const seen: string[] = []
  const proxy: TestProxy = new TestProxy((own, msg) => {
    msg.dstUri = `sip:${BOB}`
    if (msg.uri.includes('both')) msg.branches = [newBranch(`sip:desk@${DESK}`)]
    const code = relay(own.tm, msg, BY_URI, 0)
    // What the script does behind it is nothing to the onsend_route.
    msg.setUri('sip:later@h')
    return Number(code)
  })
  proxy.core.routes.onsend = {
    kind: 'onsend',
    name: '',
    waits: true,
    run: function* (msg) {
      const to = proxy.core.routes.sending!.to.ip
      if (!msg.raw.includes('X-Fast'))
        yield new Promise<number>(open => gates.set(to, () => open(1)))
      seen.push(`${proxy.core.routes.sending!.to.ip} ${msg.uri}`)
      after(msg)
      return msg.scriptState === SCRIPT_DROP ? 0 : 1
    },
  }
  const open = async (to: string): Promise<void> => {
    gates.get(to)!()
    await new Promise(later => setImmediate(later))
  }
  return { proxy: proxy.start(), open, seen }
}

const PHRASE = 'Unfortunately error on sending to next hop occurred (477/TM)'
const NOT_SENT = `${CALLER} 477 ${PHRASE} OPTIONS`

const empty = (proxy: TestProxy): void => {
  proxy.pass(60_000)
  expect(proxy.tm.counters.current).toBe(0)
  expect(proxy.core.timers.armedCount).toBe(0)
  expect(proxy.core.routes.waiting).toBe(0)
  expect(proxy.core.routes.sending).toBe(null)
}

describe('an onsend_route that waits', () => {
  test('holds each branch for itself, and sees its own message and place', async () => {
    const { proxy, open, seen } = node()
    proxy.receive(request('OPTIONS', 'both'))
    expect(proxy.take()).toEqual([])
    await open(DESK)
    expect(proxy.take()).toEqual([`${DESK} OPTIONS sip:desk@${DESK}`])
    await open(BOB)
    expect(proxy.take()).toEqual([`${BOB} OPTIONS sip:both@10.0.0.1`])
    // $ru is the request's, as in Kamailio.
    expect(seen).toEqual([`${DESK} sip:both@10.0.0.1`, `${BOB} sip:both@10.0.0.1`])
    proxy.answer(BOB, 200)
    proxy.answer(DESK, 404)
    expect(proxy.take()).toEqual([`${CALLER} 200 Reason OPTIONS`])
    empty(proxy)
  })

  test('a caller who gives up meanwhile hears 487, and nothing leaves', async () => {
    const { proxy, open } = node()
    proxy.receive(request('INVITE', 'bob'))
    proxy.trying()
    proxy.receive(request('CANCEL', 'bob'))
    expect(proxy.take()).toEqual([
      `${CALLER} 487 Request Terminated INVITE`,
      `${CALLER} 200 canceling CANCEL`,
    ])
    await open(BOB)
    expect(proxy.take()).toEqual([])
    proxy.receive(request('ACK', 'bob', { toTag: 'x' }))
    empty(proxy)
  })

  test('what it drops, what cannot be sent and what takes too long fails', async () => {
    const dropping = node(msg => (msg.scriptState = SCRIPT_DROP))
    dropping.proxy.receive(request('OPTIONS', 'bob'))
    await dropping.open(BOB)
    expect(dropping.proxy.take()).toEqual([NOT_SENT])
    empty(dropping.proxy)
    const broken = node()
    broken.proxy.broken.add(`${BOB}:5060`)
    broken.proxy.receive(request('OPTIONS', 'bob'))
    await broken.open(BOB)
    expect(broken.proxy.take()).toEqual([NOT_SENT])
    empty(broken.proxy)
    const slow = node()
    slow.proxy.receive(request('OPTIONS', 'bob'))
    slow.proxy.pass(30_020)
    expect(slow.proxy.take()).toEqual([`${CALLER} 408 Request Timeout OPTIONS`])
    await slow.open(BOB)
    expect(slow.proxy.take()).toEqual([])
    empty(slow.proxy)
  })

  test('an ACK goes on when it has ended', async () => {
    const { proxy, open } = node()
    proxy.receive(request('ACK', 'bob', { toTag: 'b' }))
    expect(proxy.take()).toEqual([])
    await open(BOB)
    expect(proxy.take()).toEqual([`${BOB} ACK sip:bob@10.0.0.1`])
    empty(proxy)
  })

  test('sends at once where it has nothing to wait for', () => {
    const { proxy } = node()
    proxy.receive(request('OPTIONS', 'bob', { extra: 'X-Fast: yes\r\n' }))
    expect(proxy.take()).toEqual([`${BOB} OPTIONS sip:bob@10.0.0.1`])
    proxy.answer(BOB, 200)
    empty(proxy)
  })
})
