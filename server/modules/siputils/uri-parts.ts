/** Parameters of the request URI, and the parts of a URI in a variable. */
import type { PvHandle, Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { partsOf, printUri, withoutParam } from '../../sip/uri-print.ts'
import type { Siputils } from './siputils.ts'

/**
 * The value of a parameter of the request URI: '' when it has none, null when it is absent. Names
 * keep their case.
 */
function paramOf(msg: SipMessage, name: string): string | null {
  const params = msg.sipUri?.params ?? ''
  if (params === '') return null
  for (const param of params.split(';')) {
    const equals = param.indexOf('=')
    if ((equals < 0 ? param : param.slice(0, equals)) === name)
      return equals < 0 ? '' : param.slice(equals + 1)
  }
  return null
}

/** Is the parameter there, with this value, or without one? */
export function hasParam(_self: Siputils, msg: SipMessage, name: string, value = ''): Verdict {
  return paramOf(msg, name) === value ? 1 : -1
}

export function hasAnyParam(_self: Siputils, msg: SipMessage, name: string): Verdict {
  return paramOf(msg, name) === null ? -1 : 1
}

export function getParam(_self: Siputils, msg: SipMessage, name: string, into: PvHandle): Verdict {
  const value = paramOf(msg, name)
  if (value === null) return -1
  into.set?.(msg, value)
  return 1
}

export function addParam(self: Siputils, msg: SipMessage, param: string): Verdict {
  if (param === '') return 1
  const uri = msg.sipUri
  if (uri === null) return self.fail('parsing of the request URI failed')
  const parts = partsOf(uri)
  parts.params = parts.params === '' ? param : `${parts.params};${param}`
  msg.setUri(printUri(parts))
  return 1
}

/** True also when it was not there. */
export function removeParam(self: Siputils, msg: SipMessage, name: string): Verdict {
  const uri = msg.sipUri
  if (uri === null) return self.fail('parsing of the request URI failed')
  const parts = partsOf(uri)
  const params = withoutParam(parts.params, name.toLowerCase())
  if (params !== parts.params) msg.setUri(printUri({ ...parts, params }))
  return 1
}

/**
 * Sets the user part of the URI in a variable; an empty one takes it out. What follows it in the
 * URI stays as it is.
 */
export function setUser(self: Siputils, msg: SipMessage, uri: PvHandle, user: string): Verdict {
  const text = textOf(msg, uri)
  const colon = text.indexOf(':')
  if (colon < 0) return self.fail("uri does not contain ':' character")
  const at = text.indexOf('@')
  const rest = text.slice(at < 0 ? colon + 1 : at + 1)
  uri.set?.(msg, text.slice(0, colon + 1) + (user === '' ? '' : `${user}@`) + rest)
  return 1
}

/** Sets the host of the URI in a variable; port and parameters stay. */
export function setHost(self: Siputils, msg: SipMessage, uri: PvHandle, host: string): Verdict {
  if (host === '') return self.fail('hostpart of uri cannot be empty')
  const text = textOf(msg, uri)
  const colon = text.indexOf(':')
  if (colon < 0) return self.fail("uri does not contain ':' character")
  const at = text.indexOf('@')
  const from = (at < 0 ? colon : at) + 1
  const bracket = text.startsWith('[', from) ? text.indexOf(']', from) + 1 : 0
  const length = text.slice(bracket > 0 ? bracket : from).search(/[:;?]|$/)
  const end = (bracket > 0 ? bracket : from) + length
  uri.set?.(msg, text.slice(0, from) + host + text.slice(end))
  return 1
}

function textOf(msg: SipMessage, uri: PvHandle): string {
  const value = uri.get(msg)
  return value === null ? '' : String(value)
}

/** tel: to sip: (RFC 3261 section 19.1.6). 2: it is no tel URI, nothing was written. */
export function telToSip(
  self: Siputils,
  msg: SipMessage,
  text: string,
  host: string,
  into: PvHandle,
): Verdict {
  if (!/^tel:/i.test(text)) return 2
  const [number = '', ...params] = text.slice(4).split(';')
  const digits = number.replaceAll(/[-.()]/g, '')
  if (digits === '') return self.fail('the tel URI has no number')
  const user = [digits, ...params.map(param => param.toLowerCase())].join(';')
  into.set?.(msg, `sip:${user}@${host};user=phone`)
  return 1
}
