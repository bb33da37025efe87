// What is remembered, for how long, and what is forgotten first.
import { describe, expect, test } from 'vitest'
import { NameWorld } from '../../../../kit/name-world.ts'

const ZONE = `
a.test 60 A 10.1.0.1
a.test 90 A 10.1.0.2
long.test 100000 A 10.1.0.3
zero.test 0 A 10.1.0.4
alias.test 60 CNAME a.test
far.test 60 CNAME elsewhere.test
one.test 60 CNAME two.test
two.test 60 CNAME one.test
host.test 60 AAAA 2001:db8::1
`

function world(conf: ConstructorParameters<typeof NameWorld>[0] = {}, hosts = ''): NameWorld {
  const names = new NameWorld(conf, hosts)
  names.zone.add(ZONE)
  return names
}
const asked = (names: NameWorld, host: string, type = 'A'): number =>
  names.zone.asked.filter(question => question === `${host} ${type}`).length

const first = (names: NameWorld): string => names.ways('a.test', 5060, 0, false, 0)[0]!

describe('a record is kept', () => {
  test('for its TTL, each record for its own', () => {
    const names = world()
    expect(names.records('a.test', 'A', 50)).toBe('10.1.0.1, 10.1.0.2')
    names.pass(59_800)
    expect(first(names)).toBe('udp:10.1.0.1:5060')
    names.pass(500)
    expect(first(names)).toBe('udp:10.1.0.2:5060')
    expect(asked(names, 'a.test')).toBe(1)
    names.pass(30_000)
    names.records('a.test', 'A', 50)
    expect(asked(names, 'a.test')).toBe(2)
  })

  test('not below dns_cache_min_ttl and not above dns_cache_max_ttl', () => {
    const names = world()
    Object.assign(names.settings, { dns_cache_min_ttl: 100, dns_cache_max_ttl: 200 })
    names.records('a.test', 'A', 50)
    names.records('long.test', 'A', 50)
    names.pass(99_000)
    names.records('a.test', 'A', 50)
    expect(asked(names, 'a.test')).toBe(1)
    names.pass(102_000)
    names.records('long.test', 'A', 50)
    expect(asked(names, 'long.test')).toBe(2)
  })

  test('with TTL 0: it is good for those who asked, and not kept', () => {
    const names = world()
    expect(names.way('zero.test', 5060)).toBe('udp:10.1.0.4:5060')
    expect(names.way('zero.test', 5060)).toBe('udp:10.1.0.4:5060')
    expect(asked(names, 'zero.test')).toBe(2)
    expect(names.dns.cache.all()).toEqual([])
  })

  test('not at all when use_dns_cache is off', () => {
    const names = world()
    names.settings.use_dns_cache = 0
    for (let i = 0; i < 3; i++) expect(names.records('a.test', 'A', 50)).toContain('10.1.0.1')
    expect(asked(names, 'a.test')).toBe(3)
  })
})

describe('an absence is kept', () => {
  test('for dns_cache_negative_ttl', () => {
    const names = world()
    names.settings.dns_cache_negative_ttl = 10
    expect(names.records('no.test', 'A', 50)).toBe('none')
    names.pass(9000)
    names.records('no.test', 'A', 50)
    expect(asked(names, 'no.test')).toBe(1)
    names.pass(2000)
    names.records('no.test', 'A', 50)
    expect(asked(names, 'no.test')).toBe(2)
    expect(names.failed.value).toBe(2)
  })

  test('for less when the SOA says so (RFC 2308 section 5)', () => {
    const names = world()
    names.zone.authority.set('test', 5)
    names.records('no.test', 'A', 50)
    names.records('a.test', 'SRV', 50)
    names.pass(6000)
    names.records('no.test', 'A', 50)
    names.records('a.test', 'SRV', 50)
    expect([asked(names, 'no.test'), asked(names, 'a.test', 'SRV')]).toEqual([2, 2])
  })

  test('not when dns_cache_negative_ttl is 0', () => {
    const names = world()
    names.settings.dns_cache_negative_ttl = 0
    names.records('no.test', 'A', 50)
    names.records('no.test', 'A', 50)
    expect(asked(names, 'no.test')).toBe(2)
  })
})

describe('an alias', () => {
  test('is followed within an answer, and both are kept', () => {
    const names = world()
    expect(names.records('alias.test', 'A', 50)).toBe('10.1.0.1, 10.1.0.2')
    expect(names.records('alias.test', 'A', 0)).toBe('10.1.0.1, 10.1.0.2')
    expect(names.records('alias.test', 'CNAME', 0)).toBe('a.test')
    expect(names.dns.cache.all().map(entry => entry.name)).toEqual(['alias.test', 'a.test'])
    expect(names.zone.asked).toEqual(['alias.test A'])
  })

  test('whose own records are not in the answer is asked for', () => {
    const names = world()
    expect(names.records('far.test', 'A', 50)).toBe('none')
    expect(names.zone.asked).toEqual(['far.test A', 'elsewhere.test A'])
    names.zone.add('elsewhere.test 60 A 10.1.0.9')
    names.dns.cache.clear(false)
    expect(names.records('far.test', 'A', 50)).toBe('10.1.0.9')
  })

  test('that leads in a circle ends', () => {
    expect(world().records('one.test', 'A', 100)).toBe('none')
  })
})

