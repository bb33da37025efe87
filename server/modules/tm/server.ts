/**
 * Server transactions (RFC 3261 section 17.2, RFC 6026): making them, absorbing retransmissions and
 * ACKs, ending them.
 */
import { E_BAD_REQ, E_SCRIPT } from '../../core/errors.ts'
import type { Verdict } from '../../core/module/index.ts'
import { replyDestination } from '../../core/reply.ts'
import { ACK, CANCEL, INVITE } from '../../sip/method.ts'
import type { SipMessage } from '../../sip/message.ts'
import { hashText } from '../../sip/reply-tag.ts'
import { UDP } from '../../sip/transport.ts'
import { ACK_NEG_IN, DESTROY, E2E_ACK_IN, REQ_RETR_IN, REQUEST_IN, RESPONSE_IN } from './api.ts'
import { stopAllBranches, stopCancel } from './send.ts'
import type { Tm } from './tm.ts'
import {
  AUTO_INV_100,
  CANCELED,
  COMPLETED,
  DRAFT,
  ENDED,
  HANDLED,
  PROCEEDING,
  Transaction,
  WAITING,
} from './transaction.ts'

/** Milliseconds after its longest life at which a transaction that nobody ended is given up. */
const OVERTIME = 1000

/** What an ACK turned out to be. */
export const ACK_UNKNOWN = 0
/**
 * It ended a negative reply, or answered a reply of our own: nothing more is to be done with it.
 */
export const ACK_ABSORBED = 1
/** It belongs to a 2xx that was relayed: it goes on end to end. */
export const ACK_END_TO_END = 2

/**
 * The settings that the script made for a message before its transaction, or the transaction
 * itself.
 */
export function draftOf(tm: Tm, msg: SipMessage): Transaction {
  const known = msg.transaction as Transaction | null
  if (known !== null) return known
  const draft = new Transaction(tm, msg.method, msg.methodBit, msg)
  if (tm.config.auto_inv_100 !== 0) draft.flags |= AUTO_INV_100
  msg.transaction = draft
  return draft
}

/** The transaction that a request is a retransmission of, or null. */
export function lookupRequest(tm: Tm, msg: SipMessage): Transaction | null {
  tm.key.read(msg)
  return tm.table.find(tm.key, msg.methodBit, msg.method)
}

/**
 * A retransmitted request: answered with the last reply, if there is one (RFC 3261 section 17.2).
 */
export function absorbRetransmission(tm: Tm, t: Transaction, msg: SipMessage): void {
  if ((t.events & REQ_RETR_IN) !== 0) t.tell(REQ_RETR_IN, msg, null, 0)
  // RFC 6026 section 7.1: in Accepted a retransmitted INVITE is absorbed; `response` is empty then.
  if (t.response !== '' && t.destination !== null) {
    tm.core.network.send(t.response, t.destination)
    tm.counters.replySent++
  }
}

/**
 * Makes the transaction of a request: 1 made, 0 a retransmission or an absorbed ACK, E_SCRIPT when
 * it has one already. An ACK makes none: 1 means that it goes on.
 */
export function newTransaction(tm: Tm, msg: SipMessage): Verdict {
  const draft = msg.transaction as Transaction | null
  if (draft !== null && draft.state !== DRAFT) {
    tm.core.log.notice('tm', 'transaction already in process')
    return E_SCRIPT
  }
  if (msg.methodBit === ACK) return receiveAck(tm, msg, true) === ACK_ABSORBED ? 0 : 1
  const known = lookupRequest(tm, msg)
  if (known !== null) {
    absorbRetransmission(tm, known, msg)
    return 0
  }
  if (msg.newUri !== null && msg.sipUri === null) {
    tm.core.log.error('tm', 'uri invalid')
    return E_BAD_REQ
  }
  const t = draft ?? draftOf(tm, msg)
  insertTransaction(tm, t, msg)
  // What failure routes start from; headers and flags are those of the moment of t_relay().
  t.relayedUri = msg.newUri
  t.relayedDstUri = msg.dstUri
  return 1
}

