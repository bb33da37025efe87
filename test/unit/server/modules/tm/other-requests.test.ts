// Non-INVITE transactions, errors of relaying, and names that must be looked up.
import { describe, expect, test } from 'vitest'
import {
  DESTROY,
  REQ_RETR_IN,
  RESPONSE_IN,
  RESPONSE_OUT,
} from '../../../../../server/modules/tm/api.ts'
import { BY_URI } from '../../../../../server/modules/tm/forward.ts'
import { relay } from '../../../../../server/modules/tm/relay.ts'
import {
  parseTarget,
  replicate,
  tRelay,
  tRelayTo,
} from '../../../../../server/modules/tm/relay-to.ts'
import * as set from '../../../../../server/modules/tm/settings.ts'
import { checkTransaction } from '../../../../../server/modules/tm/checks.ts'
import { errorReply, sendErrorReply } from '../../../../../server/modules/sl/reply.ts'
import { UDP } from '../../../../../server/sip/transport.ts'
import { CALLER, replyTo, request, TestProxy } from './proxy-for-test.ts'

const BOB = '10.0.0.3'

const relayTo = (uri: string): TestProxy =>
  new TestProxy((proxy, msg) => {
    msg.dstUri = uri
    return relay(proxy.tm, msg, BY_URI, 0)
  }).start()

describe('a non-INVITE transaction', () => {
  test('passes the final reply on and answers a retransmission with it', () => {
    const proxy = relayTo(`sip:${BOB}`)
    proxy.receive(request('OPTIONS', 'bob'))
    proxy.answer(BOB, 200, 'OK')
    proxy.receive(request('OPTIONS', 'bob'))
    expect(proxy.take()).toEqual([
      `${BOB} OPTIONS sip:bob@10.0.0.1`,
      `${CALLER} 200 OK OPTIONS`,
      `${CALLER} 200 OK OPTIONS`,
    ])
  })

  test('absorbs a retransmission while nobody has replied', () => {
    const proxy = relayTo(`sip:${BOB}`)
    proxy.receive(request('OPTIONS', 'bob'))
    proxy.receive(request('OPTIONS', 'bob'))
    expect(proxy.take()).toHaveLength(1)
  })

  test('is retransmitted at 0.5, 1, 2, 4, 4 ... s, after a provisional reply every 4 s', () => {
    const proxy = relayTo(`sip:${BOB}`)
    proxy.receive(request('OPTIONS', 'bob'))
    proxy.pass(600)
    expect(proxy.take()).toHaveLength(2)
    proxy.answer(BOB, 183)
    proxy.pass(900)
    expect(proxy.take()).toHaveLength(1 + 1)
    proxy.pass(4000)
    expect(proxy.take()).toEqual([`${BOB} OPTIONS sip:bob@10.0.0.1`])
  })

  test('ends with 408 after fr_timer and is forgotten after wt_timer', () => {
    const proxy = relayTo(`sip:${BOB}`)
    proxy.receive(request('OPTIONS', 'bob'))
    proxy.pass(30_020)
    expect(proxy.take().at(-1)).toBe(`${CALLER} 408 Request Timeout OPTIONS`)
    proxy.pass(5020)
    expect(proxy.tm.counters).toMatchObject({ current: 0, created: 1, freed: 1 })
    expect(proxy.core.timers.armedCount).toBe(0)
  })

  test('relays no second final reply', () => {
    const proxy = relayTo(`sip:${BOB}`)
    proxy.receive(request('OPTIONS', 'bob'))
    proxy.answer(BOB, 200)
    proxy.answer(BOB, 404)
    expect(proxy.take().filter(line => line.startsWith(CALLER))).toHaveLength(1)
  })

  test('lets go of its messages when it has its final reply', () => {
    const proxy = relayTo(`sip:${BOB}`)
    proxy.receive(request('OPTIONS', 'bob'))
    const [t] = proxy.tm.table.all()
    proxy.answer(BOB, 200)
    expect(t!.request).toBeNull()
    expect(t!.branches).toEqual([])
    // What comes late finds it all the same.
    proxy.take()
    proxy.answer(BOB, 200)
    proxy.receive(request('OPTIONS', 'bob'))
    expect(proxy.take()).toEqual([`${CALLER} 200 Reason OPTIONS`])
  })

  test('keeps its messages for a listener that may hear of late ones, for no other', () => {
    const keeps = (events: number): boolean => {
      const proxy = relayTo(`sip:${BOB}`)
      const heard: number[] = []
      proxy.tm.onRequestIn((_event, t) => t.addCallback(events, event => heard.push(event)))
      proxy.receive(request('OPTIONS', 'bob'))
      const [t] = proxy.tm.table.all()
      proxy.answer(BOB, 200)
      const kept = t!.request !== null
      // Whoever listens for it hears it, whether the messages are still there or not.
      proxy.answer(BOB, 200)
      proxy.receive(request('OPTIONS', 'bob'))
      proxy.pass(6000)
      expect(heard.length).toBeGreaterThan(0)
      for (const event of heard) expect(event & events).toBe(event)
      return kept
    }
    expect([RESPONSE_OUT, RESPONSE_IN, REQ_RETR_IN, DESTROY].map(keeps)).toEqual([
      false,
      true,
      true,
      true,
    ])
  })

  test('is told apart by method, by branch and by sent-by', () => {
    const proxy = relayTo(`sip:${BOB}`)
    proxy.receive(request('OPTIONS', 'bob'))
    proxy.receive(request('INFO', 'bob'))
    proxy.receive(request('OPTIONS', 'bob', { branch: 'z9hG4bK-2' }))
    proxy.receive(request('OPTIONS', 'bob').replace(`UDP ${CALLER}`, 'UDP 10.7.7.7'))
    expect(proxy.tm.counters.current).toBe(4)
  })

  test('of a client from before RFC 3261 is told by what it has', () => {
    const proxy = relayTo(`sip:${BOB}`)
    const old = (changes: object): string => request('OPTIONS', 'bob', { branch: '1', ...changes })
    proxy.receive(old({}))
    proxy.receive(old({}))
    expect(proxy.tm.counters.current).toBe(1)
    proxy.receive(old({ uri: 'sip:other@10.0.0.1' }))
    expect(proxy.tm.counters.current).toBe(2)
    proxy.receive(old({ cseq: 2 }))
    expect(proxy.tm.counters.current).toBe(3)
  })
})

