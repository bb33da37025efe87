/**
 * The response context of a forking proxy (RFC 3261 section 16.7): what a final reply of one branch
 * means for the whole.
 */
import { E_SEND } from '../../core/errors.ts'
import { logMistake } from '../../core/mistake.ts'
import { serverHeader } from '../../core/reply.ts'
import { H_PROXY_AUTHENTICATE, H_WWW_AUTHENTICATE } from '../../sip/header-names.ts'
import { NEXT, type SipMessage, START, STRIDE } from '../../sip/message.ts'
import { answer, answerError, cancelReason, relayReply } from './answer.ts'
import { cancelBranches } from './cancel.ts'
import { blockSilent } from './blocking.ts'
import { runBranchFailure, runFailure } from './failure.ts'
import { buildFromSent } from './build.ts'
import { hasFinal, releaseReply } from './reply-route.ts'
import { sendCancel, stopBranch } from './send.ts'
import { wait } from './server.ts'
import type { Tm } from './tm.ts'
import {
  BLOCKED_6XX,
  CANCELED,
  type ClientBranch,
  DISABLE_6XX,
  DROPPED,
  FAILING,
  FAKED,
  PROCEEDING,
  REPLICA,
  REPLIED,
  type Transaction,
} from './transaction.ts'

/** Statuses made here and their phrases. */
const REASONS = new Map<number, string>([
  [400, 'Bad Request'],
  [401, 'Unauthorized'],
  [407, 'Proxy Authentication Required'],
  [408, 'Request Timeout'],
  [478, 'Unresolvable destination'],
  [487, 'Request Terminated'],
  [500, 'Server Internal Error'],
  [503, 'Service Unavailable'],
])

export const reasonOf = (code: number): string => REASONS.get(code) ?? 'Unknown'

/**
 * Lower wins: 2xx, then 6xx, then the lowest class, within 4xx first what the caller can act on.
 */
function rank(branch: ClientBranch, faked: number): number {
  const code = branch.status
  // Whatever somebody answered says more than that somebody else could not be asked.
  if (branch.error !== 0) return branch.error === E_SEND ? 20_000 : 21_000 + branch.error
  const rest = code % 100
  const penalty = (branch.flags2 & FAKED) !== 0 ? faked : 0
  switch ((code / 100) | 0) {
    case 2:
      return rest + penalty
    // RFC 3261 section 16.7 step 6: a 6xx is chosen if there is one.
    case 6:
      return 1000 + rest + penalty
    case 3:
      return 3000 + rest + penalty
    case 4:
      // The same step: preferably 401, 407, 415, 420 and 484, which tell how to ask again.
      return 4000 + (isHelpful(rest) ? rest : 100 + rest) + penalty
    case 5:
      return 5000 + rest + penalty
    case 1:
      return 11000 + rest + penalty
    default:
      return 32000
  }
}

const isHelpful = (rest: number): boolean =>
  rest === 1 || rest === 7 || rest === 15 || rest === 20 || rest === 84

const counts = (branch: ClientBranch): boolean => (branch.flags2 & (DROPPED | REPLICA)) === 0

function pickBest(tm: Tm, t: Transaction): ClientBranch | null {
  let best: ClientBranch | null = null
  let lowest = 0
  for (let i = 0; i < t.branches.length; i++) {
    const branch = t.branches[i]!
    if (!counts(branch) || branch.status < 200) continue
    const value = rank(branch, tm.config.faked_reply_prio)
    if (best === null || value < lowest) {
      best = branch
      lowest = value
    }
  }
  return best
}

function isPending(t: Transaction): boolean {
  if ((t.flags & FAILING) !== 0) return true
  for (let i = 0; i < t.branches.length; i++) {
    const branch = t.branches[i]!
    if (branch.status < 200 && counts(branch)) return true
  }
  return false
}

