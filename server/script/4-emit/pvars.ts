/** Variables and strings with variables as JavaScript. */
import type { PvarEntry } from '../../core/registry.ts'
import type { Place } from '../1-read/source.ts'
import type { PvarNode, TransformationNode } from '../2-parse/ast.ts'
import type { FormatPart } from '../2-parse/formats.ts'
import { type PvarKey, resolvePvar } from '../3-check/pvars.ts'
import {
  asInt,
  identifierPart,
  type Js,
  js,
  literal,
  nameAfter,
  PRIMARY,
  primary,
  quote,
  SUM,
  within,
} from './js.ts'
import { readPerCall } from '../5-run/per-call.ts'
import type { Unit } from './unit.ts'

/** The value of a variable. */
export function emitPvar(unit: Unit, node: PvarNode): Js {
  const resolved = resolvePvar(unit.ctx.registry, node)
  if (resolved === null) return primary('null', 'any')
  let value: Js
  if (resolved.how === 'null') value = primary('null', 'any')
  else if (resolved.how === 'rc') value = primary('m.rc', 'int')
  else if (resolved.how === 'var') value = primary(unit.variable(resolved.name), 'some')
  else value = emitRow(unit, node, resolved.entry, resolved.key)
  for (const each of node.transformations) value = emitTransformation(unit, value, each)
  return value
}

/** What a variable that tells where it stands is there; undefined for all others. */
function placedValue(unit: Unit, node: PvarNode, entry: PvarEntry, key: PvarKey): Js | undefined {
  const { placed, parse } = entry.row
  if (placed === undefined || key.how !== 'text') return undefined
  const value = placed(parse === undefined ? key.text : parse(key.text), unit.placeWithin(node.at))
  return value === null ? primary('null', 'any') : literal(value)
}

/**
 * With a fixed name and index it becomes a function of its own, `$hdr_Event(m)`, which reads well
 * and inlines well.
 */
function emitRow(unit: Unit, node: PvarNode, entry: PvarEntry, key: PvarKey): Js {
  const placed = placedValue(unit, node, entry, key)
  if (placed !== undefined) return placed
  const get = unit.getter(entry)
  const self = unit.self(entry.module)
  const index = emitIndex(unit, node)
  const keyCode = emitKey(unit, entry, key)
  const access = `${get}(${self}, m, ${keyCode}, ${index})`
  const fixedIndex = node.index === null || typeof node.index !== 'object'
  if (key.how === 'format' && entry.row.parse !== undefined) {
    // A name that is put together may be none: there is nothing under it then.
    const body = `(m, key, index) => key === BAD ? null : ${get}(${self}, m, key, index)`
    const wanted = `$${identifierPart(node.name)}_named`
    const name = unit.once(`pvar ${body}`, wanted, id => `const ${id} = ${body};`)
    return primary(`${name}(m, ${keyCode}, ${index})`, 'any')
  }
  if (key.how === 'format' || !fixedIndex) return primary(access, 'any')
  const place = node.index === null ? '' : `_${index}`
  const wanted = `$${identifierPart(`${node.name}_${node.inner ?? ''}${place}`)}`
  const name = unit.once(`pvar ${access}`, wanted, id => `const ${id} = m => ${access};`)
  return primary(`${name}(m)`, 'any')
}

function emitKey(unit: Unit, entry: PvarEntry, key: PvarKey): string {
  const { parse } = entry.row
  const wanted = (text: string): string => `key_${identifierPart(`${entry.name}_${text}`)}`
  switch (key.how) {
    case 'none':
      return 'undefined'
    case 'text':
      if (parse === undefined) return quote(key.text)
      return unit.made(`key ${entry.name} ${key.text}`, wanted(key.text), () => parse(key.text))
    case 'compiled': {
      const { compile } = entry.row
      const name = `key ${entry.name} ${key.text}`
      return unit.made(name, wanted(key.text), env => compile!(key.text, env.formats))
    }
    case 'pvar':
      return emitHandle(unit, key.node)
    case 'nested':
      return emitTextFunction(unit, key.parts)
    case 'format': {
      const [first] = key.parts
      const { parseValue } = entry.row
      if (parseValue !== undefined && key.parts.length === 1 && typeof first === 'object') {
        const code = emitPvar(unit, first).code
        const made = `read_${identifierPart(entry.name)}_value`
        return `${unit.made(`read ${made} ${code}`, made, () => readPerCall(parseValue))}(${code})`
      }
      const text = emitFormat(unit, key.parts).code
      if (parse === undefined) return text
      const name = identifierPart(entry.name)
      const read = unit.made(`read ${name} ${text}`, `read_${name}`, () => readPerCall(parse))
      return `${read}(${text})`
    }
  }
}

