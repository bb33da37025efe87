/** One branch: from where to where it goes, how it is written, and its first sending. */
import { E_SEND } from '../../core/errors.ts'
import { viaLine } from '../../core/forward.ts'
import { logMistake } from '../../core/mistake.ts'
import { type RouteBlock } from '../../core/module/index.ts'
import { BRANCH_ROUTE } from '../../core/route-bits.ts'
import { destinationOf, insteadOfUdp, runOnsend } from '../../core/outgoing.ts'
import { SCRIPT_DROP } from '../../core/script-state.ts'
import type { SipMessage } from '../../sip/message.ts'
import { printRequest } from '../../sip/print.ts'
import type { Destination } from '../../sip/transport.ts'
import { REQUEST_OUT } from './api.ts'
import { failUnsent, sendBranch, stopBranch, TRANSPORT_ERROR } from './send.ts'
import type { Tm } from './tm.ts'
import { ClientBranch, FAKED, REPLICA, type Transaction } from './transaction.ts'

/** Where a branch goes while that is not known, or while it may not go yet. */
export const NOWHERE: Destination = {
  proto: 0,
  ip: '',
  port: 0,
  connection: 0,
  socket: null,
  noConnect: false,
}

/** From where to which address; null when no socket of ours reaches it. */
export function destination(
  tm: Tm,
  msg: SipMessage,
  proto: number,
  ip: string,
  port: number,
): Destination | null {
  const to = destinationOf(tm.core, msg, proto, ip, port)
  if (to === null)
    tm.core.log.error('tm', `no corresponding socket found for "${ip}" (${proto}:${ip}:${port})`)
  return to
}

/** A branch of what the message says now; it takes the place of one that is there. */
export function newBranch(
  t: Transaction,
  msg: SipMessage,
  index: number,
  to: Destination,
  replica: boolean,
): ClientBranch {
  const branch = new ClientBranch(t, index, msg.uri, to)
  branch.dstUri = msg.dstUri
  branch.path = msg.path
  branch.flags = msg.branchFlags
  branch.instance = msg.instance
  branch.ruid = msg.ruid
  branch.userAgent = msg.userAgent
  if (replica) branch.flags2 |= REPLICA
  t.setBranch(index, branch)
  return branch
}

/** The Via line of a branch, once it is known from where it goes. */
export function branchVia(branch: ClientBranch, msg: SipMessage | null): string {
  const parameter = `${branch.transaction.branchPrefix}${branch.index.toString(16)}`
  return viaLine(branch.destination.socket!, parameter, msg)
}

/** Writes the request of a branch; one that is too large for UDP gets another transport. */
export function printBranch(tm: Tm, msg: SipMessage, branch: ClientBranch): void {
  branch.sent = print(msg, branch)
  const instead = insteadOfUdp(tm.core, msg, branch.sent, branch.destination)
  if (instead === null) return
  branch.destination = instead
  branch.sent = print(msg, branch)
}

/** With our Via and, for a path, Route (RFC 3327 section 5.4). */
function print(msg: SipMessage, branch: ClientBranch): string {
  const route = branch.path === '' ? '' : `Route: ${branch.path}\r\n`
  const via = branchVia(branch, msg)
  return printRequest(msg, branch.uri, via, route, branch.destination.socket!)
}

/** Runs a branch_route; false when it dropped the branch. */
export function runBranchRoute(
  tm: Tm,
  route: RouteBlock | null,
  msg: SipMessage,
  index: number,
): boolean {
  if (route === null) return true
  const before = msg.branchIndex
  msg.branchIndex = index
  tm.core.routes.runNow(route, msg, BRANCH_ROUTE)
  msg.branchIndex = before
  return tm.core.routes.ended !== SCRIPT_DROP
}

/** Sends a branch for the first time; `msg` is null when the request is our own. */
export function launchBranch(tm: Tm, msg: SipMessage | null, branch: ClientBranch): boolean {
  const passed = msg === null || runOnsend(tm.core, msg, branch.sent, branch.destination)
  if (typeof passed === 'boolean') return departNow(tm, msg, branch, passed)
  holdForOnsend(tm, msg!, branch, passed)
  return true
}

/**
 * Keeps a branch here that something waits for. It is nowhere yet: a CANCEL ends it without a word
 * to anybody, and its silence is nobody's fault.
 */
export function holdBranch(tm: Tm, branch: ClientBranch): void {
  branch.sent = ''
  branch.destination = NOWHERE
  branch.failover = null
  tm.core.timers.arm(branch.final, branch.transaction.frTimer)
}

/** The onsend_route waits: the branch leaves when it has ended. */
function holdForOnsend(
  tm: Tm,
  msg: SipMessage,
  branch: ClientBranch,
  passed: Promise<boolean>,
): void {
  const { sent, destination, failover } = branch
  holdBranch(tm, branch)
  passed
    .then(ok => {
      // It may have been given up or timed out meanwhile.
      if (branch.status >= 200) return
      stopBranch(tm, branch)
      branch.sent = sent
      branch.destination = destination
      branch.failover = failover
      if (!departNow(tm, msg, branch, ok)) failUnsent(tm, branch, E_SEND)
    })
    .catch(error => logMistake(tm.core.log, 'after an onsend_route that waited', msg.raw, error))
}

/** What an onsend_route has let pass leaves; false when it did not, or when it cannot leave. */
function departNow(tm: Tm, msg: SipMessage | null, branch: ClientBranch, passed: boolean): boolean {
  // What the script itself stopped is not tried elsewhere.
  if (!passed) branch.failover = null
  if (!passed || !sendBranch(tm, branch)) {
    // RFC 3261 section 16.9: a transport error is a 503 from that branch.
    branch.status = TRANSPORT_ERROR
    branch.flags2 |= FAKED
    branch.error = E_SEND
    return false
  }
  const t = branch.transaction
  if (msg !== null && (t.events & REQUEST_OUT) !== 0) t.tell(REQUEST_OUT, msg, null, 0)
  return true
}
