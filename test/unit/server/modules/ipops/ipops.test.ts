import { expect, test } from 'vitest'
import { makeEntry } from '../../../../../server/net/dns/cache.ts'
import { A, AAAA, NAPTR, PTR, type RecordData, SRV } from '../../../../../server/net/dns/records.ts'
import { reverseName } from '../../../../../server/modules/ipops/queries.ts'
import { messageText } from '../../../../compat/pv/facts.ts'
import { Bench } from '../../../../kit/bench.ts'

const PLAIN = messageText('plain')

/** A node that knows these records and asks nobody. */
async function bench(
  script: string,
  known: [name: string, type: number, ...data: RecordData[]][],
): Promise<Bench> {
  const modules = ['pv', 'xlog', 'ipops'].map(name => `loadmodule "${name}.so"\n`).join('')
  const node = await Bench.start(`${modules}request_route {\n${script}\n}\n`)
  const { dns } = node.core
  const forever = Number.POSITIVE_INFINITY
  for (const [name, type, ...data] of known) {
    const records = data.map(each => ({ data: each, expires: forever }))
    dns.cache.put(makeEntry(name, type, records, forever, dns.now()))
  }
  return node
}

const address = (ip: string): RecordData => ({ kind: 'address', ip })
const service = (priority: number, weight: number, name: string): RecordData => ({
  kind: 'srv',
  priority,
  weight,
  port: 5060,
  name,
})

test('a host has the addresses of both families', async () => {
  const node = await bench(
    `dns_query("h.example.org", "q"); $var(i) = 1;
xlog("$rc $dns(q=>count) $dns(q=>ipv4)$dns(q=>ipv6) $dns(q=>addr[0]) $dns(q=>addr[$var(i)])");
xlog("$dns(q=>type[0])$dns(q=>type[1]) $dns(q=>addr[-1]) $dns(q=>addr[7])");
dns_int_match_ip("h.example.org", "[2001:DB8:0::1]"); xlog("$rc");
dns_sys_match_ip("h.example.org", "192.0.2.9"); xlog("$rc");`,
    [
      ['h.example.org', A, address('192.0.2.1')],
      ['h.example.org', AAAA, address('2001:db8::1')],
    ],
  )
  expect(node.logged(PLAIN)).toEqual([
    '<script>: 1 2 11 192.0.2.1 2001:db8::1',
    '<script>: 46 2001:db8::1 <null>',
    '<script>: 1',
    '<script>: -1',
  ])
})

test('services come in the order of their priority', async () => {
  const node = await bench(
    `srv_query("_sip._udp.example.org", "s");
xlog("$rc $srvquery(s=>count) $srvquery(s=>target[0]) $srvquery(s=>target[1])");
xlog("$srvquery(s=>target[2]) $srvquery(s=>port[0]) $srvquery(s=>weight[0])");`,
    [['_sip._udp.example.org', SRV, service(2, 1, 'c'), service(1, 5, 'b'), service(1, 9, 'a')]],
  )
  expect(node.logged(PLAIN)).toEqual(['<script>: 1 3 a b', '<script>: c 5060 9'])
})

test('NAPTR and PTR records', async () => {
  const pointer = (order: number, replacement: string): RecordData => ({
    kind: 'naptr',
    order,
    preference: 10,
    flags: 's',
    service: 'SIP+D2U',
    regexp: '',
    replacement,
  })
  const node = await bench(
    `naptr_query("example.org", "n");
xlog("$naptrquery(n=>count) $naptrquery(n=>replace[0]) $naptrquery(n=>order[1])");
xlog("$naptrquery(n=>services[0]) $naptrquery(n=>flags[0]) $naptrquery(n=>pref[0])");
ptr_query("192.0.2.7", "p"); xlog("$rc $ptrquery(p=>hostname)");
ptr_query("x", "p"); xlog("$rc");`,
    [
      ['example.org', NAPTR, pointer(20, 'two'), pointer(10, 'one')],
      ['7.2.0.192.in-addr.arpa', PTR, { kind: 'name', name: 'seven.example.org' }],
    ],
  )
  expect(node.logged(PLAIN).filter(line => !line.includes('no address'))).toEqual([
    '<script>: 2 one 20',
    '<script>: SIP+D2U s 10',
    '<script>: 1 seven.example.org',
    '<script>: -1',
  ])
})

test('what is not there leaves nothing behind', async () => {
  const node = await bench(
    `dns_query("no.invalid", "q"); xlog("$rc $dns(q=>count)");
srv_query("_sip._udp.no.invalid", "q"); xlog("$rc $srvquery(q=>count) $srvquery(q=>port[0])");`,
    [],
  )
  expect(node.logged(PLAIN)).toEqual(['<script>: -4 <null>', '<script>: -3 0 <null>'])
})

test('the name of an address', () => {
  expect(reverseName('192.0.2.7')).toBe('7.2.0.192.in-addr.arpa')
  expect(reverseName('2001:db8::1')).toBe(
    `1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa`,
  )
  expect(reverseName('x')).toBeNull()
})

test('a config that asks for nothing that is known is refused', async () => {
  await expect(bench('xlog("$dns(q=>colour)");', [])).rejects.toThrow('nothing that is known')
  await expect(bench('xlog("$dns(q)");', [])).rejects.toThrow('nothing that is known')
  await expect(bench('xlog("$HN(x)");', [])).rejects.toThrow('not known here')
})

test('this machine has a name', async () => {
  const node = await bench('xlog("$HN(n) $HN(f) $HN(i)");', [])
  expect(node.logged(PLAIN)[0]).toMatch(/^<script>: [\w-]+ [\w.-]+ 127\.0\.0\.1$/)
})
