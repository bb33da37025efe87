/** Where the values of a header and their parameters lie: `Route[2].lr`, `Authorization.realm`. */
import { BadValue } from '../../core/module/index.ts'
import { endOfValue } from '../../sip/header/list.ts'
import { findHeaders, type HeaderName, headerName } from '../../sip/header-match.ts'
import { BODY, BODY_END, type SipMessage } from '../../sip/message.ts'

const SEMICOLON = 0x3b

/** All values of the header, `[*]`. */
export const ALL = 0x7fffffff
/** No index was written. */
export const UNSAID = 0x7ffffffe

/** HFNAME [ '[' IDX ']' ] [ '.' PARAM ] */
export interface ValueName {
  readonly header: HeaderName
  /** From 1; negative ones count from the last. */
  readonly index: number
  /** '' when the value itself is meant. */
  readonly param: string
}

export function parseValueName(text: string): ValueName {
  const found = /^\s*([^\s[.:]+)\s*(?:\[\s*(\*|-?\d+)\s*\])?\s*(?:\.\s*(\S+))?\s*$/.exec(text)
  if (found === null) throw new BadValue(`no header value: '${text}'`, 'NAME[INDEX].PARAM')
  const written = found[2]
  const index = written === undefined ? UNSAID : written === '*' ? ALL : Number(written)
  return { header: headerName(found[1]!), index, param: (found[3] ?? '').toLowerCase() }
}

/** Throws for what only a set of values can be. */
export function parseSetName(text: string): HeaderName {
  const name = parseValueName(text)
  if (name.param !== '' || name.index !== UNSAID)
    throw new BadValue(`a header name is wanted, not '${text}'`)
  return name.header
}

/** One value. */
export interface Place {
  /** Of its header in the message. */
  readonly header: number
  /** The value without the blanks around it. */
  readonly start: number
  readonly end: number
  /** The comma before it, -1 when it is its header's first. */
  readonly commaBefore: number
  /** The comma behind it, -1 when it is its header's last. */
  readonly commaAfter: number
}

const isBlank = (code: number): boolean =>
  code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a

/** All values of the headers of this name, split at commas. */
export function valuesOf(msg: SipMessage, name: HeaderName): Place[] {
  const places: Place[] = []
  const { raw, headers } = msg
  for (const header of findHeaders(msg, name)) {
    const limit = headers[header + BODY_END]!
    let commaBefore = -1
    for (let from = headers[header + BODY]!; from <= limit; ) {
      const comma = endOfValue(raw, from, limit)
      let start = from
      let end = comma
      while (start < end && isBlank(raw.charCodeAt(start))) start++
      while (end > start && isBlank(raw.charCodeAt(end - 1))) end--
      places.push({ header, start, end, commaBefore, commaAfter: comma < limit ? comma : -1 })
      commaBefore = comma
      from = comma + 1
    }
  }
  return places
}

/** The headers of this name taken whole, as Authorization is: its commas separate parameters. */
export function wholeValuesOf(msg: SipMessage, name: HeaderName): Place[] {
  return findHeaders(msg, name).map(header => ({
    header,
    start: msg.headers[header + BODY]!,
    end: msg.headers[header + BODY_END]!,
    commaBefore: -1,
    commaAfter: -1,
  }))
}

/** Those that an index means; none, when it is out of range. */
export function pick(places: Place[], index: number): Place[] {
  if (index === ALL) return places
  const place = places.at(index < 0 ? index : index === UNSAID || index === 0 ? 0 : index - 1)
  return place === undefined ? [] : [place]
}

/** One parameter of a value. */
export interface ParamPlace {
  /** The semicolon or comma before it; of the first in an Authorization, its name. */
  readonly separator: number
  readonly nameEnd: number
  /** Behind the equals sign; -1 when it has no value. */
  readonly value: number
  readonly end: number
  /** It is the first after the scheme of an Authorization. */
  readonly first: boolean
}

/** The parameter of this name, in lower case, behind a value's `;`. */
export function paramOf(raw: string, place: Place, name: string): ParamPlace | null {
  let at = endOfValue(raw, place.start, place.end, SEMICOLON)
  while (at < place.end) {
    const next = endOfValue(raw, at + 1, place.end, SEMICOLON)
    const found = read(raw, at, at + 1, next, name, false)
    if (found !== null) return found
    at = next
  }
  return null
}

/** The same in `Digest a=1, b="2"`. */
export function credentialOf(raw: string, place: Place, name: string): ParamPlace | null {
  let from = place.start
  while (from < place.end && !isBlank(raw.charCodeAt(from))) from++
  while (from < place.end && isBlank(raw.charCodeAt(from))) from++
  let separator = from
  let first = true
  while (from < place.end) {
    const next = endOfValue(raw, from, place.end)
    const found = read(raw, separator, from, next, name, first)
    if (found !== null) return found
    first = false
    separator = next
    from = next + 1
  }
  return null
}

function read(
  raw: string,
  separator: number,
  from: number,
  next: number,
  name: string,
  first: boolean,
): ParamPlace | null {
  let end = next
  while (end > from && isBlank(raw.charCodeAt(end - 1))) end--
  const equals = raw.indexOf('=', from)
  const hasValue = equals >= 0 && equals < end
  let nameEnd = hasValue ? equals : end
  while (nameEnd > from && isBlank(raw.charCodeAt(nameEnd - 1))) nameEnd--
  if (raw.slice(from, nameEnd).trim().toLowerCase() !== name) return null
  return { separator, nameEnd, value: hasValue ? equals + 1 : -1, end, first }
}
