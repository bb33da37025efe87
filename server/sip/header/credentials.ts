/**
 * Authorization and Proxy-Authorization: the credentials of a request (RFC 7616 section 3.4).
 * Phones write all kinds of things there: what cannot be understood is passed over, as far as the
 * rest can.
 */

/** Digest credentials; a parameter that is not there is null. */
export class Credentials {
  /** Index of the header in SipMessage.headers. */
  readonly at: number
  /** The user name as written: the one that is hashed. */
  username: string | null = null
  /** Its part before the `@`, without a scheme. */
  user = ''
  /** Its part behind the `@`, '' when there is none. */
  domain = ''
  realm: string | null = null
  nonce: string | null = null
  uri: string | null = null
  response: string | null = null
  algorithm: string | null = null
  opaque: string | null = null
  qop: string | null = null
  cnonce: string | null = null
  nc: string | null = null

  constructor(at: number) {
    this.at = at
  }

  /** The quality of protection that it names, in small letters. */
  get protection(): '' | 'auth' | 'auth-int' {
    const { qop } = this
    if (qop === null) return ''
    if (qop === 'auth' || qop === 'auth-int') return qop
    const name = qop.trim().toLowerCase()
    return name === 'auth' || name === 'auth-int' ? name : ''
  }

  /** Is everything there that a response is made of? */
  get complete(): boolean {
    if (this.username === null || this.realm === null || this.nonce === null) return false
    if (this.uri === null || this.response === null) return false
    // RFC 7616 section 3.4: with a qop, cnonce and nc MUST be there.
    return this.protection === '' || (this.cnonce !== null && this.nc !== null)
  }
}

const SPACE = 0x20
const COMMA = 0x2c
const QUOTE = 0x22

const isBlank = (code: number): boolean =>
  code === SPACE || code === 0x09 || code === 0x0d || code === 0x0a

function skipBlanks(text: string, from: number, end: number): number {
  let at = from
  while (at < end && isBlank(text.charCodeAt(at))) at++
  return at
}

/** Behind the word Digest and what separates it, -1 when it is another scheme. */
function afterScheme(text: string, from: number, end: number): number {
  const start = skipBlanks(text, from, end)
  if (end - start < 7 || text.slice(start, start + 6).toLowerCase() !== 'digest') return -1
  const separator = text.charCodeAt(start + 6)
  return isBlank(separator) || separator === COMMA ? skipBlanks(text, start + 7, end) : -1
}

/** Credentials of another scheme, or of none. */
export const OTHER_SCHEME = 0
/** Digest credentials that cannot be read. */
export const MALFORMED = -1

/** Reads the header body that stands in `text` from `from` to `end`. */
export function parseCredentials(
  text: string,
  from: number,
  end: number,
  at: number,
): Credentials | typeof OTHER_SCHEME | typeof MALFORMED {
  let next = afterScheme(text, from, end)
  if (next < 0) return OTHER_SCHEME
  const found = new Credentials(at)
  for (;;) {
    next = readParameter(text, next, end, found)
    if (next < 0) return MALFORMED
    const comma = text.indexOf(',', next)
    if (comma < 0 || comma >= end) return found
    next = skipBlanks(text, comma + 1, end)
  }
}

/** One `name=value`; gives the offset behind it, -1 when there is none. */
function readParameter(text: string, from: number, end: number, into: Credentials): number {
  const equals = text.indexOf('=', from)
  if (equals < 0 || equals >= end) return -1
  let nameEnd = equals
  while (nameEnd > from && isBlank(text.charCodeAt(nameEnd - 1))) nameEnd--
  const start = skipBlanks(text, equals + 1, end)
  if (start === end) return -1
  let valueEnd: number
  let next: number
  let first = start
  if (text.charCodeAt(start) === QUOTE) {
    first = start + 1
    valueEnd = text.indexOf('"', first)
    if (valueEnd < 0 || valueEnd >= end) return -1
    next = valueEnd + 1
  } else {
    valueEnd = start
    while (valueEnd < end && !isBlank(text.charCodeAt(valueEnd)) && text[valueEnd] !== ',')
      valueEnd++
    if (valueEnd === start) return -1
    next = valueEnd
  }
  assign(into, text.slice(from, nameEnd).toLowerCase(), text.slice(first, valueEnd))
  return next
}

function assign(into: Credentials, name: string, value: string): void {
  switch (name) {
    case 'username':
      into.username = value
      splitUser(into, value)
      break
    case 'realm':
      into.realm = value
      break
    case 'nonce':
      into.nonce = value
      break
    case 'uri':
      into.uri = value
      break
    case 'response':
      into.response = value
      break
    case 'algorithm':
      into.algorithm = value
      break
    case 'opaque':
      into.opaque = value
      break
    case 'qop':
      into.qop = value
      break
    case 'cnonce':
      into.cnonce = value
      break
    case 'nc':
      into.nc = value
  }
}

/** `user`, `user@domain`, `sip:user@domain`; two characters are always a user. */
function splitUser(into: Credentials, name: string): void {
  into.user = name
  into.domain = ''
  if (name.length <= 2) return
  const at = name.indexOf('@')
  const colon = name.indexOf(':')
  const start = colon >= 0 && (at < 0 || colon < at) ? colon + 1 : 0
  into.user = at < 0 ? name.slice(start) : name.slice(start, at)
  if (at >= 0) into.domain = name.slice(at + 1)
}
