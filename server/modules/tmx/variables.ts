/** The pseudo-variables of tmx. */
import { type PvHandle, type PvValue } from '../../core/module/index.ts'
import {
  BRANCH_FAILURE_ROUTE,
  BRANCH_ROUTE,
  FAILURE_ROUTE,
  ONREPLY_ROUTE,
} from '../../core/route-bits.ts'
import { CANCEL } from '../../sip/method.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { BranchView, TransactionView } from '../tm/api.ts'
import type { Tmx } from './tmx.ts'

/** Where no branch is meant, as in Kamailio. */
const NO_BRANCH = 0

/** The branch that the running route is about. */
function branchOf(self: Tmx, msg: SipMessage): BranchView | null {
  const t = self.tm.transactionOf(msg)
  if (t === null || msg.branchIndex < 0) return null
  return t.branches[msg.branchIndex] ?? null
}

/** $T_branch_idx: in a failure route it is the number of branches so far. */
export function branchIndex(self: Tmx, msg: SipMessage): PvValue {
  if ((msg.routeType & (BRANCH_ROUTE | ONREPLY_ROUTE | BRANCH_FAILURE_ROUTE)) !== 0)
    return msg.branchIndex
  const t = self.tm.transactionOf(msg)
  return t !== null && (msg.routeType & FAILURE_ROUTE) !== 0 ? t.branches.length : NO_BRANCH
}

/** $T_reply_code. */
export function replyCode(self: Tmx, msg: SipMessage): PvValue {
  if (!msg.isRequest) return msg.status
  const t = self.tm.transactionOf(msg)
  if (t === null) return 0
  // Behind t_continue there is no reply that a failure route could be about.
  const failed = (msg.routeType & FAILURE_ROUTE) !== 0
  return failed || t.failureCode !== 0 ? t.failureCode : t.status
}

/** $T_reply_reason: in reply routes and failure routes, and '' elsewhere. */
export function replyReason(self: Tmx, msg: SipMessage): PvValue {
  if (!msg.isRequest) return msg.reason
  const t = self.tm.transactionOf(msg)
  if (t === null || t.failureCode === 0 || (msg.routeType & FAILURE_ROUTE) === 0) return ''
  if (t.currentReply !== null) return t.currentReply.reason
  return t.failureCode === 408 ? 'Request Timeout' : ''
}

/** $T_reply_last: in reply routes, and '' elsewhere. */
export const lastReplyCode = (_self: Tmx, msg: SipMessage): PvValue =>
  msg.isRequest ? '' : msg.status

/** $T_reply_ruid. */
export function replyRuid(self: Tmx, msg: SipMessage): PvValue {
  return branchOf(self, msg)?.ruid ?? ''
}

/** $T_req(pv): in reply routes, of the request as it was received. */
export function fromRequest(self: Tmx, msg: SipMessage, inner: PvHandle): PvValue {
  if (msg.isRequest) return null
  const request = self.tm.transactionOf(msg)?.request ?? null
  return request === null ? null : inner.get(self.received(request))
}

/** $T_rpl(pv): in failure routes. */
export function fromReply(self: Tmx, msg: SipMessage, inner: PvHandle): PvValue {
  if (!msg.isRequest) return null
  const reply = self.tm.transactionOf(msg)?.currentReply ?? null
  return reply === null ? null : inner.get(reply)
}

/** $T_inv(pv): of the INVITE that a CANCEL is about, as it was received. */
export function fromInvite(self: Tmx, msg: SipMessage, inner: PvHandle): PvValue {
  if (msg.methodBit !== CANCEL || !msg.isRequest) return null
  const invite = self.tm.inviteOf(msg)?.request ?? null
  return invite === null ? null : inner.get(self.received(invite))
}

/** $T(name). */
export function attribute(self: Tmx, msg: SipMessage, name: string): PvValue {
  switch (name) {
    case 'reply_code':
      return replyCode(self, msg)
    case 'reply_reason':
      return replyReason(self, msg)
    case 'branch_index':
      return branchIndex(self, msg)
    case 'ruid':
      return replyRuid(self, msg)
    case 'reply_type':
      return replyType(self, msg)
    default:
      return identifier(self, msg, name)
  }
}

/** 1 when the failure was made here, 0 when a reply was received. */
function replyType(self: Tmx, msg: SipMessage): PvValue {
  if (!msg.isRequest) return 0
  const t = self.tm.transactionOf(msg)
  if (t === null) return null
  return t.failureCode !== 0 && t.currentReply === null ? 1 : 0
}

/** id_index, id_label; with `_n` the transaction is made when there is none. */
function identifier(self: Tmx, msg: SipMessage, name: string): PvValue {
  let t: TransactionView | null = self.tm.transactionOf(msg)
  if (t === null && name.endsWith('_n') && self.tm.newTransaction(msg) > 0)
    t = self.tm.transactionOf(msg)
  if (t === null) return null
  return name.startsWith('id_index') ? t.hashIndex : t.label
}

/** $T_branch(name). */
export function branchAttribute(self: Tmx, msg: SipMessage, name: string): PvValue {
  const branch = branchOf(self, msg)
  if (branch === null) return null
  if (name === 'uri') return msg.isRequest ? null : branch.uri
  return (msg.routeType & BRANCH_ROUTE) !== 0 ? null : branch.flags
}
