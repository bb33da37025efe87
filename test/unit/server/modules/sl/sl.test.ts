// Stateless replies: what they carry, what is counted, and the ACKs that belong to them.
import { describe, expect, test } from 'vitest'
import {
  forwardReply,
  sendReply,
  sendReplyMode,
  statelessReply,
} from '../../../../../server/modules/sl/reply.ts'
import { statistics } from '../../../../../server/modules/sl/sl.ts'
import { newTransaction } from '../../../../../server/modules/tm/server.ts'
import type { SipMessage } from '../../../../../server/sip/message.ts'
import { MSG_CLOSE_AFTER_REPLY } from '../../../../../server/sip/message.ts'
import { CALLER, request, TestProxy } from '../tm/proxy-for-test.ts'

const saying = (code: number, reason: string): TestProxy =>
  new TestProxy((self, msg) => statelessReply(self.sl, msg, code, reason)).start()

const tagOf = (proxy: TestProxy): string => /;tag=(.*)$/.exec(proxy.last(CALLER).header('To'))![1]!

describe('sl_send_reply', () => {
  test('answers with a tag that its retransmission gets too', () => {
    const proxy = saying(404, 'Not Found')
    proxy.receive(request('OPTIONS', 'bob'))
    const tag = tagOf(proxy)
    expect(tag).toMatch(/^[0-9a-f]{32}\.[0-9a-f]{8}$/)
    proxy.receive(request('OPTIONS', 'bob'))
    expect(tagOf(proxy)).toBe(tag)
    proxy.receive(request('OPTIONS', 'bob', { branch: 'z9hG4bK-2' }))
    expect(tagOf(proxy)).not.toBe(tag)
  })

  test('never answers an ACK', () => {
    const proxy = saying(200, 'OK')
    proxy.receive(request('ACK', 'bob'))
    expect(proxy.take()).toEqual([])
  })

  test('of a 3xx carries the destination set', () => {
    const proxy = new TestProxy((self, msg) => {
      msg.setUri('sip:a@10.0.0.8')
      msg.branches = [{ ...branch, uri: 'sip:b@10.0.0.9', q: 700 }]
      return statelessReply(self.sl, msg, 302, 'Moved')
    }).start()
    proxy.receive(request('OPTIONS', 'bob'))
    expect(proxy.last(CALLER).header('Contact')).toContain('<sip:a@10.0.0.8>')
    expect(proxy.last(CALLER).text).toContain('<sip:a@10.0.0.8>, <sip:b@10.0.0.9>;q=0.7\r\n')
  })

  test('takes default_code and default_reason for what is none', () => {
    const proxy = saying(7, '')
    proxy.receive(request('OPTIONS', 'bob'))
    expect(proxy.take()).toEqual([`${CALLER} 500 Internal Server Error OPTIONS`])
  })

  test('is counted by status', () => {
    const proxy = saying(404, 'No')
    proxy.receive(request('OPTIONS', 'bob'))
    proxy.receive(request('OPTIONS', 'bob', { branch: 'z9hG4bK-2' }))
    expect(statistics(proxy.sl)).toMatchObject({ '404': 2, '4xx': 0, '200': 0 })
    expect(proxy.sl.stats.sent_replies.value).toBe(2)
  })
})

const branch = {
  dstUri: '',
  path: '',
  flags: 0,
  socket: null,
  instance: '',
  regId: 0,
  ruid: '',
  userAgent: '',
  connection: 0,
}

describe('send_reply', () => {
  test('answers through the transaction when there is one', () => {
    const proxy = new TestProxy((self, msg) => {
      if (newTransaction(self.tm, msg) <= 0) return 0
      return sendReply(self.sl, msg, 404, 'No')
    }).start()
    proxy.receive(request('OPTIONS', 'bob'))
    expect(tagOf(proxy)).toContain('-')
    proxy.receive(request('OPTIONS', 'bob'))
    expect(proxy.take()).toHaveLength(2)
    expect(proxy.sl.stats.sent_replies.value).toBe(0)
  })

  test('answers without one otherwise', () => {
    const proxy = new TestProxy((self, msg) => sendReply(self.sl, msg, 404, 'No')).start()
    proxy.receive(request('OPTIONS', 'bob'))
    expect(tagOf(proxy)).toContain('.')
  })

  test('with a mode closes the connection', () => {
    let flags = 0
    const proxy = new TestProxy((self, msg) => {
      const verdict = sendReplyMode(self.sl, msg, 404, 'No', 2)
      flags = msg.messageFlags
      return verdict
    }).start()
    proxy.receive(request('OPTIONS', 'bob'))
    expect(flags & MSG_CLOSE_AFTER_REPLY).not.toBe(0)
  })
})

