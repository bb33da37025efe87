/**
 * A branch whose branch_route has to wait. Others are made of the same request meanwhile, so that
 * it has a message of its own; it is sent when the route has ended.
 */
import { logMistake } from '../../core/mistake.ts'
import type { RouteBlock } from '../../core/module/index.ts'
import { copyOf, takeOver } from '../../core/outgoing.ts'
import { BRANCH_ROUTE } from '../../core/route-bits.ts'
import { SCRIPT_DROP } from '../../core/script-state.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Tm } from './tm.ts'
import { newBranch, NOWHERE } from './branches.ts'
import { stopBranch } from './send.ts'
import { settle } from './response.ts'
import { type ClientBranch, DROPPED, FAKED, type Transaction } from './transaction.ts'

/**
 * Makes the branch of what the route leaves, now or later: 1, 0 when it was dropped, or what `make`
 * gives. `launch` sends one that was made later.
 */
export function branchByRoute(
  tm: Tm,
  t: Transaction,
  msg: SipMessage,
  route: RouteBlock,
  index: number,
  steps: {
    make: (msg: SipMessage) => number
    launch: (msg: SipMessage, branch: ClientBranch) => void
    fail: (branch: ClientBranch, error: number) => void
  },
): number {
  const copy = copyOf(msg, index)
  const end = tm.core.routes.run(route, copy, BRANCH_ROUTE)
  if (typeof end === 'number') {
    leave(msg, copy)
    return tm.core.routes.ended === SCRIPT_DROP ? 0 : steps.make(copy)
  }
  const held = newBranch(t, copy, index, NOWHERE, false)
  tm.core.timers.arm(held.final, t.frTimer)
  end
    .then(({ ended }) => {
      leave(msg, copy)
      // It may have been given up or timed out meanwhile.
      if (held.status >= 200) return
      stopBranch(tm, held)
      if (ended === SCRIPT_DROP) drop(tm, held)
      else {
        const made = steps.make(copy)
        const branch = t.branches[index]!
        if (made < 0 || branch === held) steps.fail(held, made)
        else steps.launch(copy, branch)
      }
    })
    .catch(error => logMistake(tm.core.log, 'after a branch_route that waited', msg.raw, error))
  return 1
}

function leave(msg: SipMessage, copy: SipMessage): void {
  takeOver(msg, copy)
  copy.branchIndex = msg.branchIndex
}

/** As if it had never been; without any other branch there is nothing left to wait for. */
function drop(tm: Tm, branch: ClientBranch): void {
  const t = branch.transaction
  branch.flags2 |= FAKED
  if (t.branches.some(each => each !== branch && (each.flags2 & DROPPED) === 0)) {
    branch.status = 500
    branch.flags2 |= DROPPED
    settle(tm, t)
  } else tm.branchFinal(branch, 500, null)
}
