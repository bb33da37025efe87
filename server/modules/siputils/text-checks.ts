/** Questions about a text: is it a number, a telephone number, a URI? */
import type { Verdict } from '../../core/module/index.ts'
import { parseNameAddress } from '../../sip/header/address.ts'
import type { SipMessage } from '../../sip/message.ts'
import { parseUri } from '../../sip/uri.ts'
import type { Siputils } from './siputils.ts'

/** A + and up to 15 digits. */
const E164 = /^\+\d{2,15}$/

export function isE164(_self: Siputils, _msg: SipMessage, text: string): Verdict {
  return E164.test(text) ? 1 : -1
}

/** Is the user part of a sip or sips URI such a number? */
export function isUserE164(self: Siputils, _msg: SipMessage, text: string): Verdict {
  const uri = parseUri(text)
  if (uri === null) return self.fail('parsing URI failed')
  return uri.scheme.startsWith('sip') && E164.test(uri.user) ? 1 : -1
}

export function isRpidUserE164(self: Siputils, msg: SipMessage): Verdict {
  const rpid = rpidOf(self, msg)
  const address = rpid === null ? null : parseNameAddress(rpid)
  return address === null ? -1 : E164.test(address.sipUri?.user ?? '') ? 1 : -1
}

/** The identity that authentication left in `rpid_avp`, null when there is none. */
export function rpidOf(self: Siputils, msg: SipMessage): string | null {
  const value = self.config.rpid_avp?.get(msg) ?? null
  return value === null || value === '' ? null : String(value)
}

export function isUriText(_self: Siputils, _msg: SipMessage, text: string): Verdict {
  return parseUri(text) === null ? -1 : 1
}

/** An optional + and digits. */
export function isTelNumber(_self: Siputils, _msg: SipMessage, text: string): Verdict {
  return /^\+?\d+$/.test(text) ? 1 : -2
}

export function isNumeric(_self: Siputils, _msg: SipMessage, text: string): Verdict {
  return /^\d+$/.test(text) ? 1 : -2
}

export function isAlphanum(self: Siputils, msg: SipMessage, text: string): Verdict {
  return isAlphanumOr(self, msg, text, '')
}

/**
 * Letters, digits and the characters of `extra`. -2: the text is empty; -3: it holds something
 * else.
 */
export function isAlphanumOr(
  _self: Siputils,
  _msg: SipMessage,
  text: string,
  extra: string,
): Verdict {
  if (text === '') return -2
  for (const character of text)
    if (!/[A-Za-z0-9]/.test(character) && !extra.includes(character)) return -3
  return 1
}

/** 1: a public GRUU; 2: a temporary one (RFC 5627 section 3.1: its `gr` has no value). */
export function isGruu(self: Siputils, msg: SipMessage, text = msg.uri): Verdict {
  const uri = parseUri(text)
  if (uri === null) return self.fail(`parsing of uri '${text}' failed`)
  const gr = uri.param('gr')
  return gr === null ? -1 : gr === '' ? 2 : 1
}