describe('a reply', () => {
  test('that belongs to nobody is not taken', () => {
    const proxy = relayTo(`sip:${BOB}`)
    proxy.receive(request('OPTIONS', 'bob'))
    const sent = proxy.last(BOB)
    proxy.take()
    const via = sent.header('Via')
    const strange = sent.text.replace(via, via.replace(/\.[0-9a-f]{9}\./, '.000000000.'))
    proxy.receive(
      replyTo(new (sent.constructor as new (t: string) => typeof sent)(strange), 200, 'X'),
      BOB,
    )
    expect(proxy.tm.counters.replyReceived).toBe(0)
    proxy.receive(replyTo(sent, 200, 'OK').replace('OPTIONS', 'INVITE'), BOB)
    expect(proxy.tm.counters.replyReceived).toBe(0)
  })

  test('must carry the Call-ID when callid_matching says so', () => {
    const proxy = relayTo(`sip:${BOB}`)
    proxy.config.callid_matching = 1
    proxy.receive(request('OPTIONS', 'bob'))
    const sent = proxy.last(BOB)
    proxy.receive(replyTo(sent, 200, 'OK').replace('Call-ID: c1', 'Call-ID: c2'), BOB)
    expect(proxy.tm.counters.replyReceived).toBe(0)
    proxy.receive(replyTo(sent, 200, 'OK'), BOB)
    expect(proxy.tm.counters.replyReceived).toBe(1)
  })

  test('runs on_sl_reply when it belongs to nobody', () => {
    const proxy = new TestProxy(() => 1)
    const seen: number[] = []
    proxy.block('onreply', 'stray', msg => {
      seen.push(msg.status)
      return 0
    })
    proxy.config.on_sl_reply = 'stray'
    proxy.start()
    proxy.receive(
      'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKx\r\n' +
        'Via: SIP/2.0/UDP 10.0.0.2\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\n' +
        'Call-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n',
      BOB,
    )
    expect(seen).toEqual([200])
    expect(proxy.take()).toEqual([])
  })
})