function insertTransaction(tm: Tm, t: Transaction, msg: SipMessage): void {
  const { key, config, table } = tm
  t.callHash = key.call
  t.viaHash1 = key.via1
  t.viaHash2 = key.via2
  t.fromHash = hashText(0, msg.from?.tag ?? '')
  t.destination = replyDestination(tm.core, msg)
  if (tm.timerAvp !== null || tm.inviteTimerAvp !== null) readTimerAvps(tm, t, msg)
  setTimers(tm, t)
  // RFC 3261 section 9.2: a CANCEL that came before its INVITE.
  if (t.isInvite && config.unmatched_cancel === 0 && table.find(key, CANCEL, 'CANCEL') !== null)
    t.flags |= CANCELED
  table.insert(t)
  t.state = PROCEEDING
  // Whatever the script does or forgets, nothing stays longer than this.
  tm.core.timers.arm(t.timer, t.endOfLife - tm.core.clock.monotonic() + OVERTIME)
  tm.counters.created++
  tm.counters.current++
  tm.counters.total++
  const listeners = tm.requestListeners
  for (let i = 0; i < listeners.length; i++) listeners[i]!(REQUEST_IN, t, msg, null, 0)
}

/** fr_timer_avp and fr_inv_timer_avp: seconds, for this transaction. */
function readTimerAvps(tm: Tm, t: Transaction, msg: SipMessage): void {
  const seconds = Number(tm.timerAvp?.get(msg) ?? 0)
  const inviteSeconds = Number(tm.inviteTimerAvp?.get(msg) ?? 0)
  if (seconds > 0) t.frTimer = seconds * 1000
  if (inviteSeconds > 0) t.frInvTimer = inviteSeconds * 1000
}

/** Fills in what the script left to the parameters. */
export function setTimers(tm: Tm, t: Transaction): void {
  const { config } = tm
  if (t.frTimer === 0) t.frTimer = config.fr_timer
  if (t.frInvTimer === 0) t.frInvTimer = config.fr_inv_timer
  if (t.retransmitT1 === 0) t.retransmitT1 = config.retr_timer1
  if (t.retransmitT2 === 0) t.retransmitT2 = config.retr_timer2
  const lifetime = t.isInvite
    ? t.inviteLifetime || config.max_inv_lifetime
    : t.otherLifetime || config.max_noninv_lifetime
  t.startedAt = tm.core.clock.now()
  t.endOfLife = tm.core.clock.monotonic() + lifetime
}

/** Takes an ACK: of a negative reply or of a 2xx; `tell` runs the listeners of end-to-end ACKs. */
export function receiveAck(tm: Tm, msg: SipMessage, tell: boolean): number {
  tm.key.read(msg)
  // RFC 3261 section 17.2.3: the ACK to a non-2xx has the branch of its INVITE.
  const t = tm.table.find(tm.key, INVITE, 'INVITE')
  if (t !== null && (t.status < 200 || t.status >= 300)) {
    if ((t.events & ACK_NEG_IN) !== 0) t.tell(ACK_NEG_IN, msg, null, t.status)
    // RFC 3261 section 17.2.1: the ACK moves the transaction from Completed to Confirmed.
    if (t.state === COMPLETED) wait(tm, t)
    return ACK_ABSORBED
  }
  const fromHash = hashText(0, msg.from?.tag ?? '')
  const answered = t ?? tm.table.findAnswered(tm.key.call, fromHash)
  if (answered === null) return ACK_UNKNOWN
  if (answered.localTag !== '' && msg.to?.tag === answered.localTag) {
    // Our own 2xx: its retransmission is the business of the user agent server that we are (section
    // 13.3.1.4).
    if (answered.state === COMPLETED) wait(tm, answered)
    return ACK_ABSORBED
  }
  if (tell) tellAck(answered, msg)
  return ACK_END_TO_END
}