describe('names that nobody is asked for', () => {
  test('are those of the hosts file, which have addresses and nothing else', () => {
    const names = world({}, '10.2.0.1 pbx pbx.test # the old one\n2001:db8::2 pbx\n')
    expect(names.records('PBX', 'A', 0)).toBe('10.2.0.1')
    expect(names.records('pbx', 'AAAA', 0)).toBe('2001:db8::2')
    expect(names.records('pbx.test', 'AAAA', 0)).toBe('none')
    expect(names.way('pbx')).toBe('udp:10.2.0.1:0')
    expect(names.zone.asked).toEqual([])
  })

  test('are localhost (RFC 6761 section 6.3) and invalid (section 6.4)', () => {
    const names = world()
    expect(names.records('localhost', 'A', 0)).toBe('127.0.0.1')
    expect(names.records('a.localhost', 'AAAA', 0)).toBe('::1')
    expect(names.records('nobody.invalid', 'A', 0)).toBe('none')
  })

  test.for(['', '.', 'a..b', `${'x'.repeat(64)}.test`, `${'x.'.repeat(130)}test`])(
    'are those that cannot be: "%s"',
    name => {
      const names = world()
      expect(names.records(name, 'A', 0)).toBe('none')
      expect(names.zone.asked).toEqual([])
    },
  )
})

describe('the search list', () => {
  const conf = { search: ['example.test', 'test'], ndots: 1 }

  test('comes first for names with fewer dots than ndots', () => {
    const names = world(conf)
    expect(names.records('a', 'A', 50)).toContain('10.1.0.1')
    expect(names.zone.asked).toEqual(['a.example.test A', 'a.test A'])
    // It is remembered under the name that was asked for.
    expect(names.records('a', 'A', 0)).toContain('10.1.0.1')
  })

  test('comes last for the others', () => {
    const names = world(conf)
    names.zone.add('x.y.test 60 A 10.3.0.1')
    expect(names.records('x.y', 'A', 50)).toBe('10.3.0.1')
    expect(names.zone.asked).toEqual(['x.y A', 'x.y.example.test A', 'x.y.test A'])
  })

  test('is not used when dns_use_search_list is off', () => {
    const names = world(conf)
    names.settings.dns_use_search_list = 0
    expect(names.records('a', 'A', 50)).toBe('none')
    expect(names.zone.asked).toEqual(['a A'])
  })
})

describe('dns_cache_mem', () => {
  const fill = (names: NameWorld, count: number): void => {
    for (let i = 0; i < count; i++) {
      names.zone.add(`n${i}.test 60 A 10.4.0.1`)
      names.records(`n${i}.test`, 'A', 10)
    }
  }

  test('bounds what is kept; a full cache keeps what it has', () => {
    const names = world()
    names.settings.dns_cache_mem = 1000
    fill(names, 20)
    expect(names.dns.cache.all().map(entry => entry.name)).toContain('n0.test')
    expect(names.dns.cache.used).toBeLessThanOrEqual(1000)
    expect(names.dns.cache.used).toBeGreaterThan(800)
  })

  test('with dns_cache_del_nonexp what was used last stays', () => {
    const names = world()
    Object.assign(names.settings, { dns_cache_mem: 1000, dns_cache_del_nonexp: 1 })
    fill(names, 8)
    names.records('n0.test', 'A', 10)
    fill(names, 20)
    const kept = names.dns.cache.all().map(entry => entry.name)
    expect(kept).toContain('n19.test')
    expect(kept).not.toContain('n1.test')
    expect(names.dns.cache.used).toBeLessThanOrEqual(1000)
  })

  test('what is over is dropped each dns_cache_gc_interval', () => {
    const names = world()
    names.settings.dns_cache_gc_interval = 10
    names.dns.start()
    names.records('a.test', 'A', 50)
    names.pass(85_000)
    expect(names.dns.cache.used).toBeGreaterThan(0)
    names.pass(20_000)
    expect(names.dns.cache.used).toBe(0)
  })
})

test.for([
  [0, '10.1.0.9'],
  [1, '10.1.0.1, 10.1.0.2'],
  [2, '10.1.0.9'],
  [3, '10.1.0.1, 10.1.0.2'],
] as const)('dns_cache_rec_pref %i: which of two answers stays', ([preference, expected]) => {
  const names = world()
  names.settings.dns_cache_rec_pref = preference
  // Two names whose answers tell of the same third.
  names.zone.add('x.test 60 CNAME a.test')
  names.records('alias.test', 'A', 50)
  names.zone.remove('a.test').add('a.test 30 A 10.1.0.9')
  names.records('x.test', 'A', 50)
  expect(names.records('a.test', 'A', 0)).toBe(expected)
})
