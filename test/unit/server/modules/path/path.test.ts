import { describe, expect, test } from 'vitest'
import { MSG_NO_FORWARD_CONNECT, SipMessage } from '../../../../../server/sip/message.ts'
import { printRequest } from '../../../../../server/sip/print.ts'
import { type Received, socketInfo, TCP, WS, WSS } from '../../../../../server/sip/transport.ts'
import { messageText } from '../../../../compat/rr/facts.ts'
import { received } from '../../../../kit/received.ts'
import { RrWorld, sockets } from '../rr/rr-world.ts'

function request(headers: string[], from: Partial<Received> = {}): SipMessage {
  const fact = { calls: [], request: 'REGISTER sip:example.org', to: '<sip:a@b>', headers }
  return new SipMessage(messageText(fact), received({ socket: sockets.main, ...from }), 1)
}

const paths = (msg: SipMessage): string[] =>
  printRequest(msg, msg.uri, 'Via: x\r\n', '', sockets.main)
    .split('\r\n')
    .filter(line => line.startsWith('Path:'))

describe('path', () => {
  test.for([
    [0, TCP, '192.0.2.1', 'sip:192.0.2.1:5062%3Btransport%3Dtcp'],
    [0, WSS, '192.0.2.1', 'sip:192.0.2.1:5062%3Btransport%3Dwss'],
    [0, TCP, '2001:db8::1', 'sip:[2001:db8::1]:5062%3Btransport%3Dtcp'],
    [1, TCP, '192.0.2.1', '192.0.2.1~5062~2'],
    [1, WSS, '2001:db8::1', '[2001:db8::1]~5062~6'],
  ] as const)(
    'notes where a request came from, format %i, %i, %s',
    ([form, proto, srcIp, text]) => {
      const params = { path: { received_format: form, use_received: 1 } }
      const world = new RrWorld(params)
      const msg = request([], { proto, srcIp })
      expect(world.call(msg, 'add_path_received')).toBe(1)
      expect(paths(msg)).toEqual([`Path: <sip:127.0.0.1:27160;lr;received=${text}>`])

      // And sends there what comes back with it.
      const back = request([`Route: <sip:127.0.0.1:27160;lr;received=${text}>`])
      world.call(back, 'loose_route')
      const host = srcIp.includes(':') ? `[${srcIp}]` : srcIp
      const transport = proto === TCP ? 'tcp' : 'wss'
      expect(back.dstUri).toBe(`sip:${host}:5062;transport=${transport}`)
    },
  )

  test.for(['127.0.0.1~x~1', '127.0.0.1~5060', '127.0.0.1~5060~9', '~5060~1', 'a~1~1~1'])(
    'takes no notice of what is none of its own: %s',
    text => {
      const world = new RrWorld({ path: { received_format: 1, use_received: 1 } })
      const msg = request([`Route: <sip:127.0.0.1:27160;lr;received=${text}>`])
      world.call(msg, 'loose_route')
      expect(msg.dstUri).toBe('')
      expect(world.log).toEqual(['invalid received format'])
    },
  )

  test('names the advertised address of the socket that it leaves by', () => {
    const world = new RrWorld({})
    const msg = request([])
    msg.advertisedAddress = 'edge.example.org'
    world.call(msg, 'add_path')
    expect(paths(msg)).toEqual(['Path: <sip:edge.example.org:27160;lr>'])
  })

  test('reads tokens of flows over WebSocket as such, and opens no connection for them', () => {
    const world = new RrWorld({ outbound: { flow_token_secret: 'aloha' } }, true)
    const socket = socketInfo(WS, '127.0.0.1', 27160, null, '')
    const flow = { proto: WS, srcIp: '192.0.2.9', srcPort: 4000, dstPort: 27160, socket }
    const register = request(['Contact: <sip:a@b>;reg-id=1'], flow)
    world.call(register, 'add_path')
    const [path = ''] = paths(register)
    expect(path).toMatch(/^Path: <sip:[\w+/=]{32}@127\.0\.0\.1:27160;lr;ob>$/)
    const back = request([path.replace('Path', 'Route')])
    expect(world.call(back, 'loose_route')).toBe(2)
    expect(back.dstUri).toBe('sip:192.0.2.9:4000;transport=ws')
    expect(back.forceSocket).toMatchObject({ proto: WS, address: '127.0.0.1', port: 27160 })
    expect(back.messageFlags & MSG_NO_FORWARD_CONNECT).not.toBe(0)
  })
})
