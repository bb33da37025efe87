/** Path headers of a REGISTER (RFC 3327): the route set towards the contact. */
import { parseNameAddressList } from '../../sip/header/address.ts'
import { H_PATH } from '../../sip/header-names.ts'
import { STRIDE, type SipMessage } from '../../sip/message.ts'
import { findParam } from '../../sip/uri.ts'
import { unescape } from '../../sip/escapes.ts'

/** The Path headers as one value, '' when there is none, null when one of them is malformed. */
export function readPath(msg: SipMessage): string | null {
  let path = ''
  for (let i = msg.find(H_PATH); i >= 0; i = msg.find(H_PATH, i + STRIDE)) {
    const body = msg.bodyAt(i)
    const values = parseNameAddressList(body)
    if (values === null) return null
    // RFC 3327 section 4: path-value is a name-addr, so its angle brackets are there.
    if (!body.includes('<') || values.some(value => !value.uri.includes(':'))) return null
    path = path === '' ? body : `${path},${body}`
  }
  return path
}

/** The received parameter of the first Path URI; '' when it has none. */
export function receivedOfPath(path: string): string {
  const uri = parseNameAddressList(path)?.[0]?.uri ?? ''
  const semicolon = uri.indexOf(';')
  const value = semicolon < 0 ? '' : (findParam(uri.slice(semicolon + 1), 'received') ?? '')
  const bare = value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value
  return bare.includes('%') ? unescape(bare) : bare
}

/**
 * RFC 5626 section 5.1: an edge proxy that keeps flows marks its Path, the last one in the list,
 * with ob.
 */
export function edgeSupportsOutbound(path: string): boolean {
  const values = path === '' ? null : parseNameAddressList(path)
  const last = values?.[values.length - 1]
  return last !== undefined && (last.sipUri?.param('ob') ?? null) !== null
}
