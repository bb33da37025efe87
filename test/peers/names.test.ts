// A node that finds its way by a real name server on loopback: services, further places, a server
// that is slow to answer, and what operators see of it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { DnsServer } from '../kit/dns-server.ts'
import { Phone, type Transport } from '../kit/phone.ts'
import { freePort } from '../kit/ports.ts'
import { answersOptions, type SipServer, serverForTest } from '../kit/server.ts'
import { print, type SipText } from '../kit/sip-text.ts'

const CONFIG = `#!KAMAILIO
debug=0
log_stderror=yes
use_dns_failover=yes
use_dst_blocklist=yes
dns_retr_time=1
loadmodule "ctl.so"
loadmodule "counters.so"
loadmodule "cfg_rpc.so"
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "siputils.so"
modparam("tm", "fr_timer", 1000)
modparam("tm", "blst_methods_add", 512)
request_route {
  if (is_present_hf("X-Probe")) { sl_send_reply("200", "here"); exit; }
  t_relay();
}
`

async function nodeAndNames(
  frTimer = 1000,
): Promise<{ node: SipServer; dns: DnsServer; hosts: string }> {
  const dns = await DnsServer.open()
  onTestFinished(() => dns.close())
  const folder = mkdtempSync(join(tmpdir(), 'names-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [resolvConf, hosts] = [join(folder, 'resolv.conf'), join(folder, 'hosts')]
  writeFileSync(resolvConf, `nameserver ${dns.address}\n`)
  writeFileSync(hosts, '127.0.0.1 localhost pbx.local\n')
  const config = CONFIG.replace('"fr_timer", 1000', `"fr_timer", ${frTimer}`)
  const args = ['--resolv-conf', resolvConf, '--hosts', hosts]
  return { dns, hosts, node: await serverForTest({ config, args }) }
}

async function phone(transport: Transport = 'udp'): Promise<Phone> {
  const opened = await Phone.open(transport, '127.0.0.1')
  onTestFinished(() => opened.close())
  return opened
}

let calls = 0
function options(from: Phone, uri: string): string {
  const id = `names-${++calls}`
  return print(`OPTIONS ${uri} SIP/2.0`, [
    ['Via', `SIP/2.0/UDP ${from.address};branch=z9hG4bK${id};rport`],
    ['Max-Forwards', '70'],
    ['From', `<sip:probe@${from.address}>;tag=${id}`],
    ['To', `<${uri}>`],
    ['Call-ID', id],
    ['CSeq', '1 OPTIONS'],
  ])
}

/** Answers the next request that comes. */
async function answer(who: Phone, first: string): Promise<SipText> {
  const got = await who.expect(/^OPTIONS/)
  const copied = got.message.headers.filter(([name]) => /^(via|from|to|call-id|cseq)$/i.test(name))
  got.answer(print(`SIP/2.0 ${first}`, copied))
  return got.message
}

describe('the next place of a service takes over', () => {
  test('after a 503', async () => {
    const { node, dns } = await nodeAndNames()
    const [caller, busy, good] = [await phone(), await phone(), await phone()]
    dns.zone.add(`
      _sip._udp.example.test 60 SRV 10 0 ${busy.port} host.example.test
      _sip._udp.example.test 60 SRV 20 0 ${good.port} host.example.test
      host.example.test 60 A 127.0.0.1`)
    await caller.send(options(caller, 'sip:bob@example.test'), node.host, node.port)
    const first = await answer(busy, '503 Full')
    const second = await answer(good, '200 OK')
    await caller.expect(/^SIP\/2\.0 200 OK/)
    const branch = (request: SipText): string => /branch=([^;]+)/.exec(request.header('Via'))![1]!
    expect(branch(first)).not.toBe(branch(second))
    expect(branch(second)).toBe(branch(first).replace(/0$/, '1'))
  })

  test('when nobody answers, and the silent one is left alone for a while', async () => {
    const { node, dns } = await nodeAndNames()
    const [caller, silent, good] = [await phone(), await phone(), await phone()]
    dns.zone.add(`
      _sip._udp.example.test 60 SRV 10 0 ${silent.port} host.example.test
      _sip._udp.example.test 60 SRV 20 0 ${good.port} host.example.test
      host.example.test 60 A 127.0.0.1`)
    await caller.send(options(caller, 'sip:bob@example.test'), node.host, node.port)
    await answer(good, '200 OK')
    await caller.expect(/^SIP\/2\.0 200 OK/)
    expect(await node.rpc('dst_blocklist.view')).toContain(`port: ${silent.port}`)
    silent.inbox.length = 0
    await caller.send(options(caller, 'sip:bob@example.test'), node.host, node.port)
    await answer(good, '200 OK')
    expect(silent.inbox).toEqual([])
    await node.rpc('dst_blocklist.delete_all')
    expect(await node.rpc('dst_blocklist.debug')).not.toContain('127.0.0.1')
  })

  test('when nobody listens there', async () => {
    // It does not wait for fr_timer.
    const { node, dns } = await nodeAndNames(60_000)
    const [caller, good] = [await phone(), await phone()]
    dns.zone.add(`
      _sip._udp.example.test 60 SRV 10 0 ${await freePort()} host.example.test
      _sip._udp.example.test 60 SRV 20 0 ${good.port} host.example.test
      host.example.test 60 A 127.0.0.1`)
    await caller.send(options(caller, 'sip:bob@example.test'), node.host, node.port)
    await answer(good, '200 OK')
    await caller.expect(/^SIP\/2\.0 200 OK/)
    expect(await node.rpc('dst_blocklist.view')).toContain('flags: 8')
  })

  test('when the connection is refused', async () => {
    const { node, dns } = await nodeAndNames(60_000)
    const [caller, good] = [await phone(), await phone('tcp')]
    dns.zone.add(`
      _sip._tcp.example.test 60 SRV 10 0 ${await freePort()} host.example.test
      _sip._tcp.example.test 60 SRV 20 0 ${good.port} host.example.test
      host.example.test 60 A 127.0.0.1`)
    await caller.send(options(caller, 'sip:bob@example.test;transport=tcp'), node.host, node.port)
    await answer(good, '200 OK')
    await caller.expect(/^SIP\/2\.0 200 OK/)
    expect(await node.rpc('dst_blocklist.view')).toContain('flags: 6')
  })
})

test('nobody waits for a name server but who asked for the name', async () => {
  const { node, dns } = await nodeAndNames()
  const [caller, callee] = [await phone(), await phone()]
  dns.zone.add(`slow.test 60 A 127.0.0.1`).fault('slow.test', 'A', { delayMs: 800 })
  await caller.send(options(caller, `sip:bob@slow.test:${callee.port}`), node.host, node.port)
  await answersOptions(node, 'udp', 20_000)
  expect(callee.inbox).toEqual([])
  await answer(callee, '200 OK')
  await caller.expect(/^SIP\/2\.0 200 OK/)
})

test('dns_reinit reads the files again', async () => {
  const { node, hosts } = await nodeAndNames()
  const [caller, callee] = [await phone(), await phone()]
  writeFileSync(hosts, '127.0.0.1 new.local')
  await node.rpc('cfg.seti', 'core', 'dns_reinit', '1')
  await caller.send(options(caller, `sip:bob@new.local:${callee.port}`), node.host, node.port)
  await answer(callee, '200 OK')
})

test('a name that nobody knows is answered 478', async () => {
  const { node } = await nodeAndNames()
  const caller = await phone()
  await caller.send(options(caller, 'sip:bob@nobody.test'), node.host, node.port)
  await caller.expect(/^SIP\/2\.0 478 Unresolvable destination/)
})

test('a local name, a permanent record and the cache as operators see it', async () => {
  const { node, dns } = await nodeAndNames()
  const [caller, callee] = [await phone(), await phone()]
  await caller.send(options(caller, `sip:bob@pbx.local:${callee.port}`), node.host, node.port)
  await answer(callee, '200 OK')
  await node.rpc('dns.add_a', 'gw.test', '60', '127.0.0.1', '2')
  await caller.send(options(caller, `sip:bob@gw.test:${callee.port}`), node.host, node.port)
  await answer(callee, '200 OK')
  expect(dns.zone.asked).toEqual([])
  const view = await node.rpc('dns.view')
  expect(view).toContain('name: gw.test')
  expect(view).toContain('permanent: yes')
  expect(await node.rpc('dns.lookup', 'a', 'none.test')).toContain('400 - Not found')
  expect(await node.rpc('cnt.grp_get_all', 'dns')).toContain('failed_dns_request: 1')
})
