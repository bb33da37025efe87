/** Variables and format strings as JavaScript expressions. */
import { ALL_INDEXES, BadValue, NO_INDEX } from '../../core/module.ts'
import type { PvarEntry } from '../../core/registry.ts'
import type { Place } from '../1-read/source.ts'
import type { PvarNode } from '../2-parse/ast.ts'
import { PvarError, pvarAt } from '../2-parse/pvars.ts'
import { suggestion } from '../messages.ts'
import { formatsOf } from './handles.ts'
import type { Unit } from './unit.ts'

/** An emitted expression: its text and what is known of its type. */
export interface Js {
  readonly js: string
  readonly type: 'int' | 'string' | 'any'
  /** It calls a function that may end the script. */
  readonly calls: boolean
}

export const js = (text: string, type: Js['type'], calls = false): Js => ({ js: text, type, calls })
export const quote = (text: string): string => JSON.stringify(text)

/** The key and index arguments of a variable's get and set. */
function keyAndIndex(unit: Unit, node: PvarNode, entry: PvarEntry): string {
  let key = 'undefined'
  if (node.inner !== null && entry.row.nested !== undefined)
    key = nestedKey(unit, node, entry.row.nested)
  else if (node.inner !== null) {
    const inner = emitFormat(unit, node.inner, node.place)
    if (inner.constant === null)
      key =
        entry.row.parse === undefined ? inner.js : `${unit.constant(entry.row.parse)}(${inner.js})`
    else if (entry.row.parse === undefined) key = quote(inner.constant)
    else {
      try {
        key = unit.constant(entry.row.parse(inner.constant))
      } catch (error) {
        if (!(error instanceof BadValue)) throw error
        unit.report.add('CFG_PVAR_SYNTAX', node.place, node.text, error.message)
      }
    }
  }
  const { index } = node
  let at = String(NO_INDEX)
  if (index === '*') at = String(ALL_INDEXES)
  else if (typeof index === 'number') at = String(index)
  else if (index !== null) at = `int(${emitPvar(unit, index).js})`
  return `${key}, ${at}`
}

/** The handle or format that stands in the parentheses of $cnt(...) or $_s(...). */
function nestedKey(unit: Unit, node: PvarNode, kind: 'pvar' | 'format'): string {
  try {
    const formats = formatsOf(unit)
    return unit.constant(kind === 'pvar' ? formats.pvar(node.inner!) : formats.compile(node.inner!))
  } catch (error) {
    if (!(error instanceof BadValue)) throw error
    unit.report.add('CFG_PVAR_SYNTAX', node.place, node.text, error.message)
    return 'undefined'
  }
}

/** The registered variable behind a node, or null after reporting why there is none. */
function entryOf(unit: Unit, node: PvarNode) {
  const entry = unit.registry.pvar(node.name)
  if (entry === null) {
    const hint =
      suggestion(node.name, unit.registry.pvarNames()) || 'the module that has it may not be loaded'
    unit.report.add('CFG_UNKNOWN_PVAR', node.place, node.text, hint)
    return null
  }
  if (entry.row.inner === 'required' && node.inner === null) {
    unit.report.add('CFG_PVAR_SYNTAX', node.place, node.text, 'a name in parentheses is expected')
    return null
  }
  if (entry.row.inner === 'none' && node.inner !== null) {
    unit.report.add('CFG_PVAR_SYNTAX', node.place, node.text, 'it takes no name in parentheses')
    return null
  }
  return entry
}

const isVar = (node: PvarNode): boolean =>
  node.name === 'var' && node.inner !== null && !node.inner.includes('$') && node.index === null

