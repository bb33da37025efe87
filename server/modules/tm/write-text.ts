/**
 * The text of a request for programs that read it from a FIFO or Unix socket: one thing a line, as
 * Kamailio writes it (version 0.3), then the lines of a tw_append, and the body.
 */
import type { Core } from '../../core/core.ts'
import { H_CONTACT, H_FROM, H_RECORD_ROUTE, H_TO } from '../../sip/header-names.ts'
import { type NameAddress, parseNameAddressList } from '../../sip/header/address.ts'
import { MSG_FORCE_RPORT, type SipMessage, STRIDE } from '../../sip/message.ts'
import { INVITE } from '../../sip/method.ts'
import type { Transaction } from './transaction.ts'
import type { Append, Element } from './write-append.ts'

const VERSION = '0.3'
/** Of Kamailio's msg_flags: the transaction knows the message's hash. */
const FL_HASH_INDEX = 0x80

/** null: it has none of the headers that it must have. */
export function requestText(
  core: Core,
  t: Transaction,
  msg: SipMessage,
  action: string,
  append: Append | null,
): string | null {
  const { from, to, cseq } = msg
  if (from === null || to === null || cseq === null) return null
  const records = addresses(msg, H_RECORD_ROUTE)
  const [first = null] = records
  const contact = contactOf(msg)?.uri ?? from.uri
  const strict = first !== null && first.sipUri?.looseRoute !== true
  const { dstIp, dstPort } = msg.received
  const lines = [
    VERSION,
    `sip_request.${action}`,
    msg.method,
    msg.sipUri?.user ?? '',
    msg.sipUri?.host ?? '',
    dstIp,
    String(dstPort),
    msg.originalUri,
    strict ? first.uri : contact,
    withoutParams(msg.header(H_FROM) ?? '', from.uri),
    msg.header(H_TO) ?? '',
    msg.callId,
    from.tag,
    to.tag,
    String(cseq.number),
    `${t.hashIndex}:${t.label}`,
    routeSet(records, strict, contact),
    first === null || strict ? '.' : first.uri,
    `P-MsgFlags: ${reversedHex(FL_HASH_INDEX | (msg.messageFlags & MSG_FORCE_RPORT))}`,
    ...(append === null ? [] : appended(core, msg, append)),
    '.',
  ]
  const wantsBody = msg.methodBit === INVITE || append?.elements.some(each => each.kind === 'msg')
  return `${lines.join('\n')}\n${wantsBody === true ? msg.body : '.'}\n`
}

const addresses = (msg: SipMessage, id: number): NameAddress[] => {
  const found: NameAddress[] = []
  for (let i = msg.find(id); i >= 0; i = msg.find(id, i + STRIDE))
    found.push(...(parseNameAddressList(msg.bodyAt(i)) ?? []))
  return found
}

/** The last one of the first Contact header, as Kamailio's list begins with that. */
function contactOf(msg: SipMessage): NameAddress | null {
  const list = parseNameAddressList(msg.header(H_CONTACT) ?? '')?.at(-1) ?? null
  return list === null || list.uri === '*' ? null : list
}

/** With the first one twice; behind a strict router the contact is the last. */
function routeSet(records: readonly NameAddress[], strict: boolean, contact: string): string {
  const [first] = records
  if (first === undefined) return '.'
  const uris = records.map(({ uri }) => uri)
  const all = strict ? [...uris.slice(1), contact] : [first.uri, ...uris]
  return all.map(uri => `<${uri}>`).join(',')
}

/** The header up to its parameters. */
function withoutParams(header: string, uri: string): string {
  const at = header.indexOf(';', header.indexOf(uri) + uri.length)
  return at < 0 ? header : header.slice(0, at)
}

const reversedHex = (value: number): string => value.toString(16).split('').reverse().join('')

/** What is not there has no line. */
function appended(core: Core, msg: SipMessage, { elements }: Append): string[] {
  return elements.flatMap(element => {
    const value = valueOf(core, msg, element)
    return value === null ? [] : [`${element.title}: ${value}`]
  })
}

function valueOf(core: Core, msg: SipMessage, { kind, name }: Element): string | number | null {
  if (kind === 'avp') return core.formats.pvar(`$avp(${name})`).get(msg)
  const index = kind === 'hdr' ? msg.findNamed(name) : -1
  return index < 0 ? null : msg.bodyAt(index)
}
