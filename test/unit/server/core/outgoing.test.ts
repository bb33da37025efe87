// The socket by which a message leaves.
import { describe, expect, test } from 'vitest'
import { sendSocket } from '../../../../server/core/outgoing.ts'
import { webSocketTwin } from '../../../../server/net/websocket.ts'
import { SipMessage } from '../../../../server/sip/message.ts'
import { socketInfo, TCP, TLS, UDP, WS, WSS } from '../../../../server/sip/transport.ts'
import { Bench, main } from '../../../kit/bench.ts'

const TEXT = 'OPTIONS sip:a SIP/2.0\r\n\r\n'

describe('the socket that the script forced', () => {
  const tcp = socketInfo(TCP, '127.0.0.1', 25098, null, '')
  const tls = socketInfo(TLS, '127.0.0.1', 25099, null, '')

  test.each([
    ['UDP goes by its own', main, UDP, main],
    ['TCP goes by its own', tcp, TCP, tcp],
    ['a WebSocket goes by the WebSocket of the TCP socket', tcp, WS, webSocketTwin(tcp)],
    ['a secure one by that of the TLS socket', tls, WSS, webSocketTwin(tls)],
    ['another transport does not go by it', tcp, UDP, main],
  ])('%s', async (_name, forced, proto, expected) => {
    const { core, host } = await Bench.start('request_route { exit; }\n')
    const from = { proto: UDP, srcIp: '127.0.0.1', srcPort: 9, dstIp: '127.0.0.1', dstPort: 9 }
    const msg = new SipMessage(TEXT, { ...from, socket: main, connection: 0 }, 1)
    msg.forceSocket = forced
    expect(sendSocket(core, msg, proto, '127.0.0.1')).toBe(expected)
    await host.stop()
  })
})
