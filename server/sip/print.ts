/**
 * Messages as they leave: the received text with its edits applied, or a reply made from a
 * request's headers.
 */
import { canonical, written } from '../lib/ip.ts'
import { applyEdits, Edit, editsFrom, inOrder } from './edit.ts'
import {
  H_CALL_ID,
  H_CONTENT_LENGTH,
  H_CSEQ,
  H_FROM,
  H_RECORD_ROUTE,
  H_TO,
  H_VIA,
} from './header-names.ts'
import type { Via } from './header/via.ts'
import {
  BODY,
  BODY_END,
  ID,
  MSG_FORCE_RPORT,
  NEXT,
  START,
  STRIDE,
  type SipMessage,
} from './message.ts'
import type { SocketInfo } from './transport.ts'

/** Does the top Via name the address that the packet came from (RFC 3261 section 18.2.1)? */
export function needsReceived(msg: SipMessage, via: Via): boolean {
  const source = msg.received.srcIp
  // One of the peer's own making would send the reply to whomever it names.
  if (via.rport !== null || via.received !== '') return true
  if (via.host === source) return false
  // An IPv6 address has several texts.
  return via.host.charCodeAt(0) === 0x5b ? canonical(via.host) !== source : true
}

/**
 * What we learned of the sender (RFC 3261 section 18.2.1, RFC 3581 section 4) is put in at `at`: an
 * rport that is there gets its value where it stands, a received of the peer's own making goes.
 */
function addLearned(msg: SipMessage, via: Via, at: number, edits: Edit[]): void {
  const port = `;rport=${msg.received.srcPort}`
  const forced = via.rport === null && (msg.messageFlags & MSG_FORCE_RPORT) !== 0
  const needed = needsReceived(msg, via)
  const received = needed ? `;received=${written(msg.received.srcIp)}` : ''
  if (needed || forced) edits.push(new Edit(at, 0, forced ? received + port : received))
  const old = needed && via.received !== '' ? paramSpan(msg.raw, via, 'received') : null
  if (old !== null) edits.push(new Edit(old.start, old.end - old.start, ''))
  const asked = via.rport === null ? null : paramSpan(msg.raw, via, 'rport')
  if (asked !== null) edits.push(new Edit(asked.start, asked.end - asked.start, port))
}

/** From the semicolon of a parameter of a Via to its end. */
function paramSpan(raw: string, via: Via, name: string): { start: number; end: number } | null {
  for (let start = raw.indexOf(';', via.start); start >= 0 && start < via.end; ) {
    let end = start + 1
    while (end < via.end && raw.charCodeAt(end) !== 0x3b) end++
    const text = raw.slice(start + 1, end)
    const equals = text.indexOf('=')
    const found = (equals < 0 ? text : text.slice(0, equals)).trim().toLowerCase()
    if (found === name) return { start, end }
    start = end < via.end ? end : -1
  }
  return null
}

/** The offset after host and port of the top Via: where a proxy writes what it learned. */
function afterSentBy(msg: SipMessage, via: Via): number {
  const semicolon = msg.raw.indexOf(';', via.start)
  return semicolon < 0 || semicolon > via.end ? via.end : semicolon
}

/**
 * The request as it goes to the next hop: new request URI, `via` and `route` (whole header lines
 * with their line ends, or '') above the received headers, what we learned of the sender in the old
 * top Via, and all edits. It leaves from `socket`.
 */
export function printRequest(
  msg: SipMessage,
  uri: string,
  via: string,
  route: string,
  socket: SocketInfo = msg.received.socket,
): string {
  const old = msg.via
  const index = msg.find(H_VIA)
  const at = index < 0 ? msg.headersStart : msg.headers[index + START]!
  // Edits made before the Via line come first, as Kamailio places Record-Route above its Via.
  const edits = msg.edits === null ? [] : editsFrom(msg.edits, socket)
  edits.push(new Edit(at, 0, via + route))
  if (old !== null) addLearned(msg, old, afterSentBy(msg, old), edits)
  fixContentLength(msg, edits)
  const raw = msg.raw
  const rest = applyEdits(raw, msg.headersStart, endOf(msg), inOrder(edits))
  return `${msg.method} ${uri} ${msg.version}\r\n${rest}`
}

/** A reply on its way back: without its top Via, with its edits (RFC 3261 section 16.7 step 9). */
export function printForwardedReply(msg: SipMessage): string {
  const edits = msg.edits === null ? [] : msg.edits.slice()
  const via = msg.via
  const index = msg.find(H_VIA)
  if (via !== null && index >= 0) {
    const end = msg.headers[index + BODY_END]!
    let comma = via.end
    while (comma < end && msg.raw.charCodeAt(comma) !== 0x2c) comma++
    const start = msg.headers[index + START]!
    if (comma < end) {
      const body = msg.headers[index + BODY]!
      let next = comma + 1
      while (next < end && msg.raw.charCodeAt(next) <= 0x20) next++
      edits.push(new Edit(body, next - body, ''))
    } else edits.push(new Edit(start, msg.headers[index + NEXT]! - start, ''))
  }
  fixContentLength(msg, edits)
  return applyEdits(msg.raw, 0, endOf(msg), inOrder(edits))
}

