// A host with several places: what makes a request go to the next one (RFC 3263 section 4.3), and
// what its sender hears.
import { describe, expect, test } from 'vitest'
import type { Resolved } from '../../../../../server/core/network.ts'
import { BY_URI } from '../../../../../server/modules/tm/forward.ts'
import { relay } from '../../../../../server/modules/tm/relay.ts'
import { parseTarget, tRelayTo } from '../../../../../server/modules/tm/relay-to.ts'
import * as set from '../../../../../server/modules/tm/settings.ts'
import { TCP, UDP } from '../../../../../server/sip/transport.ts'
import type { SipMessage } from '../../../../../server/sip/message.ts'
import { CALLER, request, TestProxy } from './proxy-for-test.ts'

const A = '10.0.0.3'
const B = '10.0.0.4'
const C = '10.0.0.5'

type Script = (proxy: TestProxy, msg: SipMessage) => number | undefined
type Later = (() => void)[]

/**
 * A proxy that knows the places of `many.test`. Those from `lazyFrom` on are told when `later` is
 * called.
 */
function proxyTo(
  places: readonly string[],
  { proto = UDP, later = [] as Later, lazyFrom = 9, script = null as Script | null } = {},
): TestProxy {
  const proxy = new TestProxy((self, msg) => {
    msg.dstUri = 'sip:many.test'
    return script === null ? relay(self.tm, msg, BY_URI, 0) : script(self, msg)
  })
  proxy.core.params.use_dns_failover = 1
  let at = 0
  const tell = (done: (to: Resolved | null) => void): void => {
    const index = at++
    const ip = places[index]
    const more = index + 1 < places.length && proxy.core.params.use_dns_failover ? { next } : null
    const answer = (): void => done(ip === undefined ? null : { ip, port: 5060, proto, more })
    if (index >= lazyFrom) later.push(answer)
    else answer()
  }
  const next = tell
  proxy.core.network.resolve = (_host, _port, _proto, _secure, done) => {
    at = 0
    tell(done)
  }
  return proxy.start()
}

const invite = (proxy: TestProxy, branch = 'z9hG4bK-1'): void => {
  proxy.receive(request('INVITE', 'bob', { branch, callId: branch }))
  proxy.trying()
}
const INVITED = (ip: string): string => `${ip} INVITE sip:bob@10.0.0.1`
const ACKED = (ip: string): string => `${ip} ACK sip:bob@10.0.0.1`
const branchOf = (proxy: TestProxy, ip: string): string =>
  /branch=([^;\s]+)/.exec(proxy.last(ip).header('Via'))![1]!

