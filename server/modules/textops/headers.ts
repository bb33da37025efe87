/** Headers put in, taken out and looked for. */
import type { Verdict } from '../../core/module/index.ts'
import { IGNORE_CASE, LINES, regexFor } from '../../core/regex.ts'
import { Edit } from '../../sip/edit.ts'
import {
  findHeader,
  findHeaders,
  findLastHeader,
  hasName,
  type HeaderName,
  headerName,
} from '../../sip/header-match.ts'
import { NEXT, START, STRIDE, type SipMessage } from '../../sip/message.ts'
import { addHeader, type Textops } from './textops.ts'

/** After the last header `after`, else at the end of all headers. */
export function appendHeader(
  self: Textops,
  msg: SipMessage,
  line: string,
  after?: HeaderName,
): Verdict {
  if (line === '') return self.fail('nothing to add')
  const index = after === undefined ? -1 : findLastHeader(msg, after)
  if (index < 0) addHeader(msg, line)
  else msg.addEdit(new Edit(msg.headers[index + NEXT]!, 0, line))
  return 1
}

/** Before the first header `before`, else before all headers. */
export function insertHeader(
  self: Textops,
  msg: SipMessage,
  line: string,
  before?: HeaderName,
): Verdict {
  if (line === '') return self.fail('nothing to add')
  const index = before === undefined ? -1 : findHeader(msg, before)
  const at = index < 0 ? msg.headersStart : msg.headers[index + START]!
  msg.addEdit(new Edit(at, 0, line))
  return 1
}

/** A header made of the received request URI. */
export function appendUriHeader(
  _self: Textops,
  msg: SipMessage,
  prefix: string,
  suffix: string,
): Verdict {
  addHeader(msg, prefix + msg.originalUri + suffix)
  return 1
}

function remove(msg: SipMessage, index: number): void {
  const start = msg.headers[index + START]!
  msg.addEdit(new Edit(start, msg.headers[index + NEXT]! - start, ''))
}

export function removeHeader(_self: Textops, msg: SipMessage, name: HeaderName): Verdict {
  let found = -1
  for (let i = 0; i < msg.headers.length; i += STRIDE) {
    if (!hasName(msg, i, name)) continue
    remove(msg, i)
    found = 1
  }
  return found
}

/** As remove_hf, but true also when there was none, as in Kamailio. */
export function removeNamed(self: Textops, msg: SipMessage, name: HeaderName): Verdict {
  removeHeader(self, msg, name)
  return 1
}

/** Removes the headers whose name matches `match` and not `keep`. */
export function removeMatching(
  _self: Textops,
  msg: SipMessage,
  match: RegExp,
  keep?: RegExp,
): Verdict {
  let found = -1
  for (let i = 0; i < msg.headers.length; i += STRIDE) {
    const name = msg.nameAt(i)
    if (!match.test(name) || keep?.test(name) === true) continue
    remove(msg, i)
    found = 1
  }
  return found
}

export function removeMatchingText(
  self: Textops,
  msg: SipMessage,
  match: string,
  keep?: string,
): Verdict {
  const regex = regexFor(match, IGNORE_CASE | LINES)
  const kept = keep === undefined ? undefined : regexFor(keep, IGNORE_CASE | LINES)
  if (regex === null || kept === null) return self.fail(`malformed expression: ${match}`)
  return removeMatching(self, msg, regex, kept)
}

/**
 * The header number `position` of its name; negative ones count from the last. 2: there is none.
 */
export function removeAt(_self: Textops, msg: SipMessage, name: string, position: number): Verdict {
  const index = findHeaders(msg, headerName(name)).at(position)
  if (index === undefined) return 2
  remove(msg, index)
  return 1
}

/** Removes the headers of this name whose body fits. -2: none did. */
export function removeFitting(
  self: Textops,
  msg: SipMessage,
  name: string,
  operator: string,
  expression: string,
): Verdict {
  const fits = comparison(operator, expression)
  if (fits === null) return self.fail(`no comparison: ${operator} ${expression}`)
  let found = -2
  for (const index of findHeaders(msg, headerName(name))) {
    if (!fits(msg.bodyAt(index))) continue
    remove(msg, index)
    found = 1
  }
  return found
}

function comparison(operator: string, expression: string): ((body: string) => boolean) | null {
  switch (operator) {
    case 'eq':
      return body => body === expression
    case 'ne':
      return body => body !== expression
    case 'in':
      return body => body.includes(expression)
    case 're': {
      const regex = regexFor(expression, IGNORE_CASE | LINES)
      return regex === null ? null : body => regex.test(body)
    }
    default:
      return null
  }
}

export function isPresent(_self: Textops, msg: SipMessage, name: HeaderName): Verdict {
  return findHeader(msg, name) < 0 ? -1 : 1
}

export function isPresentMatching(_self: Textops, msg: SipMessage, name: RegExp): Verdict {
  for (let i = 0; i < msg.headers.length; i += STRIDE) if (name.test(msg.nameAt(i))) return 1
  return -1
}

export function isPresentMatchingText(self: Textops, msg: SipMessage, name: string): Verdict {
  const regex = regexFor(name, IGNORE_CASE | LINES)
  return regex === null
    ? self.fail(`malformed expression: ${name}`)
    : isPresentMatching(self, msg, regex)
}
