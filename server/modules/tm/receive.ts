/** Replies from downstream, to their client transaction (RFC 3261 sections 17.1 and 16.7). */
import { ONREPLY_ROUTE } from '../../core/route-bits.ts'
import { SCRIPT_DROP } from '../../core/script-state.ts'
import { CANCEL } from '../../sip/method.ts'
import { H_TO } from '../../sip/header-names.ts'
import type { SipMessage } from '../../sip/message.ts'
import { RESPONSE_IN } from './api.ts'
import { buildFromSent, headerLine } from './build.ts'
import { sendCancelNow } from './cancel.ts'
import { block503 } from './blocking.ts'
import { routeReply, showLate } from './reply-route.ts'
import { armFinal, repeatCancel, sendCancel, stopBranch, stopCancel } from './send.ts'
import type { Tm } from './tm.ts'
import {
  CANCEL_WANTED,
  type ClientBranch,
  FAKED,
  REPLIED,
  REPLIED_TWICE,
  type Transaction,
  WAITING,
} from './transaction.ts'

/**
 * Takes a reply; false when it belongs to no transaction here, and the core forwards it without
 * state.
 */
export function receiveReply(tm: Tm, msg: SipMessage): boolean {
  const id = tm.branchId
  const t = id.read(msg.via!.branch) ? tm.table.findLabel(id.bucket, id.label) : null
  // RFC 3261 section 17.1.2.2: in Completed a non-INVITE transaction absorbs repeated replies.
  if (t !== null && isReleased(t) && msg.methodBit === t.methodBit) {
    tm.counters.replyReceived++
    return true
  }
  const branch = t === null ? undefined : t.branches[id.branch]
  if (t === null || branch === undefined || !belongs(tm, t, branch, msg))
    return !tm.passStateless(msg)
  tm.counters.replyReceived++
  branch.flags2 |= (branch.flags2 & REPLIED) === 0 ? REPLIED : REPLIED_TWICE
  // RFC 3261 section 17.1.3: the CSeq method tells the reply to a CANCEL from one to its INVITE.
  if (msg.methodBit === CANCEL && t.methodBit !== CANCEL) {
    if (msg.status >= 200) stopCancel(tm, branch)
    return true
  }
  msg.transaction = t
  msg.branchIndex = branch.index
  msg.avps = t.request === null ? t.avps : t.request.avps
  if ((t.events & RESPONSE_IN) !== 0) t.tell(RESPONSE_IN, t.request, msg, msg.status)
  if (msg.status < 200) receiveProvisional(tm, t, branch, msg)
  else receiveFinal(tm, t, branch, msg)
  return true
}

/** Nothing is left of it but what answers a retransmission. */
const isReleased = ({ state, isInvite, branches }: Transaction): boolean =>
  state === WAITING && !isInvite && branches.length === 0

function belongs(tm: Tm, t: Transaction, branch: ClientBranch, msg: SipMessage): boolean {
  if (msg.methodBit === CANCEL && t.methodBit !== CANCEL) return branch.cancel !== null
  if (msg.methodBit !== t.methodBit || (t.methodBit > 1 << 29 && msg.method !== t.method))
    return false
  return tm.config.callid_matching === 0 || tm.key.ofCall(msg.callId, msg.cseq!.text) === t.callHash
}

function receiveProvisional(tm: Tm, t: Transaction, branch: ClientBranch, msg: SipMessage): void {
  if (branch.status >= 200) {
    if (t.isInvite) cancelLate(tm, branch)
    if (branch.cancel === null) showLate(tm, branch, msg)
    return
  }
  const first = branch.status === 0
  if (t.isInvite) {
    // RFC 3261 section 17.1.1.2: a provisional reply ends the retransmissions.
    tm.core.timers.disarm(branch.retransmit)
    // RFC 3261 section 16.7 step 2: a 101-199 restarts timer C.
    const restart = tm.config.restart_fr_on_each_reply !== 0 || first
    if (branch.cancel === null && (restart || (msg.status > branch.status && msg.status >= 180)))
      armFinal(tm, branch, t.frInvTimer)
  }
  if (msg.status > branch.status) branch.status = msg.status
  // Nobody wants to hear any more how it rings: the phone hears that again.
  if (branch.cancel !== null) repeatCancel(tm, branch)
  else if ((branch.flags2 & CANCEL_WANTED) !== 0) sendCancelNow(tm, branch, branch.cancelReason)
  else routeReply(tm, branch, msg)
}

/** A phone that was given up for its silence begins to ring: nobody waits for it any more. */
function cancelLate(tm: Tm, branch: ClientBranch): void {
  if ((branch.flags2 & FAKED) === 0 || branch.cancel !== null || branch.sent === '') return
  const { ac_extra_hdrs } = tm.config
  sendCancel(tm, branch, buildFromSent(branch.sent, 'CANCEL', '', ac_extra_hdrs, ''))
}

function receiveFinal(tm: Tm, t: Transaction, branch: ClientBranch, msg: SipMessage): void {
  const code = msg.status
  const late = branch.status >= 200
  stopBranch(tm, branch)
  if (t.isInvite && code >= 300) acknowledge(tm, branch, msg)
  // RFC 6026 section 7.2, RFC 3261 section 16.7 step 5: each 2xx to an INVITE goes on, also a
  // repeated one.
  if (late && !(t.isInvite && code < 300)) {
    showLate(tm, branch, msg)
    return
  }
  stopCancel(tm, branch)
  if (code === 503) block503(tm, t, msg)
  routeReply(tm, branch, msg)
}

/**
 * RFC 3261 section 17.1.1.3: every negative final reply to an INVITE is acknowledged, also a
 * repeated one.
 */
function acknowledge(tm: Tm, branch: ClientBranch, msg: SipMessage): void {
  if (branch.ack === '') {
    if (branch.sent === '') return
    const to = headerLine(msg, H_TO)
    branch.ack = buildFromSent(branch.sent, 'ACK', to, tm.config.ac_extra_hdrs, '')
    // The next place may have to be asked the same.
    if (branch.failover === null) branch.sent = ''
  }
  tm.core.network.send(branch.ack, branch.destination)
}

/** The on_sl_reply route: false from it keeps the core from forwarding the reply. */
export function runStatelessRoute(tm: Tm, msg: SipMessage): boolean {
  const block = tm.statelessReplyRoute
  if (block === null) return true
  const code = tm.core.routes.runNow(block, msg, ONREPLY_ROUTE)
  return code !== 0 && tm.core.routes.ended !== SCRIPT_DROP
}