describe('the next place is tried', () => {
  test('after a 503, in a new client transaction', () => {
    const proxy = proxyTo([A, B])
    invite(proxy)
    proxy.answer(A, 503)
    expect(proxy.take()).toEqual([INVITED(A), ACKED(A), INVITED(B)])
    expect(branchOf(proxy, A)).toMatch(/\.0$/)
    expect(branchOf(proxy, B)).toMatch(/\.1$/)
    proxy.answer(B, 200, 'OK')
    expect(proxy.take()).toEqual([`${CALLER} 200 OK INVITE`])
  })

  test('after no answer at all in fr_timer', () => {
    const proxy = proxyTo([A, B])
    invite(proxy)
    proxy.pass(30_020)
    expect(proxy.take().at(-1)).toBe(INVITED(B))
    proxy.answer(B, 200, 'OK')
    expect(proxy.take()).toEqual([`${CALLER} 200 OK INVITE`])
  })

  test('at once when nothing can be sent, also over several', () => {
    const proxy = proxyTo([A, B, C])
    proxy.broken.add(`${A}:5060`).add(`${B}:5060`)
    invite(proxy)
    expect(proxy.take()).toEqual([INVITED(C)])
    expect(branchOf(proxy, C)).toMatch(/\.1$/)
  })

  test('when no connection comes about', () => {
    const proxy = proxyTo([A, B], { proto: TCP })
    proxy.receive(request('OPTIONS', 'bob'))
    proxy.core.network.onSendError!(
      { proto: TCP, ip: A, port: 5060, connection: 0, socket: null },
      '',
    )
    proxy.answer(B, 200, 'OK')
    expect(proxy.take()).toEqual([
      `${A} OPTIONS sip:bob@10.0.0.1`,
      `${B} OPTIONS sip:bob@10.0.0.1`,
      `${CALLER} 200 OK OPTIONS`,
    ])
    expect(proxy.tm.streaming.size).toBe(0)
  })

  test('when the request comes back as undeliverable', () => {
    const proxy = proxyTo([A, B])
    invite(proxy)
    const quoted = proxy.last(A).text.slice(0, 300)
    const returned = (ip: string, text: string): void =>
      proxy.core.network.onSendError!(
        { proto: UDP, ip, port: 5060, connection: 0, socket: null },
        text,
      )
    // Neither what somebody makes up, nor what came from elsewhere.
    returned(A, quoted.replace(/branch=[^;\r]+/, 'branch=z9hG4bK0000.000000000.0'))
    returned(A, 'INVITE sip:')
    returned(C, quoted)
    expect(proxy.take()).toEqual([INVITED(A)])
    returned(A, quoted)
    expect(proxy.take()).toEqual([INVITED(B)])
    // The last place is asked again, as it may be starting up.
    returned(B, proxy.last(B).text)
    proxy.answer(B, 200, 'OK')
    expect(proxy.take()).toEqual([`${CALLER} 200 OK INVITE`])
  })

  test('as soon as its address is known', () => {
    const later: Later = []
    const proxy = proxyTo([A, B], { later, lazyFrom: 1 })
    invite(proxy)
    proxy.answer(A, 503)
    proxy.take()
    later.shift()!()
    expect(proxy.take()).toEqual([INVITED(B)])
    proxy.answer(B, 486, 'Busy')
    expect(proxy.take().at(-1)).toBe(`${CALLER} 486 Busy INVITE`)
  })

  test('with what was sent, also when the place that was given up says 487 meanwhile', () => {
    const later: Later = []
    const proxy = proxyTo([A, B], { later, lazyFrom: 1 })
    invite(proxy)
    proxy.pass(30_020)
    proxy.answer(A, 487)
    later.shift()!()
    expect(proxy.take().at(-1)).toBe(INVITED(B))
    expect(branchOf(proxy, B)).toMatch(/\.1$/)
    expect(proxy.last(B).header('Call-ID')).toBe('z9hG4bK-1')
  })

  test('for a branch alone: the others go on', () => {
    const proxy = proxyTo([A, B], {
      script: (self, msg) => {
        msg.branches = [{ ...stored, uri: 'sip:carol@10.0.0.9' }]
        return relay(self.tm, msg, BY_URI, 0)
      },
    })
    proxy.core.network.resolve = withNumbers(proxy.core.network.resolve)
    invite(proxy)
    proxy.answer('10.0.0.9', 180)
    proxy.answer(A, 503)
    proxy.answer('10.0.0.9', 404)
    proxy.take()
    proxy.answer(B, 200, 'OK')
    expect(proxy.take()).toEqual([`${CALLER} 200 OK INVITE`])
  })
})

describe('it is not tried', () => {
  test.for([486, 500, 404, 600])('after %i', code => {
    const proxy = proxyTo([A, B])
    invite(proxy)
    proxy.answer(A, code, 'No')
    expect(proxy.take().at(-1)).toBe(`${CALLER} ${code} No INVITE`)
  })

  test('when the first one has replied and takes its time', () => {
    const proxy = proxyTo([A, B])
    invite(proxy)
    proxy.answer(A, 180)
    proxy.pass(120_020)
    expect(proxy.take()).not.toContain(INVITED(B))
  })

  test('when the caller has cancelled', () => {
    const proxy = proxyTo([A, B])
    invite(proxy)
    proxy.receive(request('CANCEL', 'bob', { callId: 'z9hG4bK-1' }))
    proxy.take()
    proxy.answer(A, 503)
    expect(proxy.take()).toEqual([ACKED(A), `${CALLER} 487 Request Terminated INVITE`])
  })

  test.for<[string, Script]>([
    [
      't_set_disable_failover',
      (self, msg) => {
        set.setDisableFailover(self.tm, msg, 1)
        return relay(self.tm, msg, BY_URI, 0)
      },
    ],
    ['flag 4 of t_relay_to', (self, msg) => tRelayTo(self.tm, msg, parseTarget('4'))],
    [
      'use_dns_failover',
      (self, msg) => {
        const result = relay(self.tm, msg, BY_URI, 0)
        self.core.params.use_dns_failover = 0
        return result
      },
    ],
    [
      'max_branches',
      (self, msg) => {
        self.core.params.max_branches = 1
        return relay(self.tm, msg, BY_URI, 0)
      },
    ],
  ])('when %s forbids it', ([, script]) => {
    const proxy = proxyTo([A, B], { script })
    invite(proxy)
    proxy.answer(A, 503)
    expect(proxy.take().slice(2)).toEqual([`${CALLER} 500 Service Unavailable INVITE`])
  })
})

