// A request that goes over TLS from one server to the next, both ways between nodes of ours and the
// real Kamailio: each shows its certificate, the name that is asked for chooses the other's.
import { afterAll, describe, expect, test } from 'vitest'
import { Authority } from '../kit/certificates.ts'
import { Phone } from '../kit/phone.ts'
import { freePort } from '../kit/ports.ts'
import { profile, tlsFile } from '../kit/secure-node.ts'
import { type SipServer, serverForTest } from '../kit/server.ts'
import { print } from '../kit/sip-text.ts'

const authority = new Authority()
afterAll(() => authority.remove())
const near = authority.sign('near', '/CN=near.example.org', 'DNS:near.example.org')
const far = authority.sign('far', '/CN=far.example.org', 'DNS:far.example.org')
const named = authority.sign('named', '/CN=named.example.org', 'DNS:named.example.org')
const special = authority.sign('special', '/CN=special.example.org')

const TRUST = `ca_list = ${authority.certificate}\nverify_certificate = yes`
const BOTH = `${TRUST}\nrequire_certificate = yes`

/** Relays what comes to the next one; `more` runs before. */
const config = (port: number, file: string, next: string, more = '', events = ''): string =>
  `#!KAMAILIO
children=1
tcp_children=1
enable_tls=yes
listen=tls:127.0.0.1:${port}
loadmodule "ctl.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "xlog.so"
loadmodule "tls.so"
modparam("tls", "config", "${file}")
modparam("tls", "xavp_cfg", "tls")
request_route {
  force_rport();
  if (is_present_hf("X-Probe")) { sl_send_reply("200", "Alive"); exit; }
  if ($proto == "tls")
    append_hf("X-Peer: $tls_peer_subject_cn $tls_peer_verified $tls_peer_server_name\\r\\n");
  ${more}
  $du = "${next}";
  t_relay();
}
${events}
`

const message = (phone: Phone): string =>
  print('MESSAGE sip:bob@example.org SIP/2.0', [
    ['Via', `SIP/2.0/UDP ${phone.address};branch=z9hG4bK${phone.port};rport`],
    ['Max-Forwards', '70'],
    ['From', '<sip:alice@example.org>;tag=1'],
    ['To', '<sip:bob@example.org>'],
    ['Call-ID', `tls-${phone.port}`],
    ['CSeq', '1 MESSAGE'],
    ['Content-Length', '0'],
  ])

interface Way {
  readonly alice: Phone
  readonly bob: Phone
  readonly first: SipServer
  readonly second: SipServer
  /** Of TLS, of the two servers. */
  readonly ports: readonly [number, number]
}

interface Wish {
  /** Which of the two is the real Kamailio. */
  readonly original?: 'first' | 'second'
  readonly more?: string
  readonly events?: string
  /** More of the first one's tls.cfg. */
  readonly clients?: string
  readonly server?: string
}

/** Alice, two servers with TLS between them, and Bob. */
async function way({ original, more, events, clients = '', server = BOTH }: Wish): Promise<Way> {
  const [alice, bob] = [await Phone.open('udp'), await Phone.open('udp')]
  const [here, there] = [await freePort(), await freePort()]
  const trusted = profile('client:default', near, TRUST)
  const mine = tlsFile(authority, `${profile('server:default', near)}${trusted}${clients}`)
  const theirs = tlsFile(
    authority,
    profile('server:default', far, server) +
      profile('server:any', named, `server_name = named.example.org\n${server}`) +
      profile('client:default', far, TRUST),
  )
  const to = `sip:127.0.0.1:${there};transport=tls`
  const second = await serverForTest({
    config: config(there, theirs, `sip:${bob.address}`),
    original: original === 'second',
  })
  const first = await serverForTest({
    config: config(here, mine, to, more, events),
    original: original === 'first',
  })
  return { alice, bob, first, second, ports: [here, there] }
}

/** Bob's X-Peer: what the second server saw of the first. */
async function seen({ alice, bob, first, second }: Way): Promise<string> {
  await alice.send(message(alice), first.host, first.port)
  const got = await bob.take(one => one.message.method === 'MESSAGE', 4000)
  expect(got, `${first.log}\n${second.log}`).toBeDefined()
  const copied = got!.message.headers.filter(([name]) => /^(via|from|to|call-id|cseq)$/i.test(name))
  got!.answer(print('SIP/2.0 200 OK', copied))
  await alice.expect(/^SIP\/2\.0 200/)
  await Promise.all([alice.close(), bob.close()])
  return got!.message.header('X-Peer')
}

describe.for([undefined, 'first', 'second'] as const)('TLS, Kamailio is %s', original => {
  test('certificates go both ways, and tls.list has the ports of both ends', async () => {
    const ways = await way({ original })
    expect(await seen(ways)).toMatch(/^near\.example\.org 1/)
    const list = await ways.first.rpc('tls.list')
    expect(list).toContain(`src_port: ${ways.ports[1]}\n`)
    expect(list).not.toContain(`dst_port: ${ways.ports[0]}\n`)
    expect(list).not.toContain('dst_port: 0\n')
  })

  test('$xavp(tls=>server_name) asks for a name', async () => {
    const more = '$xavp(tls=>server_name) = "named.example.org";'
    const ways = await way({ original, more })
    expect(await seen(ways)).toBe('near.example.org 1 named.example.org')
  })

  test('$xavp(tls=>server_id) chooses the client profile', async () => {
    const more = '$xavp(tls=>server_id) = "special";'
    const clients = profile('client:any', special, `server_id = special\nserver_name = x\n${TRUST}`)
    // Its name is for choosing it and is not asked for.
    expect(await seen(await way({ original, more, clients }))).toMatch(
      /^special\.example\.org 1( <null>)?$/,
    )
  })
})

describe('TLS that fails', () => {
  /** The status that Alice gets; Bob gets nothing. */
  async function refused({ alice, bob, first }: Way): Promise<number> {
    await alice.send(message(alice), first.host, first.port)
    const reply = await alice.take(({ message: { status } }) => status > 100, 5000)
    expect(bob.inbox).toHaveLength(0)
    await Promise.all([alice.close(), bob.close()])
    return reply?.message.status ?? 0
  }

  test('event_route[tls:connection-out] may drop the connection', async () => {
    const events = 'event_route[tls:connection-out] { xlog("out to $si:$sp\\n"); drop; }'
    const ways = await way({ events })
    expect(await refused(ways)).toBeGreaterThanOrEqual(400)
    expect(ways.first.log).toMatch(/out to 127\.0\.0\.1:\d+/)
  })

  test('a server with an expired certificate is not spoken to', async () => {
    const old = authority.sign('expired', '/CN=far.example.org', '', -1)
    const [alice, bob] = [await Phone.open('udp'), await Phone.open('udp')]
    const [here, there] = [await freePort(), await freePort()]
    const theirs = tlsFile(authority, profile('server:default', old))
    const mine = tlsFile(
      authority,
      profile('server:default', near) + profile('client:default', near, TRUST),
    )
    const second = await serverForTest({ config: config(there, theirs, `sip:${bob.address}`) })
    const to = `sip:127.0.0.1:${there};transport=tls`
    const first = await serverForTest({ config: config(here, mine, to) })
    expect(
      await refused({ alice, bob, first, second, ports: [here, there] }),
    ).toBeGreaterThanOrEqual(400)
    expect(first.log).toMatch(/refused: bad certificate: certificate has expired/)
  })
})
