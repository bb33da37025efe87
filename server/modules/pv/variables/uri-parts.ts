/**
 * Parts of a URI as variables show them: an empty part is null, port and transport have defaults.
 */
import type { PvValue } from '../../../core/module/index.ts'
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

/** A telephone number is one, whatever its scheme. */
export function schemeOf(uri: SipUri | null): PvValue {
  if (uri === null) return null
  return uri.isPhone ? 'tel' : uri.scheme
}
