/** Questions about a message as a whole. */
import type { Verdict } from '../../core/module/index.ts'
import { canonical, familyOf } from '../../lib/ip.ts'
import { hasTag, scanAddress } from '../../sip/header/bounds.ts'
import { parseNameAddress } from '../../sip/header/address.ts'
import { endOfValue, splitList } from '../../sip/header/list.ts'
import { H_DATE, H_RECORD_ROUTE, H_SUPPORTED, H_TO, H_VIA } from '../../sip/header-names.ts'
import { BODY, BODY_END, REPLY, REQUEST, type SipMessage, STRIDE } from '../../sip/message.ts'
import type { Siputils } from './siputils.ts'

export function isRequest(_self: Siputils, msg: SipMessage): Verdict {
  return msg.type === REQUEST ? 1 : -1
}

export function isReply(_self: Siputils, msg: SipMessage): Verdict {
  return msg.type === REPLY ? 1 : -1
}

/** Asked of every request, so it scans and makes nothing. */
export function hasToTag(self: Siputils, msg: SipMessage): Verdict {
  const index = msg.find(H_TO)
  if (index < 0) return -1
  const end = msg.headers[index + BODY_END]!
  const { bounds } = self
  if (!scanAddress(msg.raw, msg.headers[index + BODY]!, end, bounds)) return -1
  // The semicolon itself is where the first parameter begins.
  return hasTag(msg.raw, bounds.paramsStart + 1, end) ? 1 : -1
}

/** Is an extension named in Supported? */
export function isSupported(_self: Siputils, msg: SipMessage, option: string): Verdict {
  const wanted = option.toLowerCase()
  for (let i = msg.find(H_SUPPORTED); i >= 0; i = msg.find(H_SUPPORTED, i + STRIDE))
    if (splitList(msg.bodyAt(i)).some(name => name.toLowerCase() === wanted)) return 1
  return -1
}

/**
 * Did the message come from its sender directly? A request: it has one Via. A reply: the topmost
 * Record-Route is ours, and unless `mode` is 1 it did not come from that address itself.
 */
export function isFirstHop(self: Siputils, msg: SipMessage, mode = 0): Verdict {
  if (msg.isRequest) return hasOneVia(msg) ? 1 : -1
  const route = msg.find(H_RECORD_ROUTE)
  if (route < 0) return 1
  const end = msg.headers[route + BODY_END]!
  const from = msg.headers[route + BODY]!
  const top = msg.raw.slice(from, endOfValue(msg.raw, from, end))
  const uri = parseNameAddress(top)?.sipUri ?? null
  if (uri === null) return -1
  if (mode === 0 && familyOf(uri.host) === 0) return -1
  if (!self.core.sockets.isMyself(uri.host, uri.portNumber || 5060, 0)) return -1
  const { srcIp, srcPort } = msg.received
  const looped = canonical(uri.host) === srcIp && (uri.portNumber || 5060) === srcPort
  return mode === 0 && looped ? -1 : 1
}

function hasOneVia(msg: SipMessage): boolean {
  const index = msg.find(H_VIA)
  if (index < 0 || msg.find(H_VIA, index + STRIDE) >= 0) return false
  const end = msg.headers[index + BODY_END]!
  return endOfValue(msg.raw, msg.headers[index + BODY]!, end) === end
}

/** Is Date at most `seconds` old? -1: there is none or it is malformed; -4: it is older. */
export function checkDate(self: Siputils, msg: SipMessage, seconds: number): Verdict {
  const date = msg.header(H_DATE)
  if (date === null) return self.fail('Date header field is not found')
  // RFC 3261 section 20.17: rfc1123-date, nothing else.
  const wellFormed = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(date)
  const time = wellFormed ? Date.parse(date) : Number.NaN
  if (Number.isNaN(time)) return self.fail('failed parsing DATE body')
  const age = Math.floor((self.core.clock.now() - time) / 1000)
  return age > seconds ? self.fail(`outdated date header value (${age} sec)`, -4) : 1
}

/** Is this the user of the credentials that auth has looked at? */
export function isUser(self: Siputils, msg: SipMessage, user: string): Verdict {
  const found = msg.authorization ?? msg.proxyAuthorization
  if (found === null) return self.fail('no authorized credentials found (error in scripts)')
  return found.user === user ? 1 : -1
}
