/** Remote-Party-ID, and the answer to an OPTIONS that is for us. */
import type { Verdict } from '../../core/module/index.ts'
import { Edit } from '../../sip/edit.ts'
import { OPTIONS } from '../../sip/method.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Siputils } from './siputils.ts'
import { rpidOf } from './text-checks.ts'

/** Adds the identity that authentication found; does nothing when it found none. */
export function appendRpid(
  self: Siputils,
  msg: SipMessage,
  prefix = self.config.rpid_prefix,
  suffix = self.config.rpid_suffix,
): Verdict {
  const rpid = rpidOf(self, msg)
  if (rpid === null) return -1
  const line = `Remote-Party-ID: ${prefix}${rpid}${suffix}\r\n`
  msg.addEdit(new Edit(msg.headersEnd, 0, line))
  return 1
}

/** RFC 3261 section 11.2: what we accept, in a 200. */
export function optionsReply(self: Siputils, msg: SipMessage): Verdict {
  if (msg.methodBit !== OPTIONS) return self.fail('called for non-OPTIONS request')
  const uri = msg.sipUri
  if (uri === null) return self.fail('the request URI is malformed')
  if (uri.user !== '') return self.fail('ruri contains username')
  const { config } = self
  const lines =
    `Accept: ${config.options_accept}\r\n` +
    `Accept-Encoding: ${config.options_accept_encoding}\r\n` +
    `Accept-Language: ${config.options_accept_language}\r\n` +
    `Supported: ${config.options_support}\r\n`
  if (msg.replyLumps === null) msg.replyLumps = [lines]
  else msg.replyLumps.push(lines)
  if (self.sl.sendReply(msg, 200, 'OK') > 0) return 1
  self.sl.sendReply(msg, 500, 'Server Internal Error')
  return -1
}
