// Where a request for a host goes (RFC 3263 section 4), first and when that fails.
import { describe, expect, test } from 'vitest'
import { NameWorld } from '../../../../kit/name-world.ts'
import { makeEntry } from '../../../../../server/net/dns/cache.ts'
import { A, type DnsRecord } from '../../../../../server/net/dns/records.ts'
import { SCTP, TCP, TLS, UDP, WS } from '../../../../../server/sip/transport.ts'

const ZONE = `
host.test 60 A 10.1.0.1
host.test 60 A 10.1.0.2
host.test 60 AAAA 2001:db8::1
six.test 60 AAAA 2001:db8::6
srv.test 60 A 10.1.0.9
_sip._udp.srv.test 60 SRV 20 0 5063 c.srv.test
_sip._udp.srv.test 60 SRV 10 5 5061 a.srv.test
_sip._udp.srv.test 60 SRV 10 50 5062 b.srv.test
_sip._tcp.srv.test 60 SRV 10 0 5070 a.srv.test
_sips._tcp.srv.test 60 SRV 10 0 5071 a.srv.test
a.srv.test 60 A 10.2.0.1
b.srv.test 60 A 10.2.0.2
b.srv.test 60 A 10.2.0.3
c.srv.test 60 A 10.2.0.4
naptr.test 60 NAPTR 1 1 "u" "E2U+sip" "!^.*$!sip:x@y!" .
naptr.test 60 NAPTR 5 10 "s" "SIPS+D2T" "" _sips._tcp.srv.test
naptr.test 60 NAPTR 10 10 "s" "SIP+D2T" "" _sip._tcp.srv.test
naptr.test 60 NAPTR 20 10 "s" "SIP+D2U" "" _sip._udp.srv.test
naptr.test 60 A 10.1.0.8
none.test 60 A 10.1.0.7
_sip._udp.none.test 60 SRV 10 0 0 .
gone.test 60 A 10.1.0.6
_sip._udp.gone.test 60 SRV 10 0 5060 nobody.test
flagged.test 60 NAPTR 10 10 "a" "SIP+D2U" "" a.srv.test
flagged.test 60 A 10.1.0.5
_sip._tcp.tcp.test 60 SRV 10 0 5070 a.srv.test
tcp.test 60 A 10.1.0.4
`

function world(settings: Record<string, number> = {}): NameWorld {
  const names = new NameWorld()
  names.zone.add(ZONE)
  Object.assign(names.settings, { use_dns_failover: 1, ...settings })
  return names
}

const record = (ip: string): DnsRecord => ({ data: { kind: 'address', ip }, expires: Infinity })

describe('an address', () => {
  test('is itself', () => {
    const names = world()
    expect(names.ways('10.0.0.1')).toEqual(['udp:10.0.0.1:0'])
    expect(names.ways('[2001:db8::1]', 5070, TCP)).toEqual(['tcp:2001:db8::1:5070'])
    expect(names.way('10.0.0.1', 0, 0, true)).toBe('tls:10.0.0.1:0')
    expect(names.zone.asked).toEqual([])
  })
})

describe('with a port', () => {
  test('the addresses of the host, over UDP (section 4.1)', () => {
    const names = world({ dns_try_naptr: 1 })
    expect(names.ways('srv.test', 5070)).toEqual(['udp:10.1.0.9:5070'])
    expect(names.zone.asked).toEqual(['srv.test A'])
  })

  test('over the transport that was given, all addresses one after the other', () => {
    expect(world().ways('host.test', 5070, TCP)).toEqual(['tcp:10.1.0.1:5070', 'tcp:10.1.0.2:5070'])
  })

  test('over TLS for sips', () => {
    expect(world().way('host.test', 5070, 0, true)).toBe('tls:10.1.0.1:5070')
    expect(world().way('host.test', 5070, UDP, true)).toBe('tls:10.1.0.1:5070')
  })
})

