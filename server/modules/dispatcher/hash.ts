/**
 * Hash values as Kamailio makes them: two nodes, or a node of each kind, choose the same
 * destination for the same call.
 */
import type { SipUri } from '../../sip/uri.ts'

/** A char of Kamailio's is signed. */
const signed = (code: number): number => (code << 24) >> 24

function add(sum: number, text: string): number {
  let hash = sum
  const whole = text.length & ~3
  for (let i = 0; i < whole; i += 4) {
    const value =
      (text.charCodeAt(i) << 24) +
      (signed(text.charCodeAt(i + 1)) << 16) +
      (signed(text.charCodeAt(i + 2)) << 8) +
      signed(text.charCodeAt(i + 3))
    hash = (hash + (value ^ (value >>> 3))) >>> 0
  }
  let rest = 0
  for (let i = whole; i < text.length; i++) rest = ((rest << 8) + signed(text.charCodeAt(i))) >>> 0
  return (hash + ((rest ^ (rest >>> 3)) >>> 0)) >>> 0
}

/** Never 0. */
export function hashOf(first: string, second = ''): number {
  const sum = add(add(0, first), second)
  const mixed = (sum + (sum >>> 11) + (sum >>> 13) + (sum >>> 23)) >>> 0
  return mixed === 0 ? 1 : mixed
}

/** Of the user and, unless `userOnly`, the host and a port that is not the usual one. */
export function hashOfUri(uri: SipUri, userOnly: boolean): number {
  if (userOnly) return hashOf(uri.user)
  const usual = uri.scheme === 'sips' ? 5061 : 5060
  const port = uri.port === '' || uri.portNumber === usual ? '' : `:${uri.port}`
  return hashOf(uri.user, `${uri.host}${port}`)
}
