/**
 * Failure routes: the script's chance to try other branches, or to answer itself, before a failure
 * goes upstream.
 */
import { BRANCH_FAILURE_ROUTE, FAILURE_ROUTE } from '../../core/route-bits.ts'
import { ON_BRANCH_FAILURE, ON_FAILURE, ON_FAILURE_RO } from './api.ts'
import type { Tm } from './tm.ts'
import type { ClientBranch, Transaction } from './transaction.ts'

/**
 * All branches failed; `best` is the one whose reply would go upstream. Gives a promise when the
 * failure route waits for something.
 */
export function runFailure(tm: Tm, t: Transaction, best: ClientBranch): Promise<void> | null {
  const { events, request } = t
  const { status, reply } = best
  if ((events & ON_FAILURE_RO) !== 0) t.tell(ON_FAILURE_RO, request, reply, status)
  if ((events & ON_FAILURE) !== 0) t.tell(ON_FAILURE, request, reply, status)
  const route = t.onFailure
  if (route === null) return null
  // A failure route runs once; it arms itself again if it wants to.
  t.onFailure = null
  restore(t)
  const msg = request!
  msg.branchFlags = best.flags
  const put = enter(t, best)
  const end = tm.core.routes.run(route, msg, FAILURE_ROUTE)
  if (typeof end !== 'number') return end.then(() => leave(t, put))
  leave(t, put)
  return null
}

/**
 * One branch failed (event_route[tm:branch-failure:...]). Gives a promise when the route waits for
 * something.
 */
export function runBranchFailure(
  tm: Tm,
  t: Transaction,
  branch: ClientBranch,
): Promise<void> | null {
  if ((t.events & ON_BRANCH_FAILURE) !== 0)
    t.tell(ON_BRANCH_FAILURE, t.request, branch.reply, branch.status)
  const route = t.onBranchFailure
  if (route === null || t.request === null) return null
  restore(t)
  const msg = t.request
  msg.path = branch.path
  msg.instance = branch.instance
  msg.ruid = branch.ruid
  msg.branchFlags = branch.flags
  const put = enter(t, branch)
  const end = tm.core.routes.run(route, msg, BRANCH_FAILURE_ROUTE)
  if (typeof end !== 'number') return end.then(() => leave(t, put))
  leave(t, put)
  return null
}

/** What stood in the request and its transaction before the route. */
interface Before {
  readonly branchIndex: number
  readonly transaction: object | null
  readonly picked: number
}

/** The route is about this branch and its reply. */
function enter(t: Transaction, branch: ClientBranch): Before {
  const msg = t.request!
  const { branchIndex, transaction } = msg
  const picked = t.pickedBranch
  t.failureCode = branch.status
  t.currentReply = branch.reply
  t.pickedBranch = branch.index
  msg.branchIndex = branch.index
  msg.transaction = t
  return { branchIndex, transaction, picked }
}

function leave(t: Transaction, before: Before): void {
  const msg = t.request
  if (msg !== null) {
    msg.branchIndex = before.branchIndex
    msg.transaction = before.transaction
  }
  t.failureCode = 0
  t.currentReply = null
  t.pickedBranch = before.picked
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
