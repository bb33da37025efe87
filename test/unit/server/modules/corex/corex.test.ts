import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { TCP, UDP } from '../../../../../server/sip/transport.ts'
import { Bench, second } from '../../../../kit/bench.ts'
import { messageText } from '../../../../compat/pv/facts.ts'

const bench = (script = 'exit;', head = ''): Promise<Bench> =>
  Bench.start(`debug=2
server_id=7
loadmodule "kex.so"
loadmodule "corex.so"
loadmodule "pv.so"
loadmodule "xlog.so"
${head}
request_route {
${script}
}
reply_route {
forward_reply();
}
`)

const PLAIN = messageText('plain')

test('messages and texts leave as they are, from the socket that was asked for', async () => {
  const node = await bench(`$du = "sip:192.0.2.1:5090;transport=tcp";
send_udp();
send_tcp("192.0.2.2:5091");
send_data("sip:192.0.2.3", "hello $rm");
sendx("sip:192.0.2.4:5092", "udp:127.0.0.1:25071", "there");
send_data("nonsense", "x");`)
  node.receive(PLAIN)
  expect(node.sent.map(({ text, to }) => [text, to.proto, to.ip, to.port])).toEqual([
    [PLAIN, UDP, '192.0.2.1', 5090],
    [PLAIN, TCP, '192.0.2.2', 5091],
    ['hello OPTIONS', UDP, '192.0.2.3', 5060],
    ['there', UDP, '192.0.2.4', 5092],
  ])
  expect(node.sent[3]!.to.socket).toBe(second)
  expect(node.lines.map(line => line.text)).toContain('nonsense is no URI to send to')
})

test('our Via says what the script adds to it', async () => {
  const node = await bench(
    `$du = "sip:192.0.2.1";
via_add_srvid("1");
$xavp(v=>a) = 1; $xavp(v[0]=>b) = "x";
via_add_xavp_params("1");
$xavp(f=>address) = "203.0.113.1"; $xavp(f[0]=>port) = "5099";
via_use_xavp_fields("1");
forward();
via_add_srvid("0"); via_add_xavp_params("0"); via_use_xavp_fields("0");
forward();`,
    'xavp_via_params="v"\nxavp_via_fields="f"',
  )
  node.receive(PLAIN)
  const vias = node.sent.map(({ text }) => text.split('\r\n')[1]!)
  expect(vias[0]).toMatch(
    /^Via: SIP\/2\.0\/UDP 203\.0\.113\.1:5099;branch=z9hG4bK.*;srvid=7;b=x;a=1$/,
  )
  expect(vias[1]).toMatch(/^Via: SIP\/2\.0\/UDP 127\.0\.0\.1:25070;branch=[^;]+$/)
})

test('forward_reply sends to the second Via', async () => {
  const node = await bench()
  node.receive(messageText('reply'))
  expect(node.sent[0]!.to).toMatchObject({ ip: '192.0.2.1', port: 5062 })
  expect(node.sent[0]!.text).not.toContain('z9hG4bKself')
})

test('a domain with its sub-domains is ours', async () => {
  const head = `modparam("corex", "alias_subdomains", "sub.example")
modparam("corex", "alias_subdomains", "udp:sip.example:5060")`
  const hosts = [
    'a.sub.example',
    'SUB.example',
    'xsub.example',
    'q.sip.example:5060',
    'sip.example:5062',
  ]
  const script = hosts.map(host => `if (is_myself("sip:${host}")) { xlog("${host}"); }`).join('\n')
  const node = await bench(script, head)
  expect(node.logged(PLAIN)).toEqual([
    '<script>: a.sub.example',
    '<script>: SUB.example',
    '<script>: q.sip.example:5060',
  ])
})

test('files are read and written; a large one is not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'corex-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'in'), 'h\xe4llo', 'latin1')
  writeFileSync(join(folder, 'large'), Buffer.alloc(2 << 20))
  const node = await bench(`file_read("${folder}/in", "$var(x)");
file_write("${folder}/out", "$var(x)!");
if (!file_read("${folder}/large", "$var(y)")) xlog("too large");`)
  expect(node.logged(PLAIN).at(-1)).toBe('<script>: too large')
  expect(readFileSync(join(folder, 'out'), 'latin1')).toBe('h\xe4llo!')
})

test('an internal flag that is none is refused', async () => {
  await expect(bench('msg_iflag_set("OTHER");')).rejects.toThrow('OTHER is no internal flag')
})

test('event_route[network:msg] sees packets of both directions, and changes them', async () => {
  const node = await bench(
    'xinfo("$hdr(X)"); $du = "sip:192.0.2.1"; forward();',
    `modparam("corex", "nio_intercept", 1)
modparam("corex", "nio_min_msg_len", 40)
modparam("corex", "nio_msg_avp", "$avp(packet)")
event_route[network:msg] {
  if (is_incoming()) $avp(packet) = $(mb{s.replace,X: in,X: between});
  else $avp(packet) = $(mb{s.replace,X: between,X: out});
}`,
  )
  expect(node.logged(PLAIN.replace('\r\n', '\r\nX: in\r\n'))).toEqual(['<script>: between'])
  const [{ text, to }] = node.sent as [(typeof node.sent)[0]]
  expect(node.core.network.beforeSend!(text, to)).toContain('X: out')
})

