// Peers to whom no connection comes about: what t_relay() says, what the failure route sees, and
// what the caller hears. What the real Kamailio does stands beside what we do.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { Caller } from '../kit/caller.ts'
import { Authority } from '../kit/certificates.ts'
import { Phone } from '../kit/phone.ts'
import { freePort } from '../kit/ports.ts'
import { profile, tlsFile } from '../kit/secure-node.ts'
import { KAMAILIO, type SipServer, startServer } from '../kit/server.ts'

const MODULES = ['corex', 'tls', 'tm', 'tmx', 'sl', 'pv', 'xlog', 'textops']

const config = (tlsPort: number, tlsConfig: string): string => `#!KAMAILIO
debug=0
children=1
enable_tls=yes
listen=tls:127.0.0.1:${tlsPort}
tcp_connect_timeout=1
tcp_max_connections=3
${MODULES.map(name => `loadmodule "${name}.so"`).join('\n')}
modparam("tls", "config", "${tlsConfig}")
modparam("tm", "fr_timer", 2000)
request_route {
  if (!is_present_hf("X-To")) { sl_send_reply("404", "Not Found"); exit; }
  t_on_failure("F");
  $ru = $hdr(X-To);
  $var(code) = t_relay();
  xlog("L_ALERT", "$hdr(X-Case) relayed $var(code)\\n");
}
failure_route[F] { xlog("L_ALERT", "$hdr(X-Case) failed $T_reply_code\\n"); }
`

let authority: Authority
let server: SipServer

beforeAll(async () => {
  authority = new Authority()
  const pair = authority.sign('node', '/CN=node', 'IP:127.0.0.1')
  const profiles = profile('server:default', pair) + profile('client:default', pair)
  const text = config(await freePort(), tlsFile(authority, profiles))
  server = await startServer({ config: text })
})

afterAll(async () => {
  await server?.stop()
  authority.remove()
})

/** A peer that takes connections and does this with them; gives its port. */
async function listening(take: (socket: Socket) => void): Promise<number> {
  const sockets: Socket[] = []
  const peer = createServer(socket => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    take(socket)
  })
  peer.listen(0, '127.0.0.1')
  await once(peer, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    peer.close()
  })
  return (peer.address() as AddressInfo).port
}

/** Sends an OPTIONS there; the first line of what comes back. */
async function ask(name: string, port: number, transport: string): Promise<string> {
  const phone = await Phone.open('udp')
  onTestFinished(() => phone.close())
  const to = [
    ['X-Case', name],
    ['X-To', `sip:x@127.0.0.1:${port};transport=${transport}`],
  ] as const
  const edits = to.map(([header, value]) => ({
    op: 'set' as const,
    name: header,
    index: 0,
    value,
  }))
  const text = new Caller('alice', phone, server).request(
    'OPTIONS',
    `sip:x@${server.address}`,
    edits,
    '',
  )
  await phone.send(text, server.host, server.port)
  return (await phone.expect(/^SIP\/2\.0 [2-6]/)).message.first
}

const NOT_SENT = 'SIP/2.0 477 Unfortunately error on sending to next hop occurred (477/TM)'
const SILENT = 'SIP/2.0 408 Request Timeout'

test('nobody listens: the kernel of the same host knows at once', async () => {
  const port = await freePort()
  for (const transport of ['tcp', 'tls']) {
    const name = `refused-${transport}`
    expect(await ask(name, port, transport)).toBe(NOT_SENT)
    await server.logged(new RegExp(`${name} relayed ${KAMAILIO ? -1 : 1}`))
    if (!KAMAILIO) await server.logged(new RegExp(`${name} failed 503`))
  }
})

test('the peer breaks the TLS handshake off', async () => {
  const port = await listening(socket => socket.once('data', () => socket.destroy()))
  expect(await ask('broken', port, 'tls')).toBe(KAMAILIO ? SILENT : NOT_SENT)
  await server.logged(/broken relayed 1/)
  await server.logged(KAMAILIO ? /broken failed 408/ : /broken failed 503/)
})

test('the peer never answers the TLS handshake (tcp_connect_timeout)', async () => {
  const port = await listening(() => undefined)
  expect(await ask('mute', port, 'tls')).toBe(KAMAILIO ? SILENT : NOT_SENT)
  await server.logged(/mute relayed 1/)
  await server.logged(KAMAILIO ? /mute failed 408/ : /mute failed 503/)
})

test('no more connections may be opened (tcp_max_connections)', async () => {
  const port = await listening(() => undefined)
  const others = [1, 2, 3, 4].map(() => connect(server.port, server.host))
  for (const other of others) other.on('error', () => undefined)
  onTestFinished(() => {
    for (const other of others) other.destroy()
  })
  // One over the limit is closed.
  await Promise.race(others.map(other => once(other, 'close')))
  expect(await ask('full', port, 'tcp')).toBe(NOT_SENT)
  await server.logged(/full relayed -1/)
})
