/** Expressions: one table of precedence, the operands, casts and the functions of the language. */
import { span, type Place } from '../1-read/source.ts'
import { CONDITION_WORDS, type Token } from '../1-read/tokens.ts'
import type { AssignNode, BinaryOperator, Expression, PvarNode, UnaryOperator } from './ast.ts'
import { parseCommand } from './commands.ts'
import { parseComparison } from './conditions.ts'
import { COMPARISON, found, type Parser } from './parser.ts'
import { BadPvar, readPvar } from './pvars.ts'

/** Higher binds tighter. `| & ^` bind looser than `==`, which surprises those who come from C. */
const PRECEDENCE: Record<string, number> = {
  '||': 1,
  or: 1,
  '&&': 2,
  and: 2,
  '|': 3,
  '&': 4,
  '^': 5,
  '<<': 6,
  '>>': 7,
  '==': COMPARISON,
  '!=': COMPARISON,
  '=~': COMPARISON,
  eq: COMPARISON,
  ne: COMPARISON,
  ieq: COMPARISON,
  ine: COMPARISON,
  '<': 9,
  '>': 9,
  '<=': 9,
  '>=': 9,
  '+': 10,
  '-': 10,
  '*': 11,
  '/': 11,
  mod: 11,
}

/** Operands in a row: what walks the tree goes one level down for each. */
const MAX_LENGTH = 1000

const SPELLINGS: Record<string, BinaryOperator> = { or: '||', and: '&&' }
const PREFIXES: Record<string, UnaryOperator> = { '!': '!', not: '!', '-': '-', '~': '~' }

/** A whole expression, as a condition or a value. */
export function parseExpression(p: Parser): Expression {
  return p.nested(() => parseBinary(p, 1))
}

/** An expression of operators that bind at least this tightly. */
export function parseBinary(p: Parser, minimum: number): Expression {
  let left = parseUnary(p)
  for (let length = 0; ; length++) {
    if (length > MAX_LENGTH) p.fail(p.token, 'CFG_DEPTH', MAX_LENGTH)
    const operator = binaryOperator(p)
    const precedence = operator === null ? 0 : PRECEDENCE[operator]!
    if (operator === null || precedence < minimum) return left
    p.take()
    // All binary operators group from the left.
    const right = p.nested(() => parseBinary(p, precedence + 1))
    left = {
      kind: 'binary',
      operator: SPELLINGS[operator] ?? (operator as BinaryOperator),
      left,
      right,
      at: span(left.at, right.at),
    }
  }
}

/** The operator here, as it is spelled; null when there is none. */
function binaryOperator(p: Parser): string | null {
  const { token } = p
  if (token.kind !== 'punctuation' && token.kind !== 'word') return null
  return Object.hasOwn(PRECEDENCE, token.text) ? token.text : null
}

function parseUnary(p: Parser): Expression {
  const { token } = p
  const operator = token.kind === 'punctuation' || p.is('not') ? PREFIXES[token.text] : undefined
  if (operator !== undefined) {
    p.take()
    const operand = p.nested(() => parseUnary(p))
    return { kind: 'unary', operator, operand, at: span(token, operand.at) }
  }
  if (token.kind === 'word' && token.text === 'defined') {
    p.take()
    const operand = p.nested(() => parseUnary(p))
    return { kind: 'unary', operator: 'defined', operand, at: span(token, operand.at) }
  }
  return parseOperand(p)
}

function parseOperand(p: Parser): Expression {
  const { token } = p
  switch (token.kind) {
    case 'number':
      p.take()
      return { kind: 'number', value: token.value, at: token }
    case 'string':
      p.take()
      return { kind: 'text', value: token.text, at: token }
    case 'pvar':
    case 'attribute':
      return parsePvar(p)
    case 'select':
      p.take()
      return { kind: 'select', path: token.text.slice(1), at: token }
    case 'word':
      return parseWord(p, token)
    default:
      if (p.is('(')) return parseParenthesized(p)
      if (p.is('{')) return { kind: 'block', body: p.block(), at: span(token, p.last) }
      return p.fail(token, 'CFG_SYNTAX', found(token), 'a value')
  }
}

/** The variable here. */
export function parsePvar(p: Parser): PvarNode {
  const token = p.take()
  if (token.kind === 'attribute') return attribute(token)
  try {
    return readPvar(token.text, token, token.note === 'compat')
  } catch (error) {
    if (!(error instanceof BadPvar)) throw error
    return p.fail(within(token, error.at), 'CFG_BAD_VALUE', error.message, error.hint)
  }
}

/** SER's `%name` and `$f.name` are attributes that AVPs replaced. */
function attribute(token: Token): PvarNode {
  return {
    kind: 'pvar',
    name: 'avp',
    inner: token.text.slice(1),
    index: null,
    transformations: [],
    text: token.text,
    compat: false,
    at: token,
  }
}

/** The rest of a token from an offset in it, as far as the token stands in the file as it is. */
function within(token: Token, offset: number): Place {
  const start = token.end - token.start === token.text.length ? token.start + offset : token.start
  return { file: token.file, start, end: token.end }
}

/** `( ... )`, the casts `(int)` and `(str)`, and `($var(x) = value)`. */
function parseParenthesized(p: Parser): Expression {
  const open = p.expect('(')
  const { token } = p
  // A cast is one word with its parentheses.
  const cast = token.kind === 'word' && (token.text === 'int' || token.text === 'str')
  const close = p.ahead(1)
  if (cast && close.text === ')' && open.end === token.start && token.end === close.start) {
    p.take()
    p.take()
    const operand = p.nested(() => parseUnary(p))
    return {
      kind: 'unary',
      operator: token.text as UnaryOperator,
      operand,
      at: span(open, operand.at),
    }
  }
  const inside = parseExpression(p)
  const value = p.is('=') && inside.kind === 'pvar' ? parseAssignment(p, inside) : inside
  p.expect(')')
  return value
}

/** From the `=` on. */
export function parseAssignment(p: Parser, target: PvarNode): AssignNode {
  p.expect('=')
  const value = parseExpression(p)
  return { kind: 'assign', target, value, at: span(target.at, value.at) }
}

function parseWord(p: Parser, token: Token): Expression {
  if (CONDITION_WORDS.includes(token.text) && p.ahead(1).text !== '(') return parseComparison(p)
  switch (token.text) {
    case 'strlen':
    case 'strempty': {
      p.take()
      p.expect('(')
      const operand = parseExpression(p)
      const close = p.expect(')')
      return { kind: 'unary', operator: token.text, operand, at: span(token, close) }
    }
    case 'selval':
      return parseChoice(p)
    default:
      return parseCommand(p)
  }
}

function parseChoice(p: Parser): Expression {
  const start = p.take()
  p.expect('(')
  const condition = parseExpression(p)
  p.expect(',')
  const yes = parseExpression(p)
  p.expect(',')
  const no = parseExpression(p)
  const close = p.expect(')')
  return { kind: 'choice', condition, yes, no, at: span(start, close) }
}
