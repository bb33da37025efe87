/**
 * A branch whose branch_route has to wait. Others are made of the same request meanwhile, so that
 * it has a message of its own; it is sent when the route has ended.
 */
import { logMistake } from '../../core/mistake.ts'
import type { RouteBlock } from '../../core/module/index.ts'
import { BRANCH_ROUTE } from '../../core/route-bits.ts'
import { SCRIPT_DROP } from '../../core/script-state.ts'
import { SipMessage } from '../../sip/message.ts'
import type { Tm } from './tm.ts'
import { newBranch } from './branches.ts'
import { stopBranch } from './send.ts'
import { settle } from './response.ts'
import { type ClientBranch, DROPPED, FAKED, type Transaction } from './transaction.ts'

/** What is done to it stays there; attributes are the transaction's. */
function copyOf(msg: SipMessage, index: number): SipMessage {
  const copy = Object.assign(new SipMessage(msg.raw, msg.received, msg.id), msg)
  copy.edits = msg.edits === null ? null : msg.edits.slice()
  copy.branches = null
  copy.branchIndex = index
  return copy
}

/** What is not the branch's own. */
function takeOver(msg: SipMessage, copy: SipMessage): void {
  msg.flags = copy.flags
  msg.avps ??= copy.avps
  copy.branchIndex = msg.branchIndex
}

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
    takeOver(msg, copy)
    return tm.core.routes.ended === SCRIPT_DROP ? 0 : steps.make(copy)
  }
  const nowhere = { proto: 0, ip: '', port: 0, connection: 0, socket: null, noConnect: false }
  const held = newBranch(t, copy, index, nowhere, false)
  tm.core.timers.arm(held.final, t.frTimer)
  end
    .then(({ ended }) => {
      takeOver(msg, copy)
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
