/** t_suspend and t_continue: a message waits for something outside, its transaction with it. */
import { E_SCRIPT, E_UNSPEC, errorReason } from '../../core/errors.ts'
import { logMistake } from '../../core/mistake.ts'
import { type RouteBlock, type Verdict } from '../../core/module/index.ts'
import { FAILURE_ROUTE } from '../../core/route-bits.ts'
import type { SipMessage } from '../../sip/message.ts'
import { answer, sendTrying } from './answer.ts'
import { resumeReply, suspendReply } from './reply-route.ts'
import { armFinal, stopBranch } from './send.ts'
import { newTransaction } from './server.ts'
import type { Tm } from './tm.ts'
import {
  CANCELED,
  ClientBranch,
  DROPPED,
  FAKED,
  HANDLED,
  PROCEEDING,
  REPLY_SUSPENDED,
  SUSPENDED,
  type Transaction,
} from './transaction.ts'

/**
 * Sets a message aside: 1, or 0 for a request that is a retransmission. While a request waits,
 * fr_timer runs as for a silent branch.
 */
export function suspend(tm: Tm, msg: SipMessage): Verdict {
  if (!msg.isRequest) return suspendReply(tm, msg) ? 1 : -1
  const made = tm.current(msg) === null ? newTransaction(tm, msg) : 1
  if (made <= 0) return made
  const t = tm.current(msg)
  if (t === null || t.isLocal || t.request !== msg || t.state !== PROCEEDING || t.status >= 200)
    return E_SCRIPT
  // RFC 3261 section 17.2.1: 100 unless a reply comes within 200 ms, which is not to be expected.
  sendTrying(tm, t)
  const nowhere = { proto: 0, ip: '', port: 0, connection: 0, socket: null, noConnect: false }
  const branch = new ClientBranch(t, t.branches.length, msg.uri, nowhere)
  branch.flags2 |= SUSPENDED
  branch.flags = msg.branchFlags
  t.branches.push(branch)
  // What the script does to the request from here on is lost, and to its URIs behind t_newtran().
  t.relayedFlags = msg.flags
  t.relayedEdits = msg.edits === null ? 0 : msg.edits.length
  t.flags |= HANDLED
  armFinal(tm, branch, t.frTimer)
  return 1
}

/**
 * Runs a route for the message that was set aside. A reply goes on behind it; a request that it
 * neither relays nor answers is answered 500. False when there is nothing to go on with.
 */
export function resume(tm: Tm, t: Transaction, block: RouteBlock): boolean {
  for (const branch of t.branches) {
    if ((branch.flags2 & REPLY_SUSPENDED) === 0) continue
    resumeReply(tm, branch, block)
    return true
  }
  const branch = t.branches.find(each => (each.flags2 & SUSPENDED) !== 0 && each.status < 200)
  const { request } = t
  if (branch === undefined || request === null) return false
  if (t.state !== PROCEEDING || t.status >= 200) return false
  stopBranch(tm, branch)
  branch.flags2 |= DROPPED | FAKED
  const { uriConsumed } = request
  request.setUri(t.relayedUri)
  request.uriConsumed = uriConsumed
  request.dstUri = t.relayedDstUri
  request.flags = t.relayedFlags
  if (request.edits !== null && request.edits.length > t.relayedEdits)
    request.edits.length = t.relayedEdits
  const { branchIndex, transaction } = request
  request.branchIndex = branch.index
  request.transaction = t
  const end = tm.core.routes.run(block, request, FAILURE_ROUTE)
  const settled = (): void => {
    request.branchIndex = branchIndex
    request.transaction = transaction
    conclude(tm, t, branch)
  }
  if (typeof end === 'number') settled()
  else
    end
      .then(settled)
      .catch(error => logMistake(tm.core.log, 'after t_continue', request.raw, error))
  return true
}

/** Behind the route: somebody must answer, now or later. */
function conclude(tm: Tm, t: Transaction, branch: ClientBranch): void {
  if (branch.status < 200) branch.status = 500
  if (t.state !== PROCEEDING || t.status >= 200) return
  if (t.branches.some(each => each.status < 200)) return
  // RFC 3261 section 9.2: it was cancelled while the route waited.
  if ((t.flags & CANCELED) !== 0) answer(tm, t, 487, 'Request Terminated', '', null)
  else answer(tm, t, 500, errorReason(E_UNSPEC, 'TM'), '', null)
}
