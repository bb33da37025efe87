/** sstCheckMin, and the answer to an interval that is too short. */
import type { Verdict } from '../../core/module/index.ts'
import { INVITE } from '../../sip/method.ts'
import type { SipMessage } from '../../sip/message.ts'
import { sessionExpires } from './session-headers.ts'
import type { SessionTimers } from './sst.ts'

/** 422 with the least interval that we take. */
export function refuseInterval(self: SessionTimers, msg: SipMessage): void {
  msg.replyLumps = [...(msg.replyLumps ?? []), `Min-SE: ${self.config.min_se}\r\n`]
  self.sl.sendReply(msg, 422, 'Session Timer Too Small')
}

/**
 * sstCheckMin(): is the session interval of an INVITE too short? RFC 4028 section 8.1: then a proxy
 * may answer 422 with the least one that it takes.
 */
export function checkMinimum(self: SessionTimers, msg: SipMessage, answer: number): Verdict {
  if (!msg.isRequest || msg.methodBit !== INVITE) return -1
  const interval = sessionExpires(msg)
  if (interval === null || interval >= self.config.min_se) return -1
  if (answer !== 0) refuseInterval(self, msg)
  return 1
}
