/** {s.*}: cutting, counting and searching in texts. */
import { createHash } from 'node:crypto'
import type { PvValue, Transformation } from '../../../core/module/index.ts'
import { hashText } from '../../../core/shared/location-hash.ts'
import { fieldsOf, strftime } from '../strftime.ts'
import { character, onText, whole } from './text-of.ts'

const digest =
  (algorithm: string) =>
  (text: string): string =>
    createHash(algorithm).update(text, 'latin1').digest('hex')

const INT = /^[+-]?\d+$/

/** Digits as a number of 32 bits; anything else fails. An empty text is 0. */
function int(text: string): PvValue {
  if (text === '') return 0
  const number = INT.test(text) ? Number(text) : Number.NaN
  return number === (number | 0) ? number : null
}

/** Negative offsets count from the end; length 0 means up to the end. */
function substr(text: string, offset: string, length = '0'): PvValue {
  const from = whole(offset) < 0 ? text.length + whole(offset) : whole(offset)
  const count = whole(length)
  if (from < 0 || from >= text.length || count < 0) return null
  return count === 0 ? text.slice(from) : text.slice(from, from + count)
}

function select(text: string, index: string, separator: string): string {
  return text.split(character(separator)).at(whole(index)) ?? ''
}

function count(text: string, wanted: string): PvValue {
  const one = character(wanted)
  let found = 0
  for (let i = 0; i < text.length; i++) if (text[i] === one) found++
  return found
}

/** What stands before the first (or last) `one`; the whole text when it is not there. */
function before(text: string, one: string): string {
  const at = text.indexOf(character(one))
  return at < 0 ? text : text.slice(0, at)
}
function after(text: string, one: string): string {
  const at = text.indexOf(character(one))
  return at < 0 ? '' : text.slice(at + 1)
}
function beforeLast(text: string, one: string): string {
  const at = text.lastIndexOf(character(one))
  return at < 0 ? text : text.slice(0, at)
}
function afterLast(text: string, one: string): string {
  const at = text.lastIndexOf(character(one))
  return at < 0 ? '' : text.slice(at + 1)
}

function stripTo(text: string, one: string): string {
  const at = text.indexOf(character(one))
  return at < 0 ? '' : text.slice(at)
}

const isBlank = (code: number): boolean =>
  code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a

// Loops, because an expression that ends in $ takes the square of the time on many blanks.
function trimStart(text: string): string {
  let start = 0
  while (start < text.length && isBlank(text.charCodeAt(start))) start++
  return text.slice(start)
}

function trimEnd(text: string): string {
  let end = text.length
  while (end > 0 && isBlank(text.charCodeAt(end - 1))) end--
  return text.slice(0, end)
}

const PAIRS: Record<string, string> = { '<': '>', '(': ')', '[': ']', '{': '}' }

function unquote(text: string): string {
  const first = text[0]
  const quoted = text.length >= 2 && (first === '"' || first === "'") && text.at(-1) === first
  return quoted ? text.slice(1, -1) : text
}

function unbracket(text: string): string {
  const close = PAIRS[text.charAt(0)]
  return text.length >= 2 && close !== undefined && text.at(-1) === close ? text.slice(1, -1) : text
}

const prefixes =
  (quote: string) =>
  (text: string, most = '0'): PvValue => {
    const limit = whole(most) > 0 ? Math.min(whole(most), text.length) : text.length
    // The result grows with the square of the text.
    if (limit > 300) return null
    return Array.from({ length: limit }, (_, i) => quote + text.slice(0, i + 1) + quote).join(',')
  }

/** Lines of at most `width` characters; the next ones begin with `indent` of `pad`. */
const lines =
  (pad: string) =>
  (text: string, width: string, indent: string): PvValue => {
    const length = whole(width)
    const room = Math.max(0, whole(indent))
    if (length <= 0 || room > 1000) return null
    const out: string[] = []
    for (let at = 0; at < text.length; at += length) out.push(text.slice(at, at + length))
    return out.join(`\r\n${pad.repeat(room)}`)
  }

