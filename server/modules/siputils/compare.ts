/** URIs, addresses of record and header names compared. */
import type { Verdict } from '../../core/module/index.ts'
import { headerId } from '../../sip/header-names.ts'
import type { SipMessage } from '../../sip/message.ts'
import { defaultPort, parseUri, type SipUri } from '../../sip/uri.ts'
import type { Siputils } from './siputils.ts'

/** -1: they differ; -2: one is no URI. */
export function compareUris(_self: Siputils, _msg: SipMessage, a: string, b: string): Verdict {
  const first = parseUri(a)
  const second = parseUri(b)
  if (first === null || second === null) return -2
  return sameUri(first, second) ? 1 : -1
}

/** RFC 3261 section 19.1.4, rule by rule. */
function sameUri(a: SipUri, b: SipUri): boolean {
  // "A SIP and SIPS URI are never equivalent."
  if (a.scheme !== b.scheme) return false
  if (!a.scheme.startsWith('sip')) return sameOpaque(a, b)
  // "Comparison of the userinfo of SIP and SIPS URIs is case-sensitive", and an escape is the
  // character it stands for.
  if (a.hasUser !== b.hasUser || unescaped(a.wholeUser) !== unescaped(b.wholeUser)) return false
  if (a.isPhone !== b.isPhone) return false
  if (unescaped(a.password) !== unescaped(b.password)) return false
  // "A URI omitting any component with a default value will not match a URI explicitly containing
  // that component."
  if (a.host.toLowerCase() !== b.host.toLowerCase() || a.port !== b.port) return false
  return sameParams(a.params, b.params) && sameHeaders(a.headers, b.headers)
}

/** tel (RFC 3966 section 4: visual separators do not count) and urn. */
function sameOpaque(a: SipUri, b: SipUri): boolean {
  const bare = (uri: SipUri) =>
    uri.scheme === 'urn' ? uri.user : uri.user.replaceAll(/[-.()]/g, '').toLowerCase()
  return bare(a) === bare(b) && sameParams(a.params, b.params, true)
}

/** Characters above ASCII stay as they are: a text is bytes. */
const unescaped = (text: string): string =>
  text.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )

/**
 * "A user, ttl, or method uri-parameter appearing in only one URI never matches", and so for maddr
 * and transport.
 */
const NEVER_OMITTED = ['user', 'ttl', 'method', 'maddr', 'transport']

function sameParams(a: string, b: string, all = false): boolean {
  const first = pairs(a, ';')
  const second = pairs(b, ';')
  for (const [name, value] of first) {
    const other = second.get(name)
    if (other === undefined ? all || NEVER_OMITTED.includes(name) : other !== value) return false
  }
  for (const name of second.keys())
    if (!first.has(name) && (all || NEVER_OMITTED.includes(name))) return false
  return true
}

/** "URI header components are never ignored." */
function sameHeaders(a: string, b: string): boolean {
  const first = pairs(a, '&')
  const second = pairs(b, '&')
  if (first.size !== second.size) return false
  for (const [name, value] of first) if (second.get(name) !== value) return false
  return true
}

function pairs(text: string, separator: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const part of text.split(separator)) {
    if (part === '') continue
    const equals = part.indexOf('=')
    const name = equals < 0 ? part : part.slice(0, equals)
    found.set(
      unescaped(name).trim().toLowerCase(),
      equals < 0 ? '' : unescaped(part.slice(equals + 1)).toLowerCase(),
    )
  }
  return found
}

/** Scheme, password and parameters do not count; a port that is left out is the default. */
export function compareAors(_self: Siputils, _msg: SipMessage, a: string, b: string): Verdict {
  const first = parseUri(a)
  const second = parseUri(b)
  if (first === null || second === null) return -2
  const port = (uri: SipUri) =>
    uri.portNumber || defaultPort(0, uri.scheme === 'sips' ? 'sip' : uri.scheme)
  const same =
    unescaped(first.user) === unescaped(second.user) &&
    first.host.toLowerCase() === second.host.toLowerCase() &&
    port(first) === port(second)
  return same ? 1 : -1
}

/** Full and compact names are the same. -2: the first is less, or one is empty. */
export function compareHeaderNames(
  self: Siputils,
  _msg: SipMessage,
  a: string,
  b: string,
): Verdict {
  if (a === '' || b === '') return self.fail(`error parsing header names [${a}] [${b}]`, -2)
  const first = headerId(a)
  const second = headerId(b)
  if (first !== 0 || second !== 0) return first === second ? 1 : -1
  const left = a.toLowerCase()
  const right = b.toLowerCase()
  return left === right ? 1 : left < right ? -2 : -1
}