/** A branch of a server transaction has its final status; `reply` is null when it was made here. */
export function branchFinal(
  tm: Tm,
  branch: ClientBranch,
  code: number,
  reply: SipMessage | null,
): void {
  const t = branch.transaction
  branch.status = code
  branch.reply = reply
  if ((branch.flags2 & REPLICA) !== 0) {
    endReplicated(tm, t)
    return
  }
  if (code < 300 && reply !== null) {
    succeed(tm, t, branch, reply)
    return
  }
  if (t.status >= 200) return
  if (code >= 600 && (t.flags & DISABLE_6XX) === 0 && tm.config.disable_6xx_block === 0) {
    // RFC 3261 section 16.7 step 5: a 6xx cancels all pending branches and allows no new ones.
    t.flags |= BLOCKED_6XX
    if (t.isInvite) cancelBranches(tm, t, branch, cancelReason(tm, code))
    if (t.status >= 200) return
  }
  failBranch(tm, t, branch)
}

/** One route at a time works with the request: while it waits, what fails meanwhile waits, too. */
function failBranch(tm: Tm, t: Transaction, branch: ClientBranch): void {
  if ((t.flags & FAILING) !== 0) {
    t.failures ??= []
    t.failures.push(branch)
    return
  }
  const waiting = runBranchFailure(tm, t, branch)
  if (waiting === null) settle(tm, t)
  else holdFor(tm, t, waiting, () => settle(tm, t))
}

/** Nothing goes upstream while a failure route or branch-failure route waits. */
function holdFor(tm: Tm, t: Transaction, route: Promise<void>, then: () => void): void {
  const { raw } = t.request!
  t.flags |= FAILING
  route
    .then(() => {
      t.flags &= ~FAILING
      const next = t.failures?.shift()
      if (next === undefined || t.status >= 200) then()
      else failBranch(tm, t, next)
    })
    .catch(error => logMistake(tm.core.log, 'after a failure route that waited', raw, error))
}

/** Ends a transaction of which no branch is open any more. */
export function settle(tm: Tm, t: Transaction): void {
  if (t.isLocal || t.state !== PROCEEDING || t.status >= 200 || isPending(t)) return
  complete(tm, t)
}

function succeed(tm: Tm, t: Transaction, branch: ClientBranch, reply: SipMessage): void {
  branch.sent = ''
  if (t.status >= 200 && !t.isInvite) return
  relayReply(tm, t, branch, reply)
  branch.reply = null
  // RFC 3261 section 16.7 step 10: the other branches are cancelled after a 2xx.
  if (t.isInvite) cancelBranches(tm, t, branch, cancelReason(tm, reply.status))
}

/** A transaction that was only replicated ends with its copies. */
function endReplicated(tm: Tm, t: Transaction): void {
  for (let i = 0; i < t.branches.length; i++) if (t.branches[i]!.status < 200) return
  if (t.status === 0) wait(tm, t)
}

/** A 2xx to an INVITE on a branch that has its final status already. */
export function lateSuccess(tm: Tm, branch: ClientBranch, reply: SipMessage): void {
  if ((branch.flags2 & REPLICA) !== 0) return
  const t = branch.transaction
  relayReply(tm, t, branch, reply)
  // The same step 10: a phone that was given up may answer while others ring.
  cancelBranches(tm, t, branch, cancelReason(tm, reply.status))
}

/**
 * All branches have failed: the failure route may try others, else the best reply goes upstream.
 */
function complete(tm: Tm, t: Transaction): void {
  const best = pickBest(tm, t)
  if (best === null) return
  t.pickedBranch = best.index
  const count = t.branches.length
  // RFC 3261 section 16.7 step 5 ends the search; the failure route may begin another one.
  t.flags &= ~BLOCKED_6XX
  const waiting = runFailure(tm, t, best)
  if (waiting === null) {
    conclude(tm, t, best)
    return
  }
  holdFor(tm, t, waiting, () => {
    // What it tried meanwhile may have failed as well, and that has its own best.
    if (t.branches.length > count) settle(tm, t)
    else conclude(tm, t, best)
  })
}

