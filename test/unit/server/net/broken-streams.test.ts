// Streams that end, break or are abused while something is on its way.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, Socket } from 'node:net'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { openWithin } from '../../../../server/net/tcp-dial.ts'
import { closed, dialNode, type TcpNode, tcpNode } from '../../../kit/tcp-node.ts'
import { until } from '../../../kit/until.ts'

const MESSAGE = 'OPTIONS sip:a SIP/2.0\r\nContent-Length: 2\r\n\r\nhi'
const BIG = 'x'.repeat(60_000)

/** A peer whose connections are left to the test, and its port. */
async function listener(): Promise<{ server: Server; port: number }> {
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true })
  server.listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

const arrival = async (server: Server): Promise<Socket> => {
  const [socket] = (await once(server, 'connection')) as [Socket]
  socket.on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  return socket
}

/** Sends until no more may wait, because the peer reads nothing. */
const fill = (send: () => boolean): Promise<unknown> => until(() => !send(), 0)

describe('a connection that we opened', () => {
  it('takes nothing more once its peer has said goodbye: another one is opened', async () => {
    const node = await tcpNode({ tcp_conn_wq_max: 100_000 })
    const { server, port } = await listener()
    const coming = arrival(server)
    node.send(MESSAGE, port)
    const first = await coming
    // What waits keeps it from closing.
    await fill(() => node.send(BIG, port))
    first.end()
    const [c] = node.transport.connections()
    await until(() => !c!.socket.writable)
    expect(node.transport.connections()).toHaveLength(1)
    const next = arrival(server)
    expect(node.send(MESSAGE, port)).toBe(true)
    const second = await next
    const got = once(second, 'data')
    second.resume()
    expect(String((await got)[0])).toBe(MESSAGE)
  })

  it('tells that it broke while something waited', async () => {
    const node = await tcpNode({ tcp_conn_wq_max: 100_000 })
    const { server, port } = await listener()
    const coming = arrival(server)
    node.send(MESSAGE, port)
    const peer = await coming
    await fill(() => node.send(BIG, port))
    peer.resetAndDestroy()
    await until(() => node.transport.connections().length === 0)
    expect(node.failures).toEqual([`127.0.0.1:${port}`])
    expect(node.transport.counts.con_reset).toBe(1)
  })

  it('tells that it broke before what was sent in this turn has left', async () => {
    const node = await tcpNode()
    const { server, port } = await listener()
    const coming = arrival(server)
    node.send(MESSAGE, port)
    await coming
    const [c] = node.transport.connections()
    await until(() => c!.state === 'established' && c!.waiting === 0)
    expect(node.send(MESSAGE, port)).toBe(true)
    c!.socket.destroy()
    await until(() => node.transport.connections().length === 0)
    expect(node.failures).toEqual([`127.0.0.1:${port}`])
    expect(node.transport.counts.con_reset).toBe(0)
  })
})