function corehash(text: string, size = '0'): string {
  const hash = hashText(text)
  return String(whole(size) > 1 ? (hash & (whole(size) - 1)) >>> 0 : hash)
}

function ftime(text: string, format: string): PvValue {
  const seconds = text === '' ? 0 : Number(text)
  if (!Number.isInteger(seconds) || Math.abs(seconds) > 8_000_000_000) return null
  return strftime(format, fieldsOf(seconds * 1000, false))
}

/** Only letters of ASCII have two cases: the texts are bytes. */
const lower = (text: string): string => text.replace(/[A-Z]+/g, part => part.toLowerCase())
const upper = (text: string): string => text.replace(/[a-z]+/g, part => part.toUpperCase())

export const stringTransformations: Record<string, Transformation> = {
  len: onText('Length in bytes.', 0, text => text.length),
  int: onText('Digits as a number; anything else fails.', 0, int),
  md5: onText('MD5 of it, hexadecimal.', 0, digest('md5')),
  sha256: onText('SHA-256 of it, hexadecimal.', 0, digest('sha256')),
  sha384: onText('SHA-384 of it, hexadecimal.', 0, digest('sha384')),
  sha512: onText('SHA-512 of it, hexadecimal.', 0, digest('sha512')),
  tolower: onText('In small letters.', 0, lower),
  toupper: onText('In capital letters.', 0, upper),
  numeric: onText('Its digits only.', 0, text => text.replace(/[^0-9]+/g, '')),
  rmws: onText('Without blanks and line ends.', 0, text => text.replace(/[ \t\r\n]+/g, '')),
  trim: onText('Without blanks and line ends around it.', 0, text => trimEnd(trimStart(text))),
  rtrim: onText('Without blanks and line ends behind it.', 0, trimEnd),
  ltrim: onText('Without blanks and line ends before it.', 0, trimStart),
  prefixes: onText('All its beginnings, comma-separated, or the first n.', [0, 1], prefixes('')),
  'prefixes.quoted': onText('The same in single quotes.', [0, 1], prefixes("'")),
  substr: onText(
    'Offset (from the end when negative) and length; 0 is to the end.',
    [1, 2],
    substr,
  ),
  select: onText('The n-th field (from the end when negative) between separators.', 2, select),
  strip: onText('Without its first n bytes.', 1, (text, n) => text.slice(Math.max(0, whole(n)))),
  striptail: onText('Without its last n bytes.', 1, (text, n) =>
    text.slice(0, Math.max(0, text.length - Math.max(0, whole(n)))),
  ),
  stripto: onText('From the first such character on.', 1, stripTo),
  ftime: onText('Seconds since 1970 as local time in a format of strftime.', 1, ftime),
  replace: onText('With one text replaced by another, everywhere.', 2, (text, from, to) =>
    from === '' ? text : text.split(from).join(to),
  ),
  corehash: onText('Hash of it, or the slot of it among n (a power of two).', [0, 1], corehash),
  rm: onText('Without a text, wherever it is.', 1, (text, part) =>
    part === '' ? text : text.split(part).join(''),
  ),
  count: onText('How often a character is in it.', 1, count),
  unquote: onText('Without the quotes around it.', 0, unquote),
  unbracket: onText('Without the brackets around it: <> () [] {}.', 0, unbracket),
  before: onText(
    'What stands before the first such character; all when it is not there.',
    1,
    before,
  ),
  after: onText('What stands behind the first such character.', 1, after),
  rbefore: onText(
    'What stands before the last such character; all when it is not there.',
    1,
    beforeLast,
  ),
  rafter: onText('What stands behind the last such character.', 1, afterLast),
  fmtlines: onText('In lines of n characters, the next ones indented by m blanks.', 2, lines(' ')),
  fmtlinet: onText('The same, indented by m tabs.', 2, lines('\t')),
}
