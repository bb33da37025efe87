/**
 * Parts of a URI as variables show them: an empty part is null, port and transport have defaults.
 */
import type { PvValue } from '../../../core/module.ts'
import type { SipUri } from '../../../sip/uri.ts'

export const orNull = (text: string): PvValue => (text === '' ? null : text)

export const userOf = (uri: SipUri | null): PvValue =>
  uri === null || uri.user === '' ? null : uri.user

export const domainOf = (uri: SipUri | null): PvValue =>
  uri === null || uri.host === '' ? null : uri.host

export const portOf = (uri: SipUri | null): PvValue =>
  uri === null ? null : uri.port === '' ? '5060' : uri.port

/** As written; UDP stands for none, whatever the scheme. */
export function transportOf(uri: SipUri | null): PvValue {
  if (uri === null) return null
  const value = uri.param('transport')
  return value === null || value === '' ? 'UDP' : value
}

/** RFC 3261 section 19.1.1: user=phone says that the user is a telephone number. */
export function schemeOf(uri: SipUri | null): PvValue {
  if (uri === null) return null
  const phone = uri.params !== '' && uri.param('user') === 'phone'
  if (phone && uri.scheme === 'sip') return 'tel'
  return phone && uri.scheme === 'sips' ? 'tels' : uri.scheme
}
