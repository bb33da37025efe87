/** The functions of tmx. */
import { type Verdict } from '../../core/module/index.ts'
import { BRANCH_ROUTE, FAILURE_ROUTE, ONREPLY_ROUTE, REQUEST_ROUTE } from '../../core/route-bits.ts'
import { ACK, CANCEL } from '../../sip/method.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Tmx } from './tmx.ts'

const verdict = (yes: boolean): Verdict => (yes ? 1 : -1)
const reason = (code: number): string => `Reason: SIP;cause=${code}\r\n`

/** t_cancel_branches. */
export function cancelBranches(self: Tmx, msg: SipMessage, which: string): Verdict {
  const t = self.tm.transactionOf(msg)
  if (t === null || !t.isInvite || t.status >= 200) return -1
  for (const branch of t.branches) {
    const own = branch.index === msg.branchIndex
    if (which === 'all' || own === (which === 'this')) self.tm.cancelBranch(t, branch.index, '')
  }
  return 1
}

/** t_cancel_callid: a flag number of 1 to 31 is set on the INVITE. */
export function cancelCall(
  self: Tmx,
  _msg: SipMessage,
  callId: string,
  cseq: string,
  flag: number,
  code = 0,
): Verdict {
  const t = self.tm.findCall(callId, cseq, true)
  if (t === null) return -1
  if (flag > 0 && flag < 32 && t.request !== null) {
    t.request.flags |= 1 << flag
    self.tm.keepFlags(t.request)
  }
  self.tm.cancel(t, code > 0 ? reason(code) : '')
  return 1
}

/** t_reply_callid. */
export function replyCall(
  self: Tmx,
  _msg: SipMessage,
  callId: string,
  cseq: string,
  code: number,
  phrase: string,
): Verdict {
  const t = self.tm.findCall(callId, cseq, false)
  return verdict(t !== null && self.tm.replyTo(t, code, phrase))
}

/** t_flush_flags. */
export function flushFlags(self: Tmx, msg: SipMessage): Verdict {
  if (self.tm.transactionOf(msg) === null) return -1
  self.tm.keepFlags(msg)
  return 1
}

/** t_flush_xflags: they are the transaction's as soon as they are set. */
export const flushExtended = (self: Tmx, msg: SipMessage): Verdict =>
  verdict(self.tm.transactionOf(msg) !== null)

const inRoute =
  (routes: number) =>
  (_self: Tmx, msg: SipMessage): Verdict =>
    verdict((msg.routeType & routes) !== 0)

export const isFailureRoute = inRoute(FAILURE_ROUTE)
export const isBranchRoute = inRoute(BRANCH_ROUTE)
export const isReplyRoute = inRoute(ONREPLY_ROUTE)
export const isRequestRoute = inRoute(REQUEST_ROUTE)

/** t_suspend. */
export const suspend = (self: Tmx, msg: SipMessage): Verdict => self.tm.suspend(msg)

/** t_continue. */
export function continueRoute(
  self: Tmx,
  _msg: SipMessage,
  index: number,
  label: number,
  name: string,
): Verdict {
  const block = self.core.kemi.block('route', name)
  if (block === null) {
    self.core.log.error('tmx', `empty action lists in route block [${name}]`)
    return -1
  }
  if (self.tm.resume(index, label, block)) return 1
  const id = `${index}:${label}`
  self.core.log.warn('tmx', `resuming the processing of transaction [${id}] failed`)
  return -1
}

/** t_drop: ends the script too. */
export function drop(self: Tmx, msg: SipMessage, code = 500): Verdict {
  const t = self.tm.transactionOf(msg)
  if (t === null) return -1
  self.tm.drop(t, code)
  return 0
}

/**
 * t_reuse_branch: the message has the values of the failed branch already; now they count as a new
 * destination.
 */
export function reuseBranch(self: Tmx, msg: SipMessage): Verdict {
  const branch = self.tm.transactionOf(msg)?.branches[msg.branchIndex]
  if (branch === undefined) return -1
  msg.setUri(branch.uri)
  msg.uriConsumed = false
  msg.dstUri = branch.dstUri
  msg.path = branch.path
  msg.instance = branch.instance
  msg.ruid = branch.ruid
  msg.branchFlags = branch.flags
  return 1
}

/** t_precheck_trans: true when a script for the same request is still waiting for something. */
export function precheck(self: Tmx, msg: SipMessage): Verdict {
  if (self.config.precheck_trans === 0) return -1
  if (msg.methodBit === ACK || msg.methodBit === CANCEL) return -1
  const { underWay } = self
  for (let i = 0; i < underWay.length; i++) if (isSame(underWay[i]!, msg)) return 1
  underWay.push(msg)
  return -1
}

function isSame(other: SipMessage, msg: SipMessage): boolean {
  return (
    other !== msg &&
    other.cseq!.text === msg.cseq!.text &&
    other.method === msg.method &&
    other.callId === msg.callId
  )
}