describe('an error of relaying', () => {
  test.for([
    ['sip:nowhere.invalid', -478, '478 Unresolvable destination (478/TM)'],
    ['sip:10.0.0.3;transport=tls', -7, "500 I'm terribly sorry, server error occurred (7/TM)"],
    ['nonsense', -478, '478 Unresolvable destination (478/TM)'],
    ['tel:+123', -478, '478 Unresolvable destination (478/TM)'],
    ['sip:10.0.0.66', -1, '477 Unfortunately error on sending to next hop occurred (477/TM)'],
  ] as const)('of %s is %i and answered at the end of the script', ([uri, code, line]) => {
    const verdicts: number[] = []
    const proxy = new TestProxy((self, msg) => {
      msg.dstUri = uri
      verdicts.push(relay(self.tm, msg, BY_URI, 0))
      expect(self.take()).toEqual([])
      return 1
    }).start()
    proxy.broken.add('10.0.0.66:5060')
    proxy.receive(request('OPTIONS', 'bob'))
    expect(verdicts).toEqual([code])
    expect(proxy.take()).toEqual([`${CALLER} ${line} OPTIONS`])
    proxy.pass(5020)
    expect(proxy.tm.counters.current).toBe(0)
  })

  test('is what sl_reply_error tells of', () => {
    const proxy = new TestProxy((self, msg) => {
      msg.dstUri = 'sip:nowhere.invalid'
      relay(self.tm, msg, BY_URI, 0)
      return errorReply(self.sl, msg)
    }).start()
    proxy.receive(request('OPTIONS', 'bob'))
    expect(proxy.take()).toEqual([
      `${CALLER} 478 Unresolvable destination (478/SL) OPTIONS`,
      `${CALLER} 478 Unresolvable destination (478/TM) OPTIONS`,
    ])
  })

  test('is what send_reply_error answers through the transaction, once', () => {
    const proxy = new TestProxy((self, msg) => {
      msg.dstUri = 'sip:nowhere.invalid'
      relay(self.tm, msg, BY_URI, 0)
      return sendErrorReply(self.sl, msg)
    }).start()
    proxy.receive(request('OPTIONS', 'bob'))
    expect(proxy.take()).toEqual([`${CALLER} 478 Unresolvable destination (478/TM) OPTIONS`])
  })

  test('is what send_reply_error answers without a transaction', () => {
    const proxy = new TestProxy((self, msg) => sendErrorReply(self.sl, msg)).start()
    proxy.receive(request('OPTIONS', 'bob'))
    expect(proxy.take()).toEqual([
      `${CALLER} 500 I'm terribly sorry, server error occurred (1/SL) OPTIONS`,
    ])
  })

  test('is not answered with t_set_disable_internal_reply or flag 2', () => {
    const proxy = new TestProxy((self, msg) => {
      set.setDisableInternalReply(self.tm, msg, 1)
      msg.dstUri = 'sip:nowhere.invalid'
      expect(relay(self.tm, msg, BY_URI, 0)).toBe(-4)
      return 1
    }).start()
    proxy.receive(request('OPTIONS', 'bob'))
    expect(proxy.take()).toEqual([])
    expect(proxy.log).toContain("script writer didn't release transaction")
  })
})

describe('a connection that fails', () => {
  test('ends the branches that wait for it', () => {
    const proxy = relayTo(`sip:${BOB};transport=tcp`)
    proxy.receive(request('OPTIONS', 'bob'))
    proxy.receive(request('OPTIONS', 'bob', { callId: 'c2' }))
    proxy.answer(BOB, 100)
    proxy.take()
    proxy.core.network.onSendError!(
      { proto: 2, ip: BOB, port: 5060, connection: 0, socket: null },
      '',
    )
    expect(proxy.take()).toEqual([
      `${CALLER} 477 Unfortunately error on sending to next hop occurred (477/TM) OPTIONS`,
    ])
    proxy.answer(BOB, 200)
    expect(proxy.tm.streaming.size).toBe(0)
  })
})

describe('a datagram that does not arrive', () => {
  const tell = (proxy: TestProxy, refused: boolean): void =>
    proxy.core.network.onSendError!(
      { proto: UDP, ip: BOB, port: 5060, connection: 0, socket: null },
      proxy.last(BOB).text,
      refused,
    )

  test('because the kernel did not take it fails its branch', () => {
    const proxy = relayTo(`sip:${BOB}`)
    proxy.receive(request('OPTIONS', 'bob'))
    proxy.take()
    tell(proxy, true)
    expect(proxy.take()).toEqual([
      `${CALLER} 477 Unfortunately error on sending to next hop occurred (477/TM) OPTIONS`,
    ])
  })

  test('because nobody listens there, or as a repetition, changes nothing', () => {
    const proxy = relayTo(`sip:${BOB}`)
    proxy.receive(request('OPTIONS', 'bob'))
    tell(proxy, false)
    proxy.pass(520)
    tell(proxy, true)
    proxy.answer(BOB, 200, 'OK')
    expect(proxy.take().at(-1)).toBe(`${CALLER} 200 OK OPTIONS`)
  })
})

