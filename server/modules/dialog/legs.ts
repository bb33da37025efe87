/** What a message tells about the side that sent it: its Contact, its routes, our socket. */
import { splitList } from '../../sip/header/list.ts'
import { parseNameAddress, parseNameAddressList } from '../../sip/header/address.ts'
import { H_CONTACT, H_RECORD_ROUTE } from '../../sip/header-names.ts'
import { type SipMessage, STRIDE } from '../../sip/message.ts'
import type { SipUri } from '../../sip/uri.ts'
import { CALLEE, CALLER } from './api.ts'
import { cookieOf } from './cookie.ts'
import type { Dialogs } from './dialog.ts'
import type { Dialog } from './dialog-record.ts'

// ---- keep_proxy_rr
const KEEP_FOR_CALLEE = 1
const KEEP_FOR_CALLER = 2

/** The URI of the one Contact; '' when there is none, which is logged. */
export function contactOf(self: Dialogs, msg: SipMessage): string {
  const body = msg.header(H_CONTACT)
  if (body === null) {
    self.error('bad sip message or missing Contact hdr')
    return ''
  }
  const contacts = body === '*' ? null : parseNameAddressList(body)
  const uri = contacts?.length === 1 ? contacts[0]!.uri : ''
  if (uri === '') self.error('bad Contact HDR')
  return uri
}

/** All Record-Route values, from the top. */
function recordRoutes(msg: SipMessage): string[] {
  const routes: string[] = []
  for (let i = msg.find(H_RECORD_ROUTE); i >= 0; i = msg.find(H_RECORD_ROUTE, i + STRIDE))
    for (const value of splitList(msg.bodyAt(i))) if (value !== '') routes.push(value)
  return routes
}

/** Notes the caller's side of a new dialog; false when its INVITE lacks something. */
export function noteCaller(self: Dialogs, dialog: Dialog, request: SipMessage): boolean {
  const leg = dialog.legs[CALLER]
  const contact = contactOf(self, request)
  if (contact === '') return false
  const routes = recordRoutes(request)
  leg.tag = request.from!.tag
  leg.contact = contact
  leg.cseq = dialog.firstCSeq
  leg.routeSet = routes.join(',')
  leg.socket = request.received.socket
  dialog.recordRoutes = routes.length
  return true
}

/** Notes the callee's side when it has answered; false when its reply lacks something. */
export function noteCallee(self: Dialogs, dialog: Dialog, reply: SipMessage): boolean {
  const leg = dialog.legs[CALLEE]
  leg.socket = reply.received.socket
  const tag = reply.to?.tag ?? ''
  if (tag === '') self.error('missing TAG param in TO hdr :-/')
  // Whatever else it lacks: the caller can be told of the end.
  leg.tag = tag
  if (leg.cseq === '') leg.cseq = '0'
  const contact = contactOf(self, reply)
  if (contact === '') return false
  const { keep_proxy_rr: keep } = self.config
  // RFC 3261 section 12.1.2: the route set of the caller's side is in reverse order; what the
  // request had when it came in is at its end, ours is in front of that.
  const routes = recordRoutes(reply).reverse()
  const { recordRoutes: before } = dialog
  const own = ownRoutes(self, dialog, routes)
  const skipped = (keep & KEEP_FOR_CALLEE) !== 0 ? before : before + own
  leg.contact = contact
  leg.routeSet = routes.slice(skipped).join(',')
  if ((keep & KEEP_FOR_CALLER) !== 0)
    dialog.legs[CALLER].routeSet = routes
      .slice(0, before + own)
      .reverse()
      .join(',')
  return true
}

/** How many of the routes behind the caller's are those that we put on the INVITE: none, 1 or 2. */
function ownRoutes(self: Dialogs, dialog: Dialog, routes: readonly string[]): number {
  const cookie = cookieOf(dialog.entry, dialog.id)
  const own = (index: number): SipUri | null => {
    const uri = index < routes.length ? parseNameAddress(routes[index]!)?.sipUri : null
    if (uri === null || uri === undefined) return null
    return uri.param(self.config.rr_param) === cookie || self.isMyself(uri) ? uri : null
  }
  const { recordRoutes: from } = dialog
  const first = own(from)
  if (first === null) return 0
  return first.param('r2') !== null && own(from + 1) !== null ? 2 : 1
}
