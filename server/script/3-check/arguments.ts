/**
 * Arguments of config functions: what each becomes, decided once for the check and for the emitted
 * code.
 */
import { type Arg, BadValue, type RouteKind } from '../../core/module/index.ts'
import type { CallNode, Expression, PvarNode } from '../2-parse/ast.ts'
import { constantText, type FormatPart, readFormat } from '../2-parse/formats.ts'
import { BadPvar, readPvar } from '../2-parse/pvars.ts'
import { constantOf } from './static-types.ts'
import { type DeclaredNames, writtenPlan } from './written.ts'

export type ArgPlan =
  | { readonly how: 'literal'; readonly value: string | number }
  /** forward(uri:host, uri:port): of the request URI in force. */
  | { readonly how: 'uriPart'; readonly part: 'host' | 'port' }
  /** A text with variables, put together per call. */
  | { readonly how: 'format'; readonly parts: readonly FormatPart[] }
  /** The same, handed over as a function. */
  | { readonly how: 'lazy'; readonly parts: readonly FormatPart[] }
  /** An expression as text, as number. */
  | { readonly how: 'text'; readonly value: Expression }
  | { readonly how: 'number'; readonly value: Expression }
  | { readonly how: 'numberFormat'; readonly parts: readonly FormatPart[] }
  /**
   * Read by the argument's own parser: at load, or per call of a text that is put together then.
   */
  | { readonly how: 'parsed'; readonly text: string }
  | { readonly how: 'parsedFormat'; readonly parts: readonly FormatPart[] }
  | { readonly how: 'parsedExpression'; readonly value: Expression }
  | { readonly how: 'pvar'; readonly node: PvarNode }
  /** A route block; '' takes it back. */
  | { readonly how: 'route'; readonly kind: RouteKind; readonly name: string }
  | { readonly how: 'routeFormat'; readonly kind: RouteKind; readonly parts: readonly FormatPart[] }

/** What is wrong with an argument. */
export type ArgProblem = 'not constant' | 'no variable' | 'no number' | 'no flag'

/** The constant text of an argument: literals and words. */
export function argumentText(node: Expression): string | null {
  if (node.kind === 'word') return node.value
  const value = constantOf(node)
  return value === null ? null : String(value)
}

/**
 * Throws BadPvar where a text with variables is malformed, BadValue where it is written wrongly.
 */
export function planArgument(
  call: CallNode,
  index: number,
  arg: Arg<unknown>,
  names: DeclaredNames,
): ArgPlan | ArgProblem {
  const node = call.args[index]!
  if (arg.written !== undefined) return writtenPlan(call, node, arg, names)
  const text = argumentText(node)
  switch (arg.kind) {
    case 'text':
      if (text !== null) return { how: 'literal', value: text }
      return arg.computed === true ? { how: 'text', value: node } : 'not constant'
    case 'format':
      return text === null ? { how: 'text', value: node } : formatPlan(text, node)
    case 'lazyFormat':
      if (text === null) return 'not constant'
      return { how: 'lazy', parts: readFormat(text, node.at) }
    case 'int':
      return text === null ? { how: 'number', value: node } : numberPlan(text, node)
    case 'parsed':
      return parsedPlan(arg, text, node)
    case 'pvar':
      if (node.kind === 'pvar') return { how: 'pvar', node }
      if (text === null || text[0] !== '$') return 'no variable'
      return { how: 'pvar', node: readPvar(text, node.at) }
    case 'route':
      return routePlan(arg.routeKind ?? 'route', text, node)
  }
}

function formatPlan(text: string, node: Expression): ArgPlan {
  const parts = readFormat(text, node.at)
  const constant = constantText(parts)
  return constant === null ? { how: 'format', parts } : { how: 'literal', value: constant }
}

function numberPlan(text: string, node: Expression): ArgPlan | ArgProblem {
  if (text.includes('$')) return { how: 'numberFormat', parts: readFormat(text, node.at) }
  if (!/^\s*[-+]?(\d+|0x[0-9a-f]+)\s*$/i.test(text)) return 'no number'
  return { how: 'literal', value: Number(text) | 0 }
}

function parsedPlan(
  arg: Arg<unknown>,
  text: string | null,
  node: Expression,
): ArgPlan | ArgProblem {
  if (text === null) {
    const perCall = arg.dynamic === true || arg.computed === true
    return perCall ? { how: 'parsedExpression', value: node } : 'not constant'
  }
  if (arg.dynamic !== true || !text.includes('$')) return { how: 'parsed', text }
  const parts = readFormat(text, node.at)
  const constant = constantText(parts)
  return constant === null ? { how: 'parsedFormat', parts } : { how: 'parsed', text: constant }
}

function routePlan(kind: RouteKind, text: string | null, node: Expression): ArgPlan | ArgProblem {
  if (text === null) {
    if (node.kind !== 'pvar') return 'not constant'
    return { how: 'routeFormat', kind, parts: [node] }
  }
  const parts = readFormat(text, node.at)
  const name = constantText(parts)
  if (name === null) return { how: 'routeFormat', kind, parts }
  return { how: 'route', kind, name: name === '0' ? '' : name }
}

/**
 * The sentence for what an argument's own parser threw; rethrows what is no fault of the config.
 */
export function refusal(error: unknown): { text: string; hint: string } {
  if (error instanceof BadValue || error instanceof BadPvar)
    return { text: error.message, hint: error.hint }
  throw error
}
