/** The attributes of a destination: `duid=a;weight=50;socket=udp:192.0.2.1:5060`. */
import { BadValue } from '../../core/module/index.ts'
import type { Attributes } from './destination.ts'

/** What ds_attrs_none gives to destinations without attributes. */
const NONE = 'none=yes'

/** Name, blanks, and a value in quotes or without blanks: one attribute. */
const ATTRIBUTE = /([^=;\s]*)\s*(?:=\s*(?:"([^"]*)"|([^;\s"][^;\s]*)|$))?\s*/y

/** By their names in small letters. Of two alike the first one counts. Throws BadValue. */
export function readParameters(body: string): Map<string, string> {
  const found = new Map<string, string>()
  for (let at = 0; body !== ''; ) {
    ATTRIBUTE.lastIndex = at
    const [all, name = '', quoted, plain] = ATTRIBUTE.exec(body)!
    at += all.length
    const key = name.toLowerCase()
    if (!found.has(key)) found.set(key, quoted ?? plain ?? '')
    if (at === body.length) break
    if (body[at] !== ';') throw new BadValue(`bad attributes [${body}] at ${at}: expected ;`)
    while (++at < body.length && /\s/.test(body[at]!));
    if (at === body.length) throw new BadValue(`bad attributes [${body}]: name missing after ;`)
  }
  return found
}

/** Throws BadValue when the text does not parse. */
export function readAttributes(
  text: string,
  noneSet: boolean,
  complain: (text: string) => void,
): Attributes {
  const given = text === '' && noneSet ? NONE : text
  const body = given.endsWith(';') ? given.slice(0, -1) : given
  const values = readParameters(body)
  const number = (name: string): number => {
    const value = values.get(name) ?? ''
    return /^[+-]?\d+$/.test(value) ? Number(value) : 0
  }
  /** From 1 to 100; another one counts as none. */
  const weight = (name: string): number => {
    if (!values.has(name)) return 0
    const value = number(name)
    if (value >= 1 && value <= 100) return value
    complain(`${name} ${value} not in 1-100 range - ignoring`)
    return 0
  }
  const textOf = (name: string): string | null => values.get(name) || null
  return {
    body,
    duid: textOf('duid'),
    maxload: number('maxload'),
    weight: weight('weight'),
    rweight: weight('rweight'),
    socket: textOf('socket'),
    sockname: textOf('sockname'),
    pingFrom: textOf('ping_from') ?? '',
    obproxy: textOf('obproxy'),
    congestionControl: number('cc') !== 0,
    latency: values.has('latency') ? number('latency') : -1,
  }
}
