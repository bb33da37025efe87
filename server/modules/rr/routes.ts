/** The values of the Route headers of a request, found where they stand, and cut out by edits. */
import { Edit } from '../../sip/edit.ts'
import { H_ROUTE } from '../../sip/header-names.ts'
import { endOfValue } from '../../sip/header/list.ts'
import { BODY, BODY_END, NEXT, START, STRIDE, type SipMessage } from '../../sip/message.ts'
import { parseUri, type SipUri } from '../../sip/uri.ts'

/** One Route value. */
export class RouteValue {
  /** Its header: an index into msg.headers. */
  readonly header: number
  /** Where it stands in the message, blanks left out; the end is before the comma. */
  readonly start: number
  readonly end: number
  readonly text: string
  readonly uri: SipUri

  constructor(header: number, start: number, end: number, text: string, uri: SipUri) {
    this.header = header
    this.start = start
    this.end = end
    this.text = text
    this.uri = uri
  }
}

/** A list that does not parse: the request cannot be routed. */
export const MALFORMED: unique symbol = Symbol('malformed route')
export type Found = RouteValue | null | typeof MALFORMED

const isBlank = (code: number): boolean =>
  code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a

/** The first Route value; null when there is no Route. */
export function firstRoute(msg: SipMessage): Found {
  const header = msg.find(H_ROUTE)
  return header < 0 ? null : readRoute(msg, header, msg.headers[header + BODY]!)
}

/** The value after this one, in the same header or the next; null at the end. */
export function nextRoute(msg: SipMessage, route: RouteValue): Found {
  const bodyEnd = msg.headers[route.header + BODY_END]!
  let at = route.end
  while (at < bodyEnd && isBlank(msg.raw.charCodeAt(at))) at++
  if (at < bodyEnd) return readRoute(msg, route.header, at + 1)
  const header = msg.find(H_ROUTE, route.header + STRIDE)
  return header < 0 ? null : readRoute(msg, header, msg.headers[header + BODY]!)
}

/** RFC 3261 section 20.34: a Route value is a name-addr, so its angle brackets are there. */
function readRoute(msg: SipMessage, header: number, from: number): Found {
  const { raw } = msg
  const bodyEnd = msg.headers[header + BODY_END]!
  let start = from
  while (start < bodyEnd && isBlank(raw.charCodeAt(start))) start++
  let end = endOfValue(raw, start, bodyEnd)
  while (end > start && isBlank(raw.charCodeAt(end - 1))) end--
  const open = raw.indexOf('<', quotedEnd(raw, start, end))
  const close = open < 0 ? -1 : raw.indexOf('>', open)
  if (open < 0 || close < 0 || close >= end) return MALFORMED
  const text = raw.slice(open + 1, close)
  const uri = parseUri(text)
  return uri === null ? MALFORMED : new RouteValue(header, start, end, text, uri)
}

/** A display name in quotes may hold brackets. */
function quotedEnd(raw: string, start: number, end: number): number {
  if (raw.charCodeAt(start) !== 0x22) return start
  let at = start + 1
  for (; at < end && raw.charCodeAt(at) !== 0x22; at++) if (raw.charCodeAt(at) === 0x5c) at++
  return at + 1
}

/** The last Route value; MALFORMED when one on the way does not parse. */
export function lastRoute(msg: SipMessage, first: RouteValue): RouteValue | typeof MALFORMED {
  let last = first
  for (;;) {
    const next = nextRoute(msg, last)
    if (next === null) return last
    if (next === MALFORMED) return MALFORMED
    last = next
  }
}

/** Takes off all values before `keep`; with null all of them. */
export function cutBefore(msg: SipMessage, keep: RouteValue | null): void {
  const { headers } = msg
  for (let i = msg.find(H_ROUTE); i >= 0; i = msg.find(H_ROUTE, i + STRIDE)) {
    const start = headers[i + START]!
    if (keep === null || i < keep.header) {
      msg.addEdit(new Edit(start, headers[i + NEXT]! - start, ''))
      continue
    }
    const body = headers[i + BODY]!
    if (keep.start > body) msg.addEdit(new Edit(body, keep.start - body, ''))
    return
  }
}

/**
 * Takes off the last value: from the comma before it, or with its header when it stands alone
 * there.
 */
export function cutLast(msg: SipMessage, last: RouteValue): void {
  const { headers, raw } = msg
  const body = headers[last.header + BODY]!
  let from = last.start
  while (from > body && raw.charCodeAt(from - 1) !== 0x2c) from--
  if (from > body) {
    msg.addEdit(new Edit(from - 1, last.end - from + 1, ''))
    return
  }
  const start = headers[last.header + START]!
  msg.addEdit(new Edit(start, headers[last.header + NEXT]! - start, ''))
}

/** Puts a Route header behind all others: behind all headers, as Kamailio does. */
export function appendRoute(msg: SipMessage, uri: string): void {
  msg.addEdit(new Edit(msg.headersEnd, 0, `Route: <${uri}>\r\n`))
}