function tellAck(t: Transaction, ack: SipMessage): void {
  if ((t.events & E2E_ACK_IN) === 0) return
  const tag = hashText(1, ack.to?.tag ?? '')
  // A retransmitted ACK is no news.
  if (t.ackTag === tag) return
  t.ackTag = tag
  t.tell(E2E_ACK_IN, ack, null, t.status)
}

/** After a final reply went upstream: `local` tells that it was made here. */
export function finish(tm: Tm, t: Transaction, code: number, local: boolean): void {
  if (t.state >= COMPLETED) return
  const group = (code / 100) | 0
  if (group < 7) tm.counters.completed[group]!++
  if (t.isInvite && (code >= 300 || local)) {
    t.state = COMPLETED
    // RFC 3261 section 17.2.1: over an unreliable transport timer G starts with T1; timer H waits
    // for the ACK.
    if (t.destination !== null && t.destination.proto === UDP) {
      t.replyInterval = t.retransmitT1
      tm.core.timers.arm(t.replyRetransmission(), t.replyInterval)
    }
    tm.core.timers.arm(t.timer, 64 * t.retransmitT1)
    return
  }
  // RFC 6026 section 8.5: after a 2xx to an INVITE only the branches may still send; nothing is
  // retransmitted from here.
  if (t.isInvite) t.response = ''
  wait(tm, t)
}

/** Goes to wait for late messages, and drops what they do not need. */
export function wait(tm: Tm, t: Transaction): void {
  if (t.state >= WAITING) return
  t.state = WAITING
  tm.counters.waiting++
  if (t.replyTimer !== null) tm.core.timers.disarm(t.replyTimer)
  if (!t.isInvite) {
    stopAllBranches(tm, t)
    release(t)
  }
  // It stays for seconds, and there are thousands of it.
  if (t.request !== null) t.request.releaseParsed()
  tm.core.timers.arm(t.timer, tm.config.wt_timer)
}

/** What a listener may still hear of a non-INVITE transaction that is over. */
const LATE_EVENTS = RESPONSE_IN | REQ_RETR_IN | DESTROY

/**
 * Lets go of the messages of a non-INVITE transaction: a retransmission needs the reply alone,
 * unless a route or a listener is to see the late ones.
 */
function release(t: Transaction): void {
  if (t.request !== null) t.avps = t.request.avps
  if (t.isLocal || (t.events & LATE_EVENTS) !== 0 || t.onReply !== null) return
  t.request = null
  t.branches.length = 0
}

/** Timer H or the wait timer fired, or nobody ended the transaction. */
export function transactionTimeout(tm: Tm, t: Transaction): void {
  // RFC 3261 section 17.2.1: without an ACK timer H ends it, and nothing of it is kept.
  if (t.state >= COMPLETED) end(tm, t)
  else wait(tm, t)
}

/** Forgets a transaction. */
export function end(tm: Tm, t: Transaction): void {
  if (t.state === ENDED || t.state === DRAFT) return
  if ((t.events & DESTROY) !== 0) t.tell(DESTROY, t.request, null, t.status)
  if (t.state === WAITING) tm.counters.waiting--
  tm.table.remove(t)
  t.state = ENDED
  tm.counters.current--
  tm.counters.freed++
  const { timers } = tm.core
  timers.disarm(t.timer)
  if (t.replyTimer !== null) timers.disarm(t.replyTimer)
  stopAllBranches(tm, t)
  for (let i = 0; i < t.branches.length; i++) stopCancel(tm, t.branches[i]!)
}

/** After the request's script: what nobody relayed, answered or released must not stay. */
export function afterScript(tm: Tm, msg: SipMessage): void {
  const t = msg.transaction as Transaction | null
  if (t === null || t.request !== msg) return
  // Flags that were set after relaying are not for reply and failure routes.
  if (t.branches.length > 0) msg.flags = t.relayedFlags
  if (t.state !== PROCEEDING) return
  if ((t.flags & HANDLED) !== 0) return
  tm.core.log.warn('tm', "script writer didn't release transaction")
  wait(tm, t)
}
