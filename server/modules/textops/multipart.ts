/** Bodies of several parts (RFC 2046 section 5.1). */
import type { PvHandle, Verdict } from '../../core/module/index.ts'
import { Edit } from '../../sip/edit.ts'
import { H_CONTENT_TYPE } from '../../sip/header-names.ts'
import type { SipMessage } from '../../sip/message.ts'
import { findParam } from '../../sip/uri.ts'
import { bodyMime, mimeOf, replaceWholeBody } from './body.ts'
import { bodyEnd, type Textops } from './textops.ts'

const DEFAULT_BOUNDARY = 'unique-boundary-1'

/** Offsets of one part in the message. */
interface Part {
  /** Its delimiter line. */
  readonly start: number
  readonly headers: number
  readonly content: number
  /** After the content; the line end that follows belongs to the next delimiter. */
  readonly contentEnd: number
  /** The next delimiter line, and what follows that. */
  readonly next: number
  readonly afterNext: number
  readonly mime: string | null
}

/** The boundary that Content-Type names; '' when the body is not of several parts. */
function boundaryOf(msg: SipMessage): string {
  const type = msg.header(H_CONTENT_TYPE) ?? ''
  const semicolon = type.indexOf(';')
  if (semicolon < 0 || !type.toLowerCase().startsWith('multipart/')) return ''
  const boundary = findParam(type.slice(semicolon + 1), 'boundary') ?? ''
  return boundary.startsWith('"') ? boundary.slice(1, -1) : boundary
}

/** Where the delimiter lines of the body begin. */
function delimiters(msg: SipMessage, boundary: string, end: number): number[] {
  const found: number[] = []
  const mark = `--${boundary}`
  for (let at = msg.raw.indexOf(mark, msg.bodyStart); at >= 0 && at < end; ) {
    if (at === msg.bodyStart || msg.raw.charCodeAt(at - 1) === 0x0a) found.push(at)
    at = msg.raw.indexOf(mark, at + mark.length)
  }
  return found
}

function partsOf(msg: SipMessage, boundary: string): Part[] {
  const { raw } = msg
  const end = bodyEnd(msg)
  const starts = delimiters(msg, boundary, end)
  const parts: Part[] = []
  for (const [i, start] of starts.entries()) {
    // The closing delimiter begins no part.
    if (raw.startsWith('--', start + 2 + boundary.length)) break
    const next = starts[i + 1] ?? end
    const headers = afterLine(raw, start, next)
    const empty = emptyLine(raw, headers, next)
    const type = /^content-type[ \t]*:[ \t]*([^\r\n]*)/im.exec(raw.slice(headers, empty.at))
    const lineEnd = raw.startsWith('\r\n', next - 2) ? 2 : raw.charCodeAt(next - 1) === 0x0a ? 1 : 0
    parts.push({
      start,
      headers,
      content: empty.after,
      contentEnd: Math.max(empty.after, next - (next < end ? lineEnd : 0)),
      next,
      afterNext: afterLine(raw, next, end),
      mime: type === null ? null : mimeOf(type[1]!),
    })
  }
  return parts
}

function afterLine(raw: string, from: number, end: number): number {
  const newline = raw.indexOf('\n', from)
  return newline < 0 || newline >= end ? end : newline + 1
}

/** The empty line that ends the headers of a part. */
function emptyLine(raw: string, from: number, end: number): { at: number; after: number } {
  for (let at = from; at < end; at = afterLine(raw, at, end)) {
    if (raw.startsWith('\r\n', at)) return { at, after: at + 2 }
    if (raw.charCodeAt(at) === 0x0a) return { at, after: at + 1 }
  }
  return { at: end, after: end }
}

/** The first part of a type; null, and logged, when there is none. */
function partOf(self: Textops, msg: SipMessage, contentType: string): Part | null {
  const boundary = boundaryOf(msg)
  if (boundary === '') {
    self.fail('cannot get the boundary: is the body multipart?')
    return null
  }
  const mime = mimeOf(contentType)
  return partsOf(msg, boundary).find(part => part.mime === mime) ?? null
}

