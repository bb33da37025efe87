/**
 * SIP, SIPS and TEL URIs (RFC 3261 section 19.1, RFC 3966), read by one scan, with the parts a
 * router asks for.
 */
import { SCTP, TCP, TLS, UDP, WS, WSS, protoNumber } from './transport.ts'

export type Scheme = 'sip' | 'sips' | 'tel' | 'tels' | 'urn'

export class SipUri {
  readonly scheme: Scheme
  readonly user: string
  readonly password: string
  /** As written: IPv6 in brackets; '' for tel and urn. */
  readonly host: string
  /** As written, '' when absent. */
  readonly port: string
  /** Everything between the first `;` after the host and `?`, without the leading `;`. */
  readonly params: string
  /** Everything after `?`. */
  readonly headers: string
  /** True when an `@` was there: `sip:@host` has an empty user, `sip:host` has none. */
  readonly hasUser: boolean
  /** Of a sip URI that is taken as a telephone number: what follows it, with its first `;`. */
  readonly numberParams: string
  /** A sip URI with user=phone, which is taken as a telephone number (phone2tel). */
  readonly isPhone: boolean

  constructor(
    scheme: Scheme,
    user: string,
    password: string,
    host: string,
    port: string,
    params: string,
    headers: string,
    hasUser: boolean,
    isPhone = false,
  ) {
    const end = isPhone ? user.indexOf(';') : -1
    this.scheme = scheme
    this.user = end < 0 ? user : user.slice(0, end)
    this.password = password
    this.host = host
    this.port = port
    this.params = params
    this.headers = headers
    this.hasUser = hasUser
    this.numberParams = end < 0 ? '' : user.slice(end)
    this.isPhone = isPhone
  }

  /** The user as it was written. */
  get wholeUser(): string {
    return this.user + this.numberParams
  }

  /** The port written in the URI or 0. */
  get portNumber(): number {
    return digitsOf(this.port)
  }

  /** The value of a URI parameter, '' when it has none, null when it is absent. */
  param(name: string): string | null {
    return this.params === '' ? null : findParam(this.params, name)
  }

  /** The transport parameter as a number, 0 when absent or unknown. */
  get transport(): number {
    const value = this.param('transport')
    return value === null ? 0 : protoNumber(value)
  }

  get looseRoute(): boolean {
    return this.param('lr') !== null
  }
}

/** The number that decimal digits write, 0 for ''. Number() costs three times as much. */
export function digitsOf(digits: string): number {
  let value = 0
  for (let i = 0; i < digits.length; i++) value = value * 10 + digits.charCodeAt(i) - 0x30
  return value
}

/** The default port of a transport (RFC 3261 section 19.1.2, RFC 7118). */
export function defaultPort(proto: number, scheme: Scheme = 'sip'): number {
  if (proto === WS) return 80
  if (proto === WSS) return 443
  return proto === TLS || (scheme === 'sips' && proto !== UDP) ? 5061 : 5060
}

/** The transport that a URI asks for without DNS: its parameter, TLS for sips, else UDP. */
export function uriTransport(uri: SipUri): number {
  const named = uri.transport
  if (uri.scheme === 'sips')
    return named === WS || named === WSS ? WSS : named === SCTP ? SCTP : TLS
  if (named !== 0) return named
  return UDP
}

export const streamed = (proto: number): boolean =>
  proto === TCP || proto === TLS || proto === WS || proto === WSS

/**
 * The value of `name` in `a=1;b;c="x;y"`, '' for a parameter without value, null if absent. Names
 * ignore case.
 */
export function findParam(params: string, name: string): string | null {
  let at = 0
  const length = params.length
  while (at < length) {
    const end = endOfParam(params, at)
    let equals = at
    while (equals < end && params.charCodeAt(equals) !== 0x3d) equals++
    let nameStart = at
    let nameEnd = equals
    while (nameStart < nameEnd && isSpace(params.charCodeAt(nameStart))) nameStart++
    while (nameEnd > nameStart && isSpace(params.charCodeAt(nameEnd - 1))) nameEnd--
    if (nameEnd - nameStart === name.length && equalsIgnoringCase(params, nameStart, name)) {
      return equals === end ? '' : params.slice(equals + 1, end).trim()
    }
    at = end + 1
  }
  return null
}

function endOfParam(params: string, from: number): number {
  let quoted = false
  for (let i = from; i < params.length; i++) {
    const code = params.charCodeAt(i)
    if (code === 0x22) quoted = !quoted
    else if (code === 0x5c && quoted) i++
    else if (code === 0x3b && !quoted) return i
  }
  return params.length
}

const isSpace = (code: number): boolean =>
  code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a

function equalsIgnoringCase(text: string, from: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const a = text.charCodeAt(from + i)
    const b = name.charCodeAt(i)
    if (a !== b && (a | 0x20) !== (b | 0x20)) return false
  }
  return true
}

