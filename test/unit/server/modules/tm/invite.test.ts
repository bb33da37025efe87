// INVITE transactions of a proxy with one destination: RFC 3261 sections 16 and 17, RFC 6026.
import { describe, expect, test } from 'vitest'
import { BY_URI } from '../../../../../server/modules/tm/forward.ts'
import { relay } from '../../../../../server/modules/tm/relay.ts'
import { CALLER, replyTo, request, TestProxy } from './proxy-for-test.ts'

const BOB = '10.0.0.3'
const TRYING = `${CALLER} 100 trying -- your call is important to us INVITE`
const INVITE = `${BOB} INVITE sip:bob@10.0.0.1`

/** Relays everything to Bob. */
const toBob = (): TestProxy =>
  new TestProxy((proxy, msg) => {
    msg.dstUri = `sip:${BOB}`
    return relay(proxy.tm, msg, BY_URI, 0)
  }).start()

/** The same with the INVITE sent and the 100 answered. */
function calling(): TestProxy {
  const proxy = toBob()
  proxy.receive(request('INVITE', 'bob'))
  proxy.trying()
  return proxy
}

describe('a call', () => {
  test('is tried at once and sent on with our Via above the caller', () => {
    const proxy = toBob()
    proxy.receive(request('INVITE', 'bob'))
    const via = proxy.last(BOB).all('Via')
    expect(via[0]).toMatch(
      /^SIP\/2\.0\/UDP 10\.0\.0\.1;branch=z9hG4bK[0-9a-f]{4}\.[0-9a-f]{8}0\.0$/,
    )
    expect(via[1]).toContain('branch=z9hG4bK-1')
    expect(proxy.take()).toEqual([TRYING, INVITE])
  })

  test('rings and is answered; the ACK goes end to end with a branch of its own', () => {
    const proxy = calling()
    proxy.answer(BOB, 180, 'Ringing')
    proxy.answer(BOB, 200, 'OK')
    const invite = proxy.last(BOB).header('Via')
    proxy.receive(request('ACK', 'bob', { branch: 'z9hG4bK-2', toTag: 'b' }))
    expect(proxy.last(BOB).header('Via')).not.toBe(invite)
    expect(proxy.take().slice(1)).toEqual([
      `${CALLER} 180 Ringing INVITE`,
      `${CALLER} 200 OK INVITE`,
      `${BOB} ACK sip:bob@10.0.0.1`,
    ])
  })

  test('is forgotten after wt_timer, and nothing is armed any more', () => {
    const proxy = calling()
    proxy.answer(BOB, 200)
    expect(proxy.tm.counters).toMatchObject({ current: 1, waiting: 1 })
    proxy.pass(5020)
    expect(proxy.tm.counters).toMatchObject({ current: 0, waiting: 0, created: 1, freed: 1 })
    expect(proxy.core.timers.armedCount).toBe(0)
  })

  test('passes on a 100 of the next hop to nobody', () => {
    const proxy = calling()
    proxy.answer(BOB, 100, 'Trying')
    expect(proxy.take()).toEqual([INVITE])
  })
})

describe('retransmissions', () => {
  test('of the INVITE get the last provisional reply and go no further', () => {
    const proxy = calling()
    proxy.answer(BOB, 180, 'Ringing')
    proxy.take()
    proxy.receive(request('INVITE', 'bob'))
    expect(proxy.take()).toEqual([`${CALLER} 180 Ringing INVITE`])
  })

  test('to the next hop come after 0.5, 1, 2, 4, 4 s until a provisional reply', () => {
    const proxy = calling()
    proxy.pass(12_000)
    const at = proxy.sent.filter(sent => sent.to === `${BOB}:5060`).map(sent => sent.at)
    expect(at.map(time => Math.round(time / 500) * 500)).toEqual([0, 500, 1500, 3500, 7500, 11_500])
    proxy.answer(BOB, 180)
    proxy.take()
    proxy.pass(10_000)
    expect(proxy.take()).toEqual([])
  })

  test('are not made over TCP', () => {
    const proxy = new TestProxy((self, msg) => {
      msg.dstUri = `sip:${BOB};transport=tcp`
      return relay(self.tm, msg, BY_URI, 0)
    }).start()
    proxy.receive(request('INVITE', 'bob'))
    proxy.take()
    proxy.pass(20_000)
    expect(proxy.take()).toEqual([])
  })

  test('of a 200 are relayed each time; an INVITE after it is absorbed', () => {
    const proxy = calling()
    proxy.answer(BOB, 200, 'OK')
    proxy.answer(BOB, 200, 'OK')
    proxy.receive(request('INVITE', 'bob'))
    expect(proxy.take().slice(1)).toEqual([`${CALLER} 200 OK INVITE`, `${CALLER} 200 OK INVITE`])
  })
})

