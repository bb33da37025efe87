/** Replies upstream: our own, relayed ones, and errors. */
import { redirectContact } from '../../core/destination-set.ts'
import { errorReason, errorStatus } from '../../core/errors.ts'
import { ONREPLY_ROUTE } from '../../core/route-bits.ts'
import { runOnsendForReply } from '../../core/outgoing.ts'
import { replyParts } from '../../core/reply.ts'
import { MSG_CLOSE_AFTER_REPLY, MSG_NO_REPLY_CONNECT, SipMessage } from '../../sip/message.ts'
import { printForwardedReply, printReply, type ReplyParts } from '../../sip/print.ts'
import { replyTagSuffix } from '../../sip/reply-tag.ts'
import { LOCAL_RESPONSE_OUT, RESPONSE_FWDED, RESPONSE_OUT, RESPONSE_READY } from './api.ts'
import { cancelBranches } from './cancel.ts'
import { finish } from './server.ts'
import type { Tm } from './tm.ts'
import {
  AUTO_INV_100,
  type ClientBranch,
  HANDLED,
  RELAYED_2XX,
  type Transaction,
  TRYING_SENT,
} from './transaction.ts'

/** Sends text upstream and keeps it for retransmissions. */
function sendUpstream(
  tm: Tm,
  t: Transaction,
  code: number,
  text: string,
  reply: SipMessage | null,
): void {
  const flags = (t.request?.messageFlags ?? 0) | (reply?.messageFlags ?? 0)
  t.destination!.noConnect = (flags & MSG_NO_REPLY_CONNECT) !== 0
  t.destination!.closeAfter = (flags & MSG_CLOSE_AFTER_REPLY) !== 0
  t.status = code
  t.response = text
  t.flags |= HANDLED
  if (reply !== null && !runOnsendForReply(tm.core, reply, text, t.destination!)) return
  tm.core.network.send(text, t.destination!)
  tm.counters.replySent++
}

/** The To tag of our replies to a transaction. */
export function localTag(tm: Tm, t: Transaction, msg: SipMessage): string {
  if (t.localTag === '') t.localTag = `${tm.tagPrefix}-${replyTagSuffix(msg)}`
  return t.localTag
}

/**
 * Answers a transaction ourselves (t_reply). `parts` are headers and body, `tag` the To tag or ''
 * for our own. False when a final reply is out already.
 */
export function answer(
  tm: Tm,
  t: Transaction,
  code: number,
  reason: string,
  tag: string,
  parts: ReplyParts | null,
): boolean {
  const { request } = t
  if (request === null || t.isLocal || t.status >= 200) return false
  if (tag !== '' && code > 100) t.localTag = tag
  if ((t.events & RESPONSE_READY) !== 0) t.tell(RESPONSE_READY, request, null, code)
  const content = parts ?? replyParts(tm.core, request)
  if (code >= 300 && code < 400)
    content.headers += redirectContact(request, tm.config.rich_redirect)
  // RFC 3261 section 8.2.6.1: a 100 need not have a tag.
  const toTag = code === 100 ? '' : tag === '' ? localTag(tm, t, request) : tag
  const text = printReply(request, code, reason, toTag, content)
  tm.counters.replyGenerated++
  sendUpstream(tm, t, code, text, null)
  tellLocal(tm, t, code, text)
  if (code < 200) return true
  // RFC 3261 section 16.7 step 10: a final reply ends what is still pending.
  if (t.isInvite) cancelBranches(tm, t, null, cancelReason(tm, code))
  finish(tm, t, code, true)
  return true
}

function tellLocal(tm: Tm, t: Transaction, code: number, text: string): void {
  const { events, request } = t
  if ((events & LOCAL_RESPONSE_OUT) !== 0 && (code >= 200 || tm.config.pass_provisional_replies))
    t.tell(LOCAL_RESPONSE_OUT, request, null, code)
  if ((events & RESPONSE_OUT) !== 0) t.tell(RESPONSE_OUT, request, null, code)
  const route = tm.localResponseRoute
  if (route === null) return
  const reply = new SipMessage(text, request!.received, 0)
  reply.transaction = t
  reply.avps = request!.avps
  void tm.core.routes.run(route, reply, ONREPLY_ROUTE)
}

/** Tells the caller of an INVITE that somebody cares (auto_inv_100), once. */
export function sendTrying(tm: Tm, t: Transaction): void {
  if (!t.isInvite || t.status !== 0) return
  if ((t.flags & (AUTO_INV_100 | TRYING_SENT)) !== AUTO_INV_100) return
  t.flags |= TRYING_SENT
  answer(tm, t, 100, tm.config.auto_inv_100_reason, '', null)
  t.flags &= ~HANDLED
}

/** Answers with what went wrong (`478 Unresolvable destination (478/TM)`). */
export function answerError(tm: Tm, t: Transaction, error: number): void {
  answer(tm, t, errorStatus(error), errorReason(error, 'TM'), '', null)
}

/** Why the other branches are cancelled (RFC 3326), '' when that is switched off. */
export function cancelReason(tm: Tm, code: number): string {
  if (tm.config.local_cancel_reason === 0) return ''
  const text = code >= 200 && code < 300 ? ';text="Call completed elsewhere"' : ''
  return `Reason: SIP;cause=${code}${text}\r\n`
}

/** Relays a reply of a branch (RFC 3261 section 16.7 steps 8 and 9). */
export function relayReply(tm: Tm, t: Transaction, branch: ClientBranch, reply: SipMessage): void {
  const code = reply.status
  t.pickedBranch = branch.index
  if ((t.events & RESPONSE_FWDED) !== 0) t.tell(RESPONSE_FWDED, t.request, reply, code)
  if (code >= 200 && code < 300) branch.flags2 |= RELAYED_2XX
  const text = printForwardedReply(reply)
  if (t.status < 200) sendUpstream(tm, t, code, text, reply)
  else {
    // RFC 3261 section 16.7 step 5: every 2xx to an INVITE goes upstream, also after another final
    // reply.
    tm.core.network.send(text, t.destination!)
    tm.counters.replySent++
  }
  if ((t.events & RESPONSE_OUT) !== 0) t.tell(RESPONSE_OUT, t.request, reply, code)
  if (code >= 200) finish(tm, t, code, false)
}
