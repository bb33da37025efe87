/** Functions that ask something about the transaction of a message. */
import { type Verdict } from '../../core/module/index.ts'
import { BRANCH_FAILURE_ROUTE, FAILURE_ROUTE, ONREPLY_ROUTE } from '../../core/route-bits.ts'
import { ACK, CANCEL } from '../../sip/method.ts'
import type { SipMessage } from '../../sip/message.ts'
import { lookupCanceled } from './cancel-in.ts'
import {
  ACK_ABSORBED,
  ACK_UNKNOWN,
  absorbRetransmission,
  lookupRequest,
  receiveAck,
} from './server.ts'
import type { Tm } from './tm.ts'
import {
  CANCELED,
  type ClientBranch,
  FAKED,
  REPLIED,
  REPLIED_TWICE,
  type Transaction,
} from './transaction.ts'

const verdict = (yes: boolean): Verdict => (yes ? 1 : -1)

/** t_check_trans: 0 ends the script, when a retransmission or an ACK was dealt with. */
export function checkTransaction(tm: Tm, msg: SipMessage): Verdict {
  if (!msg.isRequest) return verdict(tm.current(msg) !== null || replyMatches(tm, msg))
  if (msg.methodBit === CANCEL) return verdict(lookupCanceled(tm, msg) !== null)
  if (msg.methodBit === ACK) {
    const what = receiveAck(tm, msg, false)
    if (what === ACK_UNKNOWN) return -1
    return what === ACK_ABSORBED ? 0 : 1
  }
  // Its own transaction, made earlier in this script, is no retransmission.
  if (tm.current(msg) !== null) return 1
  const t = lookupRequest(tm, msg)
  if (t === null) return -1
  absorbRetransmission(tm, t, msg)
  return 0
}

function replyMatches(tm: Tm, msg: SipMessage): boolean {
  const id = tm.branchId
  return (
    msg.via !== null && id.read(msg.via.branch) && tm.table.findLabel(id.bucket, id.label) !== null
  )
}

/** t_lookup_request, t_exists. */
export function lookup(tm: Tm, msg: SipMessage): Verdict {
  if (tm.current(msg) !== null) return 1
  return verdict(msg.isRequest && lookupRequest(tm, msg) !== null)
}

/** t_lookup_cancel: with 1, the CANCEL takes over the flags of the INVITE. */
export function lookupCancel(tm: Tm, msg: SipMessage, copyFlags = 0): Verdict {
  const invite = msg.methodBit === CANCEL ? lookupCanceled(tm, msg) : null
  if (invite === null) return -1
  if (copyFlags !== 0 && invite.request !== null) msg.flags = invite.request.flags
  return 1
}

/** The status that t_check_status looks at, by kind of route. */
function statusOf(tm: Tm, msg: SipMessage): number {
  if ((msg.routeType & ONREPLY_ROUTE) !== 0 || !msg.isRequest) return msg.status
  const t = tm.current(msg)
  if (t === null) return 0
  return t.failureCode !== 0 ? t.failureCode : t.status
}

/** t_check_status. */
export function checkStatus(tm: Tm, msg: SipMessage, pattern: RegExp): Verdict {
  const status = statusOf(tm, msg)
  return status === 0 ? -1 : verdict(pattern.test(String(status)))
}

/** t_get_status_code. */
export function statusCode(tm: Tm, msg: SipMessage): Verdict {
  const status = statusOf(tm, msg)
  return status === 0 ? -1 : status
}

/** t_grep_status. */
export function grepStatus(tm: Tm, msg: SipMessage, code: number): Verdict {
  const t = tm.current(msg)
  if (t === null) return -1
  for (const branch of t.branches) if (branch.status === code) return 1
  return -1
}

/** The branch that the running route is about. */
function branchOf(tm: Tm, msg: SipMessage): ClientBranch | null {
  const t = tm.current(msg)
  const inRoute = (msg.routeType & (FAILURE_ROUTE | BRANCH_FAILURE_ROUTE | ONREPLY_ROUTE)) !== 0
  return t === null || !inRoute ? null : (t.branches[msg.branchIndex] ?? null)
}

const timedOut = (branch: ClientBranch): boolean =>
  (branch.flags2 & FAKED) !== 0 && branch.status === 408

/** t_branch_timeout. */
export function branchTimedOut(tm: Tm, msg: SipMessage): Verdict {
  const branch = branchOf(tm, msg)
  return verdict(branch !== null && timedOut(branch))
}

/** Did it get a reply before the one that the route is about? */
function repliedBefore(branch: ClientBranch, current: boolean): boolean {
  if ((branch.flags2 & REPLIED) === 0) return false
  return !current || (branch.flags2 & FAKED) !== 0 || (branch.flags2 & REPLIED_TWICE) !== 0
}

/** t_branch_replied: the reply that the route is about does not count. */
export function branchReplied(tm: Tm, msg: SipMessage): Verdict {
  const branch = branchOf(tm, msg)
  return verdict(branch !== null && repliedBefore(branch, true))
}

/** t_any_timeout. */
export function anyTimedOut(tm: Tm, msg: SipMessage): Verdict {
  return verdict(tm.current(msg)?.branches.some(timedOut) ?? false)
}

/** t_any_replied. */
export function anyReplied(tm: Tm, msg: SipMessage): Verdict {
  const current = branchOf(tm, msg)
  const branches = tm.current(msg)?.branches ?? []
  return verdict(branches.some(branch => repliedBefore(branch, branch === current)))
}

const transactionOrInvite = (tm: Tm, msg: SipMessage): Transaction | null =>
  tm.current(msg) ?? (msg.methodBit === CANCEL ? lookupCanceled(tm, msg) : null)

/** t_is_canceled. */
export function isCanceled(tm: Tm, msg: SipMessage): Verdict {
  const t = transactionOrInvite(tm, msg)
  return verdict(t !== null && (t.flags & CANCELED) !== 0)
}

/** t_is_expired: max_inv_lifetime or max_noninv_lifetime is over. */
export function isExpired(tm: Tm, msg: SipMessage): Verdict {
  const t = tm.current(msg)
  return verdict(t !== null && tm.core.clock.monotonic() >= t.endOfLife)
}

/** t_is_retr_async_reply: the same reply was set aside before. */
export const isRetransmittedAsync = (tm: Tm, msg: SipMessage): Verdict =>
  verdict(tm.current(msg)?.repeatedReply ?? false)
