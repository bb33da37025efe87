/** Answers to requests: stateless ones, those that leave it to the transaction, and errors. */
import { redirectContact } from '../../core/destination-set.ts'
import { errorReason, errorStatus } from '../../core/errors.ts'
import { forwardReply as forwardStateless } from '../../core/forward.ts'
import { type Verdict } from '../../core/module/index.ts'
import { CORE_ONREPLY_ROUTE } from '../../core/route-bits.ts'
import { replyDestination, replyParts } from '../../core/reply.ts'
import { CoreStatistics } from '../../core/statistics.ts'
import { Edit } from '../../sip/edit.ts'
import { ACK } from '../../sip/method.ts'
import { MSG_CLOSE_AFTER_REPLY, MSG_NO_REPLY_CONNECT, SipMessage } from '../../sip/message.ts'
import { printReply } from '../../sip/print.ts'
import type { Sl } from './sl.ts'

// ---- bits of send_reply_mode
const NO_CONNECT = 1
const CLOSE = 2

/** sl_send_reply, sl_reply. */
export function statelessReply(self: Sl, msg: SipMessage, wanted: number, phrase: string): Verdict {
  // RFC 3261 section 17: an ACK is never answered.
  if (!msg.isRequest || msg.methodBit === ACK) return -1
  const code = wanted >= 100 && wanted <= 699 ? wanted : self.config.default_code
  const reason = phrase === '' ? self.config.default_reason : phrase
  const { core } = self
  const parts = replyParts(core, msg)
  if (code >= 300 && code < 400) parts.headers += redirectContact(msg, self.config.rich_redirect)
  // RFC 3261 section 8.2.7: a stateless server gives the same tag to retransmissions of the same
  // request.
  const tag = code === 100 ? '' : self.localTag(msg)
  const text = printReply(msg, code, reason, tag, parts)
  if (!core.network.send(text, replyDestination(core, msg))) {
    self.stats.failures.value++
    return -1
  }
  self.count(code)
  if (self.localResponseRoute !== null) {
    const reply = new SipMessage(text, msg.received, 0)
    reply.avps = msg.avps
    void core.routes.run(self.localResponseRoute, reply, CORE_ONREPLY_ROUTE)
  }
  return 1
}

/** send_reply: the transaction answers when there is one. */
export function sendReply(self: Sl, msg: SipMessage, code: number, reason: string): Verdict {
  const { tm } = self.apis
  if (tm !== null && self.config.bind_tm !== 0 && tm.transactionOf(msg) !== null)
    return tm.reply(msg, code, reason)
  return statelessReply(self, msg, code, reason)
}

/** send_reply_mode. */
export function sendReplyMode(
  self: Sl,
  msg: SipMessage,
  code: number,
  reason: string,
  mode: number,
): Verdict {
  if ((mode & NO_CONNECT) !== 0) msg.messageFlags |= MSG_NO_REPLY_CONNECT
  if ((mode & CLOSE) !== 0) msg.messageFlags |= MSG_CLOSE_AFTER_REPLY
  return sendReply(self, msg, code, reason)
}

/** sl_reply_error: what went wrong last, or a plain 500. */
export function errorReply(self: Sl, msg: SipMessage): Verdict {
  const error = self.apis.tm?.errorOf(msg) ?? 0
  const reason = errorReason(error, 'SL')
  const verdict = statelessReply(self, msg, errorStatus(error), reason)
  if (verdict > 0) self.stats.sent_err_replies.value++
  self.core.log.error('sl', `stateless error reply used: ${reason}`)
  return verdict
}

/** send_reply_error: the same through the transaction when there is one. */
export function sendErrorReply(self: Sl, msg: SipMessage): Verdict {
  const { tm } = self.apis
  if (tm === null || self.config.bind_tm === 0 || tm.transactionOf(msg) === null)
    return errorReply(self, msg)
  const error = tm.errorOf(msg)
  return tm.reply(msg, errorStatus(error), errorReason(error, 'TM'))
}

/** sl_forward_reply: the reply goes on now; the code may change within its class. */
export function forwardReply(self: Sl, msg: SipMessage, code = '', reason = ''): Verdict {
  const status = code === '' ? msg.status : Number(code)
  if (!Number.isInteger(status) || ((status / 100) | 0) !== ((msg.status / 100) | 0)) {
    self.core.log.error('sl', 'the new code is not of the class of the reply')
    return -1
  }
  const edits = msg.edits
  const line = `SIP/2.0 ${status} ${reason === '' ? msg.reason : reason}\r\n`
  msg.edits = [...(edits ?? []), new Edit(0, msg.headersStart, line)]
  forwardStateless(self.core, new CoreStatistics(self.core.counters), msg)
  msg.edits = edits
  return 1
}
