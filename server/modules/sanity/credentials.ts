/**
 * Digest credentials: is everything there that RFC 3261 section 22 needs? Whether they are right is
 * for auth to say.
 */
import { H_AUTHORIZATION, H_PROXY_AUTHORIZATION } from '../../sip/header-names.ts'
import { splitList } from '../../sip/header/list.ts'
import { ID, type SipMessage, STRIDE } from '../../sip/message.ts'
import type { Sanity } from './sanity.ts'

/** Checks all credentials; those of another scheme are refused when `digestOnly`. */
export function checkCredentials(self: Sanity, msg: SipMessage, digestOnly: boolean): boolean {
  const { headers } = msg
  for (let i = 0; i < headers.length; i += STRIDE) {
    const id = headers[i + ID]
    if (id !== H_AUTHORIZATION && id !== H_PROXY_AUTHORIZATION) continue
    const body = msg.bodyAt(i)
    if (!isDigest(body)) {
      if (digestOnly) return self.refuse(msg, 400, 'Bad Auth Header')
      continue
    }
    const wrong = faultOf(body.slice(6))
    if (wrong !== '') return self.refuse(msg, 400, wrong)
  }
  return true
}

const isDigest = (body: string): boolean =>
  body.charCodeAt(6) <= 0x20 && body.slice(0, 6).toLowerCase() === 'digest'

/** What is wrong with the parameters after `Digest`, '' when nothing is. */
function faultOf(text: string): string {
  const found = new Map<string, string>()
  for (const param of splitList(text)) {
    const equals = param.indexOf('=')
    if (equals <= 0) return 'Bad Auth Credentials'
    found.set(param.slice(0, equals).trim().toLowerCase(), unquoted(param.slice(equals + 1).trim()))
  }
  for (const name of ['username', 'realm', 'nonce', 'uri', 'response'])
    if (!found.has(name)) return 'Bad Auth Credentials'
  // RFC 2617 section 3.2.2: with a qop, cnonce and nc are required.
  if (found.has('qop') && !(found.get('cnonce') && found.get('nc'))) return 'Bad Auth Credentials'
  if (found.get('username') === '') return 'Auth Empty User'
  if (found.get('nonce') === '') return 'Auth Empty Nonce'
  if (found.get('uri') === '') return 'Bad Auth Credentials'
  return found.get('response') === '' ? 'Auth Empty Response' : ''
}

const unquoted = (value: string): string =>
  value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value
