/** Sending without a transaction: the received message as it stands, or any text. */
import type { Verdict } from '../../core/module/index.ts'
import { forwardReply } from '../../core/forward.ts'
import type { SipMessage } from '../../sip/message.ts'
import { type SocketInfo, TCP, UDP } from '../../sip/transport.ts'
import { defaultPort, parseUri, uriTransport } from '../../sip/uri.ts'
import type { Corex } from './corex.ts'
import { readSocket } from './corex.ts'

interface Target {
  readonly host: string
  readonly port: number
  readonly proto: number
  readonly secure: boolean
}

/**
 * Sends when the name is resolved, which is at once for addresses. -1 when it has nowhere to go.
 */
function send(self: Corex, data: string, to: Target, from: SocketInfo | null): Verdict {
  const { network } = self.core
  let verdict = 1
  network.resolve(to.host, to.port, to.proto, to.secure, found => {
    const socket = from ?? (found === null ? null : network.socketFor(to.proto, found.ip))
    const sent =
      found !== null &&
      socket !== null &&
      network.send(data, {
        proto: to.proto,
        ip: found.ip,
        port: found.port || defaultPort(to.proto),
        connection: 0,
        socket,
      })
    if (sent) return
    verdict = -1
    self.error(`nothing was sent to ${to.host}`)
  })
  return verdict
}

/** The address that a URI names, null when it does not parse. */
function targetOf(text: string, proto: number): Target | null {
  const uri = parseUri(text)
  if (uri === null || uri.host === '') return null
  return {
    host: uri.host,
    port: uri.portNumber,
    proto: proto === 0 ? uriTransport(uri) : proto,
    secure: uri.scheme === 'sips',
  }
}

/** send_udp([host[:port]]), send_tcp(...): no Via is added, no change applied. */
const sendMessage =
  (proto: number) =>
  (self: Corex, msg: SipMessage, address = ''): Verdict => {
    if (address === '') {
      const to = targetOf(msg.dstUri === '' ? msg.uri : msg.dstUri, proto)
      return to === null ? -1 : send(self, msg.raw, to, null)
    }
    const found = readSocket(address)
    if (found === null) {
      self.error(`${address} is no host:port`)
      return -1
    }
    return send(self, msg.raw, { host: found.host, port: found.port, proto, secure: false }, null)
  }

export const sendUdp = sendMessage(UDP)
export const sendTcp = sendMessage(TCP)

/** send_data(uri, data). */
export function sendData(self: Corex, _msg: SipMessage, uri: string, data: string): Verdict {
  const to = targetOf(uri, 0)
  if (to !== null) return send(self, data, to, null)
  self.error(`${uri} is no URI to send to`)
  return -1
}

/** sendx(uri, socket, data). */
export function sendFrom(
  self: Corex,
  _msg: SipMessage,
  uri: string,
  socketText: string,
  data: string,
): Verdict {
  const to = targetOf(uri, 0)
  const socket = self.socket(socketText)
  if (to !== null && socket !== null) return send(self, data, to, socket)
  self.error(to === null ? `${uri} is no URI to send to` : `we do not listen on ${socketText}`)
  return -1
}

/** forward_reply(): sends the reply on now, to where its second Via says. */
export function forwardNow(self: Corex, msg: SipMessage): Verdict {
  if (msg.via === null) return -1
  forwardReply(self.core, self.statistics, msg)
  return 1
}
