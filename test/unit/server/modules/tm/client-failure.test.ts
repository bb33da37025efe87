// Failure routes of requests of our own, and requests that event_route[tm:local-request] drops.
import { describe, expect, test } from 'vitest'
import { SCRIPT_DROP } from '../../../../../server/core/script-state.ts'
import { BY_URI } from '../../../../../server/modules/tm/forward.ts'
import { relay } from '../../../../../server/modules/tm/relay.ts'
import { handlers } from '../../../../../server/modules/tm/rpc.ts'
import * as set from '../../../../../server/modules/tm/settings.ts'
import { suspend } from '../../../../../server/modules/tm/suspend.ts'
import type { SipMessage } from '../../../../../server/sip/message.ts'
import { TestProxy } from './proxy-for-test.ts'

const BOB = '10.0.0.3'
const DESK = '10.0.0.4'

type Route = (proxy: TestProxy, msg: SipMessage) => number

/** A node that arms a failure route for each request of its own. */
function node(enable: number, route: Route): { proxy: TestProxy; codes: number[] } {
  const codes: number[] = []
  const proxy: TestProxy = new TestProxy(() => 1)
  proxy.config.enable_uac_fr = enable
  const failure = proxy.block('failure', 'FR', msg => {
    codes.push(proxy.tm.table.all()[0]!.failureCode)
    return route(proxy, msg)
  })
  proxy.block('event', 'tm:local-request', msg => set.onFailure(proxy.tm, msg, failure))
  return { proxy: proxy.start(), codes }
}

const ask = (proxy: TestProxy, method = 'OPTIONS'): Promise<unknown> => {
  const headers = 'From: <sip:x@a>\r\nTo: <sip:y@b>\r\n'
  const uri = `sip:y@${BOB}`
  const args = [method, uri, '.', '.', headers, ''] as const
  return handlers['tm.t_uac_wait_block'](proxy.tm, ...args) as Promise<unknown>
}

const empty = (proxy: TestProxy): void => {
  proxy.pass(200_000)
  expect(proxy.tm.counters.current).toBe(0)
  expect(proxy.core.timers.armedCount).toBe(0)
}

const elsewhere: Route = (proxy, msg) => {
  msg.setDstUri(`sip:${DESK}`)
  return relay(proxy.tm, msg, BY_URI, 0)
}

describe('the failure route of a request of our own', () => {
  test('runs when it failed, and the failure counts when the route does nothing', async () => {
    const { proxy, codes } = node(1, () => 1)
    const end = ask(proxy)
    proxy.answer(BOB, 404)
    expect(await end).toEqual({ code: 404, text: 'Reason' })
    expect(codes).toEqual([404])
    empty(proxy)
  })

  test.for(['OPTIONS', 'INVITE'])('may send %s elsewhere, and that counts', async method => {
    const { proxy, codes } = node(1, elsewhere)
    const end = ask(proxy, method)
    proxy.answer(BOB, 503)
    expect(proxy.last(DESK).uri).toBe(`sip:y@${BOB}`)
    proxy.answer(DESK, 200, 'Fine')
    expect(await end).toEqual({ code: 200, text: 'Fine' })
    expect(codes).toEqual([503])
    empty(proxy)
  })

  test('runs for silence', async () => {
    const { proxy, codes } = node(1, elsewhere)
    const end = ask(proxy)
    proxy.pass(30_020)
    proxy.pass(30_020)
    expect(await end).toEqual({ code: 408, text: 'Request Timeout' })
    expect(codes).toEqual([408])
    empty(proxy)
  })

  test('cannot set it aside, nor answer it', async () => {
    const { proxy } = node(1, (own, msg) => {
      expect(suspend(own.tm, msg)).toBeLessThan(0)
      return own.tm.replyTo(own.tm.table.all()[0]!, 200, 'x') ? 1 : -1
    })
    const end = ask(proxy)
    proxy.answer(BOB, 404)
    expect(await end).toEqual({ code: 404, text: 'Reason' })
    empty(proxy)
  })

  test('does not run without enable_uac_fr, and the log says so', async () => {
    const { proxy, codes } = node(0, elsewhere)
    const end = ask(proxy)
    proxy.answer(BOB, 404)
    expect(await end).toEqual({ code: 404, text: 'Reason' })
    expect(codes).toEqual([])
    const text = 'no failure route for a request of our own without enable_uac_fr'
    expect(proxy.log).toContain(text)
    empty(proxy)
  })
})

test('event_route[tm:local-request] drops a request of our own', async () => {
  const proxy = new TestProxy(() => 1)
  proxy.block('event', 'tm:local-request', msg => {
    msg.scriptState = SCRIPT_DROP
    return 0
  })
  proxy.start()
  await expect(ask(proxy)).rejects.toThrow('No error (0/RPC/UAC)')
  expect(proxy.sent).toEqual([])
  empty(proxy)
})
