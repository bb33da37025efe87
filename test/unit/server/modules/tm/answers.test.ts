// tm as a user agent server: t_newtran, t_reply, and what is set per transaction.
import { describe, expect, test } from 'vitest'
import {
  E2E_CANCEL_IN,
  RESPONSE_OUT,
  ON_FAILURE,
  RESPONSE_IN,
  E2E_ACK_IN,
  DESTROY,
} from '../../../../../server/modules/tm/api.ts'
import * as own from '../../../../../server/modules/tm/answer-functions.ts'
import * as ask from '../../../../../server/modules/tm/checks.ts'
import { BY_URI } from '../../../../../server/modules/tm/forward.ts'
import { relay } from '../../../../../server/modules/tm/relay.ts'
import { newTransaction } from '../../../../../server/modules/tm/server.ts'
import * as set from '../../../../../server/modules/tm/settings.ts'
import type { SipMessage } from '../../../../../server/sip/message.ts'
import { CALLER, request, TestProxy } from './proxy-for-test.ts'

const BOB = '10.0.0.3'

type Script = (proxy: TestProxy, msg: SipMessage) => number | undefined

const answering = (code: number, reason = 'Reason'): TestProxy =>
  new TestProxy((proxy, msg) => {
    if (newTransaction(proxy.tm, msg) <= 0) return 0
    return own.tReply(proxy.tm, msg, code, reason)
  }).start()

const relaying = (before: Script): TestProxy =>
  new TestProxy((proxy, msg) => {
    before(proxy, msg)
    msg.dstUri = `sip:${BOB}`
    return relay(proxy.tm, msg, BY_URI, 0)
  }).start()

describe('t_reply', () => {
  test('needs a transaction', () => {
    const proxy = new TestProxy((self, msg) => {
      expect(own.tReply(self.tm, msg, 200, 'OK')).toBe(-1)
      return 1
    }).start()
    proxy.receive(request('OPTIONS', 'bob'))
    expect(proxy.take()).toEqual([])
  })

  test('answers once, with a tag that all replies of the transaction share', () => {
    const proxy = new TestProxy((self, msg) => {
      newTransaction(self.tm, msg)
      own.tReply(self.tm, msg, 180, 'Ringing')
      own.tReply(self.tm, msg, 486, 'Busy')
      expect(own.tReply(self.tm, msg, 200, 'OK')).toBe(-1)
      return 1
    }).start()
    proxy.receive(request('INVITE', 'bob'))
    const tags = proxy.sent.map(({ sip }) => /;tag=(.*)$/.exec(sip.header('To'))?.[1])
    expect(tags[0]).toMatch(/^[0-9a-f]{32}-[0-9a-f]{8}$/)
    expect(tags[0]).toBe(tags[1])
    expect(proxy.take()).toEqual([`${CALLER} 180 Ringing INVITE`, `${CALLER} 486 Busy INVITE`])
  })

  test('repeats a negative reply to an INVITE until the ACK, any other never', () => {
    const proxy = answering(404)
    proxy.receive(request('INVITE', 'bob'))
    proxy.pass(600)
    expect(proxy.take()).toHaveLength(2)
    const to = proxy.last(CALLER).header('To')
    proxy.receive(request('ACK', 'bob', { toTag: /tag=(.*)/.exec(to)![1]! }))
    proxy.pass(4000)
    proxy.receive(request('OPTIONS', 'bob'))
    expect(proxy.take()).toHaveLength(1)
    proxy.pass(4000)
    expect(proxy.take()).toEqual([])
  })

  test('repeats a 200 to an INVITE until its ACK, which has another branch', () => {
    const proxy = answering(200, 'OK')
    proxy.receive(request('INVITE', 'bob'))
    proxy.pass(600)
    expect(proxy.take()).toHaveLength(2)
    const tag = /tag=(.*)/.exec(proxy.last(CALLER).header('To'))![1]!
    proxy.receive(request('ACK', 'bob', { branch: 'z9hG4bK-ack', toTag: tag }))
    proxy.pass(6000)
    expect(proxy.take()).toEqual([])
    expect(proxy.tm.counters.current).toBe(0)
  })

  test('of a 3xx carries the destination set', () => {
    const proxy = new TestProxy((self, msg) => {
      newTransaction(self.tm, msg)
      msg.setUri('sip:new@10.0.0.9')
      msg.q = 500
      return own.tReply(self.tm, msg, 302, 'Moved')
    }).start()
    proxy.receive(request('OPTIONS', 'bob'))
    expect(proxy.last(CALLER).header('Contact')).toBe('<sip:new@10.0.0.9>;q=0.5')
  })

  test('takes default_code and default_reason for what is none', () => {
    const proxy = new TestProxy((self, msg) => own.tSendReply(self.tm, msg, 0, '')).start()
    proxy.receive(request('OPTIONS', 'bob'))
    expect(proxy.take()).toEqual([`${CALLER} 500 Server Internal Error OPTIONS`])
  })

  test('while branches ring cancels them', () => {
    const proxy = relaying((self, msg) => {
      const block = self.block('onreply', 'R', reply => {
        if (reply.status === 183) own.tReply(self.tm, reply, 486, 'Busy')
        return 1
      })
      return set.onReply(self.tm, msg, block)
    })
    proxy.receive(request('INVITE', 'bob'))
    proxy.trying()
    proxy.answer(BOB, 183)
    expect(proxy.take().slice(1)).toEqual([
      `${CALLER} 486 Busy INVITE`,
      `${BOB} CANCEL sip:bob@10.0.0.1`,
    ])
  })

  test('a CANCEL ends an INVITE that only rings here', () => {
    const proxy = new TestProxy((self, msg) => {
      if (msg.method === 'CANCEL') return relay(self.tm, msg, BY_URI, 0)
      newTransaction(self.tm, msg)
      return own.tReply(self.tm, msg, 180, 'Ringing')
    }).start()
    proxy.receive(request('INVITE', 'bob'))
    proxy.receive(request('CANCEL', 'bob'))
    expect(proxy.take()).toEqual([
      `${CALLER} 180 Ringing INVITE`,
      `${CALLER} 200 ok -- no more pending branches CANCEL`,
      `${CALLER} 487 Request Terminated INVITE`,
    ])
  })
})

