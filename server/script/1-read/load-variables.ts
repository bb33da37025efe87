/**
 * The variables that have a value before any message is there: in modparamx(), loadmodulex and the
 * replacements of #!subst and its kin.
 */
import { hostname } from 'node:os'
import type { PvValue } from '../../core/module/index.ts'
import type { PvarNode, TransformationNode } from '../2-parse/ast.ts'
import { BadPvar, PvarReader } from '../2-parse/pvars.ts'
import type { Defines } from './defines.ts'
import type { Place } from './source.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Applies one transformation; undefined when there is none of that name yet. */
export type Transform = (value: PvValue, node: TransformationNode) => PvValue | undefined

export interface LoadValues {
  readonly env: Environment
  readonly defines: Defines
  readonly transform: Transform
  /** Told of a variable that has no value yet: its name stays in the text. */
  unknown(name: string): void
}

/** What Kamailio this speaks as. */
const LANGUAGE = '5.6.3'

/**
 * The text with its variables filled in: `$env(X)`, `$def(X)`, `$HN(f)`, `$version(num)`, with
 * transformations; what is not set is nothing. A backslash before a dollar sign keeps it.
 */
export function withLoadVariables(text: string, values: LoadValues, place: Place): string {
  let result = ''
  let at = 0
  for (let dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', at)) {
    result += text.slice(at, dollar)
    at = dollar + 1
    if (text[dollar - 1] === '\\') result += '$'
    else if (text[at] === '$') {
      result += '$$'
      at++
    } else {
      const reader = new PvarReader(text, dollar, place)
      const value = read(reader, values)
      result += value ?? text.slice(dollar, reader.at)
      at = reader.at
    }
  }
  return result + text.slice(at)
}

/** Null when the variable has no value yet, or is none. */
function read(reader: PvarReader, values: LoadValues): string | null {
  const start = reader.at
  let node: PvarNode
  try {
    node = reader.read()
  } catch (error) {
    if (!(error instanceof BadPvar)) throw error
    reader.at = start + 1
    return null
  }
  let value = valueOf(node, values)
  for (const each of node.transformations)
    if (value !== undefined) value = values.transform(value, each)
  if (value === undefined) values.unknown(node.text)
  return value === undefined ? null : String(value ?? '')
}

function valueOf(node: PvarNode, { env, defines }: LoadValues): PvValue | undefined {
  const key = (node.inner ?? '').trim()
  switch (node.name) {
    case 'env':
      return env[key] ?? null
    case 'envn':
      return number(env[key])
    case 'def':
      return defines.get(key)?.text ?? null
    case 'defn':
      return number(defines.get(key)?.text)
    case 'version':
      return key === 'num' ? LANGUAGE : undefined
    case 'HN':
      return nameOfMachine(key)
    default:
      return undefined
  }
}

const number = (text: string | undefined): number => Number.parseInt(text ?? '', 10) | 0

/** As $HN of module ipops: n is the name, f the name with its domain, d the domain. */
function nameOfMachine(which: string): string | undefined {
  const full = hostname()
  const dot = full.indexOf('.')
  if (which === 'f') return full
  if (which === 'n') return dot < 0 ? full : full.slice(0, dot)
  if (which === 'd') return dot < 0 ? '' : full.slice(dot + 1)
  return undefined
}
