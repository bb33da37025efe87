// The blocklist and transactions: who gets on it, and what happens to those who are.
import { describe, expect, test } from 'vitest'
import { IS_IPV6 } from '../../../../../server/net/blocklist.ts'
import { BY_URI } from '../../../../../server/modules/tm/forward.ts'
import { relay } from '../../../../../server/modules/tm/relay.ts'
import { TCP } from '../../../../../server/sip/transport.ts'
import { CALLER, request, TestProxy } from './proxy-for-test.ts'

const BOB = '10.0.0.3'

function proxyTo(uri: string, ignored = 0): TestProxy {
  const proxy = new TestProxy((self, msg) => {
    msg.dstUri = uri
    if (ignored !== 0) self.core.blocklist.ignore(msg, ignored, true)
    return relay(self.tm, msg, BY_URI, 0)
  })
  proxy.core.params.use_dst_blocklist = 1
  return proxy.start()
}

/** `ip:port flags seconds` of all that is blocked. */
const blocked = (proxy: TestProxy): string[] =>
  proxy.core.blocklist.all().map(({ ip, port, flags, expires }) => {
    const seconds = Math.round((expires - proxy.core.clock.monotonic()) / 1000)
    return `${ip}:${port} ${flags} ${seconds}`
  })

const TO_BOB = `${BOB} INVITE sip:bob@10.0.0.1`
const NOT_SENT = `${CALLER} 477 Unfortunately error on sending to next hop occurred (477/TM)`

describe('silence', () => {
  test('of an INVITE blocks the peer for dst_blocklist_expire', () => {
    const proxy = proxyTo(`sip:${BOB}`)
    proxy.core.params.dst_blocklist_expire = 40
    proxy.receive(request('INVITE', 'bob'))
    proxy.pass(30_020)
    expect(blocked(proxy)).toEqual([`${BOB}:5060 16 40`])
    proxy.take()
    proxy.receive(request('INVITE', 'bob', { callId: 'c2', branch: 'z9hG4bK-2' }))
    expect(proxy.take()).toEqual([
      `${CALLER} 100 trying -- your call is important to us INVITE`,
      `${NOT_SENT} INVITE`,
    ])
    proxy.pass(40_100)
    proxy.take()
    proxy.receive(request('INVITE', 'bob', { callId: 'c3', branch: 'z9hG4bK-3' }))
    expect(proxy.take()).toContain(TO_BOB)
  })

  test('of other methods does not, unless blst_methods_add names them', () => {
    const proxy = proxyTo(`sip:${BOB}`)
    proxy.receive(request('OPTIONS', 'bob'))
    proxy.pass(30_020)
    expect(blocked(proxy)).toEqual([])
    proxy.tm.config.blst_methods_add = 1 | 512
    proxy.receive(request('OPTIONS', 'bob', { callId: 'c2', branch: 'z9hG4bK-2' }))
    proxy.pass(30_020)
    expect(blocked(proxy)).toEqual([`${BOB}:5060 16 60`])
  })

  test('after a provisional reply does not', () => {
    const proxy = proxyTo(`sip:${BOB}`)
    proxy.receive(request('INVITE', 'bob'))
    proxy.answer(BOB, 180)
    proxy.pass(120_020)
    expect(blocked(proxy)).toEqual([])
  })

  test('is not noted when the parameters or the script say so, or nothing is switched on', () => {
    const masked = proxyTo(`sip:${BOB}`)
    masked.core.params.dst_blocklist_udp_imask = 16
    const told = proxyTo(`sip:${BOB}`, 16)
    const off = proxyTo(`sip:${BOB}`)
    off.core.params.use_dst_blocklist = 0
    for (const proxy of [masked, told, off]) {
      proxy.receive(request('INVITE', 'bob'))
      proxy.pass(30_020)
      expect(blocked(proxy)).toEqual([])
    }
  })
})

test('a BYE is sent to a blocked peer all the same (blst_methods_lookup)', () => {
  const proxy = proxyTo(`sip:${BOB}`)
  proxy.core.blocklist.add(2, 1, BOB, 5060, 60)
  proxy.receive(request('BYE', 'bob'))
  expect(proxy.take()).toEqual([`${BOB} BYE sip:bob@10.0.0.1`])
  proxy.receive(request('OPTIONS', 'bob', { callId: 'c2', branch: 'z9hG4bK-2' }))
  expect(proxy.take()).toEqual([`${NOT_SENT} OPTIONS`])
})

describe('a connection', () => {
  test('that does not come about blocks the peer', () => {
    const proxy = proxyTo(`sip:${BOB};transport=tcp`)
    proxy.receive(request('OPTIONS', 'bob'))
    const to = { proto: TCP, ip: BOB, port: 5060, connection: 0, socket: null }
    proxy.core.network.onSendError!(to, '')
    expect(blocked(proxy)).toEqual([`${BOB}:5060 6 60`])
  })

  test('that cannot take what is to be sent blocks it, too', () => {
    const proxy = proxyTo(`sip:${BOB};transport=tcp`)
    proxy.broken.add(`${BOB}:5060`)
    proxy.receive(request('OPTIONS', 'bob'))
    expect(blocked(proxy)).toEqual([`${BOB}:5060 2 60`])
  })
})

describe('a 503 with blst_503', () => {
  const replied = (extra: string, ignored = 0): string[] => {
    const proxy = proxyTo(`sip:${BOB}`, ignored)
    const limits = { blst_503_def_timeout: 11, blst_503_min_timeout: 5, blst_503_max_timeout: 15 }
    Object.assign(proxy.tm.config, { blst_503: 1, ...limits })
    proxy.receive(request('INVITE', 'bob'))
    proxy.answer(BOB, 503, 'No', extra)
    return blocked(proxy)
  }

  test.for([
    ['', 11],
    ['Retry-After: 2\r\n', 5],
    ['Retry-After: 8 (soon);duration=3600\r\n', 8],
    ['Retry-After: 300\r\n', 15],
    ['Retry-After: later\r\n', 11],
  ] as const)('blocks its sender for the time of "%s"', ([extra, seconds]) => {
    expect(replied(extra)).toEqual([`${BOB}:5060 32 ${seconds}`])
  })

  test('does not when the script ignores it', () => {
    expect(replied('', 32)).toEqual([])
  })
})

test('what is blocked is bounded by dst_blocklist_mem, and swept', () => {
  const proxy = proxyTo(`sip:${BOB}`)
  const { core } = proxy
  core.params.dst_blocklist_mem = 24 * 10
  for (let i = 0; i < 20; i++) core.blocklist.add(2, 1, `10.1.0.${i}`, 5060, 10)
  expect(core.blocklist.all()).toHaveLength(10)
  expect(core.blocklist.used).toBe(240)
  expect(core.blocklist.add(2, 1, '2001:db8::1', 5060, 10)).toBe(false)
  core.blocklist.start()
  proxy.pass(60_100)
  expect(core.blocklist.used).toBe(0)
})

test('an IPv6 address carries its flag', () => {
  const { core } = proxyTo(`sip:${BOB}`)
  core.blocklist.add(64, 1, '2001:db8::1', 5060, 10)
  expect(core.blocklist.reasons(1, '2001:db8::1', 5060)).toBe(64 | IS_IPV6)
  expect(core.blocklist.delete(1, '2001:db8::1', 5060)).toBe(true)
  expect(core.blocklist.delete(1, '2001:db8::1', 5060)).toBe(false)
})
