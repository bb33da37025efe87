/** Path headers of a REGISTER (RFC 3327): the route set towards the contact. */
import { parseNameAddress, parseNameAddressList } from '../../sip/header/address.ts'
import { splitList } from '../../sip/header/list.ts'
import { H_PATH } from '../../sip/header-names.ts'
import { STRIDE, type SipMessage } from '../../sip/message.ts'
import { findParam, parseUri } from '../../sip/uri.ts'
import { isWellEscaped, unescape } from '../../sip/escapes.ts'

/**
 * The Path headers as one value, '' when there is none, null when one of them is malformed or the
 * first of all leads nowhere.
 */
export function readPath(msg: SipMessage): string | null {
  let path = ''
  for (let i = msg.find(H_PATH); i >= 0; i = msg.find(H_PATH, i + STRIDE)) {
    const body = msg.bodyAt(i)
    if (body === '') continue
    for (const value of splitList(body)) if (!isPathValue(value)) return null
    path = path === '' ? body : `${path},${body}`
  }
  if (path === '') return path
  // RFC 3327 section 5.2: the URI of a Path has to have lr; requests for the contact go there.
  const params = firstParams(path)
  return params !== null && findParam(params, 'lr') !== null ? path : null
}

/**
 * The parameters of the first Path URI; null when it does not parse. They are taken as they stand:
 * some write a received with quotes and semicolons, which no URI may have.
 */
function firstParams(path: string): string | null {
  const uri = parseNameAddressList(path)?.[0]?.uri ?? ''
  const start = uri.indexOf(';', uri.indexOf('@') + 1)
  if (parseUri(start < 0 ? uri : uri.slice(0, start)) === null) return null
  if (start < 0) return ''
  const headers = uri.indexOf('?', start)
  return uri.slice(start + 1, headers < 0 ? undefined : headers)
}

/** RFC 3327 section 4: path-value is a name-addr, so its angle brackets are there. */
const isPathValue = (value: string): boolean =>
  value.includes('<') && (parseNameAddress(value)?.uri.includes(':') ?? false)

/**
 * The received parameter of the first Path URI; '' when it has none, null when it is not escaped as
 * it should be.
 */
export function receivedOfPath(path: string): string | null {
  const value = findParam(firstParams(path) ?? '', 'received') ?? ''
  const bare = value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value
  if (!isWellEscaped(bare)) return null
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
