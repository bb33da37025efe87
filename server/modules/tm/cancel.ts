/** CANCEL towards the branches of an INVITE that are not wanted any more (RFC 3261 section 9.1). */
import { buildFromSent } from './build.ts'
import { armFinal, sendCancel, stopBranch } from './send.ts'
import type { Tm } from './tm.ts'
import { CANCEL_WANTED, type ClientBranch, FAKED, type Transaction } from './transaction.ts'

// ---- parameter cancel_b_method: what to do with a branch that has not replied at all
const GIVE_UP = 0
const CANCEL_AT_ONCE = 2

/**
 * Cancels all branches but `except`; the number of those that were still pending. `reason` is whole
 * lines or ''.
 */
export function cancelBranches(
  tm: Tm,
  t: Transaction,
  except: ClientBranch | null,
  reason: string,
): number {
  let pending = 0
  // A branch that is given up may run a failure route that adds branches: those are not meant.
  const count = t.branches.length
  for (let i = 0; i < count; i++) {
    const branch = t.branches[i]!
    if (branch !== except && cancelBranch(tm, branch, reason)) pending++
  }
  return pending
}

/** Cancels one branch; false when there is nothing to cancel. */
export function cancelBranch(tm: Tm, branch: ClientBranch, reason: string): boolean {
  if (branch.status >= 200 || branch.cancel !== null) return false
  if (!branch.transaction.isInvite) return false
  // It has its final reply, which is held: there is nothing to cancel, and the reply will go on.
  if (branch.heldReply !== null && branch.heldReply.status >= 200) return true
  // RFC 3261 section 9.1: no CANCEL before a provisional reply; it is sent when one comes.
  if (branch.status === 0) {
    const method = tm.config.cancel_b_method
    if (method === GIVE_UP || branch.sent === '') {
      giveUp(tm, branch)
      return true
    }
    if (method !== CANCEL_AT_ONCE) {
      branch.flags2 |= CANCEL_WANTED
      branch.cancelReason = reason
      return true
    }
    tm.core.timers.disarm(branch.retransmit)
  }
  sendCancelNow(tm, branch, reason)
  return true
}

/** Sends the CANCEL of a branch, which has a provisional reply by now. */
export function sendCancelNow(tm: Tm, branch: ClientBranch, reason: string): void {
  const t = branch.transaction
  branch.flags2 &= ~CANCEL_WANTED
  branch.cancelReason = ''
  sendCancel(tm, branch, buildFromSent(branch.sent, 'CANCEL', '', tm.config.ac_extra_hdrs, reason))
  // RFC 3261 section 9.1: without a final reply within 64*T1 the cancelled request counts as ended.
  armFinal(tm, branch, Math.min(64 * t.retransmitT1, t.frInvTimer))
}

/** Ends a branch as if it had been answered 487. */
function giveUp(tm: Tm, branch: ClientBranch): void {
  stopBranch(tm, branch)
  branch.flags2 |= FAKED
  tm.branchFinal(branch, 487, null)
}