/** Leaves only the content of the first part of this type. */
export function filterBody(self: Textops, msg: SipMessage, contentType: string): Verdict {
  const part = partOf(self, msg, contentType)
  if (part === null) return -1
  msg.addEdit(new Edit(msg.bodyStart, part.content - msg.bodyStart, ''))
  msg.addEdit(new Edit(part.contentEnd, bodyEnd(msg) - part.contentEnd, ''))
  return 1
}

export function getPart(
  self: Textops,
  msg: SipMessage,
  contentType: string,
  into: PvHandle,
): Verdict {
  if (boundaryOf(msg) === '' && bodyMime(msg) === mimeOf(contentType)) {
    into.set?.(msg, msg.body)
    return 1
  }
  const part = partOf(self, msg, contentType)
  if (part === null) return -1
  into.set?.(msg, msg.raw.slice(part.content, part.next))
  return 1
}

/** With its headers and the delimiter line that follows it. */
export function getRawPart(
  self: Textops,
  msg: SipMessage,
  contentType: string,
  into: PvHandle,
): Verdict {
  const part = partOf(self, msg, contentType)
  if (part === null) return -1
  into.set?.(msg, msg.raw.slice(part.headers, part.afterNext))
  return 1
}

export function removePart(self: Textops, msg: SipMessage, contentType: string): Verdict {
  const part = partOf(self, msg, contentType)
  if (part === null) return -1
  msg.addEdit(new Edit(part.start, part.next - part.start, ''))
  return 1
}

export function appendPart(
  self: Textops,
  msg: SipMessage,
  content: string,
  contentType: string,
  disposition?: string,
): Verdict {
  if (content === '') return self.fail('invalid body parameter')
  if (contentType === '') return self.fail('invalid content-type parameter')
  const boundary = boundaryOf(msg)
  if (boundary === '') return self.fail('Cannot get boundary. Is body multipart?')
  let text = `--${boundary}\r\nContent-Type: ${contentType}\r\n`
  if (disposition !== undefined && disposition !== '')
    text += `Content-Disposition: ${disposition}\r\n`
  text += `\r\n${content}\r\n`
  const end = bodyEnd(msg)
  const closing = delimiters(msg, boundary, end).find(at =>
    msg.raw.startsWith('--', at + 2 + boundary.length),
  )
  if (closing !== undefined) msg.addEdit(new Edit(closing, 0, text))
  else {
    const gap = msg.raw.charCodeAt(end - 1) === 0x0a ? '' : '\r\n'
    msg.addEdit(new Edit(end, 0, `${gap}${text}--${boundary}--\r\n`))
  }
  return 1
}

export function appendHexPart(
  self: Textops,
  msg: SipMessage,
  hex: string,
  contentType: string,
  disposition?: string,
): Verdict {
  const digits = hex.replaceAll(/\s+/g, '')
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits))
    return self.fail(`invalid input hex data [${hex}]`)
  const content = Buffer.from(digits, 'hex').toString('latin1')
  return appendPart(self, msg, content, contentType, disposition)
}

/** Makes a body of one part: of `content`, or of the body that is there. */
export function setMultipart(
  self: Textops,
  msg: SipMessage,
  content?: string,
  contentType?: string,
  boundary = DEFAULT_BOUNDARY,
): Verdict {
  const type = content === undefined ? msg.header(H_CONTENT_TYPE) : contentType
  const inner = content ?? msg.body
  if (inner === '') return self.fail('invalid body parameter')
  if (type === undefined || type === null || type === '')
    return self.fail('invalid content-type parameter')
  const body = `--${boundary}\r\nContent-Type: ${type}\r\n\r\n${inner}\r\n--${boundary}--\r\n`
  const lines = `Content-Type: multipart/mixed;boundary="${boundary}"\r\nMime-Version: 1.0\r\n`
  replaceWholeBody(msg, body, lines)
  return 1
}
