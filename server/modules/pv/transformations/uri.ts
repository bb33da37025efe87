/**
 * {uri.*}: parts of a SIP URI; {urialias.*}: addresses as the alias parameter of a Contact has
 * them.
 */
import { since6, type PvValue, type Transformation } from '../../../core/module/index.ts'
import { protoName, protoNumber, UDP } from '../../../sip/transport.ts'
import { parseUri, type SipUri } from '../../../sip/uri.ts'
import { onText } from './text-of.ts'

/** A part of a URI; a text that is none fails. */
const part = (doc: string, of: (uri: SipUri, text: string) => PvValue): Transformation =>
  onText(doc, 0, text => {
    const uri = parseUri(text)
    return uri === null ? null : of(uri, text)
  })

const param =
  (name: string) =>
  (uri: SipUri): string =>
    unquoted(uri.param(name) ?? '')

const unquoted = (value: string): string =>
  value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value

const withPort = (uri: SipUri): string => (uri.port === '' ? uri.host : `${uri.host}:${uri.port}`)
const transportText = (uri: SipUri): string => {
  const name = uri.param('transport') ?? ''
  return name === '' ? '' : `;transport=${name}`
}
/** With the @ that a host needs behind it; a telephone number has no host. */
const user = (uri: SipUri): string =>
  uri.user === '' || uri.host === '' ? uri.user : `${uri.user}@`

/** `tcp:host:port`, as sockets are named; '' for a URI without a known transport. */
function toSocket(uri: SipUri): string {
  const proto = uri.transport
  return proto === 0 ? '' : `${protoName(proto)}:${uri.host}:${uri.port === '' ? '5060' : uri.port}`
}

/** Names ignore case. */
function withoutParam(text: string, uri: SipUri, name: string): string {
  if (uri.param(name) === null) return text
  const wanted = name.toLowerCase()
  const kept = uri.params
    .split(';')
    .filter(each => each.split('=')[0]!.trim().toLowerCase() !== wanted)
  return text.replace(`;${uri.params}`, kept.map(each => `;${each}`).join(''))
}

export const uriTransformations: Record<string, Transformation> = {
  user: part('Its user, escapes as they are.', uri => uri.user),
  host: part('Its host.', uri => uri.host),
  domain: part('Its host.', uri => uri.host),
  passwd: part('Its password.', uri => uri.password),
  port: part('Its port, 0 when it has none.', uri => uri.portNumber),
  params: part('Its parameters.', uri => (uri.host === '' ? '' : uri.params)),
  param: onText('The value of a parameter; empty when it has none.', 1, (text, name) => {
    const uri = parseUri(text)
    return uri === null ? null : param(name)(uri)
  }),
  rmparam: since6(
    onText('Without a parameter.', 1, (text, name) => {
      const uri = parseUri(text)
      return uri === null ? null : withoutParam(text, uri, name)
    }),
  ),
  headers: part('Its headers, behind the question mark.', uri => uri.headers),
  transport: part('Its transport parameter.', param('transport')),
  ttl: part('Its ttl parameter.', param('ttl')),
  uparam: part('Its user parameter.', param('user')),
  maddr: part('Its maddr parameter.', param('maddr')),
  method: part('Its method parameter.', param('method')),
  lr: part('Its lr parameter.', param('lr')),
  r2: part('Its r2 parameter.', param('r2')),
  scheme: part('Its scheme.', (_uri, text) => text.slice(0, text.indexOf(':'))),
  tosocket: part('As a socket, proto:host:port; empty without a transport.', toSocket),
  saor: part('Scheme, user and host only.', uri => `${uri.scheme}:${user(uri)}${uri.host}`),
  suri: part(
    'Without its other parameters than the transport, and without headers.',
    uri => `${uri.scheme}:${user(uri)}${withPort(uri)}${transportText(uri)}`,
  ),
  duri: part(
    'The same without the user.',
    uri => `${uri.scheme}:${withPort(uri)}${transportText(uri)}`,
  ),
}

/** `host~port~proto`, proto as a number. */
function toAlias(text: string): PvValue {
  const uri = parseUri(text)
  if (uri === null) return ''
  return `${uri.host}~${uri.port === '' ? '5060' : uri.port}~${uri.transport || UDP}`
}

function fromAlias(text: string): PvValue {
  const found = /^([^~\s]+)~(\d+)~(\d)$/.exec(text)
  if (found === null) return null
  const proto = protoName(Number(found[3]))
  if (protoNumber(proto) === 0) return null
  const address = `sip:${found[1]}:${found[2]}`
  return proto === 'udp' ? address : `${address};transport=${proto}`
}

export const aliasTransformations: Record<string, Transformation> = {
  encode: onText('A URI as host~port~transport.', 0, toAlias),
  decode: onText('host~port~transport as a URI.', 0, fromAlias),
}
