/** The body as a whole: set, asked for, and whether its audio is on hold. */
import { BadValue, type Verdict } from '../../core/module/index.ts'
import { Edit } from '../../sip/edit.ts'
import { H_CONTENT_LENGTH, H_CONTENT_TYPE } from '../../sip/header-names.ts'
import { NEXT, START, type SipMessage } from '../../sip/message.ts'
import { addHeader, bodyEnd, type Textops } from './textops.ts'

/** `type/subtype` in small letters, without parameters; null when it is none. */
export function mimeOf(text: string): string | null {
  const semicolon = text.indexOf(';')
  const mime = (semicolon < 0 ? text : text.slice(0, semicolon)).trim().toLowerCase()
  const slash = mime.indexOf('/')
  return slash > 0 && slash < mime.length - 1 ? mime : null
}

export function parseMime(text: string): string {
  const mime = mimeOf(text)
  if (mime === null) throw new BadValue(`unsupported mime <${text}>`)
  return mime
}

/** What Content-Type says; a body without one is taken for SDP, as Kamailio takes it. */
export function bodyMime(msg: SipMessage): string | null {
  const type = msg.header(H_CONTENT_TYPE)
  return type === null ? 'application/sdp' : mimeOf(type)
}

export function hasBody(_self: Textops, msg: SipMessage, mime?: string): Verdict {
  // Content-Length decides: without one there is no body to speak of.
  if (msg.find(H_CONTENT_LENGTH) < 0 || msg.contentLength <= 0) return -1
  if (bodyEnd(msg) <= msg.bodyStart) return -1
  return mime === undefined || bodyMime(msg) === mime ? 1 : -1
}

/** Takes back what an earlier call did to the body and to the header lines that describe it. */
function dropBodyEdits(msg: SipMessage): void {
  if (msg.edits === null) return
  const ours = /^(?:Content-Type|Mime-Version): /
  msg.edits = msg.edits.filter(
    edit => edit.at < msg.bodyStart && !(edit.at === msg.headersEnd && ours.test(edit.text)),
  )
}

/** Replaces the body and says `lines` of it in place of the Content-Type. */
export function replaceWholeBody(msg: SipMessage, body: string, lines: string): void {
  dropBodyEdits(msg)
  const index = msg.find(H_CONTENT_TYPE)
  if (index >= 0) {
    const start = msg.headers[index + START]!
    msg.addEdit(new Edit(start, msg.headers[index + NEXT]! - start, ''))
  }
  addHeader(msg, lines)
  msg.addEdit(new Edit(msg.bodyStart, bodyEnd(msg) - msg.bodyStart, body))
}

export function setBody(
  self: Textops,
  msg: SipMessage,
  body: string,
  contentType: string,
): Verdict {
  if (body === '') return self.fail('invalid body parameter')
  if (contentType === '') return self.fail('invalid content-type parameter')
  if (msg.header(H_CONTENT_TYPE) === contentType) {
    dropBodyEdits(msg)
    msg.addEdit(new Edit(msg.bodyStart, bodyEnd(msg) - msg.bodyStart, body))
  } else replaceWholeBody(msg, body, `Content-Type: ${contentType}\r\n`)
  return 1
}

interface Hold {
  connection: string
  direction: string
}

/**
 * 1: an audio stream has no address (RFC 2543); 2: one is sendonly or inactive (RFC 3264 section
 * 8.4); else -1.
 */
export function isAudioOnHold(_self: Textops, msg: SipMessage): Verdict {
  const end = bodyEnd(msg)
  if (end <= msg.bodyStart || bodyMime(msg) !== 'application/sdp') return -1
  const session: Hold = { connection: '', direction: '' }
  const streams: Hold[] = []
  let current: Hold = session
  for (const line of msg.raw.slice(msg.bodyStart, end).split(/\r?\n/)) {
    if (line.startsWith('m=')) {
      current = { ...session }
      if (line.startsWith('m=audio ')) streams.push(current)
    } else if (line.startsWith('c=')) current.connection = line.split(' ')[2] ?? ''
    else if (/^a=(sendrecv|sendonly|recvonly|inactive)\s*$/.test(line))
      current.direction = line.slice(2).trim()
  }
  if (streams.some(stream => /^(0\.0\.0\.0|::)$/.test(stream.connection))) return 1
  return streams.some(({ direction }) => direction === 'sendonly' || direction === 'inactive')
    ? 2
    : -1
}
