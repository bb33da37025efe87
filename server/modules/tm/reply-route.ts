/**
 * The onreply_route and what follows it. A reply whose route waits, or that t_suspend set aside,
 * is held: its branch counts as pending until the reply goes on.
 */
import { logMistake } from '../../core/mistake.ts'
import { type RouteBlock } from '../../core/module/index.ts'
import { TM_ONREPLY_ROUTE } from '../../core/route-bits.ts'
import { SCRIPT_DROP } from '../../core/script-state.ts'
import type { SipMessage } from '../../sip/message.ts'
import { relayReply } from './answer.ts'
import { LOCAL_RESPONSE_IN } from './api.ts'
import { armFinal } from './send.ts'
import type { Tm } from './tm.ts'
import {
  type ClientBranch,
  RELAYED_2XX,
  REPLICA,
  REPLY_SUSPENDED,
  type Transaction,
} from './transaction.ts'

/** Runs the onreply_route for a reply, if there is one, and does with it what is to be done. */
export function routeReply(tm: Tm, branch: ClientBranch, msg: SipMessage): void {
  const { onReply } = branch.transaction
  if (onReply === null || (branch.flags2 & REPLICA) !== 0) goOn(tm, branch, msg, true)
  else if (isRepetition(branch, msg)) repeat(tm, branch, msg, onReply)
  else runRoute(tm, branch, msg, onReply)
}

/** The same final reply comes again while the first one is held. */
const isRepetition = (branch: ClientBranch, msg: SipMessage): boolean =>
  msg.status >= 200 && hasFinal(branch)

/** A final reply is held. */
export const hasFinal = ({ heldReply }: ClientBranch): boolean =>
  heldReply !== null && heldReply.status >= 200

/** The script sees a repetition, but the reply goes on only once. */
function repeat(tm: Tm, branch: ClientBranch, msg: SipMessage, block: RouteBlock): void {
  guard(tm, branch)
  // While the route of the first one still runs, a second run would do the same again.
  if ((branch.flags2 & REPLY_SUSPENDED) !== 0) show(tm, branch, msg, block)
}

/** A reply that changes nothing any more: the script sees it all the same. */
export function showLate(tm: Tm, branch: ClientBranch, msg: SipMessage): void {
  const { onReply } = branch.transaction
  if (onReply !== null && (branch.flags2 & REPLICA) === 0) show(tm, branch, msg, onReply)
}

function show(tm: Tm, branch: ClientBranch, msg: SipMessage, block: RouteBlock): void {
  const t = branch.transaction
  t.repeatedReply = true
  enter(t, branch, msg)
  tm.core.routes.runNow(block, msg, TM_ONREPLY_ROUTE)
  leave(t, branch, msg)
  t.repeatedReply = false
}

function runRoute(
  tm: Tm,
  branch: ClientBranch,
  msg: SipMessage,
  block: RouteBlock,
  held = false,
): void {
  const t = branch.transaction
  const { routes, log } = tm.core
  enter(t, branch, msg)
  const end = routes.run(block, msg, TM_ONREPLY_ROUTE)
  if (typeof end === 'number') {
    leave(t, branch, msg)
    if (branch.heldReply === msg) return
    goOn(tm, branch, msg, routes.ended !== SCRIPT_DROP, held && isOvertaken(tm, branch))
    return
  }
  if (msg.status >= 200) hold(tm, branch, msg)
  end
    .then(({ ended }) => {
      leave(t, branch, msg)
      const passed = ended !== SCRIPT_DROP
      // t_suspend after a wait: it goes on with t_continue.
      if (branch.heldReply === msg && (branch.flags2 & REPLY_SUSPENDED) !== 0) return
      if (msg.status >= 200) letGo(tm, branch, msg, passed, held)
      else goOn(tm, branch, msg, passed)
    })
    .catch(error => logMistake(log, 'after an onreply_route that waited', msg.raw, error))
}

function hold(tm: Tm, branch: ClientBranch, msg: SipMessage): void {
  branch.heldReply = msg
  branch.flags2 &= ~REPLY_SUSPENDED
  if (msg.status >= 200) guard(tm, branch)
}

/** No final reply is held for ever: when the time is up it goes on as it is. */
function guard(tm: Tm, branch: ClientBranch): void {
  const t = branch.transaction
  armFinal(tm, branch, t.isInvite ? t.frInvTimer : t.frTimer)
}

