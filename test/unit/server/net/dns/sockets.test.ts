// Questions over real sockets to a real server on loopback.
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { defaultCoreParams } from '../../../../../server/core/params.ts'
import { systemClock } from '../../../../../server/lib/clock.ts'
import { SystemRandom } from '../../../../../server/lib/random.ts'
import { Wheel } from '../../../../../server/lib/wheel.ts'
import type { DnsEntry } from '../../../../../server/net/dns/cache.ts'
import { Dns } from '../../../../../server/net/dns/dns.ts'
import { A, TXT } from '../../../../../server/net/dns/records.ts'
import { systemTransport } from '../../../../../server/net/dns/sockets.ts'
import { DnsServer } from '../../../../kit/dns-server.ts'
import { testSources } from '../../../../kit/name-world.ts'
import { freePort } from '../../../../kit/ports.ts'

let server: DnsServer
const wheel = new Wheel(systemClock, () => undefined)
const ticker = setInterval(() => wheel.run(), 20)
const open: Dns[] = []

beforeAll(async () => {
  server = await DnsServer.open()
  server.zone.add('a.test 60 A 10.1.0.1')
})
afterAll(async () => {
  clearInterval(ticker)
  for (const dns of open) dns.close()
  await server.close()
})
beforeEach(() => server.zone.forget())

function resolver(list: { host: string; port: number }[] = [server]): Dns {
  const servers = list.map(({ host: ip, port }) => ({ ip, port }))
  const dns = new Dns({
    settings: { ...defaultCoreParams(), dns_retr_time: 1, dns_retr_no: 1 },
    clock: systemClock,
    random: new SystemRandom(),
    timers: wheel,
    sources: testSources({ servers }),
    transport: systemTransport,
    supports: () => true,
    hasFamily: () => true,
    log: () => undefined,
    failed: { value: 0 },
    slow: { value: 0 },
  })
  open.push(dns)
  return dns
}

const ips = (entry: DnsEntry): string[] =>
  entry.records.map(({ data }) => (data.kind === 'address' ? data.ip : ''))

describe('a question', () => {
  test('is answered over UDP', async () => {
    expect(ips(await resolver().lookup('a.test', A))).toEqual(['10.1.0.1'])
    expect(server.zone.questions).toMatchObject([{ transport: 'udp', edns: true }])
  })

  test('comes from another port and with another id each time', async () => {
    const dns = resolver()
    const names = Array.from({ length: 20 }, (_, i) => `n${i}.test`)
    await Promise.all(names.map(async name => dns.lookup(name, A)))
    const { questions } = server.zone
    expect(new Set(questions.map(question => question.port)).size).toBe(20)
    expect(new Set(questions.map(question => question.id)).size).toBeGreaterThan(15)
  })

  test('whose answer does not fit is asked again over TCP', async () => {
    const texts = Array.from({ length: 40 }, (_, i) => `big.test 60 TXT ${'x'.repeat(200)}${i}`)
    server.zone.add(texts.join('\n')).fault('big.test', 'TXT', { truncated: true })
    const entry = await resolver().lookup('big.test', TXT)
    expect(entry.records).toHaveLength(40)
    expect(server.zone.questions.map(question => question.transport)).toEqual(['udp', 'tcp'])
  })

  test('to a port where nobody listens goes to the next server', async () => {
    const dns = resolver([{ host: '127.0.0.1', port: await freePort() }, server])
    expect(ips(await dns.lookup('a.test', A))).toEqual(['10.1.0.1'])
  })

  test('without an answer ends', async () => {
    server.zone.fault('a.test', 'A', { lost: true })
    expect((await resolver().lookup('a.test', A)).negative).toBe(true)
  })

  test.for([
    ['that hangs up', { hangUp: true }],
    ['that says nothing', { bytes: Buffer.alloc(0) }],
  ] as const)('over TCP to a server %s goes to the next one', async ([, fault]) => {
    const second = await DnsServer.open()
    onTestFinished(() => second.close())
    second.zone.add('a.test 60 A 10.1.0.2')
    server.zone.fault('a.test', 'A', { truncated: true, times: 1 }).fault('a.test', 'A', fault)
    const dns = resolver([server, second])
    expect(ips(await dns.lookup('a.test', A))).toEqual(['10.1.0.2'])
    expect(server.zone.questions.map(question => question.transport)).toEqual(['udp', 'tcp'])
  })
})
