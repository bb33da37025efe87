// Calls between phones that are reached over the connections alone that they opened: what ends a
// call from here goes over these.
import { EventEmitter, once } from 'node:events'
import { join } from 'node:path'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { frame, print, SipText } from '../kit/sip-text.ts'
import { type SipServer, serverForTest } from '../kit/server.ts'

/** How long a message may take on a busy machine. */
const PATIENCE_MS = 20_000

/** A phone behind an open connection. */
class Line {
  readonly uri: string
  private readonly via: string
  private readonly write: (text: string) => void
  private readonly got: SipText[] = []
  private readonly news = new EventEmitter()
  private count = 0

  private constructor(name: string, transport: string, socket: Socket, write: Line['write']) {
    const address = `127.0.0.1:${socket.localPort}`
    this.uri = `sip:${name}@${address};transport=${transport}`
    this.via = `SIP/2.0/${transport.toUpperCase()} ${address}`
    this.write = write
  }

  static async tcp(name: string, { host, port }: SipServer): Promise<Line> {
    const socket = connect(port, host).setEncoding('latin1')
    onTestFinished(() => void socket.destroy())
    await once(socket, 'connect')
    const line = new Line(name, 'tcp', socket, text => void socket.write(text))
    let stream = ''
    socket.on('data', (data: string) => {
      stream += data
      for (let end = frame(stream); end > 0; end = frame(stream)) {
        line.hear(stream.slice(0, end))
        stream = stream.slice(end)
      }
    })
    return line
  }

  static async webSocket(name: string, { address }: SipServer): Promise<Line> {
    const socket = new WebSocket(`ws://${address}`, 'sip')
    onTestFinished(() => socket.terminate())
    const both = [once(socket, 'upgrade'), once(socket, 'open')]
    const [response] = (await both[0]) as [{ socket: Socket }]
    const line = new Line(name, 'ws', response.socket, text => socket.send(text))
    socket.on('message', data => line.hear(String(data)))
    await both[1]
    return line
  }

  private hear(text: string): void {
    this.got.push(new SipText(text))
    this.news.emit('message')
  }

  /** The next message of a method or status. */
  async hears(what: string): Promise<SipText> {
    const end = AbortSignal.timeout(PATIENCE_MS)
    for (;;) {
      const index = this.got.findIndex(({ first }) => ` ${first}`.includes(` ${what} `))
      if (index >= 0) return this.got.splice(index, 1)[0]!
      await once(this.news, 'message', { signal: end })
    }
  }

  /** Its callers' requests have one Call-ID: its own. */
  asks(method: string, uri: string, to: string, more: [string, string][] = []): void {
    const headers: [string, string][] = [
      ['Via', `${this.via};branch=z9hG4bK${method}${++this.count}`],
      ['Max-Forwards', '70'],
      ['From', '<sip:alice@example.com>;tag=a'],
      ['To', to],
      ['Call-ID', this.uri.replaceAll(/\W/g, '')],
      ['CSeq', `1 ${method}`],
      ['Contact', `<${this.uri}>`],
    ]
    this.write(print(`${method} ${uri} SIP/2.0`, [...headers, ...more]))
  }

  answers(request: SipText): void {
    const same = request.headers.filter(([name]) =>
      /^(Via|Record-Route|From|CSeq|Call-ID)$/.test(name),
    )
    const to = request.header('To')
    const tag = to.includes('tag=') ? '' : ';tag=b'
    const own: [string, string][] = [
      ['To', to + tag],
      ['Contact', `<${this.uri}>`],
    ]
    this.write(print('SIP/2.0 200 OK', [...same, ...own]))
  }
}

const OPEN = { tcp: Line.tcp, ws: Line.webSocket }

test.for([
  ['ws', 'tcp', 'ended from outside'],
  ['tcp', 'ws', 'its lifetime is over'],
] as const)('%s to %s: %s', async ([callerSide, calleeSide, end]) => {
  const config = join(import.meta.dirname, 'cfg/dialog-transports.cfg')
  const server = await serverForTest({ config, transports: ['tcp'] })
  const alice = await OPEN[callerSide]('alice', server)
  const bob = await OPEN[calleeSide]('bob', server)
  // The original knows of a connection when something has come over it.
  bob.asks('OPTIONS', `sip:${server.address}`, '<sip:example.org>')
  await bob.hears('200')

  const last: [string, string][] = end === 'its lifetime is over' ? [['X-Last', '1']] : []
  alice.asks('INVITE', bob.uri, '<sip:bob@example.org>', last)
  bob.answers(await bob.hears('INVITE'))
  const answer = await alice.hears('200')
  const routes = answer.all('Record-Route').toReversed()
  expect(routes.map(route => /transport=(\w+);r2=on;lr/.exec(route)?.[1])).toEqual([
    callerSide,
    calleeSide,
  ])
  const ways = routes.map((route): [string, string] => ['Route', route])
  alice.asks('ACK', bob.uri, answer.header('To'), ways)
  await bob.hears('ACK')

  if (last.length === 0) {
    const [from, to] = [answer.header('From'), answer.header('To')].map(text => text.at(-1)!)
    expect(await server.rpc('dlg.list')).toMatch(/socket: tcp:[^]*socket: tcp:/)
    await server.rpc('dlg.terminate_dlg', answer.header('Call-ID'), from!, to!)
  }
  for (const [phone, side] of [
    [alice, callerSide],
    [bob, calleeSide],
  ] as const) {
    const bye = await phone.hears('BYE')
    expect(bye.uri).toBe(phone.uri)
    expect(bye.all('Via').map(via => via.split(/\s+/)[0])).toEqual([
      `SIP/2.0/${side.toUpperCase()}`,
    ])
    expect(bye.header('Route')).toBe('')
    phone.answers(bye)
  }
  await server.logged(/ended: /)
})