describe('with a transport', () => {
  test('the servers of that service (section 4.2): lowest priority, then heaviest', () => {
    const names = world({ dns_try_naptr: 1 })
    expect(names.ways('srv.test', 0, UDP)).toEqual([
      'udp:10.2.0.2:5062',
      'udp:10.2.0.3:5062',
      'udp:10.2.0.1:5061',
      'udp:10.2.0.4:5063',
    ])
    expect(names.zone.asked[0]).toBe('_sip._udp.srv.test SRV')
  })

  test('sips asks for _sips._tcp', () => {
    expect(world().ways('srv.test', 0, 0, true)).toEqual(['tls:10.2.0.1:5071'])
    expect(world().ways('srv.test', 0, TLS)).toEqual(['tls:10.2.0.1:5071'])
  })

  test('without such a service the host itself', () => {
    expect(world().ways('host.test', 0, SCTP)).toEqual(['sctp:10.1.0.1:0', 'sctp:10.1.0.2:0'])
  })

  test('a WebSocket has no service', () => {
    const names = world()
    expect(names.way('srv.test', 0, WS)).toBe('ws:10.1.0.9:0')
    expect(names.zone.asked).toEqual(['srv.test A'])
  })
})

describe('with neither', () => {
  test('the services of our transports, as we prefer them', () => {
    const names = world()
    expect(names.ways('srv.test')).toHaveLength(4)
    expect(names.ways('tcp.test')).toEqual(['tcp:10.2.0.1:5070'])
    expect(names.zone.asked.filter(asked => asked.endsWith('SRV'))).toEqual([
      '_sip._udp.srv.test SRV',
      '_sip._udp.tcp.test SRV',
      '_sip._tcp.tcp.test SRV',
    ])
  })

  test('dns_tcp_pref puts TCP first', () => {
    expect(world({ dns_tcp_pref: 40 }).way('srv.test')).toBe('tcp:10.2.0.1:5070')
  })

  test('a transport that we do not listen on is not asked for', () => {
    const names = world()
    names.protos.clear()
    names.protos.add(TLS)
    expect(names.ways('srv.test')).toEqual(['tls:10.2.0.1:5071'])
  })

  test('NAPTR records decide when dns_try_naptr is on (section 4.1)', () => {
    const names = world({ dns_try_naptr: 1, dns_naptr_ignore_rfc: 0 })
    expect(names.way('naptr.test')).toBe('tcp:10.2.0.1:5070')
    expect(names.zone.asked[0]).toBe('naptr.test NAPTR')
    // What we have no socket for is discarded; with TLS it is the first by its order.
    names.protos.add(TLS)
    expect(names.way('naptr.test')).toBe('tls:10.2.0.1:5071')
  })

  test('dns_naptr_ignore_rfc: our preference decides among them', () => {
    expect(world({ dns_try_naptr: 1 }).way('naptr.test')).toBe('udp:10.2.0.2:5062')
  })

  test('after the servers of one service those of the next', () => {
    const ways = world({ dns_try_naptr: 1, dns_naptr_ignore_rfc: 0 }).ways('naptr.test')
    expect(ways).toEqual([
      'tcp:10.2.0.1:5070',
      'udp:10.2.0.2:5062',
      'udp:10.2.0.3:5062',
      'udp:10.2.0.1:5061',
      'udp:10.2.0.4:5063',
    ])
  })

  test('for sips only the SIPS services of NAPTR count', () => {
    const names = world({ dns_try_naptr: 1 })
    names.protos.add(TLS)
    expect(names.ways('naptr.test', 0, 0, true)).toEqual(['tls:10.2.0.1:5071'])
  })

  test('NAPTR records that lead to no SRV are not for us', () => {
    expect(world({ dns_try_naptr: 1 }).way('flagged.test')).toBe('udp:10.1.0.5:0')
  })

  test('without services the host itself over UDP, or over what we have', () => {
    expect(world().ways('host.test')).toEqual(['udp:10.1.0.1:0', 'udp:10.1.0.2:0'])
    const names = world()
    names.protos.delete(UDP)
    expect(names.way('host.test')).toBe('tcp:10.1.0.1:0')
  })

  test('a service whose servers cannot be found leaves the host itself', () => {
    expect(world().ways('gone.test')).toEqual(['udp:10.1.0.6:0'])
    expect(world().ways('none.test')).toEqual(['udp:10.1.0.7:0'])
  })
})

