// SIP over WebSocket (RFC 7118): JsSIP, the phone of browsers, beside a phone on UDP.
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { browserPhone } from '../kit/browser.ts'
import { Authority } from '../kit/certificates.ts'
import { Phone } from '../kit/phone.ts'
import { freePort } from '../kit/ports.ts'
import { type SipServer, serverForTest } from '../kit/server.ts'

const authority = new Authority()
afterAll(() => authority.remove())
const { certificate, key } = authority.sign(
  'server',
  '/CN=sip.example.org',
  'DNS:sip.example.org,IP:127.0.0.1',
)
const tlsFile = join(authority.folder, 'tls.cfg')
writeFileSync(tlsFile, `[server:default]\ncertificate = ${certificate}\nprivate_key = ${key}\n`)

const script = (tlsPort: number): string => `#!KAMAILIO
children=1
enable_tls=yes
tcp_accept_no_cl=yes
alias=example.org
listen=tls:127.0.0.1:${tlsPort}
loadmodule "ctl.so"
loadmodule "kex.so"
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "textops.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "xhttp.so"
loadmodule "tls.so"
loadmodule "websocket.so"
modparam("registrar", "received_avp", "$avp(received)")
modparam("tls", "config", "${tlsFile}")
modparam("websocket", "cors_mode", 2)
modparam("websocket", "ping_application_data", "still there?")
request_route {
  if (is_method("REGISTER")) { $avp(received) = $sut; save("location"); exit; }
  if (is_method("OPTIONS")) { sl_send_reply("200", "OK $proto"); exit; }
  if (is_method("INFO")) { ws_close(4001, "bye now"); exit; }
  if (!lookup("location")) { sl_send_reply("404", "Not Found"); exit; }
  t_relay();
}
event_route[xhttp:request] {
  set_reply_close();
  set_reply_no_connect();
  if ($hdr(Upgrade) =~ "websocket" && ws_handle_handshake()) exit;
  xhttp_reply("404", "Not Found", "", "");
}
event_route[websocket:closed] { xlog("L_ERR", "closed $si $ws_conid\\n"); }`

interface Node {
  readonly sip: SipServer
  readonly secure: string
  readonly plain: string
}

async function node(): Promise<Node> {
  const port = await freePort()
  const sip = await serverForTest({ config: script(port) })
  return { sip, secure: `wss://127.0.0.1:${port}`, plain: `ws://${sip.address}` }
}

