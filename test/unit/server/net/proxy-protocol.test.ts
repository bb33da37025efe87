// tcp_accept_haproxy: what the real Kamailio takes and refuses (it swaps the bytes of ports of
// version 2 and refuses a header in two segments; here both are right).
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { defaultCoreParams } from '../../../../server/core/params.ts'
import { readProxyHeader } from '../../../../server/net/proxy-protocol.ts'
import { TcpTransport } from '../../../../server/net/tcp.ts'
import { type Received, socketInfo, TCP } from '../../../../server/sip/transport.ts'
import { freePort } from '../../../kit/ports.ts'

const SIGNATURE = Buffer.from('0d0a0d0a000d0a515549540a', 'hex')
const IPV4 = 'c0000201c6336402045713c4'
const IPV6 = '20010db80000000000000000000000010000000000000000000000000000000002d31388'

function binary(command: number, family: number, hex: string): Buffer {
  const data = Buffer.from(hex, 'hex')
  const head = Buffer.from([command, family, data.length >> 8, data.length & 0xff])
  return Buffer.concat([SIGNATURE, head, data])
}

const FROM = { ip: '192.0.2.1', port: 1111 }
const line = (text: string): Buffer => Buffer.from(`${text}\r\n`)

describe('a header', () => {
  test.each([
    ['none', Buffer.from('OPTIONS sip:a SIP/2.0\r\n'), null, 0],
    ['a method that begins alike', Buffer.from('PROXIES sip:a SIP/2.0\r\n'), null, 0],
    ['TCP4', line('PROXY TCP4 192.0.2.1 198.51.100.2 1111 5060'), FROM, 45],
    ['TCP6', line('PROXY TCP6 2001:DB8::1 ::2 1 2'), { ip: '2001:db8::1', port: 1 }, 32],
    ['UNKNOWN', line('PROXY UNKNOWN'), null, 15],
    ['UNKNOWN with more', line('PROXY UNKNOWN a b 1 2'), null, 23],
    ['version 2, IPv4', binary(0x21, 0x11, IPV4), FROM, 28],
    ['version 2 with more', binary(0x21, 0x11, `${IPV4}03000461626364`), FROM, 35],
    ['version 2, IPv6', binary(0x21, 0x21, IPV6), { ip: '2001:db8::1', port: 723 }, 52],
    ['version 2 of the balancer itself', binary(0x20, 0x11, IPV4), null, 28],
  ])('%s', (_name, bytes, from, size) => {
    expect(readProxyHeader(bytes)).toEqual({ size, from })
    // A part of it is never taken for something else.
    for (let end = 1; end < size; end++)
      expect(readProxyHeader(bytes.subarray(0, end))).toBe('more')
  })

  test.each([
    ['an address that is none', line('PROXY TCP4 foo 198.51.100.2 1 2')],
    ['an address of the other family', line('PROXY TCP4 2001:db8::1 ::2 1 2')],
    ['a port that is none', line('PROXY TCP4 192.0.2.1 198.51.100.2 70000 5060')],
    ['too few words', line('PROXY TCP4 192.0.2.1')],
    ['another family', line('PROXY UDP4 192.0.2.1 198.51.100.2 1 2')],
    ['a line without an end', Buffer.from(`PROXY UNKNOWN ${'x'.repeat(100)}`)],
    ['datagrams', binary(0x21, 0x12, IPV4)],
    ['no family', binary(0x21, 0x00, '')],
    ['too short', binary(0x21, 0x11, IPV4.slice(0, 10))],
    ['another version', binary(0x31, 0x11, IPV4)],
    ['another command', binary(0x22, 0x11, IPV4)],
  ])('%s is malformed', (_name, bytes) => {
    expect(readProxyHeader(bytes)).toBe('bad')
  })
})

describe('a connection', () => {
  const ended: (() => unknown)[] = []
  afterEach(async () => {
    for (const end of ended.splice(0)) await end()
  })

  const MESSAGE = 'OPTIONS sip:a SIP/2.0\r\nContent-Length: 0\r\n\r\n'

  async function dial(heard: (from: Received) => void) {
    const events = {
      onMessage: (_text: string, from: Received) => heard(from),
      onError: () => {},
      onSendFailed: () => {},
    }
    const limits = { ...defaultCoreParams(), tcp_accept_haproxy: 1 }
    const transport = new TcpTransport(events, limits, () => 0)
    const info = socketInfo(TCP, '127.0.0.1', await freePort(), null, '')
    await transport.listen(info)
    ended.push(() => transport.close())
    const socket = connect(info.port, info.address)
    ended.push(() => socket.destroy())
    await once(socket, 'connect')
    return { transport, socket, info }
  }

  test('is of the address that its header names, and answers go over it', async () => {
    const heard = Promise.withResolvers<Received>()
    const { transport, socket, info } = await dial(heard.resolve)
    socket.write('PROXY TCP4 192.0.2.1 198.')
    await new Promise(later => setTimeout(later, 20))
    socket.write(`51.100.2 1111 5060\r\n${MESSAGE}`)
    const { srcIp, srcPort, dstIp } = await heard.promise
    expect([srcIp, srcPort, dstIp]).toEqual(['192.0.2.1', 1111, '127.0.0.1'])
    const to = { proto: TCP, ...FROM, connection: 0, socket: null }
    expect(transport.send('SIP/2.0 200 OK\r\n\r\n', to, () => info)).not.toBe(null)
    const [bytes] = (await once(socket, 'data')) as [Buffer]
    expect(bytes.toString()).toBe('SIP/2.0 200 OK\r\n\r\n')
  })

  test('without a header is what it is', async () => {
    const heard = Promise.withResolvers<Received>()
    const { socket } = await dial(heard.resolve)
    socket.write(MESSAGE)
    expect((await heard.promise).srcPort).toBe(socket.localPort)
  })

  test('with a malformed one is closed', async () => {
    const { transport, socket } = await dial(() => {})
    socket.resume()
    socket.write(`PROXY TCP9 x\r\n${MESSAGE}`)
    await once(socket, 'close')
    expect(transport.connections()).toEqual([])
  })
})