function schemeOf(text: string): Scheme | null {
  // The common case without making a string: "sip:".
  if (equalsIgnoringCase(text, 0, 'sip') && text.charCodeAt(3) === 0x3a) return 'sip'
  const colon = text.indexOf(':')
  if (colon < 3 || colon > 4) return null
  const scheme = text.slice(0, colon).toLowerCase()
  return scheme === 'sips' || scheme === 'tel' || scheme === 'tels' || scheme === 'urn'
    ? scheme
    : null
}

/** Reads a URI; null when it is none that SIP knows. */
export function parseUri(text: string): SipUri | null {
  const scheme = schemeOf(text)
  if (scheme === null) return null
  const start = scheme.length + 1
  return scheme === 'sip' || scheme === 'sips'
    ? parseSip(text, start, scheme)
    : parseOpaque(text, start, scheme)
}

function parseOpaque(text: string, start: number, scheme: Scheme): SipUri | null {
  const semicolon = text.indexOf(';', start)
  const end = semicolon < 0 ? text.length : semicolon
  if (end === start) return null
  const params = semicolon < 0 ? '' : text.slice(semicolon + 1)
  return new SipUri(scheme, text.slice(start, end), '', '', '', params, '', true)
}

function parseSip(text: string, start: number, scheme: Scheme): SipUri | null {
  const length = text.length
  let at = -1
  let colon = -1
  // The user part may hold ; and ? (RFC 3261 section 25.1, user-unreserved), so the @ decides where
  // it ends.
  for (let i = start; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x40) {
      at = i
      break
    }
    if (code === 0x3a && colon < 0) colon = i
    else if (code <= 0x20 || code === 0x3c || code === 0x3e || code === 0x22) return null
  }
  let user = ''
  let password = ''
  let hostStart = start
  if (at >= 0) {
    user = text.slice(start, colon >= 0 ? colon : at)
    // RFC 3261 section 25.1: user = 1*( unreserved / escaped / user-unreserved ).
    if (user === '') return null
    if (colon >= 0) password = text.slice(colon + 1, at)
    hostStart = at + 1
  }
  const hostEnd = endOfHost(text, hostStart)
  if (hostEnd <= hostStart) return null
  const host = text.slice(hostStart, hostEnd)
  let i = hostEnd
  let port = ''
  if (text.charCodeAt(i) === 0x3a) {
    const from = ++i
    while (i < length && text.charCodeAt(i) >= 0x30 && text.charCodeAt(i) <= 0x39) i++
    if (i === from || i - from > 5) return null
    port = text.slice(from, i)
    if (port.length === 5 && digitsOf(port) > 65535) return null
  }
  if (i === length) return new SipUri(scheme, user, password, host, port, '', '', at >= 0)
  const code = text.charCodeAt(i)
  if (code !== 0x3b && code !== 0x3f) return null
  const question = code === 0x3f ? i : text.indexOf('?', i)
  const paramsEnd = question < 0 ? length : question
  const params = code === 0x3b ? text.slice(i + 1, paramsEnd) : ''
  for (let k = i; k < length; k++) {
    const c = text.charCodeAt(k)
    if (c <= 0x20 || c === 0x3c || c === 0x3e) return null
  }
  const headers = question < 0 ? '' : text.slice(question + 1)
  const isPhone = phonesAreNumbers && params !== '' && saysPhone(params)
  return new SipUri(scheme, user, password, host, port, params, headers, at >= 0, isPhone)
}

let phonesAreNumbers = true

/** Are sip URIs with user=phone telephone numbers (phone2tel)? It counts for the whole process. */
export function takePhonesAsNumbers(yes: boolean): void {
  phonesAreNumbers = yes
}

/**
 * RFC 3261 section 19.1.1: "the user URI parameter exists to distinguish telephone numbers from
 * user names that happen to look like telephone numbers".
 */
const saysPhone = (params: string): boolean =>
  params.includes('=phone') && findParam(params, 'user') === 'phone'

/** Characters of hosts that RFC 3261 does not know. */
const furtherHostCharacters = new Set<number>()

/** Lets hosts have these as well (uri_host_extra_chars); it counts for the whole process. */
export function allowInHosts(characters: string): void {
  furtherHostCharacters.clear()
  for (let i = 0; i < characters.length; i++) furtherHostCharacters.add(characters.charCodeAt(i))
}

/**
 * The offset after a host name, IPv4 address or bracketed IPv6 address; `from` itself when there is
 * none.
 */
export function endOfHost(text: string, from: number): number {
  const length = text.length
  if (text.charCodeAt(from) === 0x5b) {
    for (let i = from + 1; i < length; i++) {
      const code = text.charCodeAt(i)
      if (code === 0x5d) return i + 1
      const hex = (code >= 0x30 && code <= 0x3a) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x66)
      if (!hex && code !== 0x2e) return from
    }
    return from
  }
  let i = from
  for (; i < length; i++) {
    const code = text.charCodeAt(i)
    const lower = code | 0x20
    const letter = lower >= 0x61 && lower <= 0x7a
    if (
      !letter &&
      !(code >= 0x30 && code <= 0x39) &&
      code !== 0x2e &&
      code !== 0x2d &&
      code !== 0x5f &&
      !furtherHostCharacters.has(code)
    )
      break
  }
  return i
}
