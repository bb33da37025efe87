/**
 * URIs rewritten part by part: what rewritehost(), prefix() and `$rU = ...` do to a request URI.
 */
import type { SipUri } from './uri.ts'

export interface UriParts {
  scheme: string
  /** null: no user and no @. */
  user: string | null
  /** What follows a telephone number that is a user: `;ext=5`. */
  numberParams: string
  password: string
  host: string
  port: string
  params: string
  headers: string
}

export const partsOf = (uri: SipUri): UriParts => ({
  scheme: uri.scheme,
  user: uri.hasUser ? uri.user : null,
  numberParams: uri.numberParams,
  password: uri.password,
  host: uri.host,
  port: uri.port,
  params: uri.params,
  headers: uri.headers,
})

export function printUri(parts: UriParts): string {
  let text = `${parts.scheme}:`
  if (parts.user !== null && parts.user !== '') {
    text += parts.user + parts.numberParams
    if (parts.password !== '') text += `:${parts.password}`
    if (parts.host !== '') text += '@'
  }
  text += parts.host
  if (parts.port !== '') text += `:${parts.port}`
  if (parts.params !== '') text += `;${parts.params}`
  if (parts.headers !== '') text += `?${parts.headers}`
  return text
}

/** The parameters without those named `name`. */
export function withoutParam(params: string, name: string): string {
  return params
    .split(';')
    .filter(param => param.split('=')[0]!.trim().toLowerCase() !== name)
    .join(';')
}
