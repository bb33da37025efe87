/** Which socket a registration came in on, as far as another server or the script says so. */
import { Edit } from '../../sip/edit.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { SocketInfo } from '../../sip/transport.ts'
import { protoNumber } from '../../sip/transport.ts'
import { socketText } from '../usrloc/api.ts'
import type { Registrar } from './registrar.ts'

/** `udp:127.0.0.1:5060` as one of our sockets; null when it is none. */
function localSocket(self: Registrar, text: string): SocketInfo | null {
  const first = text.indexOf(':')
  const last = text.lastIndexOf(':')
  const proto = protoNumber(text.slice(0, Math.max(first, 0)))
  const named = proto !== 0
  const host = named ? text.slice(first + 1, last > first ? last : undefined) : text.slice(0, last)
  const port = last > first || !named ? Number(text.slice(last + 1)) : 0
  const socket = Number.isInteger(port) ? self.core.sockets.find(host, port, proto) : null
  if (socket === null) self.core.log.error('registrar', `non-local socket <${text}>`)
  return socket
}

/**
 * The socket to store: what xavp_cfg says, what the header of a trusted peer says, else where the
 * request came in.
 */
export function registeringSocket(self: Registrar, msg: SipMessage): SocketInfo {
  const { config } = self
  const set = config.xavp_cfg === '' ? null : self.setting(msg, 'socket')
  let socket = typeof set === 'string' ? localSocket(self, set) : null
  if (socket === null && config.sock_flag >= 0 && (msg.flags & (1 << config.sock_flag)) !== 0) {
    const index = config.sock_hdr_name === '' ? -1 : msg.findNamed(config.sock_hdr_name)
    if (index >= 0) socket = localSocket(self, msg.bodyAt(index))
  }
  return self.storedSocket(socket ?? msg.received.socket)
}

/** add_sock_hdr(): tells the next server which socket it was. */
export function addSocketHeader(_self: Registrar, msg: SipMessage, name: string): number {
  const { socket } = msg.received
  msg.addEdit(new Edit(msg.headersEnd, 0, `${name}: ${socketText(socket)}\r\n`))
  return 1
}
