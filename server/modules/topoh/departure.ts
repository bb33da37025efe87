/** What goes out: what the other side is not to know is masked. */
import { eventMessage } from '../../core/event-message.ts'
import { Edit } from '../../sip/edit.ts'
import { H_CONTACT, H_RECORD_ROUTE, H_VIA } from '../../sip/header-names.ts'
import { uriSpans, valueSpans } from '../../sip/header/spans.ts'
import { BODY, BODY_END, NEXT, type SipMessage } from '../../sip/message.ts'
import { ACK, CANCEL, INVITE } from '../../sip/method.ts'
import type { Destination, SocketInfo } from '../../sip/transport.ts'
import { parseUri } from '../../sip/uri.ts'
import { printed, readable, replaceCallId } from './arrival.ts'
import { cookieOf, removeCookie } from './cookie.ts'
import type { Topoh } from './topoh.ts'

/** The text as those on the wire are to see it. */
export function depart(self: Topoh, text: string, to: Destination): string {
  const socket = to.socket ?? self.core.network.socketFor(to.proto, to.ip)
  if (socket === null) return text
  if (self.outgoing.present && self.outgoing.drops(eventMessage(socket), { text, to })) return text
  const { proto, ip, port, connection } = to
  const { address: srcIp, port: srcPort } = socket
  const from = { proto, srcIp, srcPort, dstIp: ip, dstPort: port, socket, connection }
  const msg = readable(text, from)
  if (msg === null) return text
  const cookie = cookieOf(msg)
  const edits: Edit[] = []
  if (cookie[0] !== 'x') removeCookie(msg, edits)
  if (!self.sending.drops(msg, { text, to })) {
    if (msg.isRequest) request(self, msg, cookie, socket, edits)
    else reply(self, msg, cookie, socket, edits)
  }
  return edits.length === 0 ? text : printed(msg, edits)
}

function request(
  self: Topoh,
  msg: SipMessage,
  cookie: string,
  socket: SocketInfo,
  edits: Edit[],
): void {
  const upstream = cookie[0] === 'u'
  const vias = valueSpans(msg, H_VIA)
  const ours = vias.length < 2 || (cookie[0] !== 'd' && !upstream)
  if (ours) {
    // Requests of our own go downstream when they are about one that did (ACK, CANCEL), or say so.
    const downstream = !upstream && vias.length < 2 && cookie[1] === 'l'
    if ((msg.methodBit & (ACK | CANCEL)) !== 0 || downstream) maskCallId(self, msg, edits)
    return
  }
  for (const { start, end } of vias.slice(1))
    edits.push(new Edit(start, end - start, self.maskVia(msg.raw.slice(start, end), socket)))
  maskContact(self, msg, socket, edits)
  for (const { start, end } of (uriSpans(msg, H_RECORD_ROUTE) ?? []).slice(1))
    edits.push(new Edit(start, end - start, self.maskUri(msg.raw.slice(start, end), socket)))
  const initial = msg.to!.tag === ''
  if (initial) updateReplaces(self, msg, edits)
  if (initial || !upstream) maskCallId(self, msg, edits)
}

function reply(
  self: Topoh,
  msg: SipMessage,
  cookie: string,
  socket: SocketInfo,
  edits: Edit[],
): void {
  const place = cookie[cookie.length - 1]
  if (place === 'x') return
  if (place === 'v') {
    // We made it: only the Via of the request came along, and says which way that went.
    if (cookie[0] === 'u') maskCallId(self, msg, edits)
    return
  }
  maskRecordRoutes(self, msg, socket, edits)
  const redirects = msg.status >= 300 && msg.status < 400
  if (self.config.mask_mode === 0 || !redirects) maskContact(self, msg, socket, edits)
  if (cookie[0] === 'd') maskCallId(self, msg, edits)
}

function maskCallId(self: Topoh, msg: SipMessage, edits: Edit[]): void {
  if (self.config.mask_callid !== 0) replaceCallId(msg, self.maskCallId(msg.callId), edits)
}

function maskContact(self: Topoh, msg: SipMessage, socket: SocketInfo, edits: Edit[]): void {
  const at = msg.find(H_CONTACT)
  if (at < 0) return
  // Of several in the first line the last, as in Kamailio.
  const line = msg.headers[at + NEXT]!
  const span = uriSpans(msg, H_CONTACT)?.findLast(({ start }) => start < line)
  if (span === undefined || msg.raw[span.start] === '*') return
  const { start, end } = span
  const uri = self.maskUri(msg.raw.slice(start, end), socket)
  // A masked URI has a parameter, so that it needs brackets.
  edits.push(new Edit(start, end - start, msg.raw[start - 1] === '<' ? uri : `<${uri}>`))
}

/**
 * The Record-Routes above our own are the other side's. Of two of ours (r2=on) the first is on that
 * side.
 */
function maskRecordRoutes(self: Topoh, msg: SipMessage, socket: SocketInfo, edits: Edit[]): void {
  let pair = 2
  for (const { start, end } of uriSpans(msg, H_RECORD_ROUTE) ?? []) {
    const text = msg.raw.slice(start, end)
    const uri = parseUri(text)
    if (uri === null) continue
    const masked = uri.host.toLowerCase() === self.hostFor(socket).toLowerCase()
    if (masked && uri.param(self.config.uparam_name) !== null) continue
    if ((!masked || self.maskIsOurs) && isOurs(self, uri.host, uri.portNumber)) {
      if (uri.param('r2')?.toLowerCase() !== 'on' || --pair === 0) return
    } else if (masked) return
    edits.push(new Edit(start, end - start, self.maskUri(text, socket)))
  }
}

const isOurs = (self: Topoh, host: string, port: number): boolean =>
  self.core.sockets.isMyself(host, port, 0)

/** The Call-ID of the dialog that a new one takes the place of (RFC 3891). */
function updateReplaces(self: Topoh, msg: SipMessage, edits: Edit[]): void {
  if (self.config.mask_callid === 0 || msg.methodBit !== INVITE) return
  const at = msg.findNamed('Replaces')
  if (at < 0) return
  const start = msg.headers[at + BODY]!
  const semicolon = msg.raw.indexOf(';', start)
  const limit = msg.headers[at + BODY_END]!
  const end = semicolon < 0 || semicolon > limit ? limit : semicolon
  const callId = msg.raw.slice(start, end)
  const other = self.unmaskCallId(callId) ?? self.maskCallId(callId)
  edits.push(new Edit(start, end - start, other))
}