/**
 * The message with its edits, as msg_apply_changes() reads it again: no Via of ours, nothing
 * learned of the sender.
 */
export function printChanged(msg: SipMessage): string {
  const edits = msg.edits === null ? [] : editsFrom(msg.edits, msg.received.socket)
  fixContentLength(msg, edits)
  const rest = (from: number): string => applyEdits(msg.raw, from, endOf(msg), inOrder(edits))
  return msg.isRequest
    ? `${msg.method} ${msg.uri} ${msg.version}\r\n${rest(msg.headersStart)}`
    : rest(0)
}

/**
 * A datagram may carry more than Content-Length says; the rest is not part of the message (RFC 3261
 * section 18.3).
 */
function endOf(msg: SipMessage): number {
  const length = msg.contentLength
  return length < 0 ? msg.raw.length : Math.min(msg.raw.length, msg.bodyStart + length)
}

function touchBody(edits: Edit[], bodyStart: number): boolean {
  for (let i = 0; i < edits.length; i++) if (edits[i]!.at >= bodyStart) return true
  return false
}

/** Keeps Content-Length true when edits touched the body. */
function fixContentLength(msg: SipMessage, edits: Edit[]): void {
  if (!touchBody(edits, msg.bodyStart)) return
  const body = edits.filter(edit => edit.at >= msg.bodyStart)
  // Edits may overlap, so the length is that of the body as it leaves.
  const end = endOf(msg)
  const size = applyEdits(msg.raw, msg.bodyStart, end, inOrder(body)).length
  if (size === end - msg.bodyStart) return
  const length = String(size)
  const index = msg.find(H_CONTENT_LENGTH)
  if (index < 0) {
    edits.push(new Edit(msg.headersEnd, 0, `Content-Length: ${length}\r\n`))
    return
  }
  const from = msg.headers[index + BODY]!
  // Somebody who removed the header wants it gone.
  for (const edit of edits) if (edit.at <= from && edit.at + edit.remove > from) return
  edits.push(new Edit(from, msg.headers[index + BODY_END]! - from, length))
}

export interface ReplyParts {
  /** Whole header lines with their line ends, or ''. */
  headers: string
  /** The Server header line, or ''. */
  server: string
  contentType: string
  body: string
  /** A header line that stands behind all others. */
  last?: string
}

/**
 * A reply made here (RFC 3261 section 8.2.6): Vias, From, To with `tag` when it has none, Call-ID
 * and CSeq of the request; Record-Route is copied into replies that may make a dialog (section
 * 12.1.1).
 */
export function printReply(
  msg: SipMessage,
  code: number,
  reason: string,
  tag: string,
  parts: ReplyParts,
): string {
  let text = `SIP/2.0 ${code} ${reason}\r\n`
  const headers = msg.headers
  let topVia = true
  for (let i = 0; i < headers.length; i += STRIDE) {
    switch (headers[i + ID]) {
      case H_VIA:
        text += topVia
          ? topViaOfReply(msg, i)
          : msg.raw.slice(headers[i + START], headers[i + NEXT])
        topVia = false
        break
      case H_TO:
        text += toOfReply(msg, i, tag)
        break
      case H_RECORD_ROUTE:
        if (code < 180 || code >= 300) break
        text += msg.raw.slice(headers[i + START], headers[i + NEXT])
        break
      case H_FROM:
      case H_CALL_ID:
      case H_CSEQ:
        text += msg.raw.slice(headers[i + START], headers[i + NEXT])
        break
      default:
    }
  }
  text += parts.headers + parts.server
  const last = parts.last ?? ''
  if (parts.body === '') return `${text}Content-Length: 0\r\n${last}\r\n`
  const { body, contentType } = parts
  text += `Content-Type: ${contentType}\r\nContent-Length: ${body.length}\r\n${last}\r\n`
  return text + body
}

function topViaOfReply(msg: SipMessage, index: number): string {
  const start = msg.headers[index + START]!
  const next = msg.headers[index + NEXT]!
  const via = msg.via
  if (via === null) return msg.raw.slice(start, next)
  const edits: Edit[] = []
  addLearned(msg, via, via.end, edits)
  return edits.length === 0
    ? msg.raw.slice(start, next)
    : applyEdits(msg.raw, start, next, inOrder(edits))
}

function toOfReply(msg: SipMessage, index: number, tag: string): string {
  const start = msg.headers[index + START]!
  const next = msg.headers[index + NEXT]!
  // RFC 3261 section 8.2.6.2: a tag that is there is kept; 100 needs none, then the caller passes
  // ''.
  if (tag === '' || (msg.to !== null && msg.to.tag !== '')) return msg.raw.slice(start, next)
  const end = msg.headers[index + BODY_END]!
  return `${msg.raw.slice(start, end)};tag=${tag}${msg.raw.slice(end, next)}`
}

/**
 * Where a reply to this request goes (RFC 3261 section 18.2.2, RFC 3581 section 4): the port; the
 * address is the packet's source.
 */
export function replyPort(msg: SipMessage): number {
  const via = msg.via
  if (via === null) return msg.received.srcPort
  if (via.rport !== null || (msg.messageFlags & MSG_FORCE_RPORT) !== 0) return msg.received.srcPort
  return via.port === 0 ? 5060 : via.port
}