/** Behind the failure route: unless it found something better to do, the failure goes upstream. */
function conclude(tm: Tm, t: Transaction, best: ClientBranch): void {
  if (t.state !== PROCEEDING || t.status >= 200 || isPending(t)) return
  relayBest(tm, t, best)
  for (let i = 0; i < t.branches.length; i++) t.branches[i]!.reply = null
}

function relayBest(tm: Tm, t: Transaction, best: ClientBranch): void {
  const { reply, status } = best
  const challenged = status === 401 || status === 407
  if (challenged && tm.config.aggregate_challenges !== 0 && aggregate(tm, t, status)) return
  const remapped = status === 503 && tm.config.remap_503_500 !== 0
  // RFC 3261 section 9.2: who has cancelled hears 487, and not what we would have to say instead.
  if ((t.flags & CANCELED) !== 0 && t.isInvite && (reply === null || remapped))
    answer(tm, t, 487, reasonOf(487), '', null)
  else if (best.error !== 0) answerError(tm, t, best.error)
  // RFC 3261 section 16.7 step 6: a 503 is not forwarded as it is; it would speak of this proxy.
  else if (remapped) answer(tm, t, 500, reasonOf(503), '', null)
  else if (reply !== null) relayReply(tm, t, best, reply)
  else answer(tm, t, status, reasonOf(status), '', null)
}

/**
 * RFC 3261 section 16.7 step 7: the challenges of all 401 and 407 go into one. False when there is
 * one alone.
 */
function aggregate(tm: Tm, t: Transaction, status: number): boolean {
  let headers = ''
  let challenges = 0
  for (let i = 0; i < t.branches.length; i++) {
    const branch = t.branches[i]!
    if (!counts(branch) || (branch.status !== 401 && branch.status !== 407)) continue
    if (branch.reply === null) continue
    challenges++
    headers +=
      linesOf(branch.reply, H_WWW_AUTHENTICATE) + linesOf(branch.reply, H_PROXY_AUTHENTICATE)
  }
  if (challenges < 2) return false
  const server = serverHeader(tm.core)
  answer(tm, t, status, reasonOf(status), '', { headers, server, contentType: '', body: '' })
  return true
}

function linesOf(msg: SipMessage, id: number): string {
  let lines = ''
  for (let i = msg.find(id); i >= 0; i = msg.find(id, i + STRIDE))
    lines += msg.raw.slice(msg.headers[i + START], msg.headers[i + NEXT])
  return lines
}

/** Timer B, C or F: no final reply in time (RFC 3261 sections 16.8 and 17.1). */
export function branchTimeout(tm: Tm, branch: ClientBranch): void {
  const t = branch.transaction
  stopBranch(tm, branch)
  if (hasFinal(branch)) {
    releaseReply(tm, branch)
    return
  }
  if (branch.status >= 200) return
  if (isSilent(tm, t, branch)) {
    branch.status = 408
    wait(tm, t)
    return
  }
  const { sent } = branch
  const ringing = t.isInvite && branch.status >= 100 && branch.cancel === null && sent !== ''
  blockSilent(tm, branch)
  branch.flags2 |= FAKED
  tm.branchFinal(branch, 408, null)
  // RFC 3261 section 16.8: when timer C fires after a provisional reply, the branch is cancelled.
  if (ringing)
    sendCancel(tm, branch, buildFromSent(sent, 'CANCEL', '', tm.config.ac_extra_hdrs, ''))
}

/** Parameter noisy_ctimer 0: nobody needs to hear of an INVITE that never got any reply. */
function isSilent(tm: Tm, t: Transaction, branch: ClientBranch): boolean {
  if (tm.config.noisy_ctimer !== 0 || !t.isInvite || t.isLocal) return false
  if ((branch.flags2 & REPLIED) !== 0 || t.branches.length !== 1) return false
  return t.onFailure === null && t.onBranchFailure === null && t.listeners === null
}
