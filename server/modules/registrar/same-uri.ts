/** Are two contact URIs the same (RFC 3261 section 19.1.4)? */
import { parseUri } from '../../sip/uri.ts'
import { unescape } from '../../sip/escapes.ts'

/** Parameters that make a difference when only one of the URIs has them. */
const SIGNIFICANT = ['user', 'ttl', 'method', 'maddr', 'transport']

export function sameUri(a: string, b: string): boolean {
  if (a === b) return true
  const left = parseUri(a)
  const right = parseUri(b)
  if (left === null || right === null || left.scheme !== right.scheme) return false
  if (left.host.toLowerCase() !== right.host.toLowerCase() || left.port !== right.port) return false
  // "Comparison of the userinfo of SIP and SIPS URIs is case-sensitive."
  if (unescape(left.user) !== unescape(right.user)) return false
  if (unescape(left.password) !== unescape(right.password)) return false
  if (left.params === right.params && left.headers === right.headers) return true
  // "URI header components are never ignored"; their order does not matter, but nobody registers
  // them in two orders.
  if (unescape(left.headers) !== unescape(right.headers)) return false
  for (const name of SIGNIFICANT) {
    if ((left.param(name) === null) !== (right.param(name) === null)) return false
  }
  // "Any uri-parameter appearing in both URIs must match."
  for (const part of left.params.split(';')) {
    const equals = part.indexOf('=')
    const name = (equals < 0 ? part : part.slice(0, equals)).trim()
    if (name === '') continue
    const other = right.param(name)
    if (other !== null && !sameValue(left.param(name) ?? '', other)) return false
  }
  return true
}

const sameValue = (a: string, b: string): boolean =>
  unescape(a).toLowerCase() === unescape(b).toLowerCase()
