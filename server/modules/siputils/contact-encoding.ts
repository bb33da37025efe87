/** Contacts that lead through us: the real URI in the user part, or in a parameter. */
import type { Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { parseUri } from '../../sip/uri.ts'
import { type Cut, rewriteContacts } from './contacts.ts'
import type { Siputils } from './siputils.ts'

/** Kamailio's verdict on a user part that was not encoded by it. */
const NOT_ENCODED = -26

const separatorOf = (self: Siputils): string => self.config.contact_flds_separator[0] ?? '*'

/** sip:user:password@host:port;transport=x -> sip:prefix*user*password*host*port*x@public */
export function encodeContact(
  self: Siputils,
  msg: SipMessage,
  prefix: string,
  host: string,
): Verdict {
  const encode = (text: string): string | number => {
    const uri = parseUri(text)
    if (uri === null) return self.fail(`cannot parse the contact ${text}`)
    const transport = uri.param('transport') ?? ''
    const fields = [prefix, uri.wholeUser, uri.password, uri.host, uri.port, transport]
    return `sip:${fields.join(separatorOf(self))}@${host}`
  }
  const verdict = rewriteContacts(self, msg, 0, encode)
  return verdict === 0 ? self.fail('no Contact header present') : verdict
}

/** The URI that was encoded, null when this one was not. */
function decode(self: Siputils, text: string): string | null {
  const uri = parseUri(text)
  const fields = uri === null ? [] : uri.user.split(separatorOf(self))
  if (fields.length !== 6 || fields[3] === '') return null
  const [, user, password, host, port, transport] = fields
  let out = 'sip:'
  if (user !== '') out += `${user}${password === '' ? '' : `:${password}`}@`
  out += host
  if (port !== '') out += `:${port}`
  return transport === '' ? out : `${out};transport=${transport}`
}

function failDecoding(self: Siputils, uri: string): number {
  return self.fail(`failed decoding contact [${uri}]`, NOT_ENCODED)
}

/** Decodes the request URI. */
export function decodeContact(self: Siputils, msg: SipMessage): Verdict {
  const uri = decode(self, msg.uri)
  if (uri === null) return failDecoding(self, msg.uri)
  msg.setUri(uri)
  return 1
}

export function decodeContactHeader(self: Siputils, msg: SipMessage): Verdict {
  const verdict = rewriteContacts(self, msg, 0, uri => decode(self, uri) ?? failDecoding(self, uri))
  return verdict === 0 ? self.fail('no Contact header present') : verdict
}

/**
 * Puts a URI of ours in place of each contact, which goes into its parameter `name` in base64url.
 */
export function encodeIntoParam(
  self: Siputils,
  msg: SipMessage,
  name: string,
  address: string,
): Verdict {
  return rewriteContacts(self, msg, 1, (uri, bracketed) => {
    const encoded = Buffer.from(uri, 'latin1').toString('base64url')
    const text = `${address};${name}=${encoded}`
    return bracketed ? text : `<${text}>`
  })
}

/** The URI in the parameter; null when it is not there or empty, '' when it is malformed. */
function decodeParam(uri: string, name: string): string | null {
  const value = parseUri(uri)?.param(name) ?? ''
  if (value === '') return null
  if (!/^[A-Za-z0-9_-]+={0,2}$/.test(value)) return ''
  return Buffer.from(value, 'base64url').toString('latin1')
}

export function decodeFromParam(self: Siputils, msg: SipMessage, name: string): Verdict {
  return rewriteContacts(self, msg, 1, uri => {
    const decoded = decodeParam(uri, name)
    return decoded === '' ? self.fail(`failed to decode contact uri [${uri}]`) : decoded
  })
}

/** The same with the request URI. */
export function decodeUriFromParam(self: Siputils, msg: SipMessage, name: string): Verdict {
  const decoded = decodeParam(msg.uri, name)
  if (decoded === '') return self.fail(`failed to decode the request uri [${msg.uri}]`)
  if (decoded !== null) msg.setUri(decoded)
  return 1
}

/** Takes a parameter out of the URIs of all contacts, and nothing else: others may go as well. */
export function removeContactParam(self: Siputils, msg: SipMessage, name: string): Verdict {
  return rewriteContacts(self, msg, 1, text => findParamOf(text, name.toLowerCase()))
}

/** Where a parameter stands in a URI, with the semicolon before it. */
function findParamOf(text: string, name: string): Cut | null {
  const uri = parseUri(text)
  if (uri === null || uri.params === '') return null
  const headers = uri.headers === '' ? 0 : uri.headers.length + 1
  let at = text.length - headers - uri.params.length - 1
  for (const param of uri.params.split(';')) {
    const length = param.length + 1
    if (param.split('=')[0]!.trim().toLowerCase() === name) return { at, length }
    at += length
  }
  return null
}
