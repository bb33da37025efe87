/** KSR.hdr: headers put in, taken out, looked for and read. Lines are put in as they are given. */
import { Edit } from '../../sip/edit.ts'
import { findHeader, findHeaders, findLastHeader, headerName } from '../../sip/header-match.ts'
import { NEXT, type SipMessage, START } from '../../sip/message.ts'
import type { CoreInstance } from '../core.module.ts'
import { int, type KemiFunction, kemiFn, text } from '../module/index.ts'
import { getters } from './getters.ts'

type Self = CoreInstance
type Rows = Record<string, KemiFunction<Self>>

const append = (_self: Self, msg: SipMessage, line: string): number => {
  msg.addEdit(new Edit(msg.headersEnd, 0, line))
  return 1
}

const insert = (_self: Self, msg: SipMessage, line: string): number => {
  msg.addEdit(new Edit(msg.headersStart, 0, line))
  return 1
}

/** After the last header of this name, else behind all headers. */
function appendAfter(self: Self, msg: SipMessage, line: string, name: string): number {
  if (name === '') return -1
  const index = findLastHeader(msg, headerName(name))
  if (index < 0) return append(self, msg, line)
  msg.addEdit(new Edit(msg.headers[index + NEXT]!, 0, line))
  return 1
}

/** Before the first header of this name, else before all headers. */
function insertBefore(self: Self, msg: SipMessage, line: string, name: string): number {
  if (name === '') return -1
  const index = findHeader(msg, headerName(name))
  if (index < 0) return insert(self, msg, line)
  msg.addEdit(new Edit(msg.headers[index + START]!, 0, line))
  return 1
}

/** Also true when there was none. */
function remove(_self: Self, msg: SipMessage, name: string): number {
  if (name === '') return -1
  for (const index of findHeaders(msg, headerName(name))) {
    const start = msg.headers[index + START]!
    msg.addEdit(new Edit(start, msg.headers[index + NEXT]! - start, ''))
  }
  return 1
}

const isPresent = (_self: Self, msg: SipMessage, name: string): number =>
  name === '' || findHeader(msg, headerName(name)) < 0 ? -1 : 1

function appendToReply(_self: Self, msg: SipMessage, line: string): number {
  if (line === '') return -1
  if (msg.replyLumps === null) msg.replyLumps = [line]
  else msg.replyLumps.push(line)
  return 1
}

/** The body of the header number `position` of its name; negative ones count from the last. */
function bodyOf(msg: SipMessage, name: string, position = 0): string | null {
  const index = findHeaders(msg, headerName(name)).at(position)
  return index === undefined ? null : msg.bodyAt(index)
}

type Compare = (body: string, wanted: string) => boolean

/** Operators of match_content; case does not count. */
const OPERATORS: Readonly<Record<string, Compare>> = {
  eq: (body, wanted) => body === wanted,
  ne: (body, wanted) => body !== wanted,
  sw: (body, wanted) => body.startsWith(wanted),
  in: (body, wanted) => body.includes(wanted),
}

/** Which of the headers it is about: the first, the last, all of them, one of them. */
function matchContent(
  _self: Self,
  msg: SipMessage,
  name: string,
  operator: string,
  wanted: string,
  which: string,
): boolean {
  const compare = OPERATORS[operator.toLowerCase()]
  const indexes = findHeaders(msg, headerName(name))
  if (compare === undefined || indexes.length === 0) return false
  const lower = wanted.toLowerCase()
  const fits = (index: number): boolean => compare(msg.bodyAt(index).toLowerCase(), lower)
  switch (which.toLowerCase()) {
    case 'f':
      return fits(indexes[0]!)
    case 'l':
      return fits(indexes.at(-1)!)
    case 'a':
      return indexes.every(fits)
    case 'o':
      return indexes.some(fits)
    default:
      return false
  }
}

const line = text('line')
const name = text('name')

const changes: Rows = {
  'hdr.append': kemiFn({
    doc: 'Put header lines behind all others.',
    args: [line],
    returns: 'int',
    run: append,
  }),
  'hdr.append_after': kemiFn({
    doc: 'Put header lines behind the last header of this name.',
    args: [line, name],
    returns: 'int',
    run: appendAfter,
  }),
  'hdr.insert': kemiFn({
    doc: 'Put header lines before all others.',
    args: [line],
    returns: 'int',
    run: insert,
  }),
  'hdr.insert_before': kemiFn({
    doc: 'Put header lines before the first header of this name.',
    args: [line, name],
    returns: 'int',
    run: insertBefore,
  }),
  'hdr.remove': kemiFn({
    doc: 'Take all headers of this name out.',
    args: [name],
    returns: 'int',
    run: remove,
  }),
  'hdr.rmappend': kemiFn({
    doc: 'Take all headers of this name out and put lines behind all others.',
    args: [name, line],
    returns: 'int',
    run: (self: Self, msg, old, lines) =>
      remove(self, msg, old) < 0 ? -1 : append(self, msg, lines),
  }),
  'hdr.rminsert': kemiFn({
    doc: 'Take all headers of this name out and put lines before all others.',
    args: [name, line],
    returns: 'int',
    run: (self: Self, msg, old, lines) =>
      remove(self, msg, old) < 0 ? -1 : insert(self, msg, lines),
  }),
  'hdr.append_to_reply': kemiFn({
    doc: 'Add header lines to the replies that this node makes.',
    args: [line],
    returns: 'int',
    run: appendToReply,
  }),
}

const readers: Rows = {
  ...getters<Self>(
    'hdr.get',
    '',
    'The body of the first header of this name',
    [name],
    (_self, msg, wanted: string) => bodyOf(msg, wanted),
  ),
  ...getters<Self>(
    'hdr.get',
    '_idx',
    'The body of one header of this name, counted from 0, or from -1 backwards',
    [name, int('index')],
    (_self, msg, wanted: string, index: number) => bodyOf(msg, wanted, index),
  ),
}

export const headerFunctions: Rows = {
  ...changes,
  ...readers,
  'hdr.is_present': kemiFn({
    doc: 'Is there a header of this name?',
    args: [name],
    returns: 'int',
    run: isPresent,
  }),
  'hdr.match_content': kemiFn({
    doc: 'Do headers of this name fit? eq, ne, sw or in; f first, l last, a all, o one of them.',
    args: [name, text('operator'), text('wanted'), text('which')],
    returns: 'bool',
    run: matchContent,
  }),
}
