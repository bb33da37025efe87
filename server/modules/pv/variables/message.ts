/** What kind of message it is, its size, text and parts. */
import { ALL_INDEXES, BadValue, keyed, NO_INDEX, variable } from '../../../core/module/index.ts'
import type { Pvar, PvValue } from '../../../core/module/index.ts'
import {
  H_CALL_ID,
  H_CONTACT,
  H_CONTENT_TYPE,
  H_CSEQ,
  H_DIVERSION,
  H_PAI,
  H_PATH,
  H_PPI,
  H_RECORD_ROUTE,
  H_ROUTE,
  H_USER_AGENT,
  H_VIA,
} from '../../../sip/header-names.ts'
import { type HeaderName, hasName, headerName } from '../../../sip/header-match.ts'
import { splitList } from '../../../sip/header/list.ts'
import { REPLY, type SipMessage, STRIDE } from '../../../sip/message.ts'
import { printChanged } from '../../../sip/print.ts'
import type { Pv } from '../pv.ts'
import { oneOf } from './words.ts'

type Row = Pvar<Pv>

const row = (doc: string, get: (msg: SipMessage) => PvValue): Row =>
  variable({ doc, get: (_self, msg) => get(msg) })
const inReply = (doc: string, get: (msg: SipMessage) => PvValue): Row =>
  row(doc, msg => (msg.type === REPLY ? get(msg) : null))

/** All bytes behind the empty line, whatever Content-Length says. */
const bodyOf = (msg: SipMessage): string => msg.raw.slice(msg.bodyStart)

/**
 * The index-th header body with this name, from the end when negative; all of them, comma-
 * separated.
 */
function header(_self: Pv, msg: SipMessage, name: HeaderName, index: number): PvValue {
  const { headers } = msg
  if (name.text === ANY) return anyHeader(msg, index)
  if (index === ALL_INDEXES) return everyHeader(msg, name)
  if (index < 0 && index !== NO_INDEX) return headerFromEnd(msg, name, index)
  let left = index === NO_INDEX ? 0 : index
  for (let i = 0; i < headers.length; i += STRIDE)
    if (hasName(msg, i, name) && left-- === 0) return msg.bodyAt(i)
  return null
}

function anyHeader(msg: SipMessage, index: number): PvValue {
  const count = msg.headers.length / STRIDE
  if (index === ALL_INDEXES) {
    const all: string[] = []
    for (let i = 0; i < msg.headers.length; i += STRIDE) all.push(msg.bodyAt(i))
    return all.join(',')
  }
  const at = index === NO_INDEX ? 0 : index < 0 ? count + index : index
  return at >= 0 && at < count ? msg.bodyAt(at * STRIDE) : null
}

function headerFromEnd(msg: SipMessage, name: HeaderName, index: number): PvValue {
  let left = -1 - index
  for (let i = msg.headers.length - STRIDE; i >= 0; i -= STRIDE)
    if (hasName(msg, i, name) && left-- === 0) return msg.bodyAt(i)
  return null
}

function everyHeader(msg: SipMessage, name: HeaderName): PvValue {
  let all: string | null = null
  for (let i = 0; i < msg.headers.length; i += STRIDE) {
    if (!hasName(msg, i, name)) continue
    all = all === null ? msg.bodyAt(i) : `${all},${msg.bodyAt(i)}`
  }
  return all
}

function countHeaders(msg: SipMessage, name: HeaderName): number {
  let count = 0
  for (let i = 0; i < msg.headers.length; i += STRIDE) if (hasName(msg, i, name)) count++
  return count
}

/** `$hdr(*)`: whatever the name. */
const ANY = '*'

function readName(inner: string): HeaderName {
  const name = headerName(inner)
  if (name.text === '') throw new BadValue('a header name is expected')
  return name
}

/** Headers whose body is a list of values (RFC 3261 section 7.3.1); a comma elsewhere is text. */
const LISTS = new Set([
  H_VIA,
  H_CONTACT,
  H_ROUTE,
  H_RECORD_ROUTE,
  H_DIVERSION,
  H_PAI,
  H_PPI,
  H_PATH,
])

/** The values of all headers with this name; lists are split at their commas. */
function valuesOf(msg: SipMessage, name: HeaderName): string[] {
  const isList = LISTS.has(name.id)
  const values: string[] = []
  for (let i = 0; i < msg.headers.length; i += STRIDE) {
    if (!hasName(msg, i, name)) continue
    if (isList) values.push(...splitList(msg.bodyAt(i)))
    else values.push(msg.bodyAt(i))
  }
  return values
}

function value(_self: Pv, msg: SipMessage, name: HeaderName, index: number): PvValue {
  if (index === ALL_INDEXES || name.text === ANY) return header(_self, msg, name, index)
  const values = valuesOf(msg, name)
  if (values.length === 0) return null
  return values.at(index === NO_INDEX ? 0 : index) ?? null
}