describe('the sender hears', () => {
  test('what the last place says, not that the first one was silent', () => {
    const proxy = proxyTo([A, B])
    invite(proxy)
    proxy.pass(30_020)
    proxy.answer(B, 486, 'Busy')
    expect(proxy.take().at(-1)).toBe(`${CALLER} 486 Busy INVITE`)
  })

  test('503 as 500 when all places say so', () => {
    const proxy = proxyTo([A, B])
    invite(proxy)
    proxy.answer(A, 503)
    proxy.answer(B, 503)
    expect(proxy.take().at(-1)).toBe(`${CALLER} 500 Service Unavailable INVITE`)
  })

  test('408 when all are silent', () => {
    const proxy = proxyTo([A, B])
    proxy.receive(request('OPTIONS', 'bob'))
    proxy.tm.config.max_noninv_lifetime = 100_000
    proxy.pass(30_020)
    proxy.pass(30_020)
    expect(proxy.take().at(-1)).toBe(`${CALLER} 408 Request Timeout OPTIONS`)
  })

  test('477 when nothing can be sent to any of them', () => {
    const proxy = proxyTo([A, B])
    proxy.broken.add(`${A}:5060`).add(`${B}:5060`)
    proxy.receive(request('OPTIONS', 'bob'))
    expect(proxy.take()).toEqual([
      `${CALLER} 477 Unfortunately error on sending to next hop occurred (477/TM) OPTIONS`,
    ])
  })

  test('what the first one said when the next cannot be found or reached', () => {
    for (const lost of ['nowhere', B]) {
      const later: Later = []
      const proxy = proxyTo(lost === B ? [A, B] : [A], { later, lazyFrom: 1 })
      proxy.broken.add(`${B}:5060`)
      if (lost !== B) withEmptyTail(proxy, later)
      invite(proxy)
      proxy.answer(A, 503)
      expect(proxy.take().slice(2)).toEqual([])
      for (const tell of later) tell()
      expect(proxy.take()).toEqual([`${CALLER} 500 Service Unavailable INVITE`])
    }
  })

  test('408 when the name server does not say in time where the next place is', () => {
    const later: Later = []
    const proxy = proxyTo([A, B], { later, lazyFrom: 1 })
    invite(proxy)
    proxy.answer(A, 503)
    proxy.pass(30_020)
    expect(proxy.take().at(-1)).toBe(`${CALLER} 408 Request Timeout INVITE`)
    later.shift()!()
    expect(proxy.take().filter(line => line.startsWith(B))).toEqual([])
  })

  test('477 when a name was found but cannot be sent to', () => {
    const later: Later = []
    const proxy = proxyTo([A], { later, lazyFrom: 0 })
    proxy.broken.add(`${A}:5060`)
    invite(proxy)
    later.shift()!()
    expect(proxy.take()).toEqual([
      `${CALLER} 477 Unfortunately error on sending to next hop occurred (477/TM) INVITE`,
    ])
  })
})

test('a CANCEL goes to the place that is being tried', () => {
  const proxy = proxyTo([A, B])
  invite(proxy)
  proxy.answer(A, 503)
  proxy.answer(B, 180)
  proxy.take()
  proxy.receive(request('CANCEL', 'bob', { callId: 'z9hG4bK-1' }))
  const cancels = proxy.take().filter(line => line.includes(' CANCEL sip:'))
  expect(cancels).toEqual([`${B} CANCEL sip:bob@10.0.0.1`])
  proxy.answer(B, 487, 'Terminated', '', 'INVITE')
  expect(proxy.take().at(-1)).toBe(`${CALLER} 487 Terminated INVITE`)
})

test('a CANCEL while the address of the next place is looked up ends the call at once', () => {
  const later: Later = []
  const proxy = proxyTo([A, B], { later, lazyFrom: 1 })
  invite(proxy)
  proxy.answer(A, 503)
  proxy.take()
  proxy.receive(request('CANCEL', 'bob', { callId: 'z9hG4bK-1' }))
  expect(proxy.take()).toEqual([
    `${CALLER} 487 Request Terminated INVITE`,
    `${CALLER} 200 canceling CANCEL`,
  ])
  later.shift()!()
  expect(proxy.take()).toEqual([])
})

