// What scripts do to connections, seen by peers on real ones: aliases, closing, limits, pings; and
// a load balancer in front of TLS.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { connect as connectSecurely, type TLSSocket } from 'node:tls'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { Authority } from '../kit/certificates.ts'
import { freePort } from '../kit/ports.ts'
import { profile, tlsFile as writeTlsFile } from '../kit/secure-node.ts'
import { type SipServer, serverForTest } from '../kit/server.ts'

const authority = new Authority()
afterAll(() => authority.remove())

const MODULES = ['ctl', 'kex', 'sl', 'tm', 'rr', 'pv', 'xlog', 'textops', 'xhttp', 'websocket']

const config = (head: string, routes: string): string =>
  ['#!KAMAILIO', 'children=1', 'tcp_accept_no_cl=yes', head]
    .concat(
      MODULES.map(name => `loadmodule "${name}.so"`),
      routes,
    )
    .join('\n')

let count = 0
function message(method: string, uri: string, headers: string[] = [], via = '127.0.0.1:9'): string {
  const id = `stream${++count}`
  const lines = [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/TCP ${via};branch=z9hG4bK${id}`,
    'Max-Forwards: 70',
    'From: <sip:a@x>;tag=1',
    'To: <sip:b@x>',
    `Call-ID: ${id}`,
    `CSeq: 1 ${method}`,
    ...headers,
    'Content-Length: 0',
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

async function dial({ host, port }: { host: string; port: number }): Promise<Socket> {
  const socket = connect(port, host).setEncoding('latin1')
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

const next = async (socket: Socket): Promise<string> => String((await once(socket, 'data'))[0])

async function listener(): Promise<{ server: Server; port: number }> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

describe('connections', () => {
  const ROUTES = `request_route {
    switch ($rU) {
      case "alias": force_tcp_alias(); break;
      case "port": force_tcp_alias(25999); break;
      case "close": set_forward_close();
      case "to":
        $du = $hdr(X-Next);
        forward();
        exit;
    }
    sl_send_reply("200", "OK");
  }`

  test('force_tcp_alias(): other ports of the peer mean this connection', async () => {
    const node = await serverForTest({ config: config('', ROUTES) })
    const peer = await dial(node)
    const other = await dial(node)
    for (const [user, port] of [
      ['alias', 25998],
      ['port', 25999],
    ] as const) {
      peer.write(message('OPTIONS', `sip:${user}@x`, [], '127.0.0.1:25998'))
      expect(await next(peer)).toMatch(/^SIP\/2\.0 200/)
      const uri = `sip:127.0.0.1:${port};transport=tcp`
      other.write(message('MESSAGE', 'sip:to@x', [`X-Next: ${uri}`]))
      expect(await next(peer)).toMatch(/^MESSAGE sip:to@x/)
    }
  })

  test('set_forward_close(): the connection is closed when the request is sent', async () => {
    const node = await serverForTest({ config: config('', ROUTES) })
    const { server, port } = await listener()
    const peer = await dial(node)
    for (const user of ['close', 'to']) {
      const came = once(server, 'connection') as Promise<[Socket]>
      const uri = `sip:127.0.0.1:${port};transport=tcp`
      peer.write(message('MESSAGE', `sip:${user}@x`, [`X-Next: ${uri}`]))
      const [socket] = await came
      onTestFinished(() => void socket.destroy())
      const ended = once(socket, 'end').then(() => 'ended')
      expect(await next(socket.setEncoding('latin1'))).toContain(`sip:${user}@x`)
      const open = new Promise(later => setTimeout(later, 200, 'open'))
      if (user === 'close') await ended
      else expect(await Promise.race([ended, open])).toBe('open')
    }
  })

  test('too many are refused, idle ones are closed, pings are answered', async () => {
    const head = 'tcp_max_connections=3\ntcp_connection_lifetime=3'
    const node = await serverForTest({ config: config(head, ROUTES) })
    // The connection of the start's probe must have ended.
    await expect.poll(() => node.rpc('core.tcp_info')).toMatch(/opened_connections: 0/)
    const sockets: Socket[] = []
    for (let i = 0; i < 3; i++) sockets.push(await dial(node))
    const refused = await dial(node)
    if (!refused.destroyed) await once(refused, 'close')
    const pong = next(sockets[0]!)
    sockets[0]!.write('\r\n\r\n')
    expect(await pong).toBe('\r\n')
    await Promise.all(sockets.map(socket => once(socket.resume(), 'close')))
  })
})

describe('TLS and WebSocket', () => {
  const sip = authority.sign('server', '/CN=sip.example.org', 'DNS:sip.example.org')
  const web = authority.sign('web', '/CN=web.example.net', 'DNS:web.example.net')
  const file = writeTlsFile(
    authority,
    profile('server:default', sip) +
      profile('server:any', web, 'server_name = web.example.net\nverify_certificate = no'),
  )
  const ROUTES = `request_route { sl_send_reply("200", "OK $si $sp $proto"); }
    event_route[xhttp:request] {
      set_reply_close();
      set_reply_no_connect();
      if ($hdr(Upgrade) =~ "websocket" && ws_handle_handshake()) exit;
      xhttp_reply("404", "Not Found", "", "");
    }`

  async function start(head = ''): Promise<{ node: SipServer; port: number }> {
    const port = await freePort()
    const listen = `enable_tls=yes\nlisten=tls:127.0.0.1:${port}\n${head}`
    const tls = `loadmodule "tls.so"\nmodparam("tls", "config", "${file}")\n${ROUTES}`
    return { node: await serverForTest({ config: config(listen, tls) }), port }
  }

  test.each(['sip.example.org', 'web.example.net'])(
    'a browser that asks for %s is shown its certificate, and speaks SIP',
    async servername => {
      const { port } = await start()
      const shown = Promise.withResolvers<unknown>()
      const secure = { servername, ca: readFileSync(authority.certificate) }
      const socket = new WebSocket(`wss://127.0.0.1:${port}`, 'sip', secure)
      onTestFinished(() => socket.terminate())
      socket.once('upgrade', ({ socket: stream }) => {
        shown.resolve((stream as TLSSocket).getPeerCertificate().subject.CN)
      })
      await once(socket, 'open')
      expect(await shown.promise).toBe(servername)
      socket.send(message('OPTIONS', 'sip:x', [], 'browser.invalid').replace('/TCP', '/WSS'))
      expect(String((await once(socket, 'message'))[0])).toMatch(/^SIP\/2\.0 200 OK .* wss/)
    },
  )

  test('a load balancer says in front of the handshake where the phone is', async () => {
    const { port } = await start('tcp_accept_haproxy=1')
    const plain = connect(port, '127.0.0.1')
    await once(plain, 'connect')
    plain.write('PROXY TCP4 192.0.2.1 198.51.100.2 1111 5061\r\n')
    const socket = connectSecurely({
      socket: plain,
      servername: 'sip.example.org',
      ca: readFileSync(authority.certificate),
    }).setEncoding('latin1')
    onTestFinished(() => void socket.destroy())
    await once(socket, 'secureConnect')
    socket.write(message('OPTIONS', 'sip:x').replace('/TCP', '/TLS'))
    expect(await next(socket)).toMatch(/^SIP\/2\.0 200 OK 192\.0\.2\.1 1111 tls/)
  })
})