const PARTS = [
  'len',
  'buf',
  'body',
  'body_len',
  'hdrs',
  'hdrs_len',
  'hdrc',
  'fline',
  'fpart',
  'lpart',
] as const

function part(_self: Pv, msg: SipMessage, word: (typeof PARTS)[number]): PvValue {
  switch (word) {
    case 'len':
      return msg.raw.length
    case 'buf':
      return msg.raw
    case 'body':
      return bodyOf(msg)
    case 'body_len':
      return msg.raw.length - msg.bodyStart
    case 'hdrs':
      return headersOf(msg)
    case 'hdrs_len':
      return headersOf(msg).length
    case 'hdrc':
      return msg.headers.length / STRIDE
    case 'fline':
      return msg.raw.slice(0, msg.raw.indexOf('\r') < 0 ? msg.headersStart : msg.raw.indexOf('\r'))
    case 'fpart':
      return msg.raw.slice(0, msg.headersEnd).replace(/\r?\n$/, '')
    case 'lpart':
      return msg.raw.slice(msg.headersStart)
  }
}

const headersOf = (msg: SipMessage): string =>
  msg.raw.slice(msg.headersStart, msg.headersEnd).replace(/\r?\n$/, '')

/** `start/length`, or one character's offset. */
function readSpan(inner: string): { at: number; length: number } {
  const found = /^(\d+)(?:\/(\d+))?$/.exec(inner.trim())
  if (found === null) throw new BadValue(`${inner} is no offset`, 'as $msgbuf(10) or $msgbuf(10/4)')
  return { at: Number(found[1]), length: Number(found[2] ?? 1) }
}

/** In the text itself: headers stay where they are, what was read already stays as it was. */
function setCharacter(self: Pv, msg: SipMessage, value: PvValue, { at }: { at: number }): boolean {
  if (typeof value !== 'string' || value === '') return self.refuse('$msgbuf takes a text')
  if (at >= msg.raw.length) return self.refuse(`$msgbuf: the message ends before ${at}`)
  msg.raw = msg.raw.slice(0, at) + value[0]! + msg.raw.slice(at + 1)
  return true
}

export const messageVariables: Record<string, Row> = {
  rm: row('Method; of a reply, that of its CSeq.', msg => msg.method),
  rmid: row('Method as a number; one bit for each known one.', msg => msg.methodBit),
  mt: row('1 for a request, 2 for a reply.', msg => msg.type),
  mts: row('The same as rq or rp.', msg => (msg.type === REPLY ? 'rp' : 'rq')),
  cs: row('Number of the CSeq.', msg => msg.cseq?.text ?? null),
  csb: row('The whole CSeq.', msg => msg.header(H_CSEQ)),
  ci: row('Call-ID.', msg => msg.header(H_CALL_ID)),
  rs: inReply('Status of a reply.', msg => msg.status),
  rsi: row('The same; 0 in a request.', msg => msg.status),
  rr: inReply('Reason phrase of a reply.', msg => msg.reason),
  rv: row('Version, SIP/2.0.', msg => msg.version),
  ua: row('User-Agent.', msg => msg.header(H_USER_AGENT)),
  rb: row('The body.', bodyOf),
  bs: row('Size of the body.', msg => msg.raw.length - msg.bodyStart),
  cl: row('Content-Length.', msg => (msg.contentLength < 0 ? null : msg.contentLength)),
  cT: row('Content-Type.', msg => msg.header(H_CONTENT_TYPE)),
  ml: row('Size of the message.', msg => msg.raw.length),
  mb: row('The message as received.', msg => msg.raw),
  mbu: row('The message with the changes made so far.', printChanged),
  mi: row('Number of the message in this process.', msg => msg.id),
  msg: keyed({
    doc: 'Parts and sizes: len buf body body_len hdrs hdrs_len hdrc fline fpart lpart.',
    parse: oneOf(PARTS),
    get: part,
  }),
  msgbuf: keyed({
    doc: 'Characters of the received message, by offset, or offset and length.',
    parse: readSpan,
    get: (_self: Pv, msg, { at, length }) => msg.raw.slice(at, at + length),
    set: setCharacter,
    takesText: true,
  }),
  hdr: keyed({ doc: 'Body of a header; [n] of several, [*] all.', parse: readName, get: header }),
  hdrc: keyed({
    doc: 'How many headers have this name.',
    parse: readName,
    get: (_self: Pv, msg, name) => countHeaders(msg, name),
  }),
  hfl: keyed({
    doc: 'One value of a header that is a list; [n] counts over all headers of the name.',
    parse: readName,
    get: value,
  }),
  hflc: keyed({
    doc: 'How many values the headers with this name have.',
    parse: readName,
    get: (_self: Pv, msg, name) => valuesOf(msg, name).length,
  }),
}
