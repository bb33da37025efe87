// What test/compat/topology does not say of topoh: the mask itself, wrong parameters, modes.
import { expect, test } from 'vitest'
import { Mask } from '../../../../../server/modules/topoh/mask.ts'
import { Bench } from '../../../../kit/bench.ts'
import { ScriptBench } from '../script-bench.ts'

const RELAY =
  'request_route { xlog("L_ALERT", "$th(ecallid) $ru"); $du = "sip:127.0.0.1:25085"; forward(); }'

const bench = (params: string, routes = RELAY, modules = ''): Promise<Bench> =>
  Bench.start(`debug=0
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "sl.so"
${modules}
loadmodule "topoh.so"
${params}
${routes}
`)

const invite = (more = '', to = ''): string =>
  `INVITE sip:bob@example.org SIP/2.0
Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKx
From: <sip:a@example.org>;tag=f
To: <sip:b@example.org>${to}
Call-ID: call
CSeq: 1 INVITE
Contact: sip:a@10.0.0.5
${more}Content-Length: 0

`.replaceAll('\n', '\r\n')

test('a mask gives back what it was given, whatever the key and the length', () => {
  for (const key of ['k', 'another key', '\xff\x80\x01']) {
    const mask = new Mask(key)
    for (const text of ['a', 'ab', 'abc', 'sip:\xe4@10.0.0.5;ob', '\x00\xff'.repeat(40)])
      expect(mask.decode(mask.encode(text))).toBe(text)
  }
})

test('two keys make two alphabets', () => {
  expect(new Mask('one').decode(new Mask('two').encode('sip:a@10.0.0.5'))).not.toBe(
    'sip:a@10.0.0.5',
  )
})

test.each(['', '*', '****', 'a b', 'ab\u{20ac}c', 'A'])('%j is no mask', text => {
  expect(new Mask('k').decode(text)).toBeNull()
})

test('a Contact without brackets gets some, and the cookie stays inside', async () => {
  const node = await bench('')
  node.receive(invite())
  const [sent] = node.sent
  expect(sent!.text).toMatch(/\r\nContact: <sip:127\.0\.0\.8;line=sr-[^>]+>\r\n/)
  expect(sent!.text).not.toMatch(/^TH:/m)
})

test('mask_ip empty: the address of the socket', async () => {
  const node = await bench('modparam("topoh", "mask_ip", "")')
  node.receive(invite())
  expect(node.sent[0]!.text).toMatch(/\r\nContact: <sip:127\.0\.0\.1;line=sr-/)
})

test('use_mode 1: messages pass as they are', async () => {
  const node = await bench('modparam("topoh", "use_mode", 1)')
  node.receive(invite())
  expect(node.sent[0]!.text).toContain('\r\nContact: sip:a@10.0.0.5\r\n')
})

test('drop in an event route leaves a message unmasked', async () => {
  for (const event of ['outgoing', 'sending']) {
    const node = await bench('', `${RELAY}\nevent_route[topoh:msg-${event}] { drop; }`)
    node.receive(invite())
    expect(node.sent[0]!.text).toContain('\r\nContact: sip:a@10.0.0.5\r\n')
    const deaf = event === 'outgoing' ? 2 : 1
    const other = await bench(
      `modparam("topoh", "event_mode", ${deaf})`,
      `${RELAY}\nevent_route[topoh:msg-${event}] { drop; }`,
    )
    other.receive(invite())
    expect(other.sent[0]!.text).not.toContain('10.0.0.5')
  }
})

test('a function of a script stands for the event routes', async () => {
  const script = `
    function ksr_request_route() { KSR.setdsturi("sip:127.0.0.1:25085"); KSR.forward(); }
    function ksr_topoh(event) {
      KSR.log("err", "@@" + event + " " + KSR.pv.gete("$rm"));
      if (event === "topoh:msg-sending") KSR.x.drop();
    }`
  const params = ['loadmodule "topoh.so"', 'modparam("topoh", "event_callback", "ksr_topoh")']
  const { bench: node } = await ScriptBench.start('app_jsdt', { 'a.js': script }, '', params)
  node.receive(invite())
  const told = node.lines.map(line => line.text).filter(text => text.includes('@@'))
  expect(told.map(text => text.split('@@')[1]!.trim())).toEqual([
    'topoh:msg-outgoing OPTIONS',
    'topoh:msg-sending INVITE',
  ])
  expect(node.sent[0]!.text).toContain('\r\nContact: sip:a@10.0.0.5\r\n')
})

test('the variable, and a line parameter of a phone', async () => {
  const node = await bench('')
  node.receive(invite('', ';tag=t').replace('INVITE sip:bob@example.org', 'INVITE sip:b@h;line=x7'))
  const masked = new Mask('aL9.n8~Hm]Z').encode('call')
  expect(node.lines.map(line => line.text).join('\n')).toContain(`!!:${masked} sip:b@h;line=x7`)
})

test('what fails the sanity checks goes to the script as it is, and is not answered', async () => {
  const sane = 'loadmodule "sanity.so"'
  const node = await bench('modparam("topoh", "sanity_checks", 1)', RELAY, sane)
  node.receive(invite('Expires: never\r\n'))
  expect(node.sent.map(({ text }) => text.split(' ', 1)[0])).toEqual(['INVITE'])
  expect(node.sent[0]!.text).toContain('\r\nContact: sip:a@10.0.0.5\r\n')
})

test.each([
  ['modparam("topoh", "mask_key", "")', 'mask_key is empty'],
  ['modparam("topoh", "mask_ip", "a b")', 'mask_ip a b is no address'],
  ['modparam("topoh", "sanity_checks", 1)', 'sanity_checks needs the module sanity'],
])('%s is refused', async (params, text) => {
  await expect(bench(params)).rejects.toThrow(text)
})

test('garbage and other protocols pass', async () => {
  const node = await bench('')
  for (const text of ['', '\r\n\r\n', 'HTTP/1.1 200 OK\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n', '\xff'])
    node.receive(text)
  expect(node.lines.filter(line => line.text.includes('dropped'))).toEqual([])
})

// The real Kamailio does the same, or drops a request that its own unmasking has broken.
test('what was masked with another key, or never was, is no way through', async () => {
  const routes = `request_route {
  if (loose_route()) { xlog("L_ALERT", "MARK through"); exit; }
  sl_send_reply("404", "Not here");
}`
  const node = await bench('modparam("topoh", "mask_callid", 1)', routes, 'loadmodule "rr.so"')
  const tokens = ['one', 'two', 'three', 'four'].map(key =>
    new Mask(key).encode('sip:bob@192.0.2.77:5060;transport=tcp'),
  )
  for (const [i, token] of [...tokens, 'AAAA', 'xx'].entries()) {
    node.sent.length = 0
    const bye = invite('Route: <sip:127.0.0.1:25070;lr;ftag=f>\n'.replace('\n', '\r\n'), ';tag=t')
      .replace('INVITE sip:bob@example.org', `BYE sip:127.0.0.8;line=sr-${token}`)
      .replace('1 INVITE', `${i + 1} BYE`)
    node.receive(bye)
    const [answer] = node.sent
    expect(answer?.text.split('\r\n')[0]).toBe('SIP/2.0 404 Not here')
    expect(answer?.text).toContain('\r\nCall-ID: call\r\n')
  }
  expect(node.lines.filter(({ text }) => text.includes('MARK'))).toEqual([])
})
