/** What the Contact headers of a REGISTER ask for, read and checked before anything is changed. */
import { H_ALLOW, H_CONTACT } from '../../sip/header-names.ts'
import { type NameAddress, parseNameAddress } from '../../sip/header/address.ts'
import { endOfValue } from '../../sip/header/list.ts'
import { BODY, BODY_END, STRIDE, type SipMessage } from '../../sip/message.ts'
import { OTHER, methodBit } from '../../sip/method.ts'
import { findParam, parseUri } from '../../sip/uri.ts'
import { ALL_METHODS, type Contact, Q_UNSET } from '../usrloc/api.ts'
import {
  BAD_CONTACT,
  BAD_Q,
  BAD_REG_ID,
  CONTACT_TOO_LONG,
  type Failure,
  STAR_NOT_ALONE,
  STAR_NOT_ZERO,
  TOO_BRIEF,
} from './failure.ts'
import type { Registrar } from './registrar.ts'

/** Kamailio's bit of a method without a bit of its own; it is seen in ul.dump. */
const OTHER_METHOD = 1 << 19
const RECEIVED_MAX = 255
/** RFC 3261 section 20.19: "between 0 and (2**32)-1". */
const LONGEST = 0xffffffff
/** RFC 5626 section 4.2: reg-id is "between 1 and 2**31 - 1". */
const LAST_REG_ID = 0x7fffffff

/** One contact of a REGISTER. */
export interface Binding {
  readonly uri: string
  /** Seconds; 0 takes it back. */
  readonly expires: number
  readonly q: number
  readonly received: string
  readonly methods: number
  readonly instance: string
  readonly regId: number
  /** The contact on file that it is about; null for a new one. */
  known: Contact | null
  /** The contact as it has been stored; null before that and when it is taken back. */
  stored: Contact | null
  /** A retransmission: it changes nothing. */
  skip: boolean
}

/** `*`: everything is to go. */
export const STAR: unique symbol = Symbol('*')

/** Seconds; -1 when the text is no number. */
export function parseSeconds(text: string): number {
  const { length } = text
  if (length === 0) return -1
  let value = 0
  for (let i = 0; i < length; i++) {
    const digit = text.charCodeAt(i) - 0x30
    if (digit < 0 || digit > 9) return -1
    value = Math.min(value * 10 + digit, LONGEST)
  }
  return value
}

/**
 * Thousandths; -2 when the text is none (RFC 3261 section 25.1: 0 to 1 with up to three decimals;
 * more are cut off).
 */
export function parseQ(text: string): number {
  const dot = text.indexOf('.')
  const whole = dot < 0 ? text : text.slice(0, dot)
  const decimals = dot < 0 ? '' : text.slice(dot + 1)
  if ((whole === '' && decimals === '') || whole.length > 1) return -2
  const units = whole === '' ? 0 : parseSeconds(whole)
  const part = decimals === '' ? 0 : parseSeconds(decimals.padEnd(3, '0').slice(0, 3))
  if (units < 0 || part < 0 || parseSeconds(decimals.slice(3) || '0') < 0) return -2
  const q = units * 1000 + part
  return q > 1000 ? -2 : q
}

const unquote = (text: string): string =>
  text.charCodeAt(0) === 0x22 && text.length > 1 && text.endsWith('"') ? text.slice(1, -1) : text

/** The value of a header parameter without its quotes; null when absent. */
function valueOf(address: NameAddress, name: string): string | null {
  const value = findParam(address.params, name)
  return value === null ? null : unquote(value)
}

/** Bits of the methods in a comma-separated list. */
export function parseMethods(list: string): number {
  let bits = 0
  for (const name of list.split(',')) {
    const bit = methodBit(name.trim())
    bits |= bit === OTHER ? OTHER_METHOD : bit
  }
  return bits >>> 0
}

/** As methods are stored. */
export const storedMethodBit = (bit: number): number => (bit === OTHER ? OTHER_METHOD : bit)

/**
 * All contacts of the request in the order in which they are dealt with: header by header, in each
 * from the last value to the first, as Kamailio does and as its replies show. STAR, or why the
 * request is malformed.
 */
export function readContacts(
  self: Registrar,
  msg: SipMessage,
): NameAddress[] | typeof STAR | Failure {
  const found: NameAddress[] = []
  let stars = 0
  for (let i = msg.find(H_CONTACT); i >= 0; i = msg.find(H_CONTACT, i + STRIDE)) {
    const start = found.length
    const end = msg.headers[i + BODY_END]!
    let from = msg.headers[i + BODY]!
    do {
      const comma = endOfValue(msg.raw, from, end)
      const value = msg.raw.slice(from, comma)
      from = comma + 1
      if (value.trim() === '*') {
        stars++
        continue
      }
      const address = parseNameAddress(value)
      if (address === null || !isContactUri(address)) return BAD_CONTACT
      if (address.uri.length > self.config.contact_max_size) {
        self.core.log.warn('registrar', `contact uri is too long: [${address.uri}]`)
        return CONTACT_TOO_LONG
      }
      found.push(address)
    } while (from <= end)
    if (found.length - start > 1) reverse(found, start)
  }
  if (stars === 0) return found
  // RFC 3261 section 10.3 step 6: "If the request has additional Contact fields or an expiration
  // time other than zero, the request is invalid".
  if (stars > 1 || found.length > 0) return STAR_NOT_ALONE
  return msg.expires === 0 ? STAR : STAR_NOT_ZERO
}

function reverse(list: NameAddress[], from: number): void {
  for (let a = from, b = list.length - 1; a < b; a++, b--) {
    const swap = list[a]!
    list[a] = list[b]!
    list[b] = swap
  }
}

/**
 * A SIP URI that does not parse would only fail later, when somebody calls it; other schemes are
 * taken as they are.
 */
function isContactUri(address: NameAddress): boolean {
  const { uri } = address
  return uri.indexOf(':') > 0 && (parseUri(uri) !== null || !/^sips?:/i.test(uri))
}

/** What one contact asks for, with the defaults and limits of the configuration. */
export function readBinding(
  self: Registrar,
  msg: SipMessage,
  address: NameAddress,
  flags: number,
): Binding | Failure {
  const bare = address.params === ''
  const expires = self.expiresOf(msg, bare ? null : valueOf(address, 'expires'), flags)
  if (expires < 0) return TOO_BRIEF
  const q = self.qOf(msg, bare ? null : valueOf(address, 'q'))
  if (q < Q_UNSET) return BAD_Q
  const received = bare ? null : valueOf(address, 'received')
  if (received !== null && received.length > RECEIVED_MAX) return CONTACT_TOO_LONG
  const methods = bare ? null : valueOf(address, 'methods')
  const allow = methods ?? msg.header(H_ALLOW)
  const instance = bare ? '' : (valueOf(address, '+sip.instance') ?? '')
  const regId = instance === '' ? null : valueOf(address, 'reg-id')
  const number = regId === null ? 0 : parseSeconds(regId)
  if (regId !== null && (number < 1 || number > LAST_REG_ID)) return BAD_REG_ID
  return {
    uri: address.uri,
    expires,
    q,
    received: received ?? '',
    methods: allow === null ? ALL_METHODS : parseMethods(allow),
    instance,
    regId: number,
    known: null,
    stored: null,
    skip: false,
  }
}
