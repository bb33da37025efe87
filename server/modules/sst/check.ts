/** sstCheckMin, and what is answered to an interval that is too short. */
import type { Verdict } from '../../core/module/index.ts'
import { INVITE } from '../../sip/method.ts'
import type { SipMessage } from '../../sip/message.ts'
import { sessionExpires } from './session-headers.ts'
import type { SessionTimers } from './sst.ts'

const TOO_SMALL = 422
const REASON = 'Session Timer Too Small'

const leastLine = (self: SessionTimers): string => `Min-SE: ${self.config.min_se}\r\n`

/** The call is over with this: a script that relays it all the same sends nothing. */
export function refuseCall(self: SessionTimers, msg: SipMessage): void {
  const { tm } = self
  if (tm.transactionOf(msg) === null && tm.newTransaction(msg) <= 0) return
  tm.replyTo(tm.transactionOf(msg)!, TOO_SMALL, REASON, '', leastLine(self))
}

/**
 * sstCheckMin(): is the session interval of an INVITE too short? RFC 4028 section 8.1: then a proxy
 * may answer 422 with the least one that it takes.
 */
export function checkMinimum(self: SessionTimers, msg: SipMessage, answer: number): Verdict {
  if (!msg.isRequest || msg.methodBit !== INVITE) return -1
  const interval = sessionExpires(msg)
  if (interval === null || interval >= self.config.min_se) return -1
  if (answer !== 0) {
    msg.replyLumps = [...(msg.replyLumps ?? []), leastLine(self)]
    self.sl.sendReply(msg, TOO_SMALL, REASON)
  }
  return 1
}
