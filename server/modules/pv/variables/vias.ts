/** The Vias ($via0, $via1, $viaZ) and where a reply goes by them ($rpl, $nh of a reply). */
import { inBrackets, familyOf } from '../../../lib/ip.ts'
import { keyed, type Pvar, type PvValue } from '../../../core/module/index.ts'
import { H_RECORD_ROUTE, H_VIA } from '../../../sip/header-names.ts'
import { splitList } from '../../../sip/header/list.ts'
import { parseVia, type Via } from '../../../sip/header/via.ts'
import { BODY, BODY_END, REPLY, REQUEST, type SipMessage, STRIDE } from '../../../sip/message.ts'
import { protoName } from '../../../sip/transport.ts'
import { findParam, parseUri, type SipUri } from '../../../sip/uri.ts'
import type { Pv } from '../pv.ts'
import { domainOf, orNull, portOf, transportOf, userOf } from './uri-parts.ts'
import { oneOf } from './words.ts'

type Row = Pvar<Pv>

/** Those of overload control (RFC 7339) and params came with Kamailio 6. */
const PARTS = [
  'host',
  'port',
  'proto',
  'protoid',
  'branch',
  'rport',
  'received',
  'params',
  'oc',
  'oc-algo',
  'ocalgo',
  'oc-validity',
  'ocvalidity',
  'oc-seq',
  'ocseq',
  'oc-val',
  'ocval',
] as const
type PartWord = (typeof PARTS)[number]

const param = (via: Via, name: string): string | null => findParam(via.params, name) || null

const unquoted = (value: string | null): string | null =>
  value === null ? null : value.replace(/^"(.*)"$/, '$1')

function partOf(via: Via, word: PartWord): PvValue {
  switch (word) {
    case 'host':
      return via.host
    case 'port':
      return via.port === 0 ? 5060 : via.port
    case 'proto':
      return via.transport
    case 'protoid':
      return via.proto
    case 'branch':
      return orNull(via.branch)
    case 'rport':
      return via.rport === null ? null : orNull(via.rport)
    case 'received':
      return orNull(via.received)
    case 'params':
      return orNull(via.params)
    case 'oc':
      return findParam(via.params, 'oc') === null ? 0 : 1
    case 'oc-val':
    case 'ocval':
      return param(via, 'oc')
    case 'oc-algo':
    case 'ocalgo':
      return unquoted(param(via, 'oc-algo'))
    case 'oc-validity':
    case 'ocvalidity':
      return param(via, 'oc-validity')
    case 'oc-seq':
    case 'ocseq':
      return param(via, 'oc-seq')
  }
}

const via = (doc: string, of: (msg: SipMessage) => Via | null): Row =>
  keyed({
    doc,
    parse: oneOf(PARTS),
    get: (_self: Pv, msg, word: PartWord) => {
      const found = of(msg)
      return found === null ? null : partOf(found, word)
    },
  })

/** The Via that the request was made with. */
export function lastVia(msg: SipMessage): Via | null {
  let last: Via | null = null
  for (let i = msg.find(H_VIA); i >= 0; i = msg.find(H_VIA, i + STRIDE)) {
    const end = msg.headers[i + BODY_END]!
    for (let at = msg.headers[i + BODY]!; at < end; ) {
      last = parseVia(msg.raw, at, end)
      if (last === null) return null
      at = last.end
      while (at < end && msg.raw.charCodeAt(at) !== 0x2c) at++
      at++
    }
  }
  return last
}

export function viaCount(msg: SipMessage): number {
  return listCount(msg, H_VIA)
}

function listCount(msg: SipMessage, id: number): number {
  let count = 0
  for (let i = msg.find(id); i >= 0; i = msg.find(id, i + STRIDE))
    count += splitList(msg.bodyAt(i)).length
  return count
}

interface Hop {
  host: string
  port: number
  proto: number
}

/** RFC 3261 section 18.2.2: received and rport say where a reply really goes. */
function replyHop(msg: SipMessage): Hop | null {
  const next = msg.type === REPLY ? msg.via2 : null
  if (next === null) return null
  const port = next.rport === null || next.rport === '' ? next.port : Number(next.rport)
  return {
    host: next.received === '' ? next.host : inBrackets(next.received),
    port: port === 0 ? 5060 : port,
    proto: next.proto || msg.received.proto,
  }
}

const hopUri = (hop: Hop): string => `sip:${hop.host}:${hop.port};transport=${protoName(hop.proto)}`

const REPLY_WORDS = ['duri', 'dhost', 'dport', 'dproto', 'dprotoid', 'cntvia', 'cntrr'] as const

function replyPart(_self: Pv, msg: SipMessage, word: (typeof REPLY_WORDS)[number]): PvValue {
  if (msg.type !== REPLY) return null
  if (word === 'cntvia') return viaCount(msg)
  if (word === 'cntrr') return listCount(msg, H_RECORD_ROUTE)
  const hop = replyHop(msg)
  if (hop === null) return null
  switch (word) {
    case 'duri':
      return hopUri(hop)
    case 'dhost':
      return hop.host
    case 'dport':
      return hop.port
    case 'dproto':
      return protoName(hop.proto)
    case 'dprotoid':
      return hop.proto
  }
}

/** URI, user, host (d), port, transport (P) and address family (i) of the next hop. */
const NEXT_HOP_WORDS = ['u', 'U', 'd', 'p', 'P', 'i'] as const

const familyDigit = (host: string): number => {
  const family = familyOf(host)
  return family === 0 ? 0 : family === 10 ? 6 : 4
}

function nextHop(_self: Pv, msg: SipMessage, word: (typeof NEXT_HOP_WORDS)[number]): PvValue {
  if (msg.type !== REQUEST) return replyNextHop(msg, word)
  const text = msg.dstUri === '' ? msg.uri : msg.dstUri
  const uri: SipUri | null = msg.dstUri === '' ? msg.sipUri : parseUri(text)
  if (uri === null) return null
  switch (word) {
    case 'u':
      return text
    case 'U':
      return userOf(uri)
    case 'd':
      return domainOf(uri)
    case 'p':
      return portOf(uri)
    case 'P':
      return transportOf(uri)
    case 'i':
      return familyDigit(uri.host)
  }
}

function replyNextHop(msg: SipMessage, word: (typeof NEXT_HOP_WORDS)[number]): PvValue {
  const hop = replyHop(msg)
  if (hop === null) return null
  switch (word) {
    case 'u':
      return hopUri(hop)
    case 'U':
      return null
    case 'd':
      return hop.host
    case 'p':
      return hop.port
    case 'P':
      return protoName(hop.proto)
    case 'i':
      return familyDigit(hop.host)
  }
}

export const viaVariables: Record<string, Row> = {
  via0: via('Part of the first Via: host port proto protoid branch rport received.', m => m.via),
  via1: via('The same of the second Via.', msg => msg.via2),
  viaZ: via('The same of the last Via.', lastVia),
  rpl: keyed({
    doc: 'Where a reply goes: duri dhost dport dproto dprotoid; its Vias counted: cntvia cntrr.',
    parse: oneOf(REPLY_WORDS),
    get: replyPart,
  }),
  nh: keyed({
    doc: 'Next hop: u URI, U user, d host, p port, P transport, i family 4, 6 or 0 for a name.',
    parse: oneOf(NEXT_HOP_WORDS),
    get: nextHop,
  }),
}