describe('a negative final reply', () => {
  test('is acknowledged hop by hop, with the route set, and sent again until the ACK', () => {
    const proxy = toBob()
    proxy.receive(request('INVITE', 'bob', { extra: 'Route: <sip:x;lr>\r\nSubject: hi\r\n' }))
    proxy.trying()
    const invite = proxy.last(BOB)
    proxy.answer(BOB, 486, 'Busy')
    const ack = proxy.last(BOB)
    expect(ack.header('Via')).toBe(invite.header('Via'))
    expect(ack.all('Via')).toHaveLength(1)
    expect(ack.header('CSeq')).toBe('1 ACK')
    expect(ack.header('To')).toContain('tag=b')
    expect(ack.header('Route')).toBe('<sip:x;lr>')
    expect(ack.all('Subject')).toEqual([])
    expect(proxy.take().slice(1)).toEqual([
      `${BOB} ACK sip:bob@10.0.0.1`,
      `${CALLER} 486 Busy INVITE`,
    ])
    proxy.pass(1600)
    expect(proxy.take()).toEqual([`${CALLER} 486 Busy INVITE`, `${CALLER} 486 Busy INVITE`])
    proxy.receive(request('ACK', 'bob', { toTag: 'b' }))
    proxy.pass(6000)
    expect(proxy.take()).toEqual([])
    expect(proxy.tm.counters.current).toBe(0)
  })

  test('that comes again is acknowledged again and not relayed again', () => {
    const proxy = calling()
    const invite = proxy.last(BOB)
    proxy.answer(BOB, 404)
    proxy.take()
    proxy.receive(replyTo(invite, 404, 'Reason'), BOB)
    expect(proxy.take()).toEqual([`${BOB} ACK sip:bob@10.0.0.1`])
  })

  // RFC 3261 section 17.2.1: timer G repeats the reply, timer H is 64*T1, and its end is the end.
  test('without an ACK is forgotten after 64 times T1', () => {
    const proxy = calling()
    proxy.answer(BOB, 486)
    proxy.take()
    proxy.pass(31_980)
    expect(proxy.take().length).toBe(10)
    expect(proxy.tm.counters).toMatchObject({ current: 1, waiting: 0 })
    proxy.pass(40)
    expect(proxy.tm.counters.current).toBe(0)
    proxy.pass(10_000)
    expect(proxy.take()).toEqual([])
  })

  test('503 goes upstream as 500', () => {
    const proxy = calling()
    proxy.answer(BOB, 503)
    expect(proxy.take().at(-1)).toBe(`${CALLER} 500 Service Unavailable INVITE`)
  })

  test('after a 200 is acknowledged only', () => {
    const proxy = calling()
    proxy.answer(BOB, 200)
    const sent = proxy.sent.length
    proxy.answer(BOB, 486)
    expect(proxy.sent.length).toBe(sent)
  })
})

describe('no final reply', () => {
  test('within fr_timer becomes a 408', () => {
    const proxy = calling()
    proxy.pass(29_990)
    expect(proxy.take().every(line => line.startsWith(BOB))).toBe(true)
    proxy.pass(30)
    expect(proxy.take()).toEqual([`${CALLER} 408 Request Timeout INVITE`])
  })

  test('within fr_inv_timer of ringing becomes a 408 and cancels the branch', () => {
    const proxy = calling()
    proxy.pass(1000)
    proxy.answer(BOB, 180)
    proxy.pass(100_000)
    proxy.answer(BOB, 183)
    proxy.take()
    // max_inv_lifetime bounds what each provisional reply extends.
    proxy.pass(78_900)
    expect(proxy.take()).toEqual([])
    proxy.pass(200)
    expect(proxy.take()).toEqual([
      `${CALLER} 408 Request Timeout INVITE`,
      `${BOB} CANCEL sip:bob@10.0.0.1`,
    ])
  })

  test('is silent with noisy_ctimer 0 and no reply at all', () => {
    const proxy = calling()
    proxy.config.noisy_ctimer = 0
    proxy.take()
    proxy.pass(40_000)
    expect(proxy.take().every(line => line === INVITE)).toBe(true)
    expect(proxy.tm.counters.current).toBe(0)
  })

  test('a 200 after the 408 is still relayed', () => {
    const proxy = calling()
    proxy.pass(30_020)
    proxy.answer(BOB, 200, 'OK')
    expect(proxy.take().at(-1)).toBe(`${CALLER} 200 OK INVITE`)
  })
})