test('the failure route runs once, when all places have failed', () => {
  const codes: number[] = []
  const proxy = proxyTo([A, B], {
    script: (self, msg) => {
      set.onFailure(self.tm, msg, failed)
      return relay(self.tm, msg, BY_URI, 0)
    },
  })
  const failed = proxy.block('failure', 'F', msg => {
    codes.push(proxy.tm.transactionOf(msg)?.failureCode ?? 0)
    return 1
  })
  invite(proxy)
  proxy.answer(A, 503)
  proxy.answer(B, 404)
  expect(codes).toEqual([404])
})

describe('reparse_on_dns_failover', () => {
  const marked = (reparse: number): TestProxy => {
    const proxy = proxyTo([A, B, C], {
      script: (self, msg) => {
        set.onBranch(self.tm, msg, route)
        return relay(self.tm, msg, BY_URI, 0)
      },
    })
    const route = proxy.block('branch', 'B', msg => {
      msg.setUri(`sip:branch${msg.branchIndex}@10.0.0.1`)
      return 1
    })
    proxy.tm.config.reparse_on_dns_failover = reparse
    return proxy
  }

  test('1: the same request with another Via; the branch route has done its work', () => {
    const proxy = marked(1)
    invite(proxy)
    const first = proxy.last(A).text
    proxy.answer(A, 503)
    const second = proxy.last(B).text
    expect(second).not.toBe(first)
    const withoutBranch = (text: string): string => text.replace(/branch=\S+/, '')
    expect(withoutBranch(second)).toBe(withoutBranch(first))
  })

  test('0: the received request again, with the branch route for each', () => {
    const proxy = marked(0)
    invite(proxy)
    proxy.answer(A, 503)
    proxy.answer(B, 503)
    expect([A, B, C].map(ip => proxy.last(ip).uri)).toEqual([
      'sip:branch0@10.0.0.1',
      'sip:branch1@10.0.0.1',
      'sip:branch2@10.0.0.1',
    ])
  })
})

describe('a request of our own', () => {
  const ours = (proxy: TestProxy): number[] => {
    const codes: number[] = []
    proxy.tm.request({
      method: 'OPTIONS',
      uri: 'sip:many.test',
      from: '<sip:me@test>',
      to: '<sip:many.test>',
      callback: (_event, _view, _request, _reply, code) => codes.push(code),
    })
    return codes
  }

  test('goes to the next place, too', () => {
    const proxy = proxyTo([A, B])
    const codes = ours(proxy)
    proxy.answer(A, 503)
    expect(codes).toEqual([])
    proxy.answer(B, 200)
    expect(codes).toEqual([200])
    expect(branchOf(proxy, B)).toMatch(/\.1$/)
  })

  test('ends with the status of the last one', () => {
    const proxy = proxyTo([A, B])
    const codes = ours(proxy)
    proxy.answer(A, 503)
    proxy.answer(B, 404)
    expect(codes).toEqual([404])
  })

  test('ends with the first status when the next place cannot be found', () => {
    const later: Later = []
    const proxy = proxyTo([A], { later, lazyFrom: 1 })
    withEmptyTail(proxy, later)
    const codes = ours(proxy)
    proxy.answer(A, 503)
    expect(codes).toEqual([])
    for (const tell of later) tell()
    expect(codes).toEqual([503])
  })
})

const stored = {
  uri: '',
  dstUri: '',
  path: '',
  flags: 0,
  socket: null,
  instance: '',
  ruid: '',
  regId: 0,
  userAgent: '',
  connection: 0,
  q: -1,
}

type Resolve = TestProxy['core']['network']['resolve']

/** Addresses resolve to themselves. */
const withNumbers =
  (resolve: Resolve): Resolve =>
  (host, port, proto, secure, done) => {
    if (/^[\d.]+$/.test(host)) done({ ip: host, port, proto: proto || UDP })
    else resolve(host, port, proto, secure, done)
  }

/** The first place says that there are more, but there are none. */
function withEmptyTail(proxy: TestProxy, later: Later): void {
  proxy.core.network.resolve = (_host, _port, _proto, _secure, done) => {
    const more = { next: (tell: (to: Resolved | null) => void) => later.push(() => tell(null)) }
    done({ ip: A, port: 5060, proto: UDP, more })
  }
}