export function emitPvar(unit: Unit, node: PvarNode): Js {
  if (node.name === 'null') return js('null', 'any')
  if (node.transformations.length === 0) {
    if (node.name === 'rc' || node.name === 'retcode' || node.name === '?') return js('m.rc', 'int')
    if (isVar(node) && unit.registry.pvar('var') !== null)
      return js(unit.variable(node.inner!), 'any')
  }
  let text: string
  if (isVar(node) && unit.registry.pvar('var') !== null) text = unit.variable(node.inner!)
  else {
    const entry = entryOf(unit, node)
    if (entry === null) return js('null', 'any')
    text = `${unit.pvar(entry)}(${unit.instance(entry.module)}, m, ${keyAndIndex(unit, node, entry)})`
  }
  for (const t of node.transformations) {
    const found = unit.registry.transformation(t.class, t.name)
    if (found === null) {
      const hint = suggestion(`${t.class}.${t.name}`, unit.registry.transformationNames())
      unit.report.add('CFG_UNKNOWN_TRANSFORMATION', node.place, `${t.class}.${t.name}`, hint)
      continue
    }
    const { minArgs, maxArgs, prepare } = found.row
    if (prepare !== undefined) {
      try {
        text = `${unit.constant(prepare(t.args.join(','), formatsOf(unit)))}(m, ${text})`
      } catch (error) {
        if (!(error instanceof BadValue)) throw error
        unit.report.add('CFG_PVAR_SYNTAX', node.place, node.text, error.message)
      }
      continue
    }
    if (t.args.length < minArgs || t.args.length > maxArgs) {
      unit.report.add(
        'CFG_PVAR_SYNTAX',
        node.place,
        node.text,
        `{${t.class}.${t.name}} takes ${minArgs} to ${maxArgs} parameters`,
      )
    }
    const args = t.args.map(
      arg => `, ${arg.includes('$') ? emitFormat(unit, arg, node.place).js : quote(arg)}`,
    )
    text = `${unit.transformation(found)}(${text}${args.join('')})`
  }
  return js(text, 'any')
}

/** The statement that assigns `value` to a variable; '' after reporting that it cannot be. */
export function emitAssign(unit: Unit, node: PvarNode, value: string): string {
  if (node.transformations.length > 0) {
    unit.report.add('CFG_NOT_WRITABLE', node.place, node.text)
    return ''
  }
  if (isVar(node) && unit.registry.pvar('var') !== null)
    return `${unit.variable(node.inner!)} = ${value} ?? 0`
  const entry = entryOf(unit, node)
  if (entry === null) return ''
  if (entry.row.set === undefined) {
    unit.report.add('CFG_NOT_WRITABLE', node.place, node.text)
    return ''
  }
  return `${unit.pvar(entry)}_set(${unit.instance(entry.module)}, m, ${value}, ${keyAndIndex(unit, node, entry)})`
}

export interface FormatJs {
  readonly js: string
  /** The text when it holds no variable, else null. */
  readonly constant: string | null
}

/** A string with variables as a concatenation; `$$` is a dollar sign. */
export function emitFormat(unit: Unit, text: string, place: Place): FormatJs {
  if (!text.includes('$')) return { js: quote(text), constant: text }
  const parts: string[] = []
  let literal = ''
  let dynamic = false
  const known = (name: string): boolean => unit.registry.pvar(name) !== null
  for (let at = 0; at < text.length; ) {
    const dollar = text.indexOf('$', at)
    literal += text.slice(at, dollar < 0 ? text.length : dollar)
    if (dollar < 0) break
    if (text[dollar + 1] === '$') {
      literal += '$'
      at = dollar + 2
      continue
    }
    let found: ReturnType<typeof pvarAt> = null
    try {
      found = pvarAt(text, dollar, place, known)
    } catch (error) {
      if (!(error instanceof PvarError)) throw error
      unit.report.add('CFG_PVAR_SYNTAX', place, text.slice(dollar), error.message)
    }
    if (found === null) {
      literal += '$'
      at = dollar + 1
      continue
    }
    if (literal !== '') parts.push(quote(literal))
    literal = ''
    dynamic = true
    parts.push(`show(${emitPvar(unit, found.node).js})`)
    at = found.end
  }
  if (literal !== '') parts.push(quote(literal))
  if (!dynamic) return { js: quote(literal), constant: literal }
  return { js: parts.length === 1 ? parts[0]! : `(${parts.join(' + ')})`, constant: null }
}
