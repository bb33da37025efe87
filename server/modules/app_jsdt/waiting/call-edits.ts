/** A call that is waited for, in the text of a function that can be left. */
import type { AnyNode, CallExpression } from 'acorn'
import type { Edit } from '../edits.ts'
import type { Token } from '../tokens.ts'
import type { Site } from './collect.ts'
import {
  AND_AWAIT,
  APPLY,
  APPLY_IF,
  AWAITED,
  AWAITS,
  CALL,
  CALL_IF,
  SUFFIX,
  TAKEN,
  VALUE,
  WAIT,
  WAITS,
} from './names.ts'
import type { Way } from './plan.ts'
import type { SourceTree } from './syntax.ts'

export type Opened = { readonly edits: readonly Edit[]; readonly close: readonly Edit[] }

export const insertAt = (at: number, insert: string): Edit => ({ start: at, end: at, insert })
const replaced = ({ start, end }: Token, insert: string): Edit => ({ start, end, insert })

/** What a call comes to: its value, or that of the wait. */
const ASKED = `===${WAIT}?yield:${VALUE})`
const DELEGATED = `===${WAIT}?yield*${TAKEN}():${VALUE})`

/** Why a call cannot be waited for where it stands; '' when it can. */
export function siteObstacle({ node, file, target }: Site): string {
  const { callee } = node
  const chain = file.parents.get(node)
  if (isInChain(node, file) && chain?.type !== 'ChainExpression')
    return 'something is taken of its value behind a ?.'
  if (target.kind === 'unit' && target.how !== 'call') return ''
  if (target.kind === 'ksr' && !target.path.includes(null)) return ''
  const isParenthesized = callee.start !== node.start
  if (callee.type === 'MemberExpression' && isParenthesized)
    return 'there are parentheses around its name'
  return ''
}

/** Is it a part of `a?.b()...`, and does the rest of that hang on it? */
function isInChain(node: CallExpression, { parents }: SourceTree): boolean {
  let at: AnyNode | undefined = node
  while (at !== undefined) {
    const parent = parents.get(at)
    if (parent?.type === 'ChainExpression') return at !== node
    const goesOn =
      (parent?.type === 'MemberExpression' && parent.object === at) ||
      (parent?.type === 'CallExpression' && parent.callee === at)
    if (!goesOn) return false
    at = parent
  }
  return false
}

/**
 * `way`: how it is waited for; `awaited`: the value of an async function is wanted; `semicolon`:
 * what keeps it from the line above.
 */
export function callEdits(site: Site, way: Way, awaited: boolean, semicolon: string): Opened {
  const { node, file, target } = site
  if (way === 'ksr') {
    const isThrough = target.kind === 'ksr' && target.how === 'call'
    return ksrCall(node, isThrough, semicolon)
  }
  if (target.kind === 'unit') {
    if (target.how === 'call') return throughCall(node, target.unit.async, semicolon)
    return unitCall(node, target.how, target.unit.async, semicolon)
  }
  return dynamicCall(node, file, semicolon, awaited ? AND_AWAIT : '')
}

/** `x = 1` and a line that begins with `(` would be one call. */
export function statementStart(node: AnyNode, { parents, program }: SourceTree): boolean {
  let at: AnyNode | undefined = node
  while (at !== undefined && at.type !== 'ExpressionStatement') {
    at = parents.get(at)
    if (at === undefined || at.start !== node.start) return false
  }
  const list = at && parents.get(at)
  return list === program || list?.type === 'BlockStatement' || list?.type === 'SwitchCase'
}

function ksrCall(node: CallExpression, isThrough: boolean, semicolon: string): Opened {
  const { callee, start, end } = node
  const named = isThrough && callee.type === 'MemberExpression' ? callee.object : callee
  const optional = named === callee && node.optional
  return {
    edits: [
      insertAt(start, `${semicolon}((${VALUE}=`),
      insertAt(named.end, `${optional ? '?.' : '.'}${WAITS}`),
    ],
    close: [insertAt(end, `)${ASKED}`)],
  }
}

function unitCall(
  node: CallExpression,
  how: 'name' | 'here',
  isAsync: boolean,
  semicolon: string,
): Opened {
  const { callee, start, end } = node
  const key = isAsync ? AWAITS : WAITS
  const close = [insertAt(end, ')')]
  if (how === 'here') return { edits: [insertAt(start, `${semicolon}(yield*`)], close }
  // Taken out of its object, so that it finds no `this`, as before.
  if (callee.start !== start)
    return {
      edits: [
        insertAt(start, `${semicolon}(yield*`),
        insertAt(callee.start, '0,'),
        insertAt(callee.end, `.${key}`),
      ],
      close,
    }
  return {
    edits: [insertAt(start, `${semicolon}(yield*(0,`), insertAt(callee.end, `.${key})`)],
    close,
  }
}

