/** Which socket a message leaves from, and through which one it counts as received. */
import { canonical } from '../../lib/ip.ts'
import type { Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Received, SocketInfo } from '../../sip/transport.ts'
import { familyOf } from '../../lib/ip.ts'
import { type Corex, readSocket } from './corex.ts'

/** A script that changes where a message came from knows what it does. */
const change = (msg: SipMessage, received: Received): void => {
  ;(msg as { received: Received }).received = received
}

const noSocket = (self: Corex, text: string): Verdict => {
  // Kamailio goes on as if the socket were there.
  self.core.log.warn('corex', `no socket found to match [${text}]`)
  return 1
}

function sendFrom(self: Corex, msg: SipMessage, socket: SocketInfo | null, text: string): Verdict {
  if (socket === null) return noSocket(self, text)
  msg.forceSocket = socket
  return 1
}

export const setSendSocket = (self: Corex, msg: SipMessage, text: string): Verdict =>
  sendFrom(self, msg, self.socket(text), text)

export const setSendSocketName = (self: Corex, msg: SipMessage, name: string): Verdict =>
  sendFrom(self, msg, self.core.sockets.named(name), name)

function receiveOn(self: Corex, msg: SipMessage, socket: SocketInfo | null, text: string): Verdict {
  if (socket === null) return noSocket(self, text)
  const { address, port } = socket
  change(msg, { ...msg.received, dstIp: address, dstPort: port, socket })
  return 1
}

export const setReceiveSocket = (self: Corex, msg: SipMessage, text: string): Verdict =>
  receiveOn(self, msg, self.socket(text), text)

export const setReceiveSocketName = (self: Corex, msg: SipMessage, name: string): Verdict =>
  receiveOn(self, msg, self.core.sockets.named(name), name)

/** set_source_address("proto:address:port"): the transport stays what it is. */
export function setSourceAddress(self: Corex, msg: SipMessage, text: string): Verdict {
  const found = readSocket(text)
  if (found === null || familyOf(found.host) === 0) {
    self.error(`failed to parse the address [${text}]`)
    return -1
  }
  change(msg, { ...msg.received, srcIp: canonical(found.host), srcPort: found.port || 5060 })
  return 1
}

export const isSocketName = (self: Corex, _msg: SipMessage, name: string): Verdict =>
  self.core.sockets.named(name) === null ? -1 : 1
