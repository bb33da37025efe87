/** Functions over header values: `append_hf_value("Route[1]", ...)` and the like. */
import { BadValue, type Verdict } from '../../core/module/index.ts'
import { Edit } from '../../sip/edit.ts'
import { findHeader, type HeaderName } from '../../sip/header-match.ts'
import { BODY, NEXT, START, type SipMessage } from '../../sip/message.ts'
import type { Textopsx } from './textopsx.ts'
import {
  ALL,
  credentialOf,
  type ParamPlace,
  paramOf,
  parseValueName,
  pick,
  type Place,
  UNSAID,
  type ValueName,
  valuesOf,
  wholeValuesOf,
} from './value-places.ts'

export function parseAppend(text: string): ValueName {
  const name = parseValueName(text)
  if (name.param !== '') throw new BadValue(`a value is wanted, not the parameter '${text}'`)
  if (name.index === ALL) throw new BadValue(`'${text}' means no single value`)
  return name
}

export function parseAssign(text: string): ValueName {
  const name = parseValueName(text)
  if (name.index === ALL && name.param === '')
    throw new BadValue('asterisk not supported without param')
  return name
}

const newHeader = (msg: SipMessage, at: number, name: HeaderName, value: string): 1 => {
  msg.addEdit(new Edit(at, 0, `${name.text}: ${value}\r\n`))
  return 1
}

/** Behind the value named; without index, or when it is not there, as a header of its own. */
export function appendValue(
  _self: Textopsx,
  msg: SipMessage,
  name: ValueName,
  value: string,
): Verdict {
  const [place] = name.index === UNSAID ? [] : pick(valuesOf(msg, name.header), name.index)
  if (place === undefined) return newHeader(msg, msg.headersEnd, name.header, value)
  msg.addEdit(new Edit(place.end, 0, `,${value}`))
  return 1
}

/** Before the value named; without index as a header of its own before the first of that name. */
export function insertValue(
  _self: Textopsx,
  msg: SipMessage,
  name: ValueName,
  value: string,
): Verdict {
  const [place] = name.index === UNSAID ? [] : pick(valuesOf(msg, name.header), name.index)
  if (place === undefined) {
    if (name.index !== UNSAID && name.index !== 1) return -1
    const first = findHeader(msg, name.header)
    const at = first < 0 ? msg.headersEnd : msg.headers[first + START]!
    return newHeader(msg, at, name.header, value)
  }
  const at = place.commaBefore < 0 ? place.start : place.commaBefore + 1
  msg.addEdit(new Edit(at, 0, `${value},`))
  return 1
}

export function removeValue(_self: Textopsx, msg: SipMessage, name: ValueName): Verdict {
  const places = pick(valuesOf(msg, name.header), name.index)
  if (name.param !== '') return removeParams(msg, places, name.param, paramOf)
  let before = -1
  for (const place of places) {
    if (name.index === ALL) {
      if (place.header !== before) removeHeader(msg, place.header)
      before = place.header
    } else cut(msg, place)
  }
  return places.length > 0 ? 1 : -1
}

export function removeWholeValue(_self: Textopsx, msg: SipMessage, name: ValueName): Verdict {
  const places = pick(wholeValuesOf(msg, name.header), name.index)
  if (name.param !== '') return removeParams(msg, places, name.param, credentialOf)
  for (const place of places) removeHeader(msg, place.header)
  return places.length > 0 ? 1 : -1
}

function removeHeader(msg: SipMessage, header: number): void {
  const start = msg.headers[header + START]!
  msg.addEdit(new Edit(start, msg.headers[header + NEXT]! - start, ''))
}

/** Takes a value out with one of its commas; the only one of a header takes the header with it. */
function cut(msg: SipMessage, place: Place): void {
  if (place.commaBefore >= 0)
    msg.addEdit(new Edit(place.commaBefore, place.end - place.commaBefore, ''))
  else if (place.commaAfter >= 0) {
    const from = msg.headers[place.header + BODY]!
    msg.addEdit(new Edit(from, place.commaAfter + 1 - from, ''))
  } else removeHeader(msg, place.header)
}

type FindParam = (raw: string, place: Place, name: string) => ParamPlace | null

function removeParams(msg: SipMessage, places: Place[], name: string, find: FindParam): Verdict {
  let verdict = -1
  for (const place of places) {
    const param = find(msg.raw, place, name)
    if (param === null) continue
    // The first of a list takes the comma behind it and the blank with it.
    const end = param.first ? afterComma(msg.raw, param.end, place.end) : param.end
    msg.addEdit(new Edit(param.separator, end - param.separator, ''))
    verdict = 1
  }
  return verdict
}

function afterComma(raw: string, from: number, end: number): number {
  let at = from
  while (at < end && (raw.charCodeAt(at) === 0x2c || raw.charCodeAt(at) <= 0x20)) at++
  return at
}

export function assignValue(
  _self: Textopsx,
  msg: SipMessage,
  name: ValueName,
  value: string,
): Verdict {
  return assign(msg, pick(valuesOf(msg, name.header), name.index), name.param, value, paramOf, ';')
}

export function assignWholeValue(
  _self: Textopsx,
  msg: SipMessage,
  name: ValueName,
  value: string,
): Verdict {
  const places = pick(wholeValuesOf(msg, name.header), name.index)
  return assign(msg, places, name.param, value, credentialOf, ',')
}

function assign(
  msg: SipMessage,
  places: Place[],
  param: string,
  value: string,
  find: FindParam,
  separator: string,
): Verdict {
  for (const place of places) {
    if (param === '') {
      msg.addEdit(new Edit(place.start, place.end - place.start, value))
      continue
    }
    const found = find(msg.raw, place, param)
    const text = value === '' ? '' : `=${value}`
    if (found === null) msg.addEdit(new Edit(place.end, 0, separator + param + text))
    else msg.addEdit(new Edit(found.nameEnd, found.end - found.nameEnd, text))
  }
  return places.length > 0 ? 1 : -1
}

const same = (msg: SipMessage, place: Place, value: string): boolean =>
  msg.raw.slice(place.start, place.end).toLowerCase() === value.toLowerCase()

/** Adds a value to a set, `Supported: path, 100rel`, unless it is there. */
export function includeValue(
  _self: Textopsx,
  msg: SipMessage,
  name: HeaderName,
  value: string,
): Verdict {
  const places = valuesOf(msg, name)
  if (places.some(place => same(msg, place, value))) return 1
  const last = places.findLast(place => place.header === places[0]?.header)
  if (last === undefined) return newHeader(msg, msg.headersEnd, name, value)
  msg.addEdit(new Edit(last.end, 0, `,${value}`))
  return 1
}

export function excludeValue(
  _self: Textopsx,
  msg: SipMessage,
  name: HeaderName,
  value: string,
): Verdict {
  for (const place of valuesOf(msg, name)) if (same(msg, place, value)) cut(msg, place)
  return 1
}

export function valueExists(
  _self: Textopsx,
  msg: SipMessage,
  name: HeaderName,
  value: string,
): Verdict {
  return valuesOf(msg, name).some(place => same(msg, place, value)) ? 1 : -1
}
