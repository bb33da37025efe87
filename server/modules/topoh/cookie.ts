/**
 * The cookie TH, which a message carries while it is inside of the node: which way it goes (d
 * downstream, u upstream, x unknown), what it is (i begins a dialog, c is inside one, l is ours),
 * and where the cookie is (h header, v Via parameter). A Via keeps it on its way through the other
 * side.
 */
import { Edit } from '../../sip/edit.ts'
import type { Via } from '../../sip/header/via.ts'
import { BODY_END, NEXT, type SipMessage, START } from '../../sip/message.ts'
import { endOfHost, findParam } from '../../sip/uri.ts'

const NAME = 'TH'
const UNKNOWN = 'xxx'

/** Puts the cookie into a header and into the topmost Via. */
export function addCookie(msg: SipMessage, via: Via, value: string, edits: Edit[]): void {
  edits.push(new Edit(msg.headersEnd, 0, `${NAME}: ${value}h\r\n`))
  edits.push(new Edit(endOfSentBy(msg, via), 0, `;${NAME}=${value}v`))
}

/** What it says; `xxx` when there is none. */
export function cookieOf(msg: SipMessage): string {
  const at = msg.findNamed(NAME)
  if (at >= 0) return msg.bodyAt(at)
  return (msg.via === null ? null : cookieIn(msg.via)) ?? UNKNOWN
}

export const cookieIn = (via: Via): string | null => findParam(via.params, NAME)

/** Takes it away: of a request the Via keeps it, to bring it back with the reply. */
export function removeCookie(msg: SipMessage, edits: Edit[]): void {
  const at = msg.findNamed(NAME)
  if (at >= 0) {
    const start = msg.headers[at + START]!
    edits.push(new Edit(start, msg.headers[at + NEXT]! - start, ''))
  }
  const { via } = msg
  if (msg.isRequest || via === null || cookieIn(via) === null) return
  const text = msg.raw.slice(via.start, via.end)
  const found = /;\s*TH\s*=[^;]*/i.exec(text)
  if (found !== null) edits.push(new Edit(via.start + found.index, found[0].length, ''))
}

/** Behind the host and port of a Via. */
function endOfSentBy(msg: SipMessage, via: Via): number {
  if (via.params !== '') return msg.raw.indexOf(';', via.start)
  const host = msg.raw.indexOf(via.host, via.start + via.version.length + via.transport.length)
  const end = endOfHost(msg.raw, host)
  const port = /^\s*:\s*\d+/.exec(msg.raw.slice(end, msg.headers[msg.find(1) + BODY_END]))
  return end + (port === null ? 0 : port[0].length)
}