describe('dns_cache', () => {
  const given = (text: string): Promise<Bench> =>
    bench('exit;', `modparam("corex", "dns_cache", "${text}")`)

  test('puts records into the cache', async () => {
    const node = await given('type=a;name=Gw.Test;addr=10.0.0.1;ttl=60;flags=2')
    const entry = await node.core.dns.lookup('gw.test', 1)
    expect(entry).toMatchObject({ permanent: true, records: [{ data: { ip: '10.0.0.1' } }] })
    const srv = 'type=SRV;name=_sip._udp.gw.test;addr=gw.test;port=5070;priority=1;weight=2;ttl=9'
    expect(
      (await (await given(srv)).core.dns.lookup('_sip._udp.gw.test', 33)).records,
    ).toMatchObject([{ data: { priority: 1, weight: 2, port: 5070, name: 'gw.test' } }])
  })

  test.for([
    ['type=A;name=gw.test', 'needs type, name and addr'],
    ['type=A;name=gw.test;addr=::1', 'invalid addr'],
    ['type=MX;name=gw.test;addr=x', 'a record of type MX'],
    ['type=A;name=gw.test;addr=10.0.0.1;ttl=soon', 'invalid ttl: soon'],
    ['kind=A', 'unknown attribute kind'],
  ] as const)('refuses %s', async ([text, why]) => {
    await expect(given(text)).rejects.toThrow(why)
  })
})

test('an operator sees sockets and aliases', async () => {
  const node = await bench()
  const [main, other] = node.rpc('corex.list_sockets') as Record<string, unknown>[]
  expect(main).toEqual({
    PROTO: 'udp',
    NAME: '127.0.0.1',
    ADDRLIST: { ADDR: '127.0.0.1' },
    PORT: '25070',
    MCAST: 'no',
    MHOMED: 'no',
    VIRTUAL: 'no',
    SOCKNAME: 'main',
    ADVERTISE: '-',
  })
  expect(other).toMatchObject({ SOCKNAME: 'second', ADVERTISE: '203.0.113.9' })
  expect(node.rpc('corex.list_aliases')).toEqual([{ PROTO: '*', ADDR: 'example.org', PORT: 0 }])
})

test('an operator changes the log level and looks at memory', async () => {
  const node = await bench()
  expect(node.rpc('corex.debug')).toEqual({ debug: 2 })
  expect(node.rpc('corex.debug', 3)).toEqual({ old: 2, new: 3 })
  expect(node.core.log.threshold).toBe(3)
  node.core.cfg.set('core', 'memlog', 0)
  node.rpc('corex.shm_summary')
  node.rpc('corex.shm_status')
  expect(node.lines.map(line => line.text).join('\n')).toContain('shm_status: heap size= ')
  node.rpc('corex.pkg_summary', 'idx', 0)
  expect(() => node.rpc('corex.pkg_summary', 'rank', 0)).toThrow('Unsupported selector')
  expect(() => node.rpc('corex.pkg_summary', 'foo', 0)).toThrow('Unsupported selector type')
  expect(() => node.rpc('corex.pkg_summary', 'idx', 9)).toThrow('Index value out of range')
  expect(node.rpc('shm.info')).toMatchObject({ name: 'v8' })
  const { total } = node.rpc('shm.stats') as { total: number }
  expect(node.rpc('shm.report')).toMatchObject({ total_size: total, max_free_frag_file: '' })
})

test('$cfg says where it stands', async () => {
  const node = await bench('route(X);\n}\nroute[X] {\nxlog("$cfg(line) $cfg(route)");')
  expect(node.logged(PLAIN)).toEqual(['<script>: 12 X'])
})

test('append_branch takes what the request has, and leaves it without', async () => {
  const attributes = ['uri', 'dst_uri', 'q', 'flags', 'send_socket']
  const show = (i: number): string =>
    `xlog("L_ALERT", "${attributes.map(name => `$(branch(${name})[${i}])`).join(' ')}; ` +
    '$du $fs $bf\\n");'
  const node = await bench(`$du = "sip:192.0.2.1"; $fs = "udp:127.0.0.1:25071"; setbflag(3);
append_branch("sip:x@192.0.2.2", "0.5"); ${show(0)}
append_branch(); ${show(1)}
append_branch("sip:y@192.0.2.2"); ${show(2)}`)
  const own = /^OPTIONS (\S+)/.exec(PLAIN)![1]!
  // As the real Kamailio answered.
  const said = node.logged(PLAIN).map(text => text.slice('<script>: '.length).trim())
  expect(said).toEqual([
    'sip:x@192.0.2.2 sip:192.0.2.1 500 8 udp:127.0.0.1:25071; sip:192.0.2.1 udp:127.0.0.1:25071 8',
    `${own} sip:192.0.2.1 <null> 8 udp:127.0.0.1:25071; <null> <null> 0`,
    'sip:y@192.0.2.2 <null> <null> 0 <null>; <null> <null> 0',
  ])
})