describe('the ACK to a stateless reply', () => {
  const seen: string[] = []
  const refusing = (): TestProxy => {
    seen.length = 0
    const proxy = new TestProxy((self, msg) => {
      seen.push(msg.method)
      return statelessReply(self.sl, msg, 486, 'Busy')
    })
    proxy.block('event', 'sl:filtered-ack', msg => {
      seen.push(`filtered ${msg.method}`)
      return 1
    })
    return proxy.start()
  }

  test('is absorbed and told to its event route', () => {
    const proxy = refusing()
    proxy.receive(request('INVITE', 'bob'))
    proxy.receive(request('ACK', 'bob', { toTag: tagOf(proxy) }))
    expect(seen).toEqual(['INVITE', 'filtered ACK'])
    expect(proxy.sl.stats.received_ACKs.value).toBe(1)
  })

  test('passes when it is of another call, or came too late', () => {
    const proxy = refusing()
    proxy.receive(request('INVITE', 'bob'))
    const tag = tagOf(proxy)
    proxy.receive(request('ACK', 'bob', { toTag: tag, callId: 'other' }))
    proxy.pass(2100)
    proxy.receive(request('ACK', 'bob', { toTag: tag }))
    expect(seen).toEqual(['INVITE', 'ACK', 'ACK'])
  })
})

describe('sl:local-response', () => {
  test('runs with the reply', () => {
    const seen: (string | number)[] = []
    const proxy = new TestProxy((self, msg) => statelessReply(self.sl, msg, 404, 'No'))
    proxy.block('event', 'sl:local-response', reply => {
      seen.push(reply.status, reply.method)
      return 1
    })
    proxy.start().receive(request('OPTIONS', 'bob'))
    expect(seen).toEqual([404, 'OPTIONS'])
  })
})

describe('$ltt', () => {
  test('is the tag that a reply will carry', () => {
    const seen: unknown[] = []
    const proxy = new TestProxy((self, msg: SipMessage) => {
      seen.push(self.sl.tagFor(msg, 'x'), self.sl.tagFor(msg, 's'))
      return statelessReply(self.sl, msg, 404, 'No')
    }).start()
    proxy.receive(request('OPTIONS', 'bob'))
    expect(seen).toEqual([tagOf(proxy), tagOf(proxy)])
    proxy.receive(request('OPTIONS', 'bob', { toTag: 'mine' }))
    expect(seen.slice(2)).toEqual(['mine', 'mine'])
  })

  test('of a transaction is the one of its replies', () => {
    const seen: unknown[] = []
    const proxy = new TestProxy((self, msg: SipMessage) => {
      newTransaction(self.tm, msg)
      seen.push(self.sl.tagFor(msg, 't'))
      return sendReply(self.sl, msg, 404, 'No')
    }).start()
    proxy.receive(request('OPTIONS', 'bob'))
    expect(seen).toEqual([tagOf(proxy)])
  })
})

describe('sl_forward_reply', () => {
  const reply =
    'SIP/2.0 408 Timeout\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKx\r\n' +
    'Via: SIP/2.0/UDP 10.0.0.2;branch=1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\n' +
    'Call-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n'

  test('changes the code within its class', () => {
    const verdicts: number[] = []
    const proxy = new TestProxy(() => 1)
    proxy.core.routes.reply = proxy.block('onreply', '', msg => {
      verdicts.push(
        forwardReply(proxy.sl, msg, '404', 'Not here'),
        forwardReply(proxy.sl, msg, '500'),
      )
      return 1
    })
    proxy.start().receive(reply, '10.0.0.3')
    expect(verdicts).toEqual([1, -1])
    expect(proxy.take()).toEqual([
      `${CALLER} 404 Not here OPTIONS`,
      `${CALLER} 408 Timeout OPTIONS`,
    ])
  })
})
