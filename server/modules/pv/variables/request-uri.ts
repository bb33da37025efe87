/**
 * The request URI as it is now ($ru ...), as it came ($ou ...), and the address the request goes
 * to ($du ...).
 */
import { since6, variable, type Pvar, type PvValue } from '../../../core/module/index.ts'
import { REQUEST, type SipMessage } from '../../../sip/message.ts'
import { parseUri, type SipUri } from '../../../sip/uri.ts'
import { partsOf, printUri, type UriParts } from '../../../sip/uri-print.ts'
import type { Pv } from '../pv.ts'
import { domainOf, portOf, schemeOf, transportOf, userOf } from './uri-parts.ts'

type Row = Pvar<Pv>

/** A variable that is a part of the request URI in force. */
const part = (doc: string, of: (uri: SipUri | null) => PvValue): Row =>
  variable({ doc, get: (_self, msg) => of(msg.type === REQUEST ? msg.sipUri : null) })

const original = (msg: SipMessage): SipUri | null =>
  msg.type !== REQUEST ? null : msg.newUri === null ? msg.sipUri : parseUri(msg.originalUri)
const originalPart = (doc: string, of: (uri: SipUri | null) => PvValue): Row =>
  variable({ doc, get: (_self, msg) => of(original(msg)) })

const lengthOf = (uri: SipUri | null): PvValue => (uri === null ? null : uri.user.length)

/** A request URI that does not parse is null, as in Kamailio. */
const getUri = (_self: Pv, msg: SipMessage): PvValue =>
  msg.type !== REQUEST || msg.sipUri === null ? null : msg.uri

function setUri(self: Pv, msg: SipMessage, value: PvValue): boolean {
  if (typeof value !== 'string' || value === '') return self.refuse('$ru takes a URI')
  msg.setUri(value)
  return true
}

/** Changes parts of the request URI; a URI that does not parse stays. */
function rewrite(self: Pv, msg: SipMessage, change: (parts: UriParts) => void): boolean {
  const uri = msg.sipUri
  if (uri === null) return self.refuse('the request URI does not parse')
  const parts = partsOf(uri)
  change(parts)
  msg.setUri(printUri(parts))
  return true
}

function setUser(self: Pv, msg: SipMessage, value: PvValue): boolean {
  if (typeof value === 'number') return self.refuse('$rU takes a text')
  return rewrite(self, msg, parts => {
    parts.user = value ?? ''
  })
}

function setDomain(self: Pv, msg: SipMessage, value: PvValue): boolean {
  if (typeof value !== 'string') return self.refuse('$rd takes a text')
  return rewrite(self, msg, parts => {
    // RFC 3261 section 19.1.6: a telephone number becomes the user part, its parameters go with it.
    if (parts.scheme === 'tel') {
      parts.scheme = 'sip'
      if (parts.params !== '') parts.user += `;${parts.params}`
      parts.params = 'user=phone'
    }
    parts.host = value
  })
}

const setPort = (self: Pv, msg: SipMessage, value: PvValue): boolean =>
  rewrite(self, msg, parts => {
    parts.port = value === null ? '' : String(value)
  })

function setDestination(self: Pv, msg: SipMessage, value: PvValue): boolean {
  if (typeof value === 'number') return self.refuse('$du takes a URI')
  // Without a next hop the request URI is no new destination.
  if (value === null) msg.dstUri = ''
  else msg.setDstUri(value)
  return true
}

const destination = (doc: string, of: (uri: SipUri | null) => PvValue): Row =>
  variable({ doc, get: (_self, msg) => (msg.dstUri === '' ? null : of(parseUri(msg.dstUri))) })

const ru: Row = variable({ doc: 'The request URI.', get: getUri, set: setUri, takesText: true })
const rU: Row = variable({
  doc: 'User of the request URI.',
  get: (_self, msg) => userOf(msg.type === REQUEST ? msg.sipUri : null),
  set: setUser,
  takesText: true,
})
const rd: Row = variable({
  doc: 'Host of the request URI.',
  get: (_self, msg) => domainOf(msg.type === REQUEST ? msg.sipUri : null),
  set: setDomain,
  takesText: true,
})
const ou: Row = variable({
  doc: 'The request URI as received.',
  get: (_self, msg) => (msg.type === REQUEST ? msg.originalUri : null),
})
const du: Row = variable({
  doc: 'The URI that the request is sent to instead of the request URI; null when there is none.',
  get: (_self, msg) => (msg.dstUri === '' ? null : msg.dstUri),
  set: setDestination,
  takesText: true,
})

export const requestUriVariables: Record<string, Row> = {
  ru,
  ruri: ru,
  rU,
  'ruri.user': rU,
  rd,
  'ruri.domain': rd,
  rp: variable({
    doc: 'Port of the request URI, 5060 when it has none.',
    get: (_self, msg) => portOf(msg.type === REQUEST ? msg.sipUri : null),
    set: setPort,
  }),
  rP: part('Transport of the request URI, UDP when it names none.', transportOf),
  rz: part('Scheme of the request URI; tel when it is marked user=phone.', schemeOf),
  rUl: part('Length of the user of the request URI.', lengthOf),
  rul: since6(
    variable({
      doc: 'Length of the request URI.',
      get: (_self, msg) => (msg.type === REQUEST ? msg.uri.length : null),
    }),
  ),
  ou,
  ouri: ou,
  oU: originalPart('User of the request URI as received.', userOf),
  od: originalPart('Host of the request URI as received.', domainOf),
  op: originalPart('Port of the request URI as received, 5060 when it has none.', portOf),
  oP: originalPart(
    'Transport of the request URI as received, UDP when it names none.',
    transportOf,
  ),
  oUl: originalPart('Length of the user of the request URI as received.', lengthOf),
  du,
  duri: du,
  dd: destination('The host of $du.', domainOf),
  dp: destination('The port of $du, 5060 when it has none.', portOf),
  dP: destination('The transport of $du, UDP when it names none.', transportOf),
}