describe('a transaction that nobody answers', () => {
  test('is warned of and let go at the end of the script', () => {
    const proxy = new TestProxy((self, msg) => newTransaction(self.tm, msg)).start()
    proxy.receive(request('OPTIONS', 'bob'))
    expect(proxy.log).toContain("script writer didn't release transaction")
    proxy.pass(5020)
    expect(proxy.tm.counters.current).toBe(0)
  })

  test('after a provisional reply ends with its longest life', () => {
    const proxy = answering(180)
    proxy.receive(request('INVITE', 'bob'))
    proxy.pass(180_000)
    expect(proxy.tm.counters).toMatchObject({ current: 1, waiting: 0 })
    proxy.pass(7000)
    expect(proxy.tm.counters.current).toBe(0)
    expect(proxy.core.timers.armedCount).toBe(0)
  })

  test('whose script threw does not stay either', () => {
    const proxy = new TestProxy((self, msg) => {
      newTransaction(self.tm, msg)
      throw new Error('a mistake in the script')
    }).start()
    proxy.receive(request('OPTIONS', 'bob'))
    proxy.pass(40_000)
    expect(proxy.tm.counters.current).toBe(0)
  })
})

describe('settings', () => {
  test('t_set_fr before the transaction and t_reset_fr', () => {
    const proxy = relaying((self, msg) => set.setFr(self.tm, msg, 2000, 1000))
    proxy.receive(request('INVITE', 'bob'))
    proxy.trying()
    proxy.pass(1020)
    expect(proxy.take().at(-1)).toBe(`${CALLER} 408 Request Timeout INVITE`)
    const back = relaying((self, msg) => {
      set.setFr(self.tm, msg, 2000, 1000)
      return set.resetFr(self.tm, msg)
    })
    back.receive(request('OPTIONS', 'bob'))
    back.pass(2000)
    expect(back.take().every(line => line.startsWith(BOB))).toBe(true)
  })

  test('t_set_fr in a reply route moves the running timer', () => {
    const proxy = relaying((self, msg) => {
      const block = self.block('onreply', 'R', reply => set.setFr(self.tm, reply, 3000))
      return set.onReply(self.tm, msg, block)
    })
    proxy.receive(request('INVITE', 'bob'))
    proxy.trying()
    proxy.answer(BOB, 180)
    proxy.pass(3020)
    expect(proxy.take().slice(2)).toEqual([
      `${CALLER} 408 Request Timeout INVITE`,
      `${BOB} CANCEL sip:bob@10.0.0.1`,
    ])
  })

  test('t_set_max_lifetime bounds everything, and t_is_expired knows', () => {
    const expired: number[] = []
    const proxy = relaying((self, msg) => {
      set.setMaxLifetime(self.tm, msg, 5000, 0)
      const block = self.block('failure', 'F', failed => {
        expired.push(ask.isExpired(self.tm, failed))
        return 1
      })
      return set.onFailure(self.tm, msg, block)
    })
    proxy.receive(request('INVITE', 'bob'))
    proxy.answer(BOB, 180)
    proxy.pass(5020)
    expect(expired).toEqual([1])
  })

  test('t_set_retr', () => {
    const proxy = relaying((self, msg) => set.setRetr(self.tm, msg, 100, 200))
    proxy.receive(request('OPTIONS', 'bob'))
    proxy.pass(720)
    expect(proxy.sent.map(({ at }) => Math.round(at / 100))).toEqual([0, 1, 3, 5, 7])
  })

  test('t_set_auto_inv_100', () => {
    const proxy = relaying((self, msg) => set.setAutoInv100(self.tm, msg, 0))
    proxy.receive(request('INVITE', 'bob'))
    expect(proxy.take()).toEqual([`${BOB} INVITE sip:bob@10.0.0.1`])
  })

  test('t_is_set', () => {
    const seen: number[] = []
    const proxy = relaying((self, msg) => {
      seen.push(set.isSet(self.tm, msg, 'failure_route'))
      set.onFailure(
        self.tm,
        msg,
        self.block('failure', 'F', () => 1),
      )
      seen.push(set.isSet(self.tm, msg, 'failure_route'), set.isSet(self.tm, msg, 'branch_route'))
      return 1
    })
    proxy.receive(request('OPTIONS', 'bob'))
    expect(seen).toEqual([-1, 1, -1])
  })

  test('a runtime change of a timer counts for the next transaction', () => {
    const proxy = relaying(() => 1)
    proxy.config.fr_timer = 1000
    proxy.receive(request('OPTIONS', 'bob'))
    proxy.pass(1020)
    expect(proxy.take().at(-1)).toBe(`${CALLER} 408 Request Timeout OPTIONS`)
  })
})

