/** What goes with the replies that this node makes itself, and the date of replies and requests. */
import type { Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { addHeader, type Textops } from './textops.ts'

export function appendToReply(self: Textops, msg: SipMessage, line: string): Verdict {
  if (line === '') return self.fail('nothing to add to the reply')
  if (msg.replyLumps === null) msg.replyLumps = [line]
  else msg.replyLumps.push(line)
  return 1
}

export function setReplyBody(
  self: Textops,
  msg: SipMessage,
  body: string,
  contentType: string,
): Verdict {
  if (body === '') return self.fail('invalid body parameter')
  if (contentType === '') return self.fail('invalid content-type parameter')
  if (msg.replyBody !== null) return self.fail('the reply has a body already')
  msg.replyBody = { contentType, body }
  return 1
}

/** RFC 3261 section 20.17: the time of day in GMT. */
const dateLine = (self: Textops): string =>
  `Date: ${new Date(self.core.clock.now()).toUTCString()}\r\n`

export function appendTime(self: Textops, msg: SipMessage): Verdict {
  return appendToReply(self, msg, dateLine(self))
}

export function appendTimeToRequest(self: Textops, msg: SipMessage): Verdict {
  addHeader(msg, dateLine(self))
  return 1
}
