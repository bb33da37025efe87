/** What of a message goes into the records. */
import { H_CONTACT, H_RECORD_ROUTE, H_VIA } from '../../sip/header-names.ts'
import { uriSpans, valueSpans } from '../../sip/header/spans.ts'
import { parseVia } from '../../sip/header/via.ts'
import { NEXT, type SipMessage } from '../../sip/message.ts'
import { SUBSCRIBE } from '../../sip/method.ts'
import { emptyRecord, type TopologyRecord, UPSTREAM } from './data.ts'

export interface Packed {
  readonly record: TopologyRecord
  /** The topmost Via. */
  readonly via: string
}

/** null when a header does not parse. */
export function pack(msg: SipMessage): Packed | null {
  const record = emptyRecord()
  const vias = valueSpans(msg, H_VIA)
  const [first] = vias
  const top = first === undefined ? null : parseVia(msg.raw, first.start, first.end)
  const routes = uriSpans(msg, H_RECORD_ROUTE)
  if (first === undefined || top === null || routes === null) return null
  const texts = vias.map(({ start, end }) => msg.raw.slice(start, end))
  record.x_via = texts.slice(1).join(',')
  record.x_vbranch = top.branch
  const uris = routes.map(({ start, end }) => msg.raw.slice(start, end))
  if (msg.isRequest) packRoutes(record, uris)
  else {
    record.b_rr = bracketed(uris)
    // 199 tells of an early dialog that has ended.
    if (msg.status >= 180 && msg.status < 199) record.y_rr = record.b_rr
  }
  record.x_rr = record.a_rr
  return { record, via: texts[0]! }
}

/** The first Record-Route is ours, or the first two; those below are of the side it came from. */
function packRoutes(record: TopologyRecord, uris: string[]): void {
  const [first] = uris
  if (first === undefined) return
  const ours = first.includes(';r2=on') ? 2 : 1
  record.bs_contact = first
  record.as_contact = uris[ours - 1] ?? ''
  record.s_rr = bracketed(uris.slice(0, ours))
  record.a_rr = bracketed(uris.slice(ours))
}

const bracketed = (uris: string[]): string => uris.map(uri => `<${uri}>`).join(',')

/**
 * The URI of the one Contact; '' when there is none, null when it does not parse or is not alone.
 * Further lines are not looked at.
 */
export function contactOf(msg: SipMessage): string | null {
  const at = msg.find(H_CONTACT)
  if (at < 0) return ''
  const [span, another] = uriSpans(msg, H_CONTACT) ?? []
  if (span === undefined || (another !== undefined && another.start < msg.headers[at + NEXT]!))
    return null
  const uri = msg.raw.slice(span.start, span.end)
  return uri === '*' ? null : uri
}

/**
 * Puts the names of the dialog and of the transaction into the record. False when the message has
 * no good Contact though it must have one.
 */
export function link(record: TopologyRecord, msg: SipMessage, direction: number): boolean {
  const { cseq } = msg
  record.a_callid = msg.callId
  record.a_tag = msg.from!.tag
  record.b_tag = msg.to!.tag
  record.x_tag = direction === UPSTREAM ? record.b_tag : record.a_tag
  record.s_method = msg.method
  record.s_cseq = String(cseq!.number)
  const contact = contactOf(msg)
  if (contact === null) return false
  if (contact === '') return !needsContact(msg)
  // In a reply it is the other side's.
  if ((direction === UPSTREAM) === msg.isRequest) record.b_contact = contact
  else record.a_contact = contact
  return true
}

/** RFC 3261 section 8.1.1.8: "The Contact header field MUST be present" in what begins a dialog. */
function needsContact(msg: SipMessage): boolean {
  if (msg.method !== 'INVITE' && msg.method !== 'SUBSCRIBE') return false
  return msg.isRequest || (msg.status >= 200 && msg.status < 400)
}

/** Seconds that a SUBSCRIBE asks for; 0: it does not say, or is another method. */
export const subscribedFor = (msg: SipMessage): number =>
  msg.methodBit === SUBSCRIBE ? Math.max(0, msg.expires) : 0
