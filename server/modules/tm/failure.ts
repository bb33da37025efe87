/**
 * Failure routes: the script's chance to try other branches, or to answer itself, before a failure
 * goes upstream.
 */
import { BRANCH_FAILURE_ROUTE, FAILURE_ROUTE, type RouteBlock } from '../../core/module.ts'
import { ON_BRANCH_FAILURE, ON_FAILURE, ON_FAILURE_RO } from './api.ts'
import type { Tm } from './tm.ts'
import type { ClientBranch, Transaction } from './transaction.ts'

/** All branches failed; `best` is the one whose reply would go upstream. */
export function runFailure(tm: Tm, t: Transaction, best: ClientBranch): void {
  const { events, request } = t
  const { status, reply } = best
  if ((events & ON_FAILURE_RO) !== 0) t.tell(ON_FAILURE_RO, request, reply, status)
  if ((events & ON_FAILURE) !== 0) t.tell(ON_FAILURE, request, reply, status)
  const route = t.onFailure
  if (route === null) return
  // A failure route runs once; it arms itself again if it wants to.
  t.onFailure = null
  restore(t)
  const msg = request!
  msg.branchFlags = best.flags
  run(tm, t, best, route, FAILURE_ROUTE)
}

/** One branch failed (event_route[tm:branch-failure:...]). */
export function runBranchFailure(tm: Tm, t: Transaction, branch: ClientBranch): void {
  if ((t.events & ON_BRANCH_FAILURE) !== 0)
    t.tell(ON_BRANCH_FAILURE, t.request, branch.reply, branch.status)
  const route = t.onBranchFailure
  if (route === null || t.request === null) return
  restore(t)
  const msg = t.request
  msg.setUri(branch.uri)
  msg.uriConsumed = true
  msg.dstUri = branch.dstUri
  t.relayedDstUri = branch.dstUri
  msg.path = branch.path
  msg.instance = branch.instance
  msg.ruid = branch.ruid
  msg.branchFlags = branch.flags
  run(tm, t, branch, route, BRANCH_FAILURE_ROUTE)
}

function run(tm: Tm, t: Transaction, branch: ClientBranch, route: RouteBlock, type: number): void {
  const msg = t.request!
  const { branchIndex, transaction } = msg
  const picked = t.pickedBranch
  t.failureCode = branch.status
  t.currentReply = branch.reply
  t.pickedBranch = branch.index
  msg.branchIndex = branch.index
  msg.transaction = t
  tm.core.routes.runNow(route, msg, type)
  msg.branchIndex = branchIndex
  msg.transaction = transaction
  t.failureCode = 0
  t.currentReply = null
  t.pickedBranch = picked
}

/**
 * Puts the request back as it was when it was relayed: URI, destination and edits; no branches.
 */
function restore(t: Transaction): void {
  const msg = t.request!
  msg.setUri(t.relayedUri)
  msg.uriConsumed = true
  msg.dstUri = t.relayedDstUri
  msg.branches = null
  if (msg.edits !== null && msg.edits.length > t.relayedEdits) msg.edits.length = t.relayedEdits
}
