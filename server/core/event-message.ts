/** Event routes need a message even where nothing came in: this one is about nothing. */
import { SipMessage } from '../sip/message.ts'
import type { Received, SocketInfo } from '../sip/transport.ts'

const TEXT =
  'OPTIONS sip:you@kamailio.org SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1\r\n' +
  'From: <sip:you@kamailio.org>;tag=123\r\n' +
  'To: <sip:you@kamailio.org>\r\nCall-ID: 123\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n'

/** As if it had come in on `socket` from the node itself, or as `received` says. */
export const eventMessage = (socket: SocketInfo, received: Partial<Received> = {}): SipMessage =>
  new SipMessage(
    TEXT,
    {
      proto: socket.proto,
      srcIp: '127.0.0.1',
      srcPort: 5060,
      dstIp: socket.address,
      dstPort: socket.port,
      socket,
      connection: 0,
      ...received,
    },
    0,
  )
