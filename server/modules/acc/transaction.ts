/** Which transactions are accounted, and when. */
import { ACK, CANCEL } from '../../sip/method.ts'
import type { SipMessage } from '../../sip/message.ts'
import {
  E2E_ACK_IN,
  ON_FAILURE,
  RESPONSE_OUT,
  type TransactionCallback,
  type TransactionView,
} from '../tm/api.ts'
import type { Accounting } from './acc.ts'
import { reasonOfReply, writeLine } from './line.ts'
import { reasonOf } from './reasons.ts'

const ANSWERED = 'transaction answered'
const MISSED = 'call missed'
const ACKNOWLEDGED = 'request acknowledged'

/** Asks tm to be told of the transactions that may have to be accounted. */
export function watch(self: Accounting): void {
  const { config } = self
  const always = config.acc_prepare_always !== 0
  const wanted = self.logFlag | self.missedFlag | self.prepareFlag
  // Nobody can set a flag: nothing is ever accounted.
  if (wanted === 0 && !always) return
  const tell: TransactionCallback = (event, t, request, reply, code) => {
    if (request === null) return
    if (event === RESPONSE_OUT) onReply(self, t, request, reply, code)
    else if (event === ON_FAILURE) onMissed(self, t, request, reply, code)
    else onAck(self, t, request, code)
  }
  const acks = config.report_ack === 0 ? 0 : E2E_ACK_IN
  self.tm.onRequestIn((_event, t, request) => {
    if (request === null || request.methodBit === ACK) return
    if (request.methodBit === CANCEL && config.report_cancels === 0) return
    if (!always && (request.flags & wanted) === 0) return
    const invite = t.isInvite ? ON_FAILURE | acks : 0
    t.addCallback(RESPONSE_OUT | invite, tell)
  })
}

/** A reply went upstream. */
function onReply(
  self: Accounting,
  t: TransactionView,
  request: SipMessage,
  reply: SipMessage | null,
  code: number,
): void {
  const { flags } = request
  if (t.isInvite && code >= 300 && (flags & self.missedFlag) !== 0)
    onMissed(self, t, request, reply, code)
  if ((flags & self.logFlag) === 0 || !isAccounted(self, request, reply, code)) return
  account(self, ANSWERED, t, request, reply, code)
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
  if ((request.flags & self.missedFlag) === 0) return
  account(self, MISSED, t, request, reply, code)
  request.flags &= ~self.missedFlag
}

/** The ACK to a 2xx passed; the flag that counts is the one of its INVITE. */
function onAck(self: Accounting, t: TransactionView, ack: SipMessage, code: number): void {
  if (((t.request?.flags ?? 0) & self.logFlag) === 0) return
  const toTag = ack.to?.tag ?? ''
  const record = { request: ack, toTag, code: String(code), reason: reasonOf(code) }
  writeLine(self, ACKNOWLEDGED, record)
}

function account(
  self: Accounting,
  event: string,
  t: TransactionView,
  request: SipMessage,
  reply: SipMessage | null,
  code: number,
): void {
  if (!self.core.log.enabled(self.config.log_level)) return
  const reason = reply === null ? reasonOf(code) : reasonOfReply(self, reply)
  // An INVITE that we answered ourselves has the tag that we gave it.
  const own = reply === null && t.isInvite ? self.tm.localTag(request) : ''
  const toTag = (reply ?? request).to?.tag || own
  const record = { request, toTag, code: String(code), reason }
  // The values of a line are those of the branch that it is about.
  const branch = t.pickedBranch < 0 ? undefined : t.branches[t.pickedBranch]
  if (branch === undefined || branch.uri === request.uri) {
    writeLine(self, event, record)
    return
  }
  const { newUri, dstUri, uriConsumed } = request
  request.setUri(branch.uri)
  request.dstUri = branch.dstUri
  writeLine(self, event, record)
  request.setUri(newUri)
  request.uriConsumed = uriConsumed
  request.dstUri = dstUri
}
