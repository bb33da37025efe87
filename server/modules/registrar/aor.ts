/** The address of record of a URI: the key under which contacts are kept. */
import { unescape } from '../../sip/escapes.ts'
import { parseUri, type SipUri } from '../../sip/uri.ts'
import type { Registrar } from './registrar.ts'

/** null when the text is no URI. */
export function addressOfRecord(self: Registrar, text: string): string | null {
  const uri = parseUri(text)
  return uri === null ? null : addressOf(self, uri)
}

/**
 * RFC 3261 section 10.3 step 5: "The URI MUST then be converted to a canonical form. To do that,
 * all URI parameters MUST be removed (including the user-param), and any escaped characters MUST be
 * converted to their unescaped form."
 */
export function addressOf(self: Registrar, uri: SipUri): string | null {
  const user = uri.user.includes('%') ? unescape(uri.user) : uri.user
  if (user === '') return uri.hasUser ? null : domainOf(self, uri.host)
  const name = self.config.case_sensitive === 0 ? user.toLowerCase() : user
  return self.usrloc.useDomain ? `${name}@${domainOf(self, uri.host)}` : name
}

/** Domain names do not know case (RFC 3261 section 19.1.4). */
function domainOf(self: Registrar, host: string): string {
  const domain = host.toLowerCase()
  const prefix = self.config.realm_prefix
  return prefix !== '' && domain.startsWith(prefix.toLowerCase())
    ? domain.slice(prefix.length)
    : domain
}