describe('address families', () => {
  const dual = (settings: Record<string, number>): NameWorld => {
    const names = world(settings)
    names.families.add(10)
    return names
  }

  test('IPv4 comes first, IPv6 when that fails', () => {
    const names = dual({})
    expect(names.ways('host.test', 5060)).toEqual([
      'udp:10.1.0.1:5060',
      'udp:10.1.0.2:5060',
      'udp:2001:db8::1:5060',
    ])
    expect(names.ways('six.test', 5060)).toEqual(['udp:2001:db8::6:5060'])
  })

  test('IPv6 is not asked for without an IPv6 socket, or with dns_try_ipv6 off', () => {
    for (const names of [world(), dual({ dns_try_ipv6: 0 })]) {
      expect(names.ways('six.test', 5060)).toEqual([])
      expect(names.zone.asked).toEqual(['six.test A'])
    }
  })

  test.for([
    [1, ['A']],
    [2, ['AAAA']],
    [4, ['AAAA', 'A']],
  ] as const)('dns_cache_flags %i', ([flags, types]) => {
    const names = dual({ dns_cache_flags: flags })
    names.ways('nobody.test', 5060)
    expect(names.zone.asked).toEqual(types.map(type => `nobody.test ${type}`))
  })
})

describe('use_dns_failover off', () => {
  test('there is one place only', () => {
    const names = world({ use_dns_failover: 0 })
    expect(names.ways('srv.test', 0, UDP)).toEqual(['udp:10.2.0.2:5062'])
    // And only what was needed has been asked.
    expect(names.zone.asked).toEqual(['_sip._udp.srv.test SRV', 'b.srv.test A'])
  })
})

test('silent name servers are not asked for every service: the host itself is tried next', () => {
  const names = world({ dns_try_naptr: 1 })
  names.zone.fault('*', '*', { lost: true })
  names.dns.cache.set(makeEntry('host.test', A, [record('10.1.0.1')], Infinity, 0))
  expect(names.ways('host.test')).toEqual(['udp:10.1.0.1:0'])
  expect(new Set(names.zone.asked)).toEqual(new Set(['host.test NAPTR']))
})

test('the last place knows that it is the last', () => {
  const names = world()
  let more: unknown = 'not told'
  names.dns.resolve('srv.test', 5060, UDP, false, to => (more = to?.more))
  names.pass(100)
  expect(more).toBeNull()
})

test('dns_srv_lb: servers of one priority in proportion to their weights (RFC 2782)', () => {
  const names = world({ use_dns_failover: 0, dns_srv_lb: 1 })
  names.zone.add('_sip._udp.lb.test 60 SRV 1 70 5001 a.srv.test')
  names.zone.add('_sip._udp.lb.test 60 SRV 1 30 5002 a.srv.test')
  names.zone.add('_sip._udp.lb.test 60 SRV 1 0 5003 a.srv.test')
  names.zone.add('_sip._udp.lb.test 60 SRV 2 99 5004 a.srv.test')
  names.way('lb.test', 0, UDP)
  const counts = new Map<string, number>()
  for (let i = 0; i < 3000; i++) {
    const way = names.ways('lb.test', 0, UDP, false, 0)[0]!
    counts.set(way, (counts.get(way) ?? 0) + 1)
  }
  const share = (port: number): number => (counts.get(`udp:10.2.0.1:${port}`) ?? 0) / 3000
  expect(share(5001)).toBeCloseTo(0.7, 1)
  expect(share(5002)).toBeCloseTo(0.3, 1)
  expect(share(5003)).toBeGreaterThan(0)
  expect(share(5003)).toBeLessThan(0.03)
  expect(share(5004)).toBe(0)
})
