/** Which transactions are accounted, and when. */
import { ACK, CANCEL } from '../../sip/method.ts'
import type { SipMessage } from '../../sip/message.ts'
import {
  E2E_ACK_IN,
  ON_FAILURE,
  RESPONSE_FWDED,
  RESPONSE_READY,
  type TransactionCallback,
  type TransactionView,
} from '../tm/api.ts'
import type { Accounting } from './acc.ts'
import type { AccountingEngine, RecordKind } from './api.ts'
import { reasonOf } from './reasons.ts'
import { reasonOfReply, recordOf } from './record.ts'

/** Kamailio's own callback comes when the reply has gone; ours while it can still be held. */
const REPLIES = RESPONSE_FWDED | RESPONSE_READY

/** Asks tm to be told of the transactions that may have to be accounted. */
export function watch(self: Accounting): void {
  const { config } = self
  const always = config.acc_prepare_always !== 0
  const wanted = self.engines.reduce(
    (flags, engine) => flags | engine.flag | engine.missedFlag,
    self.prepareFlag,
  )
  watchCalls(self)
  // Nobody can set a flag: nothing is ever accounted.
  if (wanted === 0 && !always) return
  const tell: TransactionCallback = (event, t, request, reply, code) => {
    if (request === null) return
    if ((event & REPLIES) !== 0) onReply(self, t, request, reply, code)
    else if (event === ON_FAILURE) onMissed(self, t, request, reply, code)
    else onAck(self, t, request, code)
  }
  const acks = config.report_ack === 0 ? 0 : E2E_ACK_IN
  self.tm.onRequestIn((_event, t, request) => {
    if (request === null || request.methodBit === ACK) return
    if (request.methodBit === CANCEL && config.report_cancels === 0) return
    if (!always && (request.flags & wanted) === 0) return
    if (isRefused(self, t, request)) return
    const invite = t.isInvite ? ON_FAILURE | acks : 0
    t.addCallback(REPLIES | invite, tell)
  })
}

/**
 * A call whose records could not be kept is not taken on: they are promised with its answer. What
 * belongs to a call that was taken on goes through.
 */
function isRefused(self: Accounting, t: TransactionView, request: SipMessage): boolean {
  if (!t.isInvite || (request.to?.tag ?? '') !== '') return false
  for (const engine of self.engines) {
    if (engine.accepts || (request.flags & (engine.flag | engine.missedFlag)) === 0) continue
    return refuse(self, t)
  }
  return false
}

function refuse(self: Accounting, t: TransactionView): boolean {
  self.refused.value++
  // RFC 3261 section 21.5.4: so that the caller's side tries another server.
  return self.tm.replyTo(t, 503, 'Service Unavailable', '', 'Retry-After: 10\r\n')
}

/** The same for calls that are to have a row of their own when they end. */
function watchCalls(self: Accounting): void {
  const { calls, database } = self
  if (calls === null || database === null || self.config.cdrs_table === '') return
  self.tm.onRequestIn((_event, t, request) => {
    if (database.accepts || !t.isInvite || request === null) return
    if ((request.to?.tag ?? '') === '' && calls.isOfDialog(request)) refuse(self, t)
  })
}

/** A reply is about to go upstream. */
function onReply(
  self: Accounting,
  t: TransactionView,
  request: SipMessage,
  reply: SipMessage | null,
  code: number,
): void {
  // A 2xx that comes again, or from another branch, is no other call.
  if (t.status >= 200) return
  if (t.isInvite && code >= 300) onMissed(self, t, request, reply, code)
  if (!isAccounted(self, request, reply, code)) return
  account(self, 'transaction', t, request, reply, code)
}

function isAccounted(
  self: Accounting,
  request: SipMessage,
  reply: SipMessage | null,
  code: number,
): boolean {
  if (code >= 300) return (request.flags & self.failedFlag) !== 0 && !self.filtered.has(code)
  if (code >= 200) return true
  return self.config.early_media !== 0 && reply !== null && reply.body !== ''
}

/** A call did not come about. The flag goes: another attempt must ask for it again. */
function onMissed(
  self: Accounting,
  t: TransactionView,
  request: SipMessage,
  reply: SipMessage | null,
  code: number,
): void {
  account(self, 'missed', t, request, reply, code)
  for (const { missedFlag } of self.engines) request.flags &= ~missedFlag
}

const flagOf = (engine: AccountingEngine, kind: RecordKind): number =>
  kind === 'missed' ? engine.missedFlag : engine.flag

function isWanted(self: Accounting, kind: RecordKind, flags: number): boolean {
  const { engines } = self
  for (let i = 0; i < engines.length; i++)
    if ((flags & flagOf(engines[i]!, kind)) !== 0) return true
  return false
}

/** The ACK to a 2xx passed; the flag that counts is the one of its INVITE. */
function onAck(self: Accounting, t: TransactionView, ack: SipMessage, code: number): void {
  const flags = t.request?.flags ?? 0
  if (!isWanted(self, 'ack', flags)) return
  const record = recordOf(self, 'ack', ack, ack.to?.tag ?? '', String(code), reasonOf(code))
  for (const engine of self.engines) if ((flags & engine.flag) !== 0) engine.account(record)
}

function account(
  self: Accounting,
  kind: RecordKind,
  t: TransactionView,
  request: SipMessage,
  reply: SipMessage | null,
  code: number,
): void {
  if (!isWanted(self, kind, request.flags)) return
  // The values of a record are those of the branch that it is about.
  const branch = t.pickedBranch < 0 ? undefined : t.branches[t.pickedBranch]
  if (branch === undefined || branch.uri === request.uri) {
    hand(self, kind, t, request, reply, code)
    return
  }
  const { newUri, dstUri, uriConsumed } = request
  request.setUri(branch.uri)
  request.dstUri = branch.dstUri
  hand(self, kind, t, request, reply, code)
  request.setUri(newUri)
  request.uriConsumed = uriConsumed
  request.dstUri = dstUri
}

/** Gives the record to all ways of accounting whose flag is set. */
function hand(
  self: Accounting,
  kind: RecordKind,
  t: TransactionView,
  request: SipMessage,
  reply: SipMessage | null,
  code: number,
): void {
  const reason = reply === null ? reasonOf(code) : reasonOfReply(self, reply)
  // An INVITE that we answered ourselves has the tag that we gave it.
  const own = reply === null && t.isInvite ? self.tm.localTag(request) : ''
  const toTag = (reply ?? request).to?.tag || own
  const record = recordOf(self, kind, request, toTag, String(code), reason)
  for (const engine of self.engines)
    if ((request.flags & flagOf(engine, kind)) !== 0) engine.account(record)
}