/** The text of a request in its dialog of one, Via and body apart. */
const request = (method: string, to: string, body = '', via = 'WS x.invalid'): string =>
  [
    `${method} ${to} SIP/2.0`,
    `Via: SIP/2.0/${via};branch=z9hG4bK${Math.random()}`,
    'From: <sip:bob@example.org>;tag=1',
    `To: <${to}>`,
    `Call-ID: ${Math.random()}`,
    `CSeq: 1 ${method}`,
    'Max-Forwards: 70',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n')

async function open(url: string, headers: Record<string, string> = {}): Promise<WebSocket> {
  const socket = new WebSocket(url, 'sip', { headers })
  onTestFinished(() => socket.terminate())
  await once(socket, 'open')
  return socket
}

const next = async (socket: WebSocket): Promise<string> =>
  String((await once(socket, 'message'))[0])

describe('SIP over WebSocket', () => {
  test.for(['plain', 'secure'] as const)(
    'JsSIP registers and writes to a UDP phone and back, %s',
    async kind => {
      const there = await node()
      const alice = await browserPhone(there[kind], 'sip:alice@example.org', authority.certificate)
      onTestFinished(() => alice.stop())
      const contacts = await there.sip.rpc('ul.lookup', 'location', 'alice')
      expect(contacts).toMatch(/Received: sip:127\.0\.0\.1:\d+;transport=wss?/)

      const bob = await Phone.open('udp')
      onTestFinished(() => bob.close())
      const { host, port } = there.sip
      const register = request('REGISTER', 'sip:bob@example.org', '', `UDP ${bob.address}`)
      const contact = `\r\nContact: <sip:bob@${bob.address}>`
      await bob.send(register.replace('\r\nMax-F', `${contact}\r\nMax-F`), host, port)
      await bob.expect(/^SIP\/2\.0 200/)

      const sent = new Promise<string>((resolve, reject) => {
        alice.sendMessage('sip:bob@example.org', 'aloha', {
          eventHandlers: {
            succeeded: ({ response }) => resolve(`${response.status_code}`),
            failed: ({ cause }) => reject(new Error(String(cause))),
          },
        })
      })
      const arrived = await bob.expect(/^MESSAGE /)
      expect(arrived.message.body).toBe('aloha')
      const via = arrived.message.text.match(/^(Via|From|To|Call-ID|CSeq): .*$/gm)!.join('\r\n')
      arrived.answer(`SIP/2.0 200 OK\r\n${via}\r\nContent-Length: 0\r\n\r\n`)
      expect(await sent).toBe('200')

      const read = new Promise<string>(resolve => {
        alice.on('newMessage', (event: { request: { body: string } }) =>
          resolve(event.request.body),
        )
      })
      await bob.send(
        request('MESSAGE', 'sip:alice@example.org', 'mahalo', `UDP ${bob.address}`),
        host,
        port,
      )
      expect(await read).toBe('mahalo')
      await bob.expect(/^SIP\/2\.0 200/)
    },
  )

  test('takes several messages, pings and bytes that are no UTF-8', async () => {
    const { plain } = await node()
    const socket = await open(plain)
    socket.send(request('OPTIONS', 'sip:example.org'))
    expect(await next(socket)).toMatch(/^SIP\/2\.0 200 OK ws/)
    // SIP.js keeps its connection open so (RFC 7118 section 6); a pong of its own is none.
    socket.send('\r\n')
    socket.send('\r\n\r\n')
    expect(await next(socket)).toBe('\r\n')
    const pong = once(socket, 'pong')
    socket.ping('hi')
    expect(String((await pong)[0])).toBe('hi')
    const bytes = request('OPTIONS', 'sip:example.org').replace('tag=1', 'tag=1;x=\xff')
    socket.send(Buffer.from(bytes, 'latin1'), { binary: true })
    const [data, binary] = (await once(socket, 'message')) as [Buffer, boolean]
    expect([binary, data.includes(0xff)]).toEqual([true, true])
  })

  test('closes by the script and by RPC, and tells the script', async () => {
    const { plain, sip } = await node()
    const first = await open(plain)
    const closed = once(first, 'close')
    first.send(request('INFO', 'sip:example.org'))
    expect((await closed).map(String)).toEqual(['4001', 'bye now'])
    await sip.logged(/closed 127\.0\.0\.1 \d+/)
    const second = await open(plain)
    expect(await sip.rpc('ws.dump')).toMatch(/\d+: ws:127\.0\.0\.1:\d+ -> ws:.*state: OPEN/)
    const ended = once(second, 'close')
    const [, id] = /(\d+): ws:/.exec(await sip.rpc('ws.dump'))!
    await sip.rpc('ws.close', id!)
    expect((await ended).map(String)).toEqual(['1000', 'Normal closure'])
    expect(await sip.rpc('ws.close', '99')).toContain('500 - Unknown connection ID')
    expect(await sip.rpc('stats.get_statistics', 'ws_local_closed_connections')).toContain('= 2')
    const third = await open(plain)
    const [, other] = /(\d+): ws:/.exec(await sip.rpc('ws.dump'))!
    const data: string[] = []
    for (const event of ['ping', 'pong'] as const)
      third.on(event, bytes => data.push(`${event} ${String(bytes)}`))
    for (const command of ['ws.ping', 'ws.pong']) {
      expect(await sip.rpc(command, other!)).toBe('')
      expect(await sip.rpc(command, 'x')).toContain('500 - Invalid Parameters')
    }
    await expect.poll(() => data).toEqual(['ping still there?', 'pong still there?'])
    // Both close frames and their answers, as Kamailio counts them.
    expect(await sip.rpc('stats.get_statistics', 'ws_transmitted_frames')).toContain('= 4')
    await expect.poll(() => sip.rpc('stats.get_statistics', 'ws_received_frames')).toContain('= 4')
  })

  test('answers a bad handshake as RFC 6455 says, and 503 when it is off', async () => {
    const { plain, sip } = await node()
    const refused = async (protocol: string[], protocolVersion: number): Promise<string> => {
      const socket = new WebSocket(plain, protocol, { protocolVersion })
      const [error] = (await once(socket, 'error')) as [Error]
      return error.message
    }
    expect(await refused([], 13)).toContain('400')
    expect(await refused(['xmpp'], 13)).toContain('400')
    expect(await refused(['sip'], 8)).toContain('426')
    await sip.rpc('ws.disable')
    expect(await refused(['sip'], 13)).toContain('503')
    await sip.rpc('ws.enable')
    const socket = new WebSocket(plain, ['msrp', 'sip'], {
      headers: { Origin: 'http://a.example' },
    })
    onTestFinished(() => socket.terminate())
    const [answer] = (await once(socket, 'upgrade')) as [{ headers: Record<string, string> }]
    expect(answer.headers['access-control-allow-origin']).toBe('http://a.example')
    expect(socket.protocol === '' || socket.protocol === 'sip').toBe(true)
  })
})