/** `f.call(self, x)` and `f.apply(self, list)`. */
function throughCall(node: CallExpression, isAsync: boolean, semicolon: string): Opened {
  const { callee, start, end } = node
  const object = callee.type === 'MemberExpression' ? callee.object : callee
  return {
    edits: [
      insertAt(start, `${semicolon}(yield*`),
      insertAt(object.end, `.${isAsync ? AWAITS : WAITS}`),
    ],
    close: [insertAt(end, ')')],
  }
}

function dynamicCall(
  node: CallExpression,
  file: SourceTree,
  semicolon: string,
  ending: string,
): Opened {
  const { callee, start, end } = node
  const { tokens } = file
  const open = openParenthesis(node, tokens)
  const comma = node.arguments.length > 0 ? ',' : ''
  const close = [insertAt(end, `)${DELEGATED}`)]
  const question = node.optional ? tokenBefore(tokens, open) : null
  const unquestioned = question === null ? [] : [replaced(question, '')]
  const isSuper = callee.type === 'MemberExpression' && callee.object.type === 'Super'
  if (callee.type !== 'MemberExpression' || isSuper) {
    const name = `${node.optional ? APPLY_IF : APPLY}${ending}`
    const self = isSuper ? 'this' : 'void 0'
    return {
      edits: [
        insertAt(start, `${semicolon}((${VALUE}=${name}(`),
        ...unquestioned,
        replaced(open, `,${self},${JSON.stringify(calledName(callee))}${comma}`),
      ],
      close,
    }
  }
  const { property, object } = callee
  if (property.type === 'PrivateIdentifier')
    return {
      edits: [insertAt(start, `${semicolon}(yield*`), insertAt(property.end, SUFFIX)],
      close: [insertAt(end, ')')],
    }
  const name = `${node.optional ? CALL_IF : CALL}${ending}`
  const mayBeMissing = callee.optional || hasQuestion(object)
  const before = mayBeMissing ? `((${VALUE}=` : `((${VALUE}=${name}(`
  const behind = mayBeMissing ? `)==null?void 0:(${VALUE}=${name}(${VALUE},` : ','
  const edits = [insertAt(start, `${semicolon}${before}`)]
  const dot = dotOf(callee.computed, object.end, property, tokens)
  for (const token of dot.slice(1)) edits.push(replaced(token, ''))
  edits.push(replaced(dot[0]!, behind))
  if (!callee.computed) edits.push(insertAt(property.start, '"'), insertAt(property.end, '"'))
  edits.push(...unquestioned, replaced(open, comma))
  return { edits, close }
}

/** What an error calls it. */
const calledName = (callee: AnyNode): string =>
  callee.type === 'Identifier' ? callee.name : 'what is called'

const hasQuestion = (node: AnyNode): boolean => {
  if (node.type === 'MemberExpression') return node.optional || hasQuestion(node.object)
  return node.type === 'CallExpression' && (node.optional || hasQuestion(node.callee))
}

/** The signs between an object and the name of its property, the one to be replaced first. */
function dotOf(
  isComputed: boolean,
  from: number,
  property: AnyNode,
  tokens: readonly Token[],
): Token[] {
  const signs = tokens.slice(firstAt(tokens, from), firstAt(tokens, property.start))
  if (!isComputed) return [signs.at(-1)!]
  // `o?.[k]` has two signs before the name, and one behind it.
  const bracket = signs.find(({ text }) => text === '[')!
  const question = signs.find(({ text }) => text === '?.')
  const close = tokens[bracket.partner]!
  return [bracket, ...(question === undefined ? [] : [question]), close]
}

function firstAt(tokens: readonly Token[], at: number): number {
  let low = 0
  let high = tokens.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (tokens[middle]!.start < at) low = middle + 1
    else high = middle
  }
  return low
}

export const tokenAt = (tokens: readonly Token[], at: number): Token | undefined =>
  tokens[firstAt(tokens, at)]

function openParenthesis({ end }: CallExpression, tokens: readonly Token[]): Token {
  const close = tokens[firstAt(tokens, end - 1)]!
  return tokens[close.partner]!
}

const tokenBefore = (tokens: readonly Token[], token: Token): Token =>
  tokens[firstAt(tokens, token.start) - 1]!

/** `await x` in an async function that is run step by step. */
export const awaitEdits = (node: AnyNode, semicolon: string): Opened => ({
  edits: [
    {
      start: node.start,
      end: node.start + 'await'.length,
      insert: `${semicolon}((${VALUE}=${AWAITED}(`,
    },
  ],
  close: [insertAt(node.end, `))${ASKED}`)],
})
