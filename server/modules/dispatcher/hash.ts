/**
 * Hash values as Kamailio makes them: two nodes, or a node of each kind, choose the same
 * destination for the same call.
 */
import { hashText } from '../../core/shared/location-hash.ts'
import type { SipUri } from '../../sip/uri.ts'

/** Never 0. */
export const hashOf = (first: string, second = ''): number => hashText(first, second) || 1

/** Of the user and, unless `userOnly`, the host and a port that is not the usual one. */
export function hashOfUri(uri: SipUri, userOnly: boolean): number {
  if (userOnly) return hashOf(uri.user)
  const usual = uri.scheme === 'sips' ? 5061 : 5060
  const port = uri.port === '' || uri.portNumber === usual ? '' : `:${uri.port}`
  return hashOf(uri.user, `${uri.host}${port}`)
}
