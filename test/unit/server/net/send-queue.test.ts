// What may wait for a connection: while it is being opened, while it takes all that had to wait,
// and when its peer takes nothing.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { connect, createServer as createTlsServer, TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { defaultCoreParams } from '../../../../server/core/params.ts'
import { TcpTransport } from '../../../../server/net/tcp.ts'
import type { TcpLimits } from '../../../../server/net/tcp-limits.ts'
import { socketInfo, TLS } from '../../../../server/sip/transport.ts'
import { Authority, type KeyPair } from '../../../kit/certificates.ts'
import { until } from '../../../kit/until.ts'

let authority: Authority
let pair: KeyPair
const ended: (() => unknown)[] = []

beforeAll(() => {
  authority = new Authority()
  pair = authority.sign('peer', '/CN=localhost', 'IP:127.0.0.1')
})
afterEach(async () => {
  for (const end of ended.splice(0)) await end()
})
afterAll(() => authority.remove())

const INFO = socketInfo(TLS, '127.0.0.1', 5061, null, '')

/** A transport that sends over TLS, its log, and the port that it sends to. */
class Sender {
  readonly log: string[] = []
  readonly transport: TcpTransport
  port = 0

  constructor(limits: Partial<TcpLimits> = {}) {
    this.transport = new TcpTransport(
      {
        onMessage: () => undefined,
        onError: (_info, { message }) => this.log.push(message),
        onSendFailed: () => undefined,
      },
      { ...defaultCoreParams(), ...limits },
      () => 0,
    )
    this.transport.authority = {
      handshakeQueue: 65_536,
      lifetime: 600,
      accept: (_info, plain) => new TLSSocket(plain, { isServer: true }),
      connect: (_info, _ip, _port, socket) => connect({ socket, rejectUnauthorized: false }),
      refuse: () => null,
    }
    ended.push(() => this.transport.close())
  }

  send(text: string): boolean {
    const to = { proto: TLS, ip: '127.0.0.1', port: this.port, connection: 0, socket: INFO }
    return this.transport.send(text, to, () => INFO) !== null
  }

  get state(): string | undefined {
    return this.transport.connections()[0]?.state
  }
}

/** Listens; gives the port. */
async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  ended.push(() => void server.close())
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A peer that does not go on with the handshake until it is told to. */
class SlowPeer {
  received = ''
  private plain: Socket | null = null
  private readonly secure = createTlsServer({
    cert: readFileSync(pair.certificate),
    key: readFileSync(pair.key),
  })

  async listen(): Promise<number> {
    this.secure.on('secureConnection', socket => {
      ended.push(() => void socket.destroy())
      socket.setEncoding('latin1').on('data', (text: string) => (this.received += text))
    })
    return listening(createServer(plain => (this.plain = plain)))
  }

  goOn(): void {
    this.secure.emit('connection', this.plain)
  }
}

/** About what a second of 700 calls brings while nobody answers. */
const REQUESTS = Array.from({ length: 700 }, (_, i) => `${String(i).padStart(3, '0')}`.repeat(300))

test('a second of calls waits for a handshake that takes that long', async () => {
  const [sender, peer] = [new Sender(), new SlowPeer()]
  sender.port = await peer.listen()
  for (const text of REQUESTS) {
    expect(sender.send(text)).toBe(true)
    // They do not come in one turn of the loop.
    await new Promise(resolve => setImmediate(resolve))
  }
  await until(() => sender.state === 'handshake')
  expect(sender.transport.queuedBytes).toBe(630_000)
  peer.goOn()
  await until(() => sender.state === 'established')
  expect(sender.send('last')).toBe(true)
  await until(() => peer.received.endsWith('last'))
  expect(peer.received).toBe(`${REQUESTS.join('')}last`)
  expect(sender.transport.counts.sendq_full).toBe(0)
})

test('beyond a mebibyte it is refused and counted, and the log says so once', async () => {
  const [sender, peer] = [new Sender(), new SlowPeer()]
  sender.port = await peer.listen()
  const large = 'x'.repeat(1 << 19)
  expect([sender.send(large), sender.send(large)]).toEqual([true, true])
  expect([sender.send('y'), sender.send('y')]).toEqual([false, false])
  expect(sender.transport.counts.sendq_full).toBe(2)
  const text = `the send queue of 127.0.0.1:${sender.port} is full, 1048576 bytes wait`
  expect(sender.log).toEqual([text])
})

test.each([
  ['tcp_conn_wq_max', { tcp_conn_wq_max: 1_500_000 }, 3],
  ['tcp_wq_max', { tcp_wq_max: 700_000 }, 1],
])('%s says more, or less for all together', async (_name, limits, taken) => {
  const [sender, peer] = [new Sender(limits), new SlowPeer()]
  sender.port = await peer.listen()
  const half = 'x'.repeat(500_000)
  const sent = [1, 2, 3, 4].map(() => sender.send(half))
  expect(sent.filter(Boolean)).toHaveLength(taken)
})

test('a turn may encipher more than tcp_conn_wq_max: that is no queue', async () => {
  const [sender, peer] = [new Sender({ tcp_conn_wq_max: 1000 }), new SlowPeer()]
  sender.port = await peer.listen()
  sender.send('first')
  await until(() => sender.state === 'handshake')
  peer.goOn()
  await until(() => peer.received === 'first')
  for (let i = 0; i < 10; i++) {
    const [c] = sender.transport.connections()
    expect([sender.send('x'.repeat(900)), c!.flush()]).toEqual([true, undefined])
  }
  expect(sender.transport.connections()[0]!.socket.writableLength).toBeGreaterThan(1000)
  await until(() => peer.received.length === 9005)
  expect(sender.transport.counts.sendq_full).toBe(0)
})
