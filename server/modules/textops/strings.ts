/**
 * Texts compared, and lists in a text. The verdicts of comparisons that fail are Kamailio's: -1 is
 * greater, -2 is less.
 */
import { BadValue, type Verdict } from '../../core/module/index.ts'
import { regexFor } from '../../core/regex.ts'
import type { PvHandle } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Textops } from './textops.ts'

const order = (a: string, b: string): Verdict => (a === b ? 1 : a > b ? -1 : -2)

export function compare(_self: Textops, _msg: SipMessage, a: string, b: string): Verdict {
  return order(a, b)
}

export function compareIgnoringCase(
  _self: Textops,
  _msg: SipMessage,
  a: string,
  b: string,
): Verdict {
  return order(a.toLowerCase(), b.toLowerCase())
}

export function startsWith(_self: Textops, _msg: SipMessage, a: string, b: string): Verdict {
  if (a.length < b.length) return -1
  return a.startsWith(b) ? 1 : order(a.slice(0, b.length), b)
}

export function endsWith(_self: Textops, _msg: SipMessage, a: string, b: string): Verdict {
  return a.endsWith(b) ? 1 : -1
}

/** The place of `b` in `a`, counted from 1. */
export function find(_self: Textops, _msg: SipMessage, a: string, b: string): Verdict {
  const at = a.indexOf(b)
  return at < 0 ? -1 : at + 1
}

export function findIgnoringCase(self: Textops, msg: SipMessage, a: string, b: string): Verdict {
  return find(self, msg, a.toLowerCase(), b.toLowerCase())
}

export function parseSeparator(text: string): string {
  if (text.length !== 1) throw new BadValue(`separator '${text}' is not one character long`)
  return text
}

const items = (list: string, separator: string): string[] =>
  list.split(separator).map(item => item.trim())

export function inList(
  self: Textops,
  _msg: SipMessage,
  subject: string,
  list: string,
  separator: string,
): Verdict {
  if (subject === '') return self.fail('subject cannot be empty string')
  return items(list, separator).includes(subject) ? 1 : -1
}

/** Does the subject start with an item of the list? */
export function inListPrefix(
  self: Textops,
  _msg: SipMessage,
  subject: string,
  list: string,
  separator: string,
): Verdict {
  if (subject === '') return self.fail('subject cannot be empty string')
  const isPrefix = (item: string) => item !== '' && subject.startsWith(item)
  return items(list, separator).some(isPrefix) ? 1 : -1
}

/** Group `index` of the match of `expression` goes to `into`. -2: no match; -1: no such group. */
export function regexSubstring(
  self: Textops,
  msg: SipMessage,
  text: string,
  expression: string,
  index: number,
  count: number,
  into: PvHandle,
): Verdict {
  if (index < 0 || index >= count)
    return self.fail('matched_index cannot be bigger than match_count')
  const regex = regexFor(expression, 0)
  if (regex === null) return self.fail('regular expression could not be compiled')
  const match = regex.exec(text)
  if (match === null) return -2
  const found = match[index]
  if (found === undefined) return self.fail('invalid offset for regular expression result')
  into.set?.(msg, found)
  return 1
}
