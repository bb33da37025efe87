// A node on a machine for which there is no koffi: datagrams go through the runtime, certificates
// are judged after the handshake, and only the RPC socket of datagrams is missing.
import { once } from 'node:events'
import { resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Authority } from '../kit/certificates.ts'
import { run } from '../kit/child.ts'
import { Phone } from '../kit/phone.ts'
import { freePort } from '../kit/ports.ts'
import { ask, credentials, dial, OPTIONS, profile, tlsFile } from '../kit/secure-node.ts'
import { serverForTest } from '../kit/server.ts'
import { print } from '../kit/sip-text.ts'

const authority = new Authority()
const stranger = new Authority('/CN=Nobody we know')
afterAll(() => {
  authority.remove()
  stranger.remove()
})
const own = authority.sign('own', '/CN=sip.example.org', 'DNS:sip.example.org')
const phone = authority.sign('phone', '/CN=phone.example.org')
const strange = stranger.sign('strange', '/CN=strange')
const TRUST = `ca_list = ${authority.certificate}\nverify_certificate = yes\n`

const script = (port: number, file: string, callee: string): string => `#!KAMAILIO
children=1
enable_tls=yes
listen=tls:127.0.0.1:${port}
loadmodule "ctl.so"
loadmodule "kex.so"
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "jsonrpcs.so"
loadmodule "tls.so"
modparam("tls", "config", "${file}")
request_route {
  if (is_method("OPTIONS")) { sl_send_reply("200", "OK $proto"); exit; }
  if ($rU == "back") { $du = "sip:127.0.0.1:${port};transport=tls"; t_relay(); exit; }
  $du = "sip:${callee}";
  t_relay();
}`

const request = (method: string, user: string, from: Phone, branch: string): string =>
  print(`${method} sip:${user}@example.org SIP/2.0`, [
    ['Via', `SIP/2.0/UDP ${from.address};branch=z9hG4bK${branch};rport`],
    ['Max-Forwards', '70'],
    ['From', '<sip:alice@example.org>;tag=1'],
    ['To', '<sip:bob@example.org>'],
    ['Call-ID', `without-${from.port}-${user}`],
    ['CSeq', `1 ${method}`],
    ['Content-Length', '0'],
  ])

test('serves calls, TLS with certificates and RPC without koffi', async () => {
  const [alice, bob, port] = [await Phone.open('udp'), await Phone.open('udp'), await freePort()]
  const file = tlsFile(
    authority,
    profile('server:default', own, `${TRUST}require_certificate = yes`) +
      profile(
        'client:default',
        phone,
        `ca_list = ${stranger.certificate}\nverify_certificate = yes`,
      ),
  )
  const sip = await serverForTest({
    config: script(port, file, bob.address),
    env: { NODE_OPTIONS: `--import=${resolve('test/kit/without-koffi.ts')}` },
  })
  await sip.logged(/no datagram socket: no way to the C library/)

  await alice.send(request('INVITE', 'bob', alice, 'call'), sip.host, sip.port)
  const invite = await bob.expect(/^INVITE /)
  const kept = invite.message.headers.filter(([name]) =>
    /^(via|record-route|from|to|call-id|cseq)$/i.test(name),
  )
  invite.answer(print('SIP/2.0 200 OK', [...kept, ['Content-Length', '0']]))
  await alice.expect(/^SIP\/2\.0 200/)

  const known = await dial(authority, { sip, port }, credentials(phone))
  expect(await ask(known)).toContain('SIP/2.0 200 OK tls')
  const refused = await dial(authority, { sip, port }, credentials(strange))
  const ended = once(refused, 'close')
  refused.on('data', () => expect.unreachable('a stranger is served'))
  refused.write(OPTIONS)
  await ended
  await sip.logged(/refused: bad certificate: unable to verify the first certificate/)

  // A server whose certificate we do not trust: our own.
  await alice.send(request('MESSAGE', 'back', alice, 'back'), sip.host, sip.port)
  await alice.expect(/^SIP\/2\.0 (477|500|5\d\d)/)
  await sip.logged(/connect .* failed: TLS peer .* refused: bad certificate: /)

  const { output } = await run('ls', ['-l', sip.folder])
  expect(output).toMatch(/^p.*kamailio_rpc\.fifo/m)
  expect(await sip.rpc('tls.info')).toContain('opened_connections: ')
  await Promise.all([alice.close(), bob.close()])
})
