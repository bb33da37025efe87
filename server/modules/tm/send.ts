/**
 * Sending on a branch and sending again: the timers of client transactions (RFC 3261 section 17.1).
 */
import { E_SEND, errorStatus } from '../../core/errors.ts'
import { INVITE } from '../../sip/method.ts'
import { type Destination, UDP } from '../../sip/transport.ts'
import { blockReturned, blockUnreachable, blockUnsendable, isBlocked } from './blocking.ts'
import type { Tm } from './tm.ts'
import { type ClientBranch, FAKED, LocalCancel, type Transaction } from './transaction.ts'

/** A transport error counts as this status (RFC 3261 section 16.9). */
export const TRANSPORT_ERROR = 503

/** Sends the request of a branch and starts its timers; false when it cannot leave. */
export function sendBranch(tm: Tm, branch: ClientBranch): boolean {
  const t = branch.transaction
  if (isBlocked(tm, t, branch.destination)) return false
  if (!tm.core.network.send(branch.sent, branch.destination)) {
    blockUnsendable(tm, t, branch.destination)
    return false
  }
  if (branch.destination.proto === UDP) {
    // RFC 3261 section 17.1.1.2: over an unreliable transport timer A starts with T1.
    branch.interval = t.retransmitT1
    tm.core.timers.arm(branch.retransmit, branch.interval)
  } else {
    tm.streaming.add(branch)
    if (t.methodBit !== INVITE && branch.failover === null) branch.sent = ''
  }
  armFinal(tm, branch, t.frTimer)
  return true
}

/** Starts the time for a final reply anew; the life of the transaction bounds it. */
export function armFinal(tm: Tm, branch: ClientBranch, milliseconds: number): void {
  const left = branch.transaction.endOfLife - tm.core.clock.monotonic()
  tm.core.timers.arm(branch.final, Math.max(0, Math.min(milliseconds, left)))
}

/** Timer A or E fired. */
export function retransmitRequest(tm: Tm, branch: ClientBranch): void {
  const t = branch.transaction
  tm.core.network.send(branch.sent, branch.destination)
  // RFC 3261 section 17.1.2.2: in Proceeding timer E stays at T2; before, each interval doubles up
  // to T2.
  branch.interval =
    branch.status >= 100 ? t.retransmitT2 : Math.min(branch.interval * 2, t.retransmitT2)
  tm.core.timers.arm(branch.retransmit, branch.interval)
}

export function stopBranch(tm: Tm, branch: ClientBranch): void {
  tm.core.timers.disarm(branch.retransmit)
  tm.core.timers.disarm(branch.final)
  if (branch.destination.proto !== UDP) tm.streaming.delete(branch)
}

/**
 * A branch that was to be sent turns out behind t_relay() to go nowhere: to routes and to the
 * places that are left it is as if it had answered so; the caller hears of it if nobody answers.
 */
export function failUnsent(tm: Tm, branch: ClientBranch, error: number): void {
  stopBranch(tm, branch)
  branch.flags2 |= FAKED
  branch.error = error
  tm.branchFinal(branch, error === E_SEND ? TRANSPORT_ERROR : errorStatus(error), null)
}

/** A connection could not be opened, or broke with requests in its queue. */
export function failStream(tm: Tm, to: Destination): void {
  // Those that fail may go on to further places, which are not meant.
  const concerned = [...tm.streaming]
  for (const branch of concerned) {
    const { proto, ip, port } = branch.destination
    // A branch that has replied was sent, whatever became of its connection since.
    if (branch.status !== 0 || proto !== to.proto || ip !== to.ip || port !== to.port) continue
    blockUnreachable(tm, branch.transaction, branch.destination)
    failUnsent(tm, branch, E_SEND)
  }
}

const BRANCH = 'branch='

/**
 * A request came back: nobody listens there (RFC 3261 section 18.4). It is found by the branch in
 * what was quoted of it, which nobody off the path knows. Only a branch that has another place to
 * go takes notice: a phone that is being restarted answers the next repetition. One that has never
 * left because the kernel refused it has failed, as if it could not be sent.
 */
export function failDatagram(tm: Tm, to: Destination, quoted: string, refused: boolean): void {
  const start = quoted.indexOf(BRANCH) + BRANCH.length
  if (start < BRANCH.length) return
  let end = start
  while (end < quoted.length && isToken(quoted.charCodeAt(end))) end++
  const id = tm.branchId
  const t = id.read(quoted.slice(start, end)) ? tm.table.findLabel(id.bucket, id.label) : null
  const branch = t === null ? undefined : t.branches[id.branch]
  if (branch === undefined || branch.status !== 0) return
  const isFirst = branch.interval === branch.transaction.retransmitT1
  if (branch.failover === null && !(refused && isFirst)) return
  const { proto, ip, port } = branch.destination
  if (proto !== UDP || ip !== to.ip || port !== to.port) return
  blockReturned(tm, branch.transaction, to)
  failUnsent(tm, branch, E_SEND)
}

/** Of a branch as we make them: letters, digits and dots. */
const isToken = (code: number): boolean =>
  code === 0x2e ||
  (code >= 0x30 && code <= 0x39) ||
  ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a)

export function stopCancel(tm: Tm, branch: ClientBranch): void {
  if (branch.cancel === null) return
  tm.core.timers.disarm(branch.cancel.timer)
  branch.cancel.text = ''
}

export function stopAllBranches(tm: Tm, t: Transaction): void {
  const branches = t.branches
  for (let i = 0; i < branches.length; i++) stopBranch(tm, branches[i]!)
}

/** Sends the CANCEL of a branch; it is a non-INVITE transaction of its own. */
export function sendCancel(tm: Tm, branch: ClientBranch, text: string): void {
  const t = branch.transaction
  branch.cancel = new LocalCancel(branch, text, t.retransmitT1, t.frTimer)
  tm.core.network.send(text, branch.destination)
  if (branch.destination.proto === UDP) tm.core.timers.arm(branch.cancel.timer, t.retransmitT1)
}

export function retransmitCancel(tm: Tm, branch: ClientBranch): void {
  const cancel = branch.cancel
  if (cancel === null || cancel.text === '') return
  cancel.left -= cancel.interval
  if (cancel.left <= 0) {
    cancel.text = ''
    return
  }
  tm.core.network.send(cancel.text, branch.destination)
  cancel.interval = Math.min(cancel.interval * 2, branch.transaction.retransmitT2)
  tm.core.timers.arm(cancel.timer, cancel.interval)
}

/** At once, unless it was answered. */
export function repeatCancel(tm: Tm, { cancel, destination }: ClientBranch): void {
  if (cancel !== null && cancel.text !== '') tm.core.network.send(cancel.text, destination)
}

/** Timer G: our final reply to an INVITE again, until its ACK comes (RFC 3261 section 17.2.1). */
export function retransmitReply(tm: Tm, t: Transaction): void {
  if (t.destination === null || t.response === '') return
  tm.core.network.send(t.response, t.destination)
  t.replyInterval = Math.min(t.replyInterval * 2, t.retransmitT2)
  tm.core.timers.arm(t.replyRetransmission(), t.replyInterval)
}