describe('a name that must be looked up', () => {
  test('is sent to when its address is known, with the edits of the time', () => {
    const proxy = relayTo('sip:bob.slow')
    proxy.receive(request('INVITE', 'bob'))
    proxy.trying()
    expect(proxy.take()).toEqual([])
    proxy.lookups.get('bob.slow')!({ ip: BOB, port: 5060, proto: 1 })
    expect(proxy.take()).toEqual([`${BOB} INVITE sip:bob@10.0.0.1`])
    proxy.answer(BOB, 200, 'OK')
    expect(proxy.take()).toEqual([`${CALLER} 200 OK INVITE`])
  })

  test('that does not exist fails its branch', () => {
    const proxy = relayTo('sip:bob.slow')
    proxy.receive(request('INVITE', 'bob'))
    proxy.trying()
    proxy.lookups.get('bob.slow')!(null)
    expect(proxy.take()).toEqual([`${CALLER} 478 Unresolvable destination (478/TM) INVITE`])
  })

  test('and never answers ends by fr_timer; its late address sends nothing', () => {
    const proxy = relayTo('sip:bob.slow')
    proxy.receive(request('OPTIONS', 'bob'))
    proxy.pass(30_020)
    expect(proxy.take()).toEqual([`${CALLER} 408 Request Timeout OPTIONS`])
    proxy.lookups.get('bob.slow')!({ ip: BOB, port: 5060, proto: 1 })
    expect(proxy.take()).toEqual([])
  })
})

describe('the spellings of relay', () => {
  test('t_relay(host, port) keeps the transport and the URI', () => {
    const proxy = new TestProxy((self, msg) => tRelay(self.tm, msg, BOB, 5070)).start()
    proxy.receive(request('OPTIONS', 'bob'))
    expect(proxy.take()).toEqual([`${BOB}:5070 OPTIONS sip:bob@10.0.0.1`])
  })

  test.for([
    ['tcp:10.0.0.3:5070', { host: BOB, port: 5070, proto: 2 }],
    ['10.0.0.3:5070', { host: BOB, port: 5070, proto: 0 }],
    ['tls:10.0.0.3', { host: BOB, port: 0, proto: 3 }],
    ['10.0.0.3', { host: BOB, port: 0, proto: 0 }],
  ] as const)('t_relay_to reads %s', ([text, hop]) => {
    expect(parseTarget(text).hop).toMatchObject(hop)
  })

  test('t_relay_to takes flags: 1 sends no 100', () => {
    expect(parseTarget('0x01')).toEqual({ flags: 1, hop: null })
    const proxy = new TestProxy((self, msg) =>
      tRelayTo(self.tm, msg, parseTarget(BOB), parseTarget('1')),
    ).start()
    proxy.receive(request('INVITE', 'bob'))
    expect(proxy.take()).toEqual([`${BOB} INVITE sip:bob@10.0.0.1`])
  })

  test('t_replicate sends a copy whose replies go nowhere', () => {
    const proxy = new TestProxy((self, msg) => replicate(self.tm, msg, `sip:${BOB}`)).start()
    proxy.receive(request('OPTIONS', 'bob'))
    proxy.answer(BOB, 200)
    expect(proxy.take()).toEqual([`${BOB} OPTIONS sip:bob@10.0.0.1`])
    proxy.pass(6000)
    expect(proxy.tm.counters.current).toBe(0)
  })
})

describe('t_check_trans', () => {
  test('knows new requests, retransmissions, ACKs and CANCELs', () => {
    const verdicts: number[] = []
    const proxy = new TestProxy((self, msg) => {
      const verdict = checkTransaction(self.tm, msg)
      verdicts.push(verdict)
      if (verdict === 0) return 0
      msg.dstUri = `sip:${BOB}`
      return relay(self.tm, msg, BY_URI, 0)
    }).start()
    proxy.receive(request('INVITE', 'bob'))
    proxy.receive(request('INVITE', 'bob'))
    proxy.receive(request('CANCEL', 'bob'))
    proxy.receive(request('CANCEL', 'bob', { callId: 'other' }))
    proxy.answer(BOB, 200, 'OK', '', 'INVITE')
    proxy.receive(request('ACK', 'bob', { branch: 'z9hG4bK-9', toTag: 'b' }))
    proxy.receive(request('ACK', 'bob', { callId: 'other' }))
    expect(verdicts).toEqual([-1, 0, 1, -1, 1, -1])
  })
})
