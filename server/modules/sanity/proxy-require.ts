/** Proxy-Require: may this request pass through us? */
import { H_PROXY_REQUIRE } from '../../sip/header-names.ts'
import { splitList } from '../../sip/header/list.ts'
import { type SipMessage, STRIDE } from '../../sip/message.ts'
import type { Sanity } from './sanity.ts'

/**
 * RFC 3261 section 16.3: what we do not understand is answered with 420, "and MUST include an
 * Unsupported header field listing those option-tags the element did not understand".
 */
export function checkProxyRequire(self: Sanity, msg: SipMessage): boolean {
  let index = msg.find(H_PROXY_REQUIRE)
  if (index < 0) return true
  const unsupported: string[] = []
  for (; index >= 0; index = msg.find(H_PROXY_REQUIRE, index + STRIDE)) {
    const names = splitList(msg.bodyAt(index))
    if (names.includes('')) return self.refuse(msg, 400, 'Bad Proxy Require Header')
    for (const name of names) if (!self.extensions.has(name.toLowerCase())) unsupported.push(name)
  }
  if (unsupported.length === 0) return true
  if (msg.isRequest) {
    const line = `Unsupported: ${unsupported.join(', ')}\r\n`
    if (msg.replyLumps === null) msg.replyLumps = [line]
    else msg.replyLumps.push(line)
  }
  return self.refuse(msg, 420, 'Bad Proxy Require Extension')
}