describe('the time to open a connection', () => {
  afterEach(() => void vi.useRealTimers())

  it.each([
    [10, 10_000],
    // tcp_connect_timeout may be as much, which is more than a timer of the runtime takes.
    [134_217_727, 2 ** 31 - 1],
    [0, null],
    [-1, null],
  ])('%i seconds', (seconds, ends) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const socket = new Socket()
    socket.on('error', () => undefined)
    openWithin(seconds, socket, 'connect')
    expect(vi.getTimerCount()).toBe(ends === null ? 0 : 1)
    vi.advanceTimersByTime((ends ?? 1e12) - 1)
    expect(socket.destroyed).toBe(false)
    vi.advanceTimersByTime(1)
    expect(socket.destroyed).toBe(ends !== null)
  })

  it('is over when it is open', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const socket = new Socket()
    openWithin(10, socket, 'connect')
    socket.emit('connect')
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a peer that reads nothing', () => {
  /** Its connection, with as much waiting as may. */
  async function deaf(node: TcpNode, phone: Socket): Promise<() => boolean> {
    phone.pause()
    phone.write(MESSAGE)
    const { from } = await node.message()
    const send = (): boolean => node.send(BIG, from.srcPort, from.connection)
    await fill(send)
    return send
  }

  it('gets no pongs, however often it pings', async () => {
    const node = await tcpNode({ tcp_conn_wq_max: 100_000 })
    const phone = await dialNode(node)
    await deaf(node, phone)
    phone.write('\r\n\r\n'.repeat(50_000) + MESSAGE)
    await node.message()
    expect(node.transport.queuedBytes).toBeLessThanOrEqual(100_000)
    expect(node.errors).toHaveLength(1)
  })

  it('gets none over a WebSocket, either', async () => {
    const node = await tcpNode({ tcp_conn_wq_max: 100_000 })
    const phone = await dialNode(node)
    phone.write(MESSAGE)
    const { from } = await node.message()
    const handshake = { key: 'dGhlIHNhbXBsZSBub25jZQ==', protocol: 'sip', headers: [] }
    node.transport.upgrade(from.connection, { ...handshake, onOpen: () => undefined })
    phone.pause()
    const send = (): boolean => node.send(BIG, from.srcPort, from.connection)
    await fill(send)
    const ping = Buffer.from(`8984000000004f4f4f4f`, 'hex')
    const line = Buffer.from('82840000000000000000'.replace(/0{8}$/, '0d0a0d0a'), 'hex')
    const text = Buffer.from('818400000000'.concat(Buffer.from('hey!').toString('hex')), 'hex')
    const flood = Array.from({ length: 20_000 }, () => [ping, line]).flat()
    phone.write(Buffer.concat([...flood, text]))
    expect((await node.message()).text).toBe('hey!')
    expect(node.transport.queuedBytes).toBeLessThanOrEqual(100_000)
  })
})

describe('what one connection may have', () => {
  it('is twelve more ports, as in Kamailio', async () => {
    const node = await tcpNode({ tcp_no_connect: 1 })
    const phone = await dialNode(node)
    phone.write(MESSAGE)
    const { connection } = (await node.message()).from
    const ports = Array.from({ length: 13 }, (_, i) => 7000 + i)
    const taken = ports.map(port => node.transport.addAlias(connection, port))
    expect(taken).toEqual(ports.map(port => port < 7012))
    expect(node.transport.addAlias(connection, 7003)).toBe(true)
    expect([node.send('x', 7011), node.send('x', 7012)]).toEqual([true, false])
  })
})

describe('a connection whose load balancer says nothing', () => {
  it.each(['', 'PROXY TCP4 192.'])('is closed after tcp_wait_data: %j', async begun => {
    const node = await tcpNode({ tcp_accept_haproxy: 1, tcp_wait_data: 20 })
    const phone = await dialNode(node)
    phone.write(begun)
    await closed(phone)
    expect(node.errors).toEqual(['invalid PROXY protocol header'])
    expect(node.transport.connections()).toEqual([])
  })

  it('does not keep the node from stopping', async () => {
    const node = await tcpNode({ tcp_accept_haproxy: 1 })
    const phone = await dialNode(node)
    await until(() => node.transport.counts.passive_open === 1)
    await Promise.all([closed(phone), node.transport.close()])
    expect(node.transport.connections()).toEqual([])
  })

  it('counts before and after it has spoken', async () => {
    const node = await tcpNode({ tcp_accept_haproxy: 1, tcp_max_connections: 1 })
    const first = await dialNode(node)
    await until(() => node.transport.counts.passive_open === 1)
    await closed(await dialNode(node))
    first.write(`PROXY TCP4 192.0.2.1 192.0.2.2 1000 5060\r\n${MESSAGE}`)
    expect((await node.message()).from.srcIp).toBe('192.0.2.1')
    expect(node.transport.counts.local_reject).toBe(1)
    expect(node.errors).toEqual(['maximum number of connections exceeded: 1/1'])
  })
})
