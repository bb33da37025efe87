/** t_suspend and t_continue: a request waits for something outside, its transaction with it. */
import { E_SCRIPT } from '../../core/errors.ts'
import { FAILURE_ROUTE, type RouteBlock, type Verdict } from '../../core/module.ts'
import type { SipMessage } from '../../sip/message.ts'
import { answer } from './answer.ts'
import { armFinal, stopBranch } from './send.ts'
import { newTransaction } from './server.ts'
import type { Tm } from './tm.ts'
import {
  ClientBranch,
  DROPPED,
  FAKED,
  HANDLED,
  SUSPENDED,
  type Transaction,
} from './transaction.ts'

/**
 * Sets the request aside: 1, or 0 for a retransmission. While it waits, fr_timer runs as for a
 * silent branch.
 */
export function suspend(tm: Tm, msg: SipMessage): Verdict {
  const made = tm.current(msg) === null ? newTransaction(tm, msg) : 1
  if (made <= 0) return made
  const t = tm.current(msg)
  if (t === null || t.status >= 200) return E_SCRIPT
  const nowhere = { proto: 0, ip: '', port: 0, connection: 0, socket: null, noConnect: false }
  const branch = new ClientBranch(t, t.branches.length, msg.uri, nowhere)
  branch.flags2 |= SUSPENDED
  t.branches.push(branch)
  if (branch.index === 0) {
    t.relayedUri = msg.newUri
    t.relayedDstUri = msg.dstUri
    t.relayedFlags = msg.flags
    t.relayedEdits = msg.edits === null ? 0 : msg.edits.length
  }
  t.flags |= HANDLED
  armFinal(tm, branch, t.frTimer)
  return 1
}

/** Runs a route for the request; what it neither relays nor answers is answered 500. */
export function resume(tm: Tm, t: Transaction, block: RouteBlock): boolean {
  const branch = t.branches.find(each => (each.flags2 & SUSPENDED) !== 0 && each.status < 200)
  const { request } = t
  if (branch === undefined || request === null || t.status >= 200) return false
  stopBranch(tm, branch)
  branch.status = 500
  branch.flags2 |= DROPPED | FAKED
  request.setUri(t.relayedUri)
  request.dstUri = t.relayedDstUri
  request.flags = t.relayedFlags
  const before = request.branchIndex
  request.branchIndex = branch.index
  tm.core.routes.runNow(block, request, FAILURE_ROUTE)
  request.branchIndex = before
  const open = t.branches.some(each => each.status < 200)
  if (!open && t.status < 200) answer(tm, t, 500, 'Server Internal Error', '', null)
  return true
}
