/** The attributes of a destination: `duid=a;weight=50;socket=udp:192.0.2.1:5060`. */
import { BadValue } from '../../core/module.ts'
import { findParam } from '../../sip/uri.ts'
import type { Attributes } from './destination.ts'

/** What ds_attrs_none gives to destinations without attributes. */
const NONE = 'none=yes'

function number(body: string, name: string): number {
  const text = findParam(body, name)
  return text !== null && /^[+-]?\d+$/.test(text) ? Number(text) : 0
}

const unquoted = (text: string): string => (/^".*"$/.test(text) ? text.slice(1, -1) : text)

const textOf = (body: string, name: string): string | null => {
  const found = findParam(body, name)
  return found === null || found === '' ? null : unquoted(found)
}

/** Weights are from 1 to 100. `complain` is told of one that is not, and it counts as none. */
function weight(body: string, name: string, complain: (text: string) => void): number {
  if (findParam(body, name) === null) return 0
  const value = number(body, name)
  if (value >= 1 && value <= 100) return value
  complain(`${name} ${value} not in 1-100 range - ignoring`)
  return 0
}

/** Throws BadValue when the text does not parse. */
export function readAttributes(
  text: string,
  noneSet: boolean,
  complain: (text: string) => void,
): Attributes {
  const given = text === '' && noneSet ? NONE : text
  const body = given.endsWith(';') ? given.slice(0, -1) : given
  if (/(^|;)\s*(=|;|$)/.test(body) && body !== '') throw new BadValue(`bad attributes [${text}]`)
  return {
    body,
    duid: textOf(body, 'duid'),
    maxload: number(body, 'maxload'),
    weight: weight(body, 'weight', complain),
    rweight: weight(body, 'rweight', complain),
    socket: textOf(body, 'socket'),
    sockname: textOf(body, 'sockname'),
    pingFrom: textOf(body, 'ping_from') ?? '',
    obproxy: textOf(body, 'obproxy'),
    congestionControl: number(body, 'cc') !== 0,
    latency: findParam(body, 'latency') === null ? -1 : number(body, 'latency'),
  }
}
