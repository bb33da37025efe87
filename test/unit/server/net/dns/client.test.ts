// Questions and what becomes of them: servers that are slow, wrong, broken or gone.
import { describe, expect, test } from 'vitest'
import { NameWorld } from '../../../../kit/name-world.ts'

const ZONE = `
a.test 60 A 10.1.0.1
b.test 60 A 10.1.0.2
`

function world(servers = 1): NameWorld {
  const names = new NameWorld({}, '', servers)
  names.zone.add(ZONE)
  names.second.add(ZONE)
  return names
}

describe('an answer', () => {
  test('comes from the server, and later from the cache, before the call returns', () => {
    const names = world()
    expect(names.records('a.test', 'A', 20)).toBe('10.1.0.1')
    expect(names.records('A.TEST.', 'A', 0)).toBe('10.1.0.1')
    expect(names.zone.asked).toEqual(['a.test A'])
  })

  test('is asked for once by many', () => {
    const names = world()
    const got: boolean[] = []
    for (let i = 0; i < 50; i++) names.dns.records('a.test', 1, entry => got.push(entry.negative))
    names.pass(50)
    expect(got).toEqual(Array.from({ length: 50 }, () => false))
    expect(names.zone.asked).toEqual(['a.test A'])
  })

  test('cut to fit a datagram is fetched over TCP (RFC 7766 section 5)', () => {
    const names = world()
    names.zone.fault('a.test', 'A', { truncated: true })
    expect(names.records('a.test', 'A')).toBe('10.1.0.1')
    expect(names.zone.questions.map(question => question.transport)).toEqual(['udp', 'tcp'])
  })

  test.for([
    ['another id', { wrongId: true }],
    ['another question', { wrongQuestion: true }],
  ] as const)('with %s is not ours: the right one is waited for', ([, fault]) => {
    const names = world()
    names.zone.fault('a.test', 'A', fault)
    expect(names.records('a.test', 'A', 50)).toBe('10.1.0.1')
    expect(names.zone.asked).toHaveLength(1)
  })

  test('that nobody can read sends us to the next server', () => {
    const names = world(2)
    names.zone.fault('a.test', 'A', { mangle: bytes => bytes.subarray(0, bytes.length - 3) })
    expect(names.records('a.test', 'A', 50)).toBe('10.1.0.1')
    expect(names.second.asked).toEqual(['a.test A'])
  })

  test.for(['SERVFAIL', 'REFUSED', 'NOTIMP'] as const)('of %s: the next server is asked', rcode => {
    const names = world(2)
    names.zone.fault('a.test', 'A', { rcode })
    expect(names.records('a.test', 'A', 50)).toBe('10.1.0.1')
  })

  test('of SERVFAIL from all servers ends it at once', () => {
    const names = world(2)
    names.zone.fault('a.test', 'A', { rcode: 'SERVFAIL' })
    names.second.fault('a.test', 'A', { rcode: 'SERVFAIL' })
    expect(names.records('a.test', 'A', 100)).toBe('none')
    expect([...names.zone.asked, ...names.second.asked]).toHaveLength(2)
  })

  test('of FORMERR: the server knows no EDNS and is asked without (RFC 6891 section 7)', () => {
    const names = world()
    names.zone.fault('a.test', 'A', { rcode: 'FORMERR', times: 1 })
    expect(names.records('a.test', 'A', 50)).toBe('10.1.0.1')
    expect(names.zone.questions.map(question => question.edns)).toEqual([true, false])
  })
})

describe('no answer', () => {
  test('in time: asked again, with another id', () => {
    const names = world()
    names.zone.fault('a.test', 'A', { lost: true, times: 1 })
    expect(names.records('a.test', 'A', 4900)).toBe('silent')
    expect(names.records('a.test', 'A', 400)).toBe('10.1.0.1')
    const [first, second] = names.zone.questions
    expect(first!.id).not.toBe(second!.id)
  })

  test('from all servers in all rounds is an absence, remembered', () => {
    const names = world(2)
    names.zone.fault('*', '*', { lost: true })
    names.second.fault('*', '*', { lost: true })
    // Two rounds: 5 s each, then the double shared by two.
    expect(names.records('a.test', 'A', 19_900)).toBe('silent')
    expect(names.records('a.test', 'A', 200)).toBe('none')
    expect(names.zone.asked).toHaveLength(2)
    expect(names.second.asked).toHaveLength(2)
    names.zone.forget()
    expect(names.records('a.test', 'A', 0)).toBe('none')
    expect(names.failed.value).toBe(1)
  })

  test('dns_retr_time, dns_retr_no and dns_servers_no say how long and whom', () => {
    const names = world(2)
    Object.assign(names.settings, { dns_retr_time: 1, dns_retr_no: 3, dns_servers_no: 1 })
    names.zone.fault('*', '*', { lost: true })
    expect(names.records('a.test', 'A', 6900)).toBe('silent')
    expect(names.records('a.test', 'A', 200)).toBe('none')
    expect(names.zone.asked).toHaveLength(3)
    expect(names.second.asked).toEqual([])
  })

  test('because nobody listens there: the next server at once', () => {
    const names = new NameWorld({
      servers: [
        { ip: '10.9.9.9', port: 53 },
        { ip: '10.0.0.53', port: 53 },
      ],
    })
    names.zone.add(ZONE)
    expect(names.records('a.test', 'A', 50)).toBe('10.1.0.1')
  })

  test('without any server', () => {
    const names = new NameWorld({ servers: [] })
    expect(names.records('a.test', 'A', 0)).toBe('none')
  })
})

test('a slow answer is told and counted', () => {
  const names = world()
  names.settings.dns_slow_query_ms = 100
  names.zone.fault('b.test', 'A', { delayMs: 300 })
  names.records('a.test', 'A')
  expect(names.slow.value).toBe(0)
  names.records('b.test', 'A')
  expect(names.slow.value).toBe(1)
  expect(names.log.join()).toMatch(/^res_search\[1\]\[b\.test\]elapsed\[3\d\dms\]$/)
})

test('only so many questions are under way; the others wait their turn', () => {
  const names = world()
  let answered = 0
  for (let i = 0; i < 600; i++) names.dns.records(`n${i}.test`, 1, () => answered++)
  expect(names.zone.asked).toHaveLength(256)
  names.pass(60)
  expect(answered).toBe(600)
})
