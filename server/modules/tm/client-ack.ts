/** The ACK to a 2xx that answers an INVITE of our own (RFC 3261 section 13.2.2.4). */
import { ownVia, targetHost } from '../../core/forward.ts'
import { parseNameAddress, parseNameAddressList } from '../../sip/header/address.ts'
import { MAGIC_COOKIE } from '../../sip/header/via.ts'
import { H_CALL_ID, H_CONTACT, H_FROM, H_RECORD_ROUTE, H_TO } from '../../sip/header-names.ts'
import { type SipMessage, STRIDE } from '../../sip/message.ts'
import type { Destination } from '../../sip/transport.ts'
import { defaultPort, parseUri, type SipUri } from '../../sip/uri.ts'
import { headerLine } from './build.ts'
import type { Tm } from './tm.ts'
import { type ClientBranch, NO_AUTO_ACK, type Transaction } from './transaction.ts'

// ---- parameter local_ack_mode
const AS_INVITE = 1
const TO_SOURCE = 2

/** Sends the ACK and keeps it for repeated 2xx. */
export function sendLocalAck(
  tm: Tm,
  t: Transaction,
  branch: ClientBranch,
  reply: SipMessage,
): void {
  if ((t.flags & NO_AUTO_ACK) !== 0) return
  if (branch.ack !== '') {
    tm.core.network.send(branch.ack, t.destination!)
    return
  }
  const contact = parseNameAddress(reply.header(H_CONTACT) ?? '')
  const target = contact === null ? branch.uri : contact.uri
  const routes = routeSet(reply)
  const hop = parseUri(routes.length === 0 ? target : parseNameAddress(routes[0]!)!.uri)
  if (hop === null) return
  destinationOf(tm, branch, reply, hop, to => {
    t.destination = to
    branch.ack = write(tm, reply, target, routes, to)
    tm.core.network.send(branch.ack, to)
  })
}

function destinationOf(
  tm: Tm,
  branch: ClientBranch,
  reply: SipMessage,
  hop: SipUri,
  done: (to: Destination) => void,
): void {
  const mode = tm.config.local_ack_mode
  const { received } = reply
  if (mode === AS_INVITE) done(branch.destination)
  else if (mode === TO_SOURCE) {
    const { proto, srcIp, srcPort, connection, socket } = received
    done({ proto, ip: srcIp, port: srcPort, connection, socket })
  } else {
    tm.core.network.resolve(
      targetHost(hop),
      hop.portNumber,
      hop.transport,
      hop.scheme === 'sips',
      to => {
        const socket = to === null ? null : tm.core.network.socketFor(to.proto, to.ip)
        if (to === null || socket === null) return
        const port = to.port || defaultPort(to.proto, hop.scheme)
        done({ proto: to.proto, ip: to.ip, port, connection: 0, socket, noConnect: false })
      },
    )
  }
}

/**
 * RFC 3261 section 13.2.2.4: CSeq number and From of the INVITE, To of the reply, a branch of its
 * own.
 */
function write(
  tm: Tm,
  reply: SipMessage,
  target: string,
  routes: readonly string[],
  to: Destination,
): string {
  let text = `ACK ${target} SIP/2.0\r\n`
  text += ownVia(tm.core, to.socket!, `${MAGIC_COOKIE}${tm.core.random.hex(16)}`)
  text += headerLine(reply, H_FROM) + headerLine(reply, H_CALL_ID) + headerLine(reply, H_TO)
  text += `CSeq: ${reply.cseq!.text} ACK\r\n`
  for (const route of routes) text += `Route: ${route}\r\n`
  return `${text}Max-Forwards: 70\r\n${tm.userAgentHeader()}Content-Length: 0\r\n\r\n`
}

/** RFC 3261 section 12.1.2: the Record-Route values of the reply in reverse order. */
function routeSet(reply: SipMessage): string[] {
  const routes: string[] = []
  for (let i = reply.find(H_RECORD_ROUTE); i >= 0; i = reply.find(H_RECORD_ROUTE, i + STRIDE)) {
    for (const value of parseNameAddressList(reply.bodyAt(i)) ?? [])
      routes.unshift(`<${value.uri}>${value.params === '' ? '' : `;${value.params}`}`)
  }
  return routes
}
