/**
 * Headers asked for by name: the name is read once at load, then compared as a number where it has
 * one.
 */
import { H_OTHER, headerId, sameName } from './header-names.ts'
import { ID, type SipMessage, START, STRIDE } from './message.ts'

export interface HeaderName {
  /** As written in the config. */
  readonly text: string
  readonly id: number
  /** In lower case, for headers without a number. */
  readonly lower: string
}

/** Takes full and compact names in any case, and a colon after them. */
export function headerName(text: string): HeaderName {
  const bare = (text.endsWith(':') ? text.slice(0, -1) : text).trim()
  return { text: bare, id: headerId(bare), lower: bare.toLowerCase() }
}

/** Has the header at `index` of `msg.headers` this name? */
export function hasName(msg: SipMessage, index: number, name: HeaderName): boolean {
  const id = msg.headers[index + ID]!
  if (id !== H_OTHER || name.id !== H_OTHER) return id === name.id
  const start = msg.headers[index + START]!
  const end = start + name.lower.length
  return sameName(msg.raw, start, end, name.lower) && endsName(msg.raw.charCodeAt(end))
}

const endsName = (code: number): boolean => code === 0x3a || code === 0x20 || code === 0x09

/** The first header with this name at or after `from`, or -1. */
export function findHeader(msg: SipMessage, name: HeaderName, from = 0): number {
  for (let i = from; i < msg.headers.length; i += STRIDE) if (hasName(msg, i, name)) return i
  return -1
}

/** The last header with this name, or -1. */
export function findLastHeader(msg: SipMessage, name: HeaderName): number {
  for (let i = msg.headers.length - STRIDE; i >= 0; i -= STRIDE) if (hasName(msg, i, name)) return i
  return -1
}

/** All headers with this name, in order. */
export function findHeaders(msg: SipMessage, name: HeaderName): number[] {
  const found: number[] = []
  for (let i = 0; i < msg.headers.length; i += STRIDE) if (hasName(msg, i, name)) found.push(i)
  return found
}
