/**
 * Expressions searched for and replaced: in the message behind its first line, its headers, its
 * body or one header.
 */
import { BadValue, type Verdict } from '../../core/module/index.ts'
import { compileRegex, GLOBAL, IGNORE_CASE, LINES, regexFor } from '../../core/regex.ts'
import { Edit } from '../../sip/edit.ts'
import { findHeader, findHeaders, findLastHeader, type HeaderName } from '../../sip/header-match.ts'
import { BODY, type SipMessage } from '../../sip/message.ts'
import { bodyEnd, type Textops } from './textops.ts'

/** An expression of the config: no matter the case, `^` and `$` at every line. */
export const parseRegex = (text: string): RegExp => compileRegex(text, IGNORE_CASE | LINES)
export const parseEveryRegex = (text: string): RegExp =>
  compileRegex(text, IGNORE_CASE | LINES | GLOBAL)
/** The same over the text as one piece. */
export const parseWholeRegex = (text: string): RegExp => compileRegex(text, IGNORE_CASE | GLOBAL)

/** Which headers of a name: all, the first or the last. */
export type Which = 'a' | 'f' | 'l'

export function parseWhich(text: string): Which {
  if (text === 'a' || text === 'f' || text === 'l') return text
  throw new BadValue(`'${text}' is none of a, f and l`)
}

/** The indexes of the headers meant. */
export function headersMeant(msg: SipMessage, name: HeaderName, which: Which): number[] {
  if (which === 'a') return findHeaders(msg, name)
  const index = which === 'f' ? findHeader(msg, name) : findLastHeader(msg, name)
  return index < 0 ? [] : [index]
}

const bodyOf = (msg: SipMessage): string => msg.raw.slice(msg.bodyStart, bodyEnd(msg))
const behindFirstLine = (msg: SipMessage): string => msg.raw.slice(msg.headersStart, bodyEnd(msg))
const headersOf = (msg: SipMessage): string => msg.raw.slice(msg.headersStart, msg.headersEnd)

export function search(_self: Textops, msg: SipMessage, regex: RegExp): Verdict {
  return regex.test(msg.raw) ? 1 : -1
}

export function searchBody(_self: Textops, msg: SipMessage, regex: RegExp): Verdict {
  const body = bodyOf(msg)
  return body !== '' && regex.test(body) ? 1 : -1
}

/** 2: the expression is empty; -2: the text is. */
export function searchText(
  self: Textops,
  _msg: SipMessage,
  text: string,
  expression: string,
): Verdict {
  if (expression === '') return 2
  if (text === '') return -2
  const regex = regexFor(expression, IGNORE_CASE | LINES)
  if (regex === null) return self.fail(`malformed expression: ${expression}`)
  return regex.test(text) ? 1 : -1
}

export function searchHeader(
  _self: Textops,
  msg: SipMessage,
  name: HeaderName,
  regex: RegExp,
  which: Which,
): Verdict {
  for (const index of headersMeant(msg, name, which)) if (regex.test(msg.bodyAt(index))) return 1
  return -1
}

/** Puts `text` behind the first match. */
function appendAfter(msg: SipMessage, from: number, where: string, regex: RegExp, text: string) {
  const match = regex.exec(where)
  if (match === null) return -1
  msg.addEdit(new Edit(from + match.index + match[0].length, 0, text))
  return 1
}

export function searchAppend(
  _self: Textops,
  msg: SipMessage,
  regex: RegExp,
  text: string,
): Verdict {
  return appendAfter(msg, msg.headersStart, behindFirstLine(msg), regex, text)
}

export function searchAppendBody(
  _self: Textops,
  msg: SipMessage,
  regex: RegExp,
  text: string,
): Verdict {
  return appendAfter(msg, msg.bodyStart, bodyOf(msg), regex, text)
}

/**
 * Replaces the first match, or all with a global expression. An expression that matches nothing at
 * all is refused.
 */
function replaceIn(
  self: Textops,
  msg: SipMessage,
  from: number,
  where: string,
  regex: RegExp,
  text: string,
): Verdict {
  const matches = regex.global ? [...where.matchAll(regex)] : [regex.exec(where)]
  if (matches.some(match => match?.[0] === ''))
    return self.fail('matched string is empty... invalid regexp?')
  let verdict = -1
  for (const match of matches) {
    if (match === null) continue
    msg.addEdit(new Edit(from + match.index, match[0].length, text))
    verdict = 1
  }
  return verdict
}

export function replace(self: Textops, msg: SipMessage, regex: RegExp, text: string): Verdict {
  return replaceIn(self, msg, msg.headersStart, behindFirstLine(msg), regex, text)
}

export function replaceBody(self: Textops, msg: SipMessage, regex: RegExp, text: string): Verdict {
  return replaceIn(self, msg, msg.bodyStart, bodyOf(msg), regex, text)
}

export function replaceHeaders(
  self: Textops,
  msg: SipMessage,
  regex: RegExp,
  text: string,
): Verdict {
  return replaceIn(self, msg, msg.headersStart, headersOf(msg), regex, text)
}

export type Extent = 'first' | 'all'

export function parseExtent(text: string): Extent {
  if (text.startsWith('f')) return 'first'
  if (text.startsWith('a')) return 'all'
  throw new BadValue(`'${text}' is neither f (first) nor a (all)`)
}

/** Replaces texts that are equal, case and all; true also when there is none. */
function replaceTextIn(
  self: Textops,
  msg: SipMessage,
  from: number,
  end: number,
  text: string,
  by: string,
  extent: Extent,
): Verdict {
  if (text === '') return self.fail('nothing to replace')
  const { raw } = msg
  for (let at = raw.indexOf(text, from); at >= 0; at = raw.indexOf(text, at + text.length)) {
    if (at + text.length > end) break
    msg.addEdit(new Edit(at, text.length, by))
    if (extent === 'first') break
  }
  return 1
}

type ReplaceText = (
  self: Textops,
  msg: SipMessage,
  text: string,
  by: string,
  extent: Extent,
) => Verdict

export const replaceText: ReplaceText = (self, msg, text, by, extent) =>
  replaceTextIn(self, msg, msg.headersStart, bodyEnd(msg), text, by, extent)
export const replaceBodyText: ReplaceText = (self, msg, text, by, extent) =>
  replaceTextIn(self, msg, msg.bodyStart, bodyEnd(msg), text, by, extent)
export const replaceHeadersText: ReplaceText = (self, msg, text, by, extent) =>
  replaceTextIn(self, msg, msg.headersStart, msg.headersEnd, text, by, extent)

/** Offset of a header's body. */
export const bodyOffset = (msg: SipMessage, index: number): number => msg.headers[index + BODY]!
