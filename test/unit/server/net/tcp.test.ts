import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { defaultCoreParams } from '../../../../server/core/params.ts'
import { type TcpLimits, TcpTransport } from '../../../../server/net/tcp.ts'
import {
  type Received,
  type SocketInfo,
  socketInfo,
  TCP,
} from '../../../../server/sip/transport.ts'
import { freePort } from '../../../kit/ports.ts'

const LIMITS: TcpLimits = {
  ...defaultCoreParams(),
  tcp_connect_timeout: 5,
  tcp_max_connections: 10,
  tls_max_connections: 10,
}
const MESSAGE = 'OPTIONS sip:a SIP/2.0\r\nContent-Length: 2\r\n\r\nhi'

const ended: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const end of ended.splice(0)) await end()
})

interface Node {
  transport: TcpTransport
  /** Sends to 127.0.0.1 over this connection or, where it is 0, over one to the port. */
  send(text: string, port: number, connection?: number, noConnect?: boolean): boolean
  info: SocketInfo
  failures: string[]
  clock: { time: number }
  message(): Promise<{ text: string; from: Received }>
}

async function start(limits: Partial<TcpLimits> = {}, address = '127.0.0.1'): Promise<Node> {
  const arrivals: { text: string; from: Received }[] = []
  const failures: string[] = []
  const clock = { time: 0 }
  let wake = (): void => {}
  const transport = new TcpTransport(
    {
      onMessage: (text, from) => {
        arrivals.push({ text, from })
        wake()
      },
      onError: () => {},
      onSendFailed: (_proto, ip, port) => failures.push(`${ip}:${port}`),
    },
    { ...LIMITS, ...limits },
    () => clock.time,
  )
  const info = socketInfo(TCP, address, await freePort(), null, '')
  await transport.listen(info)
  ended.push(() => transport.close())
  const message = async (): Promise<{ text: string; from: Received }> => {
    while (arrivals.length === 0)
      await new Promise<void>(resolve => {
        wake = resolve
      })
    return arrivals.shift()!
  }
  const send: Node['send'] = (text, port, connection = 0, noConnect = false) => {
    const to = { proto: TCP, ip: address, port, connection, socket: null, noConnect }
    return transport.send(text, to, () => info) !== null
  }
  return { transport, send, info, failures, clock, message }
}

async function dial(node: Node): Promise<Socket> {
  const socket = connect(node.info.port, node.info.address).setEncoding('latin1')
  ended.push(() => {
    socket.destroy()
  })
  await once(socket, 'connect')
  return socket
}

describe('TCP', () => {
  it.each(['127.0.0.1', '::1'])(
    'answers over the connection that a request came by (%s)',
    async address => {
      const node = await start({}, address)
      const phone = await dial(node)
      phone.write(MESSAGE)
      const { text, from } = await node.message()
      expect([text, from.srcIp, from.srcPort]).toEqual([MESSAGE, address, phone.localPort])
      expect(node.send('SIP/2.0 200 OK', 5060, from.connection, true)).toBe(true)
      expect((await once(phone, 'data'))[0]).toBe('SIP/2.0 200 OK')
    },
  )

  it('opens a connection where there is none and uses it again', async () => {
    const a = await start()
    const b = await start()
    expect(a.send(MESSAGE, b.info.port)).toBe(true)
    const first = await b.message()
    a.send(MESSAGE, b.info.port)
    const second = await b.message()
    expect(second.from.connection).toBe(first.from.connection)
    expect(a.transport.counts.connect_success).toBe(1)
  })

  it('opens none when it may not, and tells of one that fails', async () => {
    const a = await start()
    expect(a.send(MESSAGE, 1, 0, true)).toBe(false)
    expect(a.send(MESSAGE, 1)).toBe(true)
    while (a.failures.length === 0) await new Promise(resolve => setImmediate(resolve))
    expect([a.failures, a.transport.counts.connect_failed]).toEqual([['127.0.0.1:1'], 1])
  })

  it('refuses connections over tcp_max_connections', async () => {
    const node = await start({ tcp_max_connections: 1 })
    await dial(node)
    const second = await dial(node)
    await once(second, 'close')
    expect(node.transport.counts.local_reject).toBe(1)
  })

  it('closes a stream that is no SIP and one unused for tcp_connection_lifetime', async () => {
    const node = await start()
    const bad = await dial(node)
    bad.write('OPTIONS sip:a SIP/2.0\r\nContent-Length: no\r\n\r\n')
    await once(bad, 'close')
    const idle = await dial(node)
    while (node.transport.connections().length === 0)
      await new Promise(resolve => setImmediate(resolve))
    node.clock.time += 121_000
    node.transport.sweep()
    await once(idle, 'close')
    expect(node.transport.counts.con_timeout).toBe(1)
  })

  it('does not queue without bound for a peer that does not read', async () => {
    const node = await start({ tcp_conn_wq_max: 1000 })
    const phone = await dial(node)
    phone.pause()
    phone.write(MESSAGE)
    const { from } = await node.message()
    const big = 'x'.repeat(100_000)
    expect(node.send(big, from.srcPort, from.connection)).toBe(false)
    expect(node.transport.counts.sendq_full).toBe(1)
  })
})
