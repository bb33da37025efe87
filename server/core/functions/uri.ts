/** The core functions that rewrite the request URI: rewritehost() and its sisters. */
import type { SipMessage } from '../../sip/message.ts'
import { type UriParts, partsOf, printUri, withoutParam } from '../../sip/uri-print.ts'

/** Applies a change to the parts of the request URI; -1 when the URI does not parse. */
function rewrite(msg: SipMessage, change: (parts: UriParts) => void): number {
  const uri = msg.sipUri
  if (uri === null) return -1
  const parts = partsOf(uri)
  change(parts)
  msg.setUri(printUri(parts))
  return 1
}

export function setUri(_core: unknown, msg: SipMessage, uri: string): number {
  msg.setUri(uri)
  return 1
}

export function revertUri(_core: unknown, msg: SipMessage): number {
  msg.setUri(null)
  return 1
}

/** A tel URI gets a host by becoming a sip URI of a telephone (RFC 3261 section 19.1.6). */
function fromTelephone(parts: UriParts): void {
  if (parts.scheme !== 'tel' && parts.scheme !== 'tels') return
  parts.scheme = parts.scheme === 'tel' ? 'sip' : 'sips'
  addUserPhone(parts)
}

/** The port stays: sethostport() changes both. */
export function setHost(_core: unknown, msg: SipMessage, host: string): number {
  return rewrite(msg, parts => {
    fromTelephone(parts)
    parts.host = host
  })
}

export function setHostPort(_core: unknown, msg: SipMessage, hostPort: string): number {
  return rewrite(msg, parts => {
    fromTelephone(parts)
    parts.host = hostPort
    parts.port = ''
  })
}

export function setHostPortTransport(_core: unknown, msg: SipMessage, hostPort: string): number {
  return rewrite(msg, parts => {
    fromTelephone(parts)
    parts.host = hostPort
    parts.port = ''
    parts.params = withoutParam(parts.params, 'transport')
  })
}

export function setPort(_core: unknown, msg: SipMessage, port: string): number {
  return rewrite(msg, parts => {
    parts.port = port
  })
}

export function setUser(_core: unknown, msg: SipMessage, user: string): number {
  return rewrite(msg, parts => {
    parts.user = user
  })
}

export function setUserPassword(_core: unknown, msg: SipMessage, userPassword: string): number {
  return rewrite(msg, parts => {
    parts.user = userPassword
    parts.password = ''
  })
}

export function prefix(_core: unknown, msg: SipMessage, text: string): number {
  return rewrite(msg, parts => {
    parts.user = text + (parts.user ?? '')
  })
}

export function strip(_core: unknown, msg: SipMessage, count: number): number {
  return rewrite(msg, parts => {
    parts.user = (parts.user ?? '').slice(count)
  })
}

export function stripTail(_core: unknown, msg: SipMessage, count: number): number {
  return rewrite(msg, parts => {
    const user = parts.user ?? ''
    parts.user = user.slice(0, Math.max(0, user.length - count))
  })
}

/** Says that the user part is a telephone number, whatever it is. */
export function userPhone(_core: unknown, msg: SipMessage): number {
  return rewrite(msg, addUserPhone)
}

function addUserPhone(parts: UriParts): void {
  if (/(^|;)user=phone(;|$)/i.test(parts.params)) return
  parts.params = parts.params === '' ? 'user=phone' : `${parts.params};user=phone`
}