function emitIndex(unit: Unit, node: PvarNode): string {
  const { index } = node
  if (index === null) return 'NONE'
  if (index === 'all') return 'ALL'
  if (typeof index === 'number') return String(index)
  unit.helper('int')
  return asInt(emitPvar(unit, index)).code
}

function emitTransformation(unit: Unit, value: Js, node: TransformationNode): Js {
  const entry = unit.ctx.registry.transformation(node.group, node.name)!
  const { prepare } = entry.row
  const wanted = `${identifierPart(entry.class)}_${identifierPart(entry.name)}`
  if (prepare !== undefined) {
    const key = `prepared ${wanted} ${node.written}`
    const prepared = unit.made(key, wanted, env => prepare(node.written, env.formats))
    return primary(`${prepared}(m, ${value.code})`, 'any')
  }
  const run = unit.transformation(entry)
  const args = node.args.map(arg => {
    if (typeof arg === 'string') return quote(arg)
    return `${unit.helper('str')}(${emitPvar(unit, arg).code})`
  })
  return primary(`${run}(${[value.code, ...args].join(', ')})`, 'any')
}

/**
 * The string that a format makes; absent values show as <null>, a transformation that failed as
 * nothing.
 */
export function emitFormat(unit: Unit, parts: readonly FormatPart[]): Js {
  const pieces = parts.map(part => {
    if (typeof part === 'string') return literal(part)
    const show = part.transformations.length > 0 ? 'str' : 'show'
    return primary(`${unit.helper(show)}(${emitPvar(unit, part).code})`, 'str')
  })
  if (pieces.length === 0) return literal('')
  if (pieces.length === 1) return pieces[0]!
  return js(pieces.map(piece => within(piece, SUM)).join(' + '), 'str', SUM)
}

/** A function of the message in the header, for whoever decides itself when to evaluate. */
export function emitTextFunction(
  unit: Unit,
  parts: readonly FormatPart[],
  at: Place | null = null,
): string {
  const { code } = emitFormat(unit, parts)
  const plain = `m => ${code}`
  const place = at === null ? '' : JSON.stringify(unit.placeOf(at))
  const made = at === null ? plain : `Object.assign(${plain}, { at: ${place} })`
  const words = parts.map(part => (typeof part === 'string' ? part : part.text))
  const wanted = nameAfter('text', words.join(' '))
  return unit.once(`text ${made}`, wanted, name => `const ${name} = ${made};`)
}

/** A variable as an object with get and set. */
export function emitHandle(unit: Unit, node: PvarNode): string {
  const get = emitPvar(unit, node).code
  const set = emitAssignment(unit, node, primary('value', 'any'))
  const setter = set === null ? 'null' : `(m, value) => ${set}`
  const wanted = `handle_${identifierPart(node.text)}`
  const fields = `text: ${quote(node.text)}, get: m => ${get}, set: ${setter}`
  return unit.once(`handle ${node.text}`, wanted, name => `const ${name} = { ${fields} };`)
}

/** Can the variable refuse a value? */
export function mayRefuse(unit: Unit, node: PvarNode): boolean {
  return resolvePvar(unit.ctx.registry, node)?.how === 'row'
}

/** Does it take texts alone? */
export function takesText(unit: Unit, node: PvarNode): boolean {
  const resolved = resolvePvar(unit.ctx.registry, node)
  return resolved?.how === 'row' && resolved.entry.row.takesText === true
}

/** The code that gives a variable a value; null when it cannot be assigned to. */
export function emitAssignment(unit: Unit, node: PvarNode, value: Js): string | null {
  const resolved = resolvePvar(unit.ctx.registry, node)
  if (resolved === null || node.transformations.length > 0) return null
  // $var(x) is never null: nothing makes it 0.
  if (resolved.how === 'var') {
    const code = value.type === 'any' ? `${within(value, PRIMARY)} ?? 0` : value.code
    return `${unit.variable(resolved.name)} = ${code}`
  }
  if (resolved.how !== 'row' || resolved.entry.row.set === undefined) return null
  const { entry, key } = resolved
  const set = `${unit.setter(entry)}(${unit.self(entry.module)}, m, `
  const given = `${value.code}, ${emitKey(unit, entry, key)}, ${emitIndex(unit, node)}`
  if (key.how !== 'format' || entry.row.parse === undefined) return `${set}${given})`
  const body = `(m, value, key, index) => key !== BAD && ${set}value, key, index)`
  const wanted = `set_${identifierPart(node.name)}_named`
  const name = unit.once(`set ${body}`, wanted, id => `const ${id} = ${body};`)
  return `${name}(m, ${given})`
}
