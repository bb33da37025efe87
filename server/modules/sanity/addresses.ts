/** The checks of the URIs that a message is routed and recognized by. */
import { countTags, isUri, scanAddress } from '../../sip/header/bounds.ts'
import { endOfValue } from '../../sip/header/list.ts'
import { H_CONTACT, H_FROM, H_TO } from '../../sip/header-names.ts'
import { BODY, BODY_END, type SipMessage, STRIDE } from '../../sip/message.ts'
import type { Sanity } from './sanity.ts'

// ---- bits of sanity_check's second argument
const REQUEST_URI = 1
const FROM_URI = 2
const TO_URI = 4
const CONTACT_URI = 8

export function checkUris(self: Sanity, msg: SipMessage, uris: number): boolean {
  if ((uris & REQUEST_URI) !== 0 && msg.isRequest) {
    const uri = msg.sipUri
    // RFC 3261 section 19.1.1: header components are not allowed in a request URI.
    if (uri === null || (uri.headers !== '' && msg.newUri === null))
      return self.refuse(msg, 400, 'Bad Request URI')
  }
  if ((uris & FROM_URI) !== 0 && !isAddress(self, msg, msg.find(H_FROM)))
    return self.refuse(msg, 400, 'Invalid From Header')
  // The spelling is Kamailio's.
  if ((uris & TO_URI) !== 0 && !isAddress(self, msg, msg.find(H_TO)))
    return self.refuse(msg, 400, 'Ivalid To Header')
  return (uris & CONTACT_URI) === 0 || checkContacts(self, msg)
}

function isAddress(self: Sanity, msg: SipMessage, index: number): boolean {
  if (index < 0) return false
  const { bounds } = self
  return (
    scanAddress(msg.raw, msg.headers[index + BODY]!, msg.headers[index + BODY_END]!, bounds) &&
    isUri(msg.raw, bounds.uriStart, bounds.uriEnd)
  )
}

function checkContacts(self: Sanity, msg: SipMessage): boolean {
  const { raw, headers } = msg
  for (let i = msg.find(H_CONTACT); i >= 0; i = msg.find(H_CONTACT, i + STRIDE)) {
    const end = headers[i + BODY_END]!
    let from = headers[i + BODY]!
    if (raw.charCodeAt(from) === 0x2a && end === from + 1) continue
    for (; from <= end; ) {
      const comma = endOfValue(raw, from, end)
      if (!scanAddress(raw, from, comma, self.bounds))
        return self.refuse(msg, 400, 'Bad Contact Header')
      if (!isUri(raw, self.bounds.uriStart, self.bounds.uriEnd))
        return self.refuse(msg, 400, 'Bad Contact URI')
      from = comma + 1
    }
  }
  return true
}

/** RFC 3261 section 19.3: a dialog is named by one tag of each side. */
export function checkDuplicateTags(self: Sanity, msg: SipMessage): boolean {
  if (tagsOf(self, msg, msg.find(H_FROM)) > 1) return self.refuse(msg, 400, 'Many From Tag Params')
  return tagsOf(self, msg, msg.find(H_TO)) <= 1 || self.refuse(msg, 400, 'Many To Tag Params')
}

function tagsOf(self: Sanity, msg: SipMessage, index: number): number {
  if (index < 0) return 0
  const end = msg.headers[index + BODY_END]!
  const { bounds } = self
  if (!scanAddress(msg.raw, msg.headers[index + BODY]!, end, bounds)) return 0
  // The semicolon itself is where the first parameter begins.
  return countTags(msg.raw, bounds.paramsStart + 1, end)
}