describe('CANCEL', () => {
  test('is answered, passed hop by hop with its reasons, and the INVITE ends with 487', () => {
    const proxy = calling()
    const invite = proxy.last(BOB)
    proxy.answer(BOB, 180)
    proxy.take()
    const reason = 'Reason: SIP;cause=200;text="mine"\r\n'
    proxy.receive(request('CANCEL', 'bob', { extra: reason }))
    const cancel = proxy.last(BOB)
    expect(cancel.header('Via')).toBe(invite.header('Via'))
    expect(cancel.header('CSeq')).toBe('1 CANCEL')
    expect(cancel.header('Reason')).toBe('SIP;cause=200;text="mine"')
    expect(proxy.take()).toEqual([
      `${BOB} CANCEL sip:bob@10.0.0.1`,
      `${CALLER} 200 canceling CANCEL`,
    ])
    proxy.receive(replyTo(cancel, 200, 'OK'), BOB)
    expect(proxy.take()).toEqual([])
    proxy.receive(replyTo(invite, 487, 'Request Terminated'), BOB)
    expect(proxy.take()).toEqual([
      `${BOB} ACK sip:bob@10.0.0.1`,
      `${CALLER} 487 Request Terminated INVITE`,
    ])
  })

  test('waits for a provisional reply of the branch', () => {
    const proxy = calling()
    proxy.receive(request('CANCEL', 'bob'))
    expect(proxy.take().slice(1)).toEqual([`${CALLER} 200 canceling CANCEL`])
    proxy.pass(600)
    expect(proxy.take()).toEqual([INVITE])
    proxy.answer(BOB, 100)
    expect(proxy.take().at(-1)).toBe(`${BOB} CANCEL sip:bob@10.0.0.1`)
  })

  test('is repeated when the phone goes on ringing, which its caller does not hear', () => {
    const proxy = calling()
    proxy.receive(request('CANCEL', 'bob'))
    proxy.take()
    proxy.answer(BOB, 180)
    expect(proxy.take()).toEqual([`${BOB} CANCEL sip:bob@10.0.0.1`])
    proxy.answer(BOB, 183, 'Progress', '', 'INVITE')
    expect(proxy.take()).toEqual([`${BOB} CANCEL sip:bob@10.0.0.1`])
    proxy.answer(BOB, 200, 'OK', '', 'CANCEL')
    proxy.answer(BOB, 180, 'Ringing', '', 'INVITE')
    expect(proxy.take()).toEqual([])
    proxy.answer(BOB, 200, 'OK', '', 'INVITE')
    expect(proxy.take()).toEqual([`${CALLER} 200 OK INVITE`])
  })

  test('is retransmitted until it is answered', () => {
    const proxy = calling()
    proxy.answer(BOB, 180)
    proxy.receive(request('CANCEL', 'bob'))
    const cancel = proxy.last(BOB)
    proxy.take()
    proxy.pass(1600)
    expect(proxy.take()).toEqual([
      `${BOB} CANCEL sip:bob@10.0.0.1`,
      `${BOB} CANCEL sip:bob@10.0.0.1`,
    ])
    proxy.receive(replyTo(cancel, 200, 'OK'), BOB)
    proxy.pass(20_000)
    expect(proxy.take()).toEqual([])
  })

  test('gives 487 when the branch never answers', () => {
    const proxy = calling()
    proxy.receive(request('CANCEL', 'bob'))
    proxy.pass(30_020)
    expect(proxy.take().at(-1)).toBe(`${CALLER} 487 Request Terminated INVITE`)
  })

  test('comes too late after the final reply', () => {
    const proxy = calling()
    proxy.answer(BOB, 200)
    proxy.take()
    proxy.receive(request('CANCEL', 'bob'))
    expect(proxy.take()).toEqual([`${CALLER} 200 ok -- no more pending branches CANCEL`])
  })

  test('with cancel_b_method 0 gives a silent branch up at once', () => {
    const proxy = calling()
    proxy.config.cancel_b_method = 0
    proxy.take()
    proxy.receive(request('CANCEL', 'bob'))
    expect(proxy.take()).toEqual([
      `${CALLER} 487 Request Terminated INVITE`,
      `${CALLER} 200 canceling CANCEL`,
    ])
  })

  test('before its INVITE lets the INVITE end with 487', () => {
    const proxy = toBob()
    proxy.receive(request('CANCEL', 'bob'))
    proxy.take()
    proxy.receive(request('INVITE', 'bob'))
    expect(proxy.take()).toEqual([`${CALLER} 487 Request Terminated INVITE`])
  })

  test('without its INVITE goes on as any request, or nowhere with unmatched_cancel 2', () => {
    const proxy = toBob()
    proxy.receive(request('CANCEL', 'bob'))
    expect(proxy.take()).toEqual([`${BOB} CANCEL sip:bob@10.0.0.1`])
    proxy.config.unmatched_cancel = 2
    proxy.receive(request('CANCEL', 'bob', { callId: 'other' }))
    expect(proxy.take()).toEqual([])
  })
})
