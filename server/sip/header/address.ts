/**
 * From, To, Contact, Route ...: `"display" <uri>;params` or `uri;params` (RFC 3261 section 20.10,
 * 25.1).
 */
import { findParam, parseUri, type SipUri } from '../uri.ts'
import { splitList } from './list.ts'

export class NameAddress {
  /** As written, with its quotes; '' when there is none. */
  readonly display: string
  readonly uri: string
  /** Header parameters after the URI, without the leading `;`. */
  readonly params: string
  private parsed: SipUri | null | undefined

  constructor(display: string, uri: string, params: string) {
    this.display = display
    this.uri = uri
    this.params = params
    this.parsed = undefined
  }

  /** The URI in parts, null when it does not parse. */
  get sipUri(): SipUri | null {
    if (this.parsed === undefined) this.parsed = parseUri(this.uri)
    return this.parsed
  }

  param(name: string): string | null {
    return this.params === '' ? null : findParam(this.params, name)
  }

  get tag(): string {
    return this.params === '' ? '' : (findParam(this.params, 'tag') ?? '')
  }
}

/** Reads one value; null when a bracket or a quote is left open or nothing is there. */
export function parseNameAddress(text: string): NameAddress | null {
  let i = 0
  const length = text.length
  while (i < length && text.charCodeAt(i) <= 0x20) i++
  const start = i
  if (text.charCodeAt(i) === 0x22) {
    for (i++; i < length && text.charCodeAt(i) !== 0x22; i++) if (text.charCodeAt(i) === 0x5c) i++
    if (i >= length) return null
    i++
  }
  const open = text.indexOf('<', i)
  if (open >= 0) {
    const close = text.indexOf('>', open + 1)
    if (close < 0) return null
    const display = text.slice(start, open).trim()
    const uri = text.slice(open + 1, close).trim()
    const rest = afterSemicolon(text, close + 1)
    return rest === null || uri === '' ? null : new NameAddress(display, uri, rest)
  }
  if (i !== start) return null
  // RFC 3261 section 20: without angle brackets all parameters belong to the header, not to the
  // URI.
  const semicolon = text.indexOf(';', start)
  const uri = (semicolon < 0 ? text.slice(start) : text.slice(start, semicolon)).trim()
  if (uri === '') return null
  return new NameAddress('', uri, semicolon < 0 ? '' : text.slice(semicolon + 1).trim())
}

function afterSemicolon(text: string, from: number): string | null {
  let i = from
  while (i < text.length && text.charCodeAt(i) <= 0x20) i++
  if (i === text.length) return ''
  return text.charCodeAt(i) === 0x3b ? text.slice(i + 1).trim() : null
}

/** All values of a header body; null when one of them does not parse. */
export function parseNameAddressList(text: string): NameAddress[] | null {
  const out: NameAddress[] = []
  for (const value of splitList(text)) {
    const address = parseNameAddress(value)
    if (address === null) return null
    out.push(address)
  }
  return out
}