/** The route works with the flags of the request and the branch. */
function enter(t: Transaction, branch: ClientBranch, msg: SipMessage): void {
  if (t.request !== null) msg.flags = t.request.flags
  msg.branchFlags = branch.flags
  t.currentReply = msg
}

/** What it made of them stays there; the first pair that it makes is the transaction's. */
function leave(t: Transaction, branch: ClientBranch, msg: SipMessage): void {
  const { request } = t
  t.currentReply = null
  branch.flags = msg.branchFlags
  if (request === null) t.avps = msg.avps
  else {
    request.flags = msg.flags
    request.avps = msg.avps
  }
}

/** t_suspend in an onreply_route: true unless there is nothing to set aside. */
export function suspendReply(tm: Tm, msg: SipMessage): boolean {
  const t = tm.current(msg)
  const branch = t === null ? undefined : t.branches[msg.branchIndex]
  if (t === null || branch === undefined || t.currentReply !== msg) return false
  if (t.repeatedReply) return true
  // A provisional one that comes behind its final one is not worth waiting for.
  if (msg.status < 200 && hasFinal(branch)) return false
  hold(tm, branch, msg)
  branch.flags2 |= REPLY_SUSPENDED
  return true
}

/** t_continue: runs another route for the reply, then it goes on. */
export function resumeReply(tm: Tm, branch: ClientBranch, block: RouteBlock): void {
  const msg = branch.heldReply!
  branch.flags2 &= ~REPLY_SUSPENDED
  branch.heldReply = null
  if (msg.status >= 200) tm.core.timers.disarm(branch.final)
  runRoute(tm, branch, msg, block, true)
}

/** The time for a held reply is up. */
export function releaseReply(tm: Tm, branch: ClientBranch): void {
  const msg = branch.heldReply!
  const { status, reason } = msg
  tm.core.log.warn('tm', `the reply ${status} ${reason} was held too long and goes on as it is`)
  letGo(tm, branch, msg, true, (branch.flags2 & REPLY_SUSPENDED) !== 0)
}

/** Unless it was let go of before; `aside` tells that the script had set it aside. */
function letGo(
  tm: Tm,
  branch: ClientBranch,
  msg: SipMessage,
  passed: boolean,
  aside: boolean,
): void {
  if (branch.heldReply !== msg) return
  branch.heldReply = null
  branch.flags2 &= ~REPLY_SUSPENDED
  tm.core.timers.disarm(branch.final)
  goOn(tm, branch, msg, passed, aside && isOvertaken(tm, branch))
}

/**
 * Parameter reply_relay_mode: another final reply went upstream while this one was set aside. A 2xx
 * that comes again because its ACK was lost is none of these.
 */
const isOvertaken = (tm: Tm, { transaction, flags2 }: ClientBranch): boolean =>
  transaction.status >= 200 && (flags2 & RELAYED_2XX) === 0 && tm.config.reply_relay_mode !== 0

/** What becomes of a reply behind its route; a drop counts for provisional ones only. */
function goOn(
  tm: Tm,
  branch: ClientBranch,
  msg: SipMessage,
  passed: boolean,
  overtaken = false,
): void {
  if (msg.status < 200) {
    if (passed) passProvisional(tm, branch.transaction, branch, msg)
    return
  }
  if (branch.status < 200 && !overtaken) tm.branchFinal(branch, msg.status, msg)
  else if (branch.status < 200) endQuietly(tm, branch, msg.status)
  // Of those that come after a final reply only a 2xx to an INVITE is left.
  else if (!overtaken && msg.status < 300) tm.lateSuccess(branch, msg)
}

function endQuietly(tm: Tm, branch: ClientBranch, status: number): void {
  branch.status = status
  tm.core.log.info('tm', `a held ${status} is not relayed: the transaction was answered before`)
}

function passProvisional(tm: Tm, t: Transaction, branch: ClientBranch, msg: SipMessage): void {
  // The final reply may have overtaken one whose route waited.
  if (branch.status >= 200) return
  if (t.isLocal) {
    if ((t.events & LOCAL_RESPONSE_IN) !== 0) t.tell(LOCAL_RESPONSE_IN, null, msg, msg.status)
    return
  }
  if ((branch.flags2 & REPLICA) !== 0 || t.status >= 200) return
  // RFC 3261 section 16.7 step 5: a 100 is never forwarded.
  if (msg.status === 100 && tm.config.relay_100 === 0) return
  relayReply(tm, t, branch, msg)
}
