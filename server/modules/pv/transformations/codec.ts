/** {s.encode.*}, {s.escape.*} and their inverses. */
import type { PvValue, Transformation } from '../../../core/module/index.ts'
import { onText } from './text-of.ts'

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')
const hex2 = (code: number): string => code.toString(16).padStart(2, '0')

function fromHexa(text: string): PvValue {
  return text.length % 2 === 0 && /^[0-9a-f]*$/i.test(text)
    ? Buffer.from(text, 'hex').toString('latin1')
    : null
}

/** Seven bits a character, packed as GSM 03.38 does. */
function to7bit(text: string): string {
  const out: number[] = []
  let held = 0
  let bits = 0
  for (let i = 0; i < text.length; i++) {
    held |= (text.charCodeAt(i) & 0x7f) << bits
    bits += 7
    while (bits >= 8) {
      out.push(held & 0xff)
      held >>= 8
      bits -= 8
    }
  }
  if (bits > 0) out.push(held & 0xff)
  return Buffer.from(out).toString('hex').toUpperCase()
}

function from7bit(text: string): PvValue {
  const packed = fromHexa(text)
  if (typeof packed !== 'string') return null
  let out = ''
  let held = 0
  let bits = 0
  for (let i = 0; i < packed.length; i++) {
    held |= packed.charCodeAt(i) << bits
    bits += 8
    while (bits >= 7) {
      out += String.fromCharCode(held & 0x7f)
      held >>= 7
      bits -= 7
    }
  }
  return out.endsWith('\0') ? out.slice(0, -1) : out
}

const ALPHABET58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
/** The work grows with the square of the length. */
const LONGEST58 = 1024

function to58(text: string): PvValue {
  if (text.length > LONGEST58) return null
  const zeros = /^\0*/.exec(text)![0].length
  let number = BigInt(`0x${bytes(text).toString('hex') || '0'}`)
  let out = ''
  for (; number > 0n; number /= 58n) out = ALPHABET58[Number(number % 58n)]! + out
  return '1'.repeat(zeros) + out
}

function from58(text: string): PvValue {
  if (text.length > LONGEST58) return null
  let number = 0n
  for (const digit of text) {
    const value = ALPHABET58.indexOf(digit)
    if (value < 0) return null
    number = number * 58n + BigInt(value)
  }
  const zeros = /^1*/.exec(text)![0].length
  const digits = number === 0n ? '' : number.toString(16)
  const whole = digits.length % 2 === 0 ? digits : `0${digits}`
  return '\0'.repeat(zeros) + Buffer.from(whole, 'hex').toString('latin1')
}

const to64 = (text: string): string => bytes(text).toString('base64')
const toUrl64 = (text: string): string => to64(text).replaceAll('+', '-').replaceAll('/', '_')
const bare = (text: string): string => text.replace(/=+$/, '')

/** `padded`: what is not a multiple of four characters fails. */
const from64 =
  (alphabet: RegExp, padded: boolean) =>
  (text: string): PvValue =>
    alphabet.test(text) && (!padded || text.length % 4 === 0)
      ? Buffer.from(text, 'base64').toString('latin1')
      : null

const PLAIN64 = /^[A-Za-z0-9+/]*={0,2}$/
const URL64 = /^[A-Za-z0-9_-]*={0,2}$/

const escapeCommon = (text: string): string =>
  text.replace(/['"\\\0]/g, found => (found === '\0' ? '\\0' : `\\${found}`))
const unescapeCommon = (text: string): string =>
  text.replace(/\\(['"\\0])/g, (_all, found: string) => (found === '0' ? '\0' : found))

/** Percent-escapes what is not `plain`; bytes that are no text of ASCII fail. */
const escapeBut =
  (plain: RegExp) =>
  (text: string): PvValue => {
    let out = ''
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code < 0x20 || code > 0x7e) return null
      out += plain.test(text[i]!) ? text[i] : `%${hex2(code)}`
    }
    return out
  }

// RFC 3261 section 25.1: unreserved and user-unreserved; quotes are escaped, apostrophes are marks.
const USER = /[A-Za-z0-9\-_.!~*'()&=+$,;?]/
// param-unreserved and unreserved.
const PARAM = /[A-Za-z0-9\-_.!~*'()[\]/:&+$]/

function unescape(text: string): PvValue {
  if (/%(?![0-9a-f]{2})/i.test(text)) return null
  return text.replace(/%([0-9a-f]{2})/gi, (_all, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
}

const URL_PLAIN = /[A-Za-z0-9\-_.~]/

function toUrl(text: string): string {
  let out = ''
  for (let i = 0; i < text.length; i++)
    out += URL_PLAIN.test(text[i]!) ? text[i] : `%${hex2(text.charCodeAt(i))}`
  return out
}

const fromUrl = (text: string): string =>
  text
    .replaceAll('+', ' ')
    .replace(/%([0-9a-f]{2})/gi, (_all, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    )

export const codecTransformations: Record<string, Transformation> = {
  'encode.hexa': onText('In hexadecimal.', 0, text => bytes(text).toString('hex')),
  'decode.hexa': onText('From hexadecimal.', 0, fromHexa),
  'encode.7bit': onText('Packed into seven bits a character, in hexadecimal.', 0, to7bit),
  'decode.7bit': onText('From seven bits a character, in hexadecimal.', 0, from7bit),
  'encode.base58': onText('In base 58.', 0, to58),
  'decode.base58': onText('From base 58.', 0, from58),
  'encode.base64': onText('In base 64.', 0, to64),
  'decode.base64': onText('From base 64.', 0, from64(PLAIN64, true)),
  'encode.base64t': onText('In base 64 without padding.', 0, text => bare(to64(text))),
  'decode.base64t': onText('From base 64, padded or not.', 0, from64(PLAIN64, false)),
  'encode.base64url': onText('In the base 64 of URLs.', 0, toUrl64),
  'decode.base64url': onText('From the base 64 of URLs.', 0, from64(URL64, false)),
  'encode.base64urlt': onText('In the base 64 of URLs without padding.', 0, text =>
    bare(toUrl64(text)),
  ),
  'decode.base64urlt': onText('From the base 64 of URLs, padded or not.', 0, from64(URL64, false)),
  'escape.common': onText('With a backslash before quotes and backslashes.', 0, escapeCommon),
  'unescape.common': onText('Without those backslashes.', 0, unescapeCommon),
  'escape.user': onText('Fit for the user of a URI.', 0, escapeBut(USER)),
  'unescape.user': onText('With its %xx read.', 0, unescape),
  'escape.param': onText('Fit for a parameter of a URI.', 0, escapeBut(PARAM)),
  'unescape.param': onText('With its %xx read.', 0, unescape),
  'escape.csv': onText(
    'As a quoted field of a CSV line.',
    0,
    text => `"${text.replaceAll('"', '""')}"`,
  ),
  'urlencode.param': onText('Fit for a query of a URL.', 0, toUrl),
  'urldecode.param': onText('From a query of a URL.', 0, fromUrl),
}