describe('listeners', () => {
  test('hear what they asked for, in order', () => {
    const heard: [number, number, boolean][] = []
    const proxy = relaying(() => 1)
    proxy.tm.onRequestIn((_event, t) => {
      t.addCallback(
        RESPONSE_IN | RESPONSE_OUT | E2E_ACK_IN | E2E_CANCEL_IN | ON_FAILURE | DESTROY,
        (event, _t, _request, reply, code) => heard.push([event, code, reply !== null]),
      )
    })
    proxy.receive(request('INVITE', 'bob'))
    proxy.answer(BOB, 180)
    proxy.receive(request('CANCEL', 'bob'))
    proxy.answer(BOB, 486, 'Busy', '', 'INVITE')
    proxy.receive(request('ACK', 'bob', { toTag: 'b' }))
    proxy.pass(5020)
    // The CANCEL is a transaction of its own, with the same listener.
    expect(heard.filter(([event]) => event !== DESTROY)).toEqual([
      [RESPONSE_OUT, 100, false],
      [RESPONSE_IN, 180, true],
      [RESPONSE_OUT, 180, true],
      [E2E_CANCEL_IN, 0, false],
      [RESPONSE_OUT, 200, false],
      [RESPONSE_IN, 486, true],
      [ON_FAILURE, 486, true],
      [RESPONSE_OUT, 486, true],
    ])
    expect(heard.filter(([event]) => event === DESTROY)).toHaveLength(2)
  })

  test('hear of the ACK to a 2xx once', () => {
    let acks = 0
    const proxy = relaying(() => 1)
    proxy.tm.onRequestIn((_event, t) => t.addCallback(E2E_ACK_IN, () => acks++))
    proxy.receive(request('INVITE', 'bob'))
    proxy.answer(BOB, 200)
    const ack = request('ACK', 'bob', { branch: 'z9hG4bK-2', toTag: 'b' })
    proxy.receive(ack)
    proxy.receive(ack)
    expect(acks).toBe(1)
  })
})
