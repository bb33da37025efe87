/**
 * Where the parts of an address (From, To, Contact) lie, and whether a URI is well formed, found by
 * scanning: nothing is made, so that a check of every message costs no garbage. The reading
 * counterparts are address.ts and ../uri.ts.
 */
import { endOfHost } from '../uri.ts'
import { isTokenCode } from './cseq.ts'

/** The bounds that the last scan found. */
export class AddressBounds {
  uriStart = 0
  uriEnd = 0
  /** After the URI and its bracket: where the header parameters begin. */
  paramsStart = 0
}

const isBlank = (code: number): boolean =>
  code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a

function skipBlanks(text: string, from: number, end: number): number {
  let i = from
  while (i < end && isBlank(text.charCodeAt(i))) i++
  return i
}

/** The offset after the quoted string that begins at `from`, or -1 when it does not end. */
function afterQuoted(text: string, from: number, end: number): number {
  for (let i = from + 1; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x5c) i++
    else if (code === 0x22) return i + 1
  }
  return -1
}

/**
 * The offset of the `<` after a display name, `end` when there is none, -1 when the name is
 * malformed.
 */
function openingBracket(text: string, from: number, end: number): number {
  let i = from
  if (text.charCodeAt(i) === 0x22) {
    i = afterQuoted(text, i, end)
    if (i < 0) return -1
    i = skipBlanks(text, i, end)
    return i < end && text.charCodeAt(i) === 0x3c ? i : -1
  }
  // RFC 3261 section 25.1: an unquoted display name is made of tokens. Bytes above ASCII are let
  // through.
  let plain = true
  for (; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x3c) return plain ? i : -1
    if (!isTokenCode(code) && !isBlank(code) && code < 0x80) plain = false
    if (code === 0x22) return -1
    if (code === 0x3b) break
  }
  return end
}

/** Finds the parts of the one address between `from` and `end`; false when it is malformed. */
export function scanAddress(
  text: string,
  from: number,
  end: number,
  bounds: AddressBounds,
): boolean {
  const start = skipBlanks(text, from, end)
  const open = openingBracket(text, start, end)
  if (open < 0 || start === end) return false
  if (open < end) {
    const close = text.indexOf('>', open)
    if (close < 0 || close >= end) return false
    let uriEnd = close
    bounds.uriStart = skipBlanks(text, open + 1, close)
    while (uriEnd > bounds.uriStart && isBlank(text.charCodeAt(uriEnd - 1))) uriEnd--
    bounds.uriEnd = uriEnd
    bounds.paramsStart = skipBlanks(text, close + 1, end)
    return bounds.paramsStart === end || text.charCodeAt(bounds.paramsStart) === 0x3b
  }
  // RFC 3261 section 20: without brackets all parameters are the header's.
  let uriEnd = start
  while (uriEnd < end && text.charCodeAt(uriEnd) !== 0x3b) uriEnd++
  bounds.uriStart = start
  bounds.paramsStart = uriEnd
  while (uriEnd > start && isBlank(text.charCodeAt(uriEnd - 1))) uriEnd--
  bounds.uriEnd = uriEnd
  return uriEnd > start
}

/** The length of the scheme and its colon, 0 when it is none that we know. */
function knownScheme(text: string, from: number, end: number): number {
  const a = text.charCodeAt(from) | 0x20
  const b = text.charCodeAt(from + 1) | 0x20
  const c = text.charCodeAt(from + 2) | 0x20
  let length = 0
  if (a === 0x73 && b === 0x69 && c === 0x70) length = 3
  else if (a === 0x74 && b === 0x65 && c === 0x6c) length = 3
  else if (a === 0x75 && b === 0x72 && c === 0x6e) length = 3
  if (length === 0) return 0
  // sips and tels, but not urns.
  if (a !== 0x75 && (text.charCodeAt(from + 3) | 0x20) === 0x73) length = 4
  return text.charCodeAt(from + length) === 0x3a && from + length < end ? length + 1 : 0
}

/** Does a URI of a scheme that we know stand between `from` and `end`? Agrees with parseUri(). */
export function isUri(text: string, from: number, end: number): boolean {
  const scheme = knownScheme(text, from, end)
  if (scheme === 0) return false
  const start = from + scheme
  const first = text.charCodeAt(from) | 0x20
  if (first !== 0x73) return start < end && text.charCodeAt(start) !== 0x3b
  let hostStart = start
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x40) {
      // An empty user is none.
      if (i === start || text.charCodeAt(start) === 0x3a) return false
      hostStart = i + 1
      break
    }
    if (code <= 0x20 || code === 0x3c || code === 0x3e || code === 0x22) return false
  }
  const hostEnd = endOfHost(text, hostStart)
  return hostEnd > hostStart && hostEnd <= end && isUriTail(text, hostEnd, end)
}

/** Port, parameters and headers. */
function isUriTail(text: string, from: number, end: number): boolean {
  let i = from
  if (i < end && text.charCodeAt(i) === 0x3a) {
    let port = 0
    const digits = ++i
    for (; i < end; i++) {
      const digit = text.charCodeAt(i) - 0x30
      if (digit < 0 || digit > 9) break
      port = port * 10 + digit
    }
    if (i === digits || i - digits > 5 || port > 65535) return false
  }
  if (i === end) return true
  const code = text.charCodeAt(i)
  if (code !== 0x3b && code !== 0x3f) return false
  for (; i < end; i++) {
    const c = text.charCodeAt(i)
    if (c <= 0x20 || c === 0x3c || c === 0x3e) return false
  }
  return true
}

/** How often a parameter named `tag` stands in the header parameters from `from` to `end`. */
export function countTags(text: string, from: number, end: number): number {
  let count = 0
  for (let at = from; at < end; ) {
    const next = endOfParam(text, at, end)
    const name = skipBlanks(text, at, next)
    if (isTag(text, name) && endsTagName(text, name + 3, next)) count++
    at = next + 1
  }
  return count
}

/**
 * Is there a tag with a value? What makes a request one inside a dialog (RFC 3261 section 12.2.2).
 */
export function hasTag(text: string, from: number, end: number): boolean {
  for (let at = from; at < end; ) {
    const next = endOfParam(text, at, end)
    const name = skipBlanks(text, at, next)
    if (isTag(text, name)) {
      const equals = skipBlanks(text, name + 3, next)
      if (equals < next && text.charCodeAt(equals) === 0x3d)
        return skipBlanks(text, equals + 1, next) < next
    }
    at = next + 1
  }
  return false
}

const isTag = (text: string, at: number): boolean =>
  (text.charCodeAt(at) | 0x20) === 0x74 &&
  (text.charCodeAt(at + 1) | 0x20) === 0x61 &&
  (text.charCodeAt(at + 2) | 0x20) === 0x67

function endsTagName(text: string, from: number, end: number): boolean {
  const at = skipBlanks(text, from, end)
  return at === end || text.charCodeAt(at) === 0x3d
}

/** The offset of the semicolon that ends a parameter, or `end`; those in quotes do not. */
function endOfParam(text: string, from: number, end: number): number {
  let quoted = false
  for (let i = from; i < end; i++) {
    const code = text.charCodeAt(i)
    if (quoted) {
      if (code === 0x5c) i++
      else if (code === 0x22) quoted = false
    } else if (code === 0x22) quoted = true
    else if (code === 0x3b) return i
  }
  return end
}
