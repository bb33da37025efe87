/**
 * @hf_value.name[i]: the values of headers that are lists, counted over all headers of the name.
 */
import { findHeaders, headerName } from '../../../sip/header-match.ts'
import { parseNameAddress } from '../../../sip/header/address.ts'
import { splitList } from '../../../sip/header/list.ts'
import type { SipMessage } from '../../../sip/message.ts'
import { findParam } from '../../../sip/uri.ts'
import { orNull, type Root, type Select, type Step } from './step.ts'

function valuesOf(msg: SipMessage, name: string): string[] {
  return findHeaders(msg, headerName(name)).flatMap(at => splitList(msg.bodyAt(at)))
}

/** `["Name"]` or the next step, in which an underscore is a hyphen. */
function nameAndRest(
  step: Step,
  rest: readonly Step[],
): { name: string; index: number | null; rest: readonly Step[] } | null {
  const [key] = step.keys
  if (typeof key === 'string') {
    const index = step.keys[1]
    return { name: key, index: typeof index === 'number' ? index : null, rest }
  }
  const next = rest[0]
  if (next === undefined) return null
  const [index] = next.keys
  return {
    name: next.name.replaceAll('_', '-'),
    index: typeof index === 'number' ? index : null,
    rest: rest.slice(1),
  }
}

/** Asks each chosen value for a part; several answers are joined by commas. */
const over =
  (name: string, index: number | null, get: (value: string) => string | null): Select =>
  (_core, msg) => {
    const values = valuesOf(msg, name)
    if (index !== null) {
      const value = index === 0 ? undefined : values.at(index > 0 ? index - 1 : index)
      return value === undefined ? null : get(value)
    }
    if (values.length === 0) return null
    return values.map(value => get(value) ?? '').join(',')
  }

/** The parameters of a value, behind its bracket if it has one. */
function paramOf(value: string, name: string): string | null {
  const bracket = value.indexOf('>')
  const semicolon = value.indexOf(';', bracket < 0 ? 0 : bracket)
  if (semicolon < 0) return null
  const found = findParam(value.slice(semicolon + 1), name)
  return found === null ? null : found.replace(/^"(.*)"$/, '$1')
}

const bareDisplay = (value: string): string =>
  (parseNameAddress(value)?.display ?? '').replace(/^"(.*)"$/, '$1')

function partOf(step: Step, rest: readonly Step[]): ((value: string) => string | null) | null {
  if (rest.length > 1) return null
  switch (step.name) {
    case 'uri':
      return value => parseNameAddress(value)?.uri ?? null
    case 'name':
      return bareDisplay
    case 'nameaddr':
      return value => (value.includes('<') ? value.slice(0, value.indexOf('>') + 1) : value)
    case 'param':
    case 'p': {
      const name = step.keys[0] ?? rest[0]?.name
      return name === undefined ? null : value => paramOf(value, String(name))
    }
    default:
      return value => paramOf(value, step.name)
  }
}

const headerValue: Root = (step, rest) => {
  const found = nameAndRest(step, rest)
  if (found === null) return null
  const [next] = found.rest
  if (next === undefined) return over(found.name, found.index, value => value)
  const part = partOf(next, found.rest.slice(1))
  return part === null ? null : over(found.name, found.index, part)
}

/** `hf_value_exists["Supported"].path`: 1 when the header has this value. */
const exists: Root = (step, rest) => {
  const found = nameAndRest(step, rest)
  const wanted = found?.rest[0]?.name ?? step.keys[1]
  if (found === null || wanted === undefined) return null
  return (_core, msg) =>
    valuesOf(msg, found.name).some(value => value.split(';')[0]!.trim() === wanted) ? '1' : '0'
}

/** `hf_value2.name[i]`: headers whose value holds commas of its own, as credentials do. */
const wholeValue: Root = (step, rest) => {
  const found = nameAndRest(step, rest)
  if (found === null || found.rest.length > 0) return null
  const index = found.index ?? 1
  return (_core, msg) => {
    const all = findHeaders(msg, headerName(found.name))
    const at = index === 0 ? undefined : all.at(index > 0 ? index - 1 : index)
    return at === undefined ? null : orNull(msg.bodyAt(at))
  }
}

export const headerValueSelects: Record<string, Root> = {
  hf_value: headerValue,
  hf_value_exists: exists,
  hf_value2: wholeValue,
}
