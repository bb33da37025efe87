/** Where in a message its session description is: the body, or a part of it (RFC 5621). */
import { H_CONTENT_TYPE } from '../../sip/header-names.ts'
import type { SipMessage } from '../../sip/message.ts'
import { findParam } from '../../sip/uri.ts'

export interface Span {
  readonly start: number
  readonly end: number
}

const SDP = 'application/sdp'

const typeOf = (text: string): string => text.split(';', 1)[0]!.trim().toLowerCase()

/** null when there is none. Trickle ICE has pieces of one (RFC 8840), which count. */
export function findSdp(msg: SipMessage): Span | null {
  const end = msg.raw.length
  const type = msg.header(H_CONTENT_TYPE)
  if (type === null || msg.bodyStart >= end) return null
  const mime = typeOf(type)
  if (mime === SDP || mime === 'application/trickle-ice-sdpfrag')
    return { start: msg.bodyStart, end }
  if (!mime.startsWith('multipart/')) return null
  const boundary = findParam(type.slice(type.indexOf(';') + 1), 'boundary') ?? ''
  return boundary === '' ? null : findPart(msg.raw, msg.bodyStart, boundary.replaceAll('"', ''))
}

/** The first part whose Content-Type is that of a session description. */
function findPart(raw: string, from: number, boundary: string): Span | null {
  const mark = `--${boundary}`
  for (let at = raw.indexOf(mark, from); at >= 0; ) {
    const next = raw.indexOf(mark, at + mark.length)
    const headers = raw.indexOf('\n', at) + 1
    const empty = /\r?\n\r?\n/.exec(raw.slice(headers, next < 0 ? raw.length : next))
    if (headers === 0 || next < 0 || empty === null) return null
    const type = /^content-type[ \t]*:([^\r\n]*)/im.exec(raw.slice(headers, headers + empty.index))
    const start = headers + empty.index + empty[0].length
    // The line end before the next delimiter belongs to that (RFC 2046 section 5.1.1), but a
    // description ends in one.
    if (type !== null && typeOf(type[1]!) === SDP) return { start, end: next }
    at = next
  }
  return null
}
