/**
 * The checks of the request line and of the headers that say something about the message itself.
 */
import {
  H_CALL_ID,
  H_CONTENT_LENGTH,
  H_CSEQ,
  H_EXPIRES,
  H_FROM,
  H_MAX_FORWARDS,
  H_TO,
  H_VIA,
} from '../../sip/header-names.ts'
import { BODY, BODY_END, ID, type SipMessage, STRIDE } from '../../sip/message.ts'
import { streamed } from '../../sip/uri.ts'
import type { Sanity } from './sanity.ts'

/** The largest number of 32 bits. */
const MAX_UINT = 0xffffffff

/** RFC 3261 section 18: without a topmost Via that can be read a message has no way back. */
export function checkFirstVia(self: Sanity, msg: SipMessage): boolean {
  const via = msg.via
  // RFC 3261 section 25.1: a semicolon has a parameter behind it.
  const whole = via !== null && msg.raw.charCodeAt(via.end - 1) !== 0x3b
  return whole || self.refuse(msg, 400, 'Bad Headers')
}

export function checkVersion(self: Sanity, msg: SipMessage): boolean {
  const version = msg.version
  // RFC 3261 section 7.1: "SIP-Version is case-insensitive, but implementations MUST send upper-
  // case."
  return (
    version === 'SIP/2.0' ||
    version.toUpperCase() === 'SIP/2.0' ||
    self.refuse(msg, 505, 'Version Not Supported (R-URI)')
  )
}

export function checkScheme(self: Sanity, msg: SipMessage): boolean {
  if (msg.sipUri !== null) return true
  // RFC 3261 section 8.2.2.1: a scheme that we do not know is 416; what has no scheme is no URI.
  return unknownScheme(msg.uri)
    ? self.refuse(msg, 416, 'Unsupported URI Scheme in Request URI')
    : self.refuse(msg, 400, 'Bad Request URI')
}

function unknownScheme(uri: string): boolean {
  const colon = uri.indexOf(':')
  if (colon <= 0) return false
  const scheme = uri.slice(0, colon).toLowerCase()
  return /^[a-z][a-z0-9+.-]*$/.test(scheme) && !/^(sips?|tels?|urn)$/.test(scheme)
}

// Bits of what was seen while the headers are counted.
const SEEN_VIA = 1
const SEEN_FROM = 2
const SEEN_TO = 4
const SEEN_CALL_ID = 8
const SEEN_CSEQ = 16
const SEEN_MAX_FORWARDS = 32
const SEEN_ALL = SEEN_VIA | SEEN_FROM | SEEN_TO | SEEN_CALL_ID | SEEN_CSEQ

/**
 * The headers of RFC 3261 section 8.1.1; each but Via stands there once (section 7.3.1, table 2).
 */
export function checkRequired(self: Sanity, msg: SipMessage): boolean {
  let seen = 0
  const headers = msg.headers
  for (let i = 0; i < headers.length; i += STRIDE) {
    const bit = seenBit(headers[i + ID]!)
    if ((seen & bit) !== 0 && bit !== SEEN_VIA) return self.refuse(msg, 400, 'Bad Headers')
    seen |= bit
  }
  return (seen & SEEN_ALL) === SEEN_ALL || self.refuse(msg, 400, 'Bad Headers')
}

function seenBit(id: number): number {
  switch (id) {
    case H_VIA:
      return SEEN_VIA
    case H_FROM:
      return SEEN_FROM
    case H_TO:
      return SEEN_TO
    case H_CALL_ID:
      return SEEN_CALL_ID
    case H_CSEQ:
      return SEEN_CSEQ
    case H_MAX_FORWARDS:
      return SEEN_MAX_FORWARDS
    default:
      return 0
  }
}

/** RFC 3261 section 8.1.1.5: "The method MUST match that of the request." */
export function checkCSeqMethod(self: Sanity, msg: SipMessage): boolean {
  const cseq = msg.cseq
  if (cseq === null) return self.refuse(msg, 400, cseqFault(msg))
  // A reply has no other method than that of its CSeq.
  return (
    !msg.isRequest ||
    cseq.method === msg.method ||
    self.refuse(msg, 400, 'CSeq method does not match request method')
  )
}

/** RFC 3261 section 8.1.1.5: the number has at most 32 bits; one that has more was not read. */
export function checkCSeqNumber(self: Sanity, msg: SipMessage): boolean {
  return msg.cseq !== null || self.refuse(msg, 400, cseqFault(msg))
}

/** What is wrong with a CSeq that could not be read. */
function cseqFault(msg: SipMessage): string {
  const [number = '', method = ''] = (msg.header(H_CSEQ) ?? '').split(/\s+/)
  if (!/^\d+$/.test(number)) return 'Missing number in CSeq header'
  return method === '' ? 'Missing method in CSeq header' : 'CSeq number is illegal'
}

/** The length said and the length that came (RFC 3261 sections 18.3 and 20.14). */
export function checkContentLength(self: Sanity, msg: SipMessage): boolean {
  const index = msg.find(H_CONTENT_LENGTH)
  if (index < 0) return true
  const said = msg.contentLength
  if (said < 0) return self.refuse(msg, 400, 'Content-Length Failure')
  for (let i = msg.find(H_CONTENT_LENGTH, index + STRIDE); i >= 0; ) {
    // Two lengths that differ: nobody can say where the message ends.
    if (numberAt(msg, i) !== said) return self.refuse(msg, 400, 'Content-Length mis-match')
    i = msg.find(H_CONTENT_LENGTH, i + STRIDE)
  }
  const came = msg.raw.length - msg.bodyStart
  // RFC 3261 section 18.3: "If there are additional bytes in the transport packet beyond the end of
  // the body, they MUST be discarded." Less than was said is an error.
  if (said === came || (said < came && !streamed(msg.received.proto))) return true
  return self.refuse(msg, 400, 'Content-Length mis-match')
}

export function checkExpires(self: Sanity, msg: SipMessage): boolean {
  const index = msg.find(H_EXPIRES)
  if (index < 0) return true
  if (msg.headers[index + BODY] === msg.headers[index + BODY_END])
    return self.refuse(msg, 400, 'Bad Expires Header')
  const value = numberAt(msg, index)
  // RFC 3261 section 20.19: "an integer number of seconds ... between 0 and (2**32)-1".
  return (value >= 0 && value <= MAX_UINT) || self.refuse(msg, 400, 'Expires value is illegal')
}

/** The number that a header's body is, -1 when it is none. */
function numberAt(msg: SipMessage, index: number): number {
  const end = msg.headers[index + BODY_END]!
  let i = msg.headers[index + BODY]!
  if (i === end) return -1
  let value = 0
  for (; i < end; i++) {
    const digit = msg.raw.charCodeAt(i) - 0x30
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}
