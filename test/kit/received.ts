/** Where a message of a unit test came from: one loopback socket, changed where a test cares. */
import { type Received, socketInfo, UDP } from '../../server/sip/transport.ts'

export const loopbackSocket = socketInfo(UDP, '127.0.0.1', 5060, null, '')

export const received = (changes: Partial<Received> = {}): Received => ({
  proto: UDP,
  srcIp: '192.0.2.1',
  srcPort: 5062,
  dstIp: '127.0.0.1',
  dstPort: 5060,
  socket: loopbackSocket,
  connection: 0,
  ...changes,
})
