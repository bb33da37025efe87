/** What comes in: the masks that we put on the way out are taken off. */
import { applyEdits, Edit, inOrder } from '../../sip/edit.ts'
import { H_CALL_ID, H_RECORD_ROUTE, H_REFER_TO, H_ROUTE, H_VIA } from '../../sip/header-names.ts'
import { uriSpans, valueSpans } from '../../sip/header/spans.ts'
import { parseVia, type Via } from '../../sip/header/via.ts'
import { BODY, BODY_END, SipMessage } from '../../sip/message.ts'
import { CANCEL, PUBLISH, REFER, REGISTER } from '../../sip/method.ts'
import type { Received, SocketInfo } from '../../sip/transport.ts'
import { findParam, parseUri } from '../../sip/uri.ts'
import { addCookie, cookieIn } from './cookie.ts'
import type { Topoh } from './topoh.ts'

const DOWNSTREAM = 0
const UPSTREAM = 1

/** The message, when it is one that masks apply to. */
export function readable(raw: string, received: Received): SipMessage | null {
  const msg = new SipMessage(raw, received, 0)
  if (msg.bad !== null || msg.version !== 'SIP/2.0') return null
  if (msg.cseq === null || (msg.methodBit & (REGISTER | PUBLISH)) !== 0) return null
  return msg.from === null || msg.to === null || msg.via === null || msg.find(H_CALL_ID) < 0
    ? null
    : msg
}

export const printed = (msg: SipMessage, edits: Edit[]): string =>
  applyEdits(msg.raw, 0, msg.raw.length, inOrder(edits))

/** The text as the rest of the node is to see it. */
export function arrive(self: Topoh, raw: string, received: Received): string {
  const msg = readable(raw, received)
  if (msg === null) return raw
  const edits: Edit[] = []
  const cookie = msg.isRequest ? request(self, msg, edits) : reply(self, msg, edits)
  if (cookie === null) return raw
  addCookie(msg, msg.via!, cookie, edits)
  return printed(msg, edits)
}

/** Gives the cookie for it; null when it is left as it is. */
function request(self: Topoh, msg: SipMessage, edits: Edit[]): string | null {
  if (self.config.sanity_checks !== 0 && self.sanity!.checkDefaults(msg) < 1) {
    self.error('sanity checks failed')
    return null
  }
  if (msg.to!.tag === '') return 'di'
  const direction = directionOf(self, msg)
  if (direction === null) return null
  const { socket } = msg.received
  const uri = self.unmaskUri(msg.originalUri, socket)
  if (uri !== null) edits.push(new Edit(msg.method.length + 1, msg.originalUri.length, uri))
  const routes = uriSpans(msg, H_ROUTE) ?? []
  // The first one is ours, which was never masked.
  for (const { start, end } of routes.slice(1)) {
    const route = self.unmaskUri(msg.raw.slice(start, end), socket)
    if (route !== null) edits.push(new Edit(start, end - start, route))
  }
  if (msg.methodBit === REFER) unmaskReferTo(self, msg, edits)
  if (direction === UPSTREAM) unmaskCallId(self, msg, edits)
  return direction === DOWNSTREAM ? 'dc' : 'uc'
}

/** The From tag of who began the dialog is in our Record-Route. */
function directionOf(self: Topoh, msg: SipMessage): number | null {
  const tag = msg.from!.tag
  if (tag === '') {
    self.error('failed to get from header tag')
    return null
  }
  const routes = uriSpans(msg, H_ROUTE)
  if (routes === null) {
    self.error('failed to parse route header')
    return null
  }
  if (routes.length === 0) return DOWNSTREAM
  const uri = parseUri(msg.raw.slice(routes[0]!.start, routes[0]!.end))
  if (uri === null) {
    self.error('failed to parse the first route URI')
    return null
  }
  const began = uri.param('ftag')
  return began === null || began === tag ? DOWNSTREAM : UPSTREAM
}

/** Headers of the URI that are asked for stay behind it. */
function unmaskReferTo(self: Topoh, msg: SipMessage, edits: Edit[]): void {
  const span = uriSpans(msg, H_REFER_TO)?.[0]
  if (span === undefined) return
  const text = msg.raw.slice(span.start, span.end)
  const uri = self.unmaskUri(text, msg.received.socket)
  if (uri === null) return
  const question = text.indexOf('?')
  edits.push(new Edit(span.start, question < 0 ? text.length : question, uri))
}

function unmaskCallId(self: Topoh, msg: SipMessage, edits: Edit[]): void {
  if (self.config.mask_callid === 0) return
  const callId = self.unmaskCallId(msg.callId)
  if (callId !== null) replaceCallId(msg, callId, edits)
}

export function replaceCallId(msg: SipMessage, callId: string, edits: Edit[]): void {
  const at = msg.find(H_CALL_ID)
  const start = msg.headers[at + BODY]!
  edits.push(new Edit(start, msg.headers[at + BODY_END]! - start, callId))
}

function reply(self: Topoh, msg: SipMessage, edits: Edit[]): string | null {
  const vias = valueSpans(msg, H_VIA)
  // With one Via it answers a request of our own, in which nothing was masked but the Call-ID.
  if (vias.length < 2 && msg.methodBit !== CANCEL) return null
  let cookie = ''
  for (const [index, { start, end }] of vias.entries()) {
    if (index === 0) continue
    const via = parseVia(msg.raw, start, end)
    const text = via === null ? null : unmaskedVia(self, via, msg.received.socket)
    if (text === null) continue
    edits.push(new Edit(start, end - start, text))
    if (index === 1) {
      const inside = parseVia(text, 0, text.length)
      cookie = (inside === null ? null : cookieIn(inside)) ?? ''
      if (cookie === '') self.error('cannot find cookie in via2')
    }
  }
  for (const { start, end } of uriSpans(msg, H_RECORD_ROUTE) ?? []) {
    const uri = unmaskedRecordRoute(self, msg.raw.slice(start, end), msg.received.socket)
    if (uri !== null) edits.push(new Edit(start, end - start, uri))
  }
  if (cookie.startsWith('u')) return 'dc'
  unmaskCallId(self, msg, edits)
  return 'uc'
}

function unmaskedVia(self: Topoh, via: Via, socket: SocketInfo): string | null {
  const { uri_prefix_checks, vparam_name, vparam_prefix: prefix } = self.config
  if (uri_prefix_checks !== 0 && via.host.toLowerCase() !== self.hostFor(socket).toLowerCase())
    return null
  const value = findParam(via.params, vparam_name) ?? ''
  const text = value.startsWith(prefix) ? self.mask.decode(value.slice(prefix.length)) : null
  // What was masked with another key is no Via.
  return text === null || !text.startsWith('SIP/2.0/') ? null : text
}

function unmaskedRecordRoute(self: Topoh, text: string, socket: SocketInfo): string | null {
  const host = parseUri(text)?.host.toLowerCase()
  return host === self.hostFor(socket).toLowerCase() ? self.unmaskUri(text, socket) : null
}
