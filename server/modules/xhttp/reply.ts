/** xhttp_reply: the answer to an HTTP request, printed as Kamailio prints it. */
import { replyDestination, serverHeader } from '../../core/reply.ts'
import { inBrackets } from '../../lib/ip.ts'
import type { SipMessage } from '../../sip/message.ts'
import { protoNameUpper } from '../../sip/transport.ts'
import type { Xhttp } from './xhttp.ts'

const isHttp = (msg: SipMessage): boolean => msg.version.startsWith('HTTP/')

export function reply(
  self: Xhttp,
  msg: SipMessage,
  code: number,
  reason: string,
  contentType: string,
  body: string,
): number {
  if (!isHttp(msg)) {
    self.core.log.error('xhttp', 'xhttp_reply is for HTTP requests')
    return -1
  }
  const { received } = msg
  const headers = msg.replyLumps === null ? '' : msg.replyLumps.join('')
  const type = contentType === '' ? '' : `Content-Type: ${contentType}\r\n`
  const via = `SIP/2.0/${protoNameUpper(received.proto)} ${inBrackets(received.srcIp)}`
  const text =
    `HTTP/1.1 ${code} ${reason}\r\n` +
    // The Via that Kamailio invents for an HTTP request comes back under this name.
    `Sia: ${via}:${received.srcPort}\r\n` +
    headers +
    type +
    serverHeader(self.core) +
    `Content-Length: ${body.length}\r\n\r\n${body}`
  const to = { ...replyDestination(self.core, msg), port: received.srcPort, noConnect: true }
  return self.core.network.send(text, to) ? 1 : -1
}

/** `$hu`: what the request line asks for. */
export function url(_self: Xhttp, msg: SipMessage): string | null {
  return isHttp(msg) && msg.originalUri !== '' ? msg.originalUri : null
}
