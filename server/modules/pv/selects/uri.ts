/** @ruri, @dst_uri, @next_hop, and the parts that any URI has. */
import type { Core } from '../../../core/core.ts'
import { familyOf } from '../../../lib/ip.ts'
import { REQUEST, type SipMessage } from '../../../sip/message.ts'
import { parseUri, type SipUri, uriTransport } from '../../../sip/uri.ts'
import { schemeOf } from '../variables/uri-parts.ts'
import { branch, leaf, orNull, type Root, type Select } from './step.ts'

export type UriOf = (core: Core, msg: SipMessage) => string | null

const hostPort = (uri: SipUri): string => `${uri.host}:${uri.port === '' ? '5060' : uri.port}`

/** The digits before `;rn=`, or the number that parameter holds (RFC 4694). */
const routingUser = (uri: SipUri): string => uri.param('rn') ?? uri.user

/** The parts of a URI as children of its select; `own` is the select itself. */
export function uriBranch(own: Select | null, of: UriOf): Root {
  const part = (get: (uri: SipUri) => string | null): Root =>
    leaf((core, msg) => {
      const text = of(core, msg)
      const uri = text === null ? null : parseUri(text)
      return uri === null ? null : orNull(get(uri))
    })
  const param = (name: string): Root => part(uri => uri.param(name))
  return branch(own, {
    type: part(uri => schemeOf(uri) as string),
    user: part(uri => uri.user),
    rn_user: part(routingUser),
    pwd: part(uri => uri.password),
    host: part(uri => uri.host),
    port: part(uri => uri.port),
    hostport: part(hostPort),
    transport: param('transport'),
    params: (step, rest) => params(step.keys[0], rest, param, part),
  })
}

/** `params`, `params["x"]` or `params.x`. */
function params(
  key: string | number | undefined,
  rest: readonly { readonly name: string; readonly keys: readonly (string | number)[] }[],
  param: (name: string) => Root,
  part: (get: (uri: SipUri) => string | null) => Root,
): Select | null {
  const bare = { name: '', keys: [] }
  if (key !== undefined) return rest.length === 0 ? param(String(key))(bare, []) : null
  if (rest.length === 0) return part(uri => uri.params)(bare, [])
  return rest.length === 1 ? param(rest[0]!.name)(bare, []) : null
}

/** A select that is a URI as a whole and has its parts. */
export const uriRoot = (of: UriOf): Root => uriBranch(of, of)

const requestUri: UriOf = (_core, msg) => (msg.type === REQUEST ? msg.uri : null)
const destination: UriOf = (_core, msg) => (msg.dstUri === '' ? null : msg.dstUri)
const nextHop: UriOf = (core, msg) => destination(core, msg) ?? requestUri(core, msg)

/** The address of ours from which the next hop is reached; null when it is a name. */
const sourceAddress: Select = (core, msg) => {
  const uri = parseUri(nextHop(core, msg) ?? '')
  const ip = uri === null ? '' : uri.host.replace(/^\[|\]$/g, '')
  if (uri === null || familyOf(ip) === 0) return null
  return core.network.socketFor(uriTransport(uri), ip)?.address ?? null
}

const nextHopRoot: Root = (step, rest) =>
  rest.length === 1 && rest[0]!.name === 'src_ip' ? sourceAddress : uriRoot(nextHop)(step, rest)

export const uriSelects: Record<string, Root> = {
  ruri: uriRoot(requestUri),
  request_uri: uriRoot(requestUri),
  dst_uri: uriRoot(destination),
  next_hop: nextHopRoot,
}
