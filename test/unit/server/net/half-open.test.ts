// Peers that connect and do not go on: they are counted, and do not stay.
import { once } from 'node:events'
import { connect as connectSecurely } from 'node:tls'
import { describe, expect, it } from 'vitest'
import type { TcpLimits } from '../../../../server/net/tcp-limits.ts'
import { TCP, TLS } from '../../../../server/sip/transport.ts'
import { closed, dialNode as dial, type TcpNode, tcpNode } from '../../../kit/tcp-node.ts'
import { until } from '../../../kit/until.ts'

const start = (proto: number, limits: Partial<TcpLimits>, lifetime = 600): Promise<TcpNode> =>
  tcpNode(limits, { proto, lifetime })

const arrived = ({ transport }: TcpNode, count: number): Promise<unknown> =>
  until(() => transport.connections().length === count)

function passes(node: TcpNode, seconds: number): void {
  node.clock.time += seconds * 1000
  node.transport.sweep()
}

/** The first bytes of a client's hello. */
const HELLO = Buffer.from('16030102000100', 'hex')

describe('a TLS client that does not end its handshake', () => {
  it.each([
    ['tcp_connection_lifetime', { tcp_connection_lifetime: 120 }, 600, 120],
    ['connection_timeout, when that is less', { tcp_connection_lifetime: 120 }, 30, 30],
    ['connection_timeout, when the other is none', { tcp_connection_lifetime: -1 }, 600, 600],
  ])('stays for %s', async (_name, limits, lifetime, seconds) => {
    const node = await start(TLS, limits, lifetime)
    const silent = await dial(node)
    const slow = await dial(node)
    slow.write(HELLO.subarray(0, 3))
    await arrived(node, 2)
    expect(node.transport.connections().map(({ state }) => state)).toEqual([
      'handshake',
      'handshake',
    ])
    passes(node, seconds - 1)
    // A byte now and then does not make it longer.
    slow.write(HELLO.subarray(3))
    await new Promise(resolve => setImmediate(resolve))
    expect(node.transport.connections()).toHaveLength(2)
    const [ending, other] = [closed(silent), closed(slow)]
    passes(node, 1)
    await Promise.all([ending, other])
    expect(node.transport.counts).toMatchObject({ passive_open: 2, established: 0, con_timeout: 2 })
  })

  it.each([
    ['tcp_max_connections', 'maximum number of connections exceeded: 2/2'],
    ['tls_max_connections', 'maximum number of tls connections exceeded: 2/2'],
  ])('counts for %s', async (limit, text) => {
    const node = await start(TLS, { [limit]: 2 })
    await dial(node)
    await dial(node)
    await arrived(node, 2)
    await once(await dial(node), 'close')
    expect(node.errors).toEqual([text])
    expect(node.transport.counts.local_reject).toBe(1)
  })

  it('counts for tcp_accept_iplimit', async () => {
    const node = await start(TLS, { tcp_accept_iplimit: 1 })
    await dial(node)
    await arrived(node, 1)
    await once(await dial(node), 'close')
    expect(node.transport.counts.local_reject).toBe(1)
  })

  it('says nothing of SIP and leaves the node as it was', async () => {
    const node = await start(TLS, {})
    const socket = await dial(node)
    socket.write('OPTIONS sip:a SIP/2.0\r\n\r\n')
    await closed(socket)
    await arrived(node, 0)
    const other = connectSecurely({ port: node.info.port, host: node.info.address })
    await closed(other)
    expect(node.errors).toHaveLength(2)
    expect(node.transport.counts).toMatchObject({ con_reset: 0, established: 0 })
  })
})

describe('a TCP client, of SIP or WebSocket', () => {
  it.each([
    ['says nothing', '', 120],
    ['begins a request', 'OPTIONS sip:a SIP/2.0\r\nVia: ', 20],
    ['begins a WebSocket handshake', 'GET / HTTP/1.1\r\nUpgrade: websocket\r\n', 20],
    ['sends half a body', 'OPTIONS sip:a SIP/2.0\r\nContent-Length: 9\r\n\r\nhalf', 20],
  ])('that %s and stops is closed', async (_name, text, seconds) => {
    const node = await start(TCP, {})
    const socket = await dial(node)
    socket.write(text)
    const hasCome = (): boolean => node.transport.connections()[0]?.socket.bytesRead === text.length
    await until(hasCome)
    passes(node, seconds - 1)
    expect(node.transport.connections()).toHaveLength(1)
    passes(node, 1)
    await once(socket, 'close')
    expect(node.transport.counts.con_timeout).toBe(1)
  })
})

it('sends the replies of a turn to a client that ends its side in the same one', async () => {
  const answer = 'SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n'
  const node = await tcpNode({}, { answer })
  const socket = await dial(node)
  let heard = ''
  socket.on('data', text => {
    heard += String(text)
  })
  await arrived(node, 1)
  const ours = node.transport.connections()[0]!.socket
  // One reading brings both, as a record and "close notify" do over TLS.
  ours.push('OPTIONS sip:a SIP/2.0\r\nContent-Length: 0\r\n\r\n')
  ours.push(null)
  await once(socket, 'close')
  expect(heard).toBe(answer)
})
