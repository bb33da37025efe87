import { type AddressInfo, createServer, type Socket } from 'node:net'
import { once } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type SocketInfo, socketInfo, TCP } from '../../../../server/sip/transport.ts'
import { dialNode as dial, tcpNode as start } from '../../../kit/tcp-node.ts'
import { until } from '../../../kit/until.ts'

const MESSAGE = 'OPTIONS sip:a SIP/2.0\r\nContent-Length: 2\r\n\r\nhi'

describe('TCP', () => {
  it.each(['127.0.0.1', '::1'])(
    'answers over the connection that a request came by (%s)',
    async address => {
      const node = await start({}, { address })
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
    expect(node.errors).toEqual(['maximum number of connections exceeded: 1/1'])
  })

  it('refuses what an address opens over tcp_accept_iplimit', async () => {
    const node = await start({ tcp_accept_iplimit: 2 })
    await dial(node)
    const other = await dial(node)
    const third = await dial(node)
    await once(third, 'close')
    expect(node.transport.counts.local_reject).toBe(1)
    other.destroy()
    while (node.transport.connections().length > 1)
      await new Promise(resolve => setImmediate(resolve))
    await dial(node)
    while (node.transport.connections().length < 2)
      await new Promise(resolve => setImmediate(resolve))
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
    const node = await start({ tcp_conn_wq_max: 100_000 })
    const phone = await dial(node)
    phone.pause()
    phone.write(MESSAGE)
    const { from } = await node.message()
    const big = 'x'.repeat(60_000)
    const send = (): boolean => node.send(big, from.srcPort, from.connection)
    // The kernel takes some megabytes, then two wait here at most.
    await until(() => !send(), 0)
    expect(node.transport.counts.sendq_full).toBe(1)
    expect(node.transport.queuedBytes).toBeLessThanOrEqual(100_000)
    expect(node.transport.connections()).toHaveLength(1)
    phone.resume()
    await until(() => node.transport.queuedBytes === 0)
    expect(send()).toBe(true)
  })

  it('does not queue without bound for all slow peers together (tcp_wq_max)', async () => {
    const node = await start({ tcp_conn_wq_max: 1 << 20, tcp_wq_max: 150_000 })
    const big = 'x'.repeat(60_000)
    const accepted: number[] = []
    for (let i = 0; i < 2; i++) {
      const phone = await dial(node)
      phone.pause()
      phone.write(MESSAGE)
      const { from } = await node.message()
      await until(() => !node.send(big, from.srcPort, from.connection), 0)
      accepted.push(node.transport.queuedBytes)
    }
    // A queue that is empty takes one message whatever the others hold.
    expect(accepted.every(bytes => bytes <= 150_000 + big.length)).toBe(true)
    expect(node.transport.counts.sendq_full).toBe(2)
  })

  it('takes a message larger than the queue while nothing waits', async () => {
    const a = await start({ tcp_conn_wq_max: 1000 })
    const b = await start()
    a.send(MESSAGE, b.info.port)
    const { text } = await b.message()
    const large = text.replace('2\r\n\r\nhi', `100000\r\n\r\n${'x'.repeat(100_000)}`)
    expect(a.send(large, b.info.port)).toBe(true)
    expect((await b.message()).text).toBe(large)
  })

  it('closes a connection whose peer takes nothing for tcp_send_timeout', async () => {
    const node = await start({ tcp_send_timeout: 5 })
    const phone = await dial(node)
    phone.pause()
    phone.write(MESSAGE)
    const { from } = await node.message()
    const big = 'x'.repeat(30_000)
    await until(() => !node.send(big, from.srcPort, from.connection), 0)
    for (const second of [0, 4, 10]) {
      node.clock.time = second * 1000
      node.transport.sweep()
    }
    await until(() => node.transport.connections().length === 0)
    expect(node.transport.counts.send_timeout).toBe(1)
  })

  it('closes one on which a message does not end (tcp_msg_read_timeout)', async () => {
    const node = await start({ tcp_msg_read_timeout: 20 })
    const phone = await dial(node)
    phone.write(MESSAGE.slice(0, -1))
    await until(() => (node.transport.connections()[0]?.partialSince ?? -1) >= 0)
    node.clock.time = 15_000
    node.transport.sweep()
    phone.write('i')
    expect((await node.message()).text).toBe(MESSAGE)
    phone.write('OPT')
    await until(() => node.transport.connections()[0]?.partialSince === 15_000)
    node.clock.time = 35_000
    node.transport.sweep()
    await once(phone, 'close')
    expect(node.transport.counts.con_timeout).toBe(1)
  })

  it('keeps one that is used, and one with a lifetime of its own', async () => {
    const node = await start({ tcp_connection_lifetime: 10 })
    const [used, unused, longer] = [await dial(node), await dial(node), await dial(node)]
    await until(() => node.transport.connections().length === 3)
    const of = (socket: Socket) =>
      node.transport.connections().find(c => c.remotePort === socket.localPort)!
    of(longer).lifetime = 600
    node.clock.time = 9_000
    expect(node.send('\r\n', 0, of(used).id)).toBe(true)
    node.clock.time = 11_000
    node.transport.sweep()
    await once(unused, 'close')
    expect(node.transport.connections()).toEqual([of(used), of(longer)])
  })

  it('uses a connection for another port of the peer after an alias (RFC 5923)', async () => {
    const node = await start({ tcp_no_connect: 1 })
    const phone = await dial(node)
    phone.write(MESSAGE)
    const { from } = await node.message()
    expect(node.send('before', 5070)).toBe(false)
    expect(node.transport.addAlias(from.connection, 5070)).toBe(true)
    expect(node.send('after', 5070)).toBe(true)
    expect((await once(phone, 'data'))[0]).toBe('after')
    phone.destroy()
    await until(() => node.transport.connections().length === 0)
    expect(node.send('gone', 5070)).toBe(false)
    expect(node.transport.addAlias(from.connection, 5070)).toBe(false)
  })

  it('opens connections from tcp_source_ipv4', async () => {
    const a = await start({ tcp_source_ipv4: '127.0.0.7' })
    const b = await start()
    a.send(MESSAGE, b.info.port)
    expect((await b.message()).from.srcIp).toBe('127.0.0.7')
  })

  it.each([
    [0, true],
    [1, false],
  ])('finds a connection by our port, too, with tcp_connection_match=%i', async (match, found) => {
    const node = await start({ tcp_connection_match: match, tcp_no_connect: 1 })
    const phone = await dial(node)
    await until(() => node.transport.connections().length === 1)
    const to = { proto: TCP, ip: '127.0.0.1', port: phone.localPort!, connection: 0 }
    const other = socketInfo(TCP, '127.0.0.1', 1, null, '')
    const strange = socketInfo(TCP, '127.0.0.9', node.info.port, null, '')
    const send = (socket: SocketInfo): boolean =>
      node.transport.send('x', { ...to, socket }, () => null) !== null
    expect([send(node.info), send(other), send(strange)]).toEqual([true, found, false])
  })

  it('opens connections from the port that it listens on (tcp_reuse_port)', async () => {
    const node = await start({ tcp_reuse_port: 1 })
    const peer = createServer()
    peer.listen(0, '127.0.0.1')
    onTestFinished(() => void peer.close())
    await once(peer, 'listening')
    expect(node.send(MESSAGE, (peer.address() as AddressInfo).port)).toBe(true)
    const [socket] = (await once(peer, 'connection')) as [Socket]
    onTestFinished(() => void socket.destroy())
    expect(socket.remotePort).toBe(node.info.port)
    const [bytes] = (await once(socket, 'data')) as [Buffer]
    expect(bytes.toString()).toBe(MESSAGE)
    // The listener still takes connections.
    await dial(node)
  })

  it('answers pings while they are wanted', async () => {
    const node = await start()
    const phone = await dial(node)
    phone.write('\r\n\r\n')
    expect((await once(phone, 'data'))[0]).toBe('\r\n')
    const silent = await start({ tcp_crlf_ping: 0 })
    const other = await dial(silent)
    other.write(`\r\n\r\n${MESSAGE}`)
    await silent.message()
    expect(other.bytesRead).toBe(0)
  })

  it('takes and sends thousands of messages over one connection in their order', async () => {
    const [a, b] = [await start(), await start()]
    const numbers = Array.from({ length: 3000 }, (_, i) => String(i).padStart(4, '0'))
    const message = (body: string): string => MESSAGE.replace('2\r\n\r\nhi', `4\r\n\r\n${body}`)
    const bodies = (async () => {
      const got: string[] = []
      for (let i = 0; i < numbers.length; i++) got.push((await b.message()).text.slice(-4))
      return got
    })()
    for (const [i, number] of numbers.entries()) {
      a.clock.time = b.clock.time = i / 10
      expect(a.send(message(number), b.info.port)).toBe(true)
      if (i % 40 === 0) await new Promise(resolve => setImmediate(resolve))
    }
    expect(await bodies).toEqual(numbers)
  })

  it('lives on when a peer resets, half closes or leaves in the middle of a message', async () => {
    const node = await start()
    const [reset, half, gone] = [await dial(node), await dial(node), await dial(node)]
    await until(() => node.transport.connections().length === 3)
    reset.resetAndDestroy()
    gone.write(MESSAGE.slice(0, 20))
    gone.destroy()
    half.end(MESSAGE)
    expect((await node.message()).text).toBe(MESSAGE)
    await until(() => node.transport.connections().length === 0)
    const phone = await dial(node)
    phone.write(MESSAGE)
    expect((await node.message()).text).toBe(MESSAGE)
  })
})
