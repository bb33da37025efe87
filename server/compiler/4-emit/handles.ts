/** Variables and strings with variables that are no part of the emitted text: arguments that are places, parameters, log_prefix. */
import type { Formats } from '../../core/core.ts'
import {
  ALL_INDEXES,
  BadValue,
  type Format,
  NO_INDEX,
  type PvHandle,
  type PvValue,
} from '../../core/module.ts'
import type { SipMessage } from '../../sip/message.ts'
import { type Place, SourceFile } from '../1-read/source.ts'
import type { PvarNode } from '../2-parse/ast.ts'
import { PvarError, parsePvar, pvarAt } from '../2-parse/pvars.ts'
import { int, show, str } from '../5-run/runtime.ts'
import type { Unit } from './unit.ts'

/** The handle of a variable; throws BadValue when it is unknown. Instances are looked up at the first use. */
export function handleOf(unit: Unit, node: PvarNode): PvHandle {
  const entry = unit.registry.pvar(node.name)
  if (entry === null) throw new BadValue(`unknown pseudo-variable ${node.text}`)
  const { row } = entry
  const inner = node.inner
  const parse = row.parse ?? ((text: string): unknown => text)
  let key: unknown
  let dynamic: ((m: SipMessage) => string) | null = null
  if (inner !== null && row.nested !== undefined) {
    const formats = formatsOf(unit)
    key = row.nested === 'pvar' ? formats.pvar(inner) : formats.compile(inner)
  } else if (inner !== null) {
    const format = compileFormatWith(unit, inner, node.place)
    if (typeof format === 'string') key = parse(format)
    else dynamic = format
  }
  const keyFor = (m: SipMessage): unknown => (dynamic === null ? key : parse(dynamic(m)))
  const indexHandle =
    typeof node.index === 'object' && node.index !== null ? handleOf(unit, node.index) : null
  const fixed =
    node.index === '*' ? ALL_INDEXES : typeof node.index === 'number' ? node.index : NO_INDEX
  const indexFor = (m: SipMessage): number =>
    indexHandle === null ? fixed : int(indexHandle.get(m))
  const steps = node.transformations.map(t => {
    const found = unit.registry.transformation(t.class, t.name)
    if (found === null) throw new BadValue(`unknown transformation {${t.class}.${t.name}}`)
    if (found.row.prepare !== undefined) return found.row.prepare(t.args.join(','), formatsOf(unit))
    const args = t.args.map(arg => compileFormatWith(unit, arg, node.place))
    return (m: SipMessage, value: PvValue): PvValue =>
      found.row.run(value, ...args.map(arg => (typeof arg === 'string' ? arg : arg(m))))
  })
  const self = (): unknown => unit.instanceOf(entry.module)
  const set = row.set
  return {
    text: node.text,
    get: m => {
      let value: PvValue = row.get(self(), m, keyFor(m), indexFor(m))
      for (const step of steps) value = step(m, value)
      return value
    },
    set:
      set === undefined || steps.length > 0
        ? null
        : (m, value) =>
            set(
              self(),
              m,
              typeof value === 'number' ? value : value === null ? null : str(value),
              keyFor(m),
              indexFor(m),
            ),
  }
}

/** A constant text, or a function of the message. Throws PvarError or BadValue. */
export function compileFormatWith(unit: Unit, text: string, place: Place): string | Format {
  if (!text.includes('$')) return text
  const known = (name: string): boolean => unit.registry.pvar(name) !== null
  const parts: (string | PvHandle)[] = []
  let literal = ''
  for (let at = 0; at < text.length; ) {
    const dollar = text.indexOf('$', at)
    literal += text.slice(at, dollar < 0 ? text.length : dollar)
    if (dollar < 0) break
    const found = text[dollar + 1] === '$' ? null : pvarAt(text, dollar, place, known)
    if (found === null) {
      literal += '$'
      at = dollar + (text[dollar + 1] === '$' ? 2 : 1)
      continue
    }
    if (literal !== '') parts.push(literal)
    literal = ''
    parts.push(found.node.name === 'null' ? nullHandle : handleOf(unit, found.node))
    at = found.end
  }
  if (literal !== '') parts.push(literal)
  if (parts.every(part => typeof part === 'string')) return parts.join('')
  return (m: SipMessage): string => {
    let out = ''
    for (const part of parts) out += typeof part === 'string' ? part : show(part.get(m))
    return out
  }
}

const nullHandle: PvHandle = { text: '$null', get: (): PvValue => null, set: null }

const PARAMETER = { file: new SourceFile('parameter', ''), offset: 0 }

/** Formats and variables of parameters, compiled against the same registry and instances as the script. */
export function formatsOf(unit: Unit): Formats {
  const guarded = <T>(make: () => T): T => {
    try {
      return make()
    } catch (error) {
      if (error instanceof PvarError) throw new BadValue(error.message)
      throw error
    }
  }
  return {
    compile: (text: string): Format => {
      const format = guarded(() => compileFormatWith(unit, text, PARAMETER))
      return typeof format === 'string' ? () => format : format
    },
    pvar: (text: string): PvHandle =>
      guarded(() =>
        handleOf(
          unit,
          parsePvar(text, PARAMETER, () => true),
        ),
      ),
  }
}
