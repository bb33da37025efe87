/**
 * What is known of an expression before anything runs: its type, and its value when it is constant.
 */
import type { BinaryNode, Expression, UnaryNode } from '../2-parse/ast.ts'
import { toInt, toStr } from '../5-run/convert.ts'
import { calculate } from '../integers.ts'

/** `any` is a variable's: only the message tells. */
export type Type = 'int' | 'str' | 'any'

/** Operators whose both sides are integers. */
const INTEGER = new Set([
  '||',
  '&&',
  '|',
  '&',
  '^',
  '<<',
  '>>',
  '<',
  '>',
  '<=',
  '>=',
  '-',
  '*',
  '/',
  'mod',
])

export const takesIntegers = (operator: string): boolean => INTEGER.has(operator)

/** Is it $null? */
export const isNull = (node: Expression): boolean =>
  node.kind === 'pvar' && node.name === 'null' && node.inner === null && node.index === null

export function typeOf(node: Expression): Type {
  switch (node.kind) {
    case 'text':
    case 'word':
    case 'network':
    case 'select':
      return 'str'
    case 'pvar':
    case 'choice':
      return 'any'
    case 'binary':
      if (node.operator !== '+') return 'int'
      return typeOf(node.left)
    case 'unary':
      return node.operator === 'str' ? 'str' : 'int'
    case 'condition':
      return ['method', 'uri', 'from_uri', 'to_uri', 'status'].includes(node.name) ? 'str' : 'int'
    default:
      return 'int'
  }
}

/** The value of a constant expression; null when it is not constant, or fails (a division by 0). */
export function constantOf(node: Expression): number | string | null {
  switch (node.kind) {
    case 'number':
    case 'text':
      return node.value
    case 'unary':
      return unary(node)
    case 'binary':
      return binary(node)
    default:
      return null
  }
}

/**
 * The other operand when one of them changes nothing: `x && 1`, `0 + x`. Kamailio leaves the
 * operator out then, so `$var(x) = 5 && 1` is 5. Null when both count.
 */
export function neutralOperand(node: BinaryNode): Expression | null {
  const { operator, left, right } = node
  if (constantOf(node) !== null) return null
  const a = constantOf(left)
  const b = constantOf(right)
  switch (operator) {
    case '&&':
      return a === 1 ? right : b === 1 ? left : null
    case '||':
    case '|':
      return a === 0 ? right : b === 0 ? left : null
    case '*':
      return a === 1 ? right : b === 1 ? left : null
    case '/':
      return b === 1 ? left : null
    case '-':
      return b === 0 ? left : null
    case '+':
      return a === 0 ? right : b === 0 && typeOf(left) === 'int' ? left : null
    default:
      return null
  }
}

function unary(node: UnaryNode): number | string | null {
  const value = constantOf(node.operand)
  if (value === null) return null
  switch (node.operator) {
    case '!':
      return toInt(value) === 0 ? 1 : 0
    case '-':
      return -toInt(value) | 0
    case '~':
      return ~toInt(value)
    case 'int':
      return toInt(value)
    case 'str':
      return toStr(value)
    case 'strlen':
      return toStr(value).length
    case 'strempty':
      return toStr(value) === '' ? 1 : 0
    case 'defined':
      return 1
  }
}

function binary(node: BinaryNode): number | string | null {
  const { operator } = node
  const left = constantOf(node.left)
  const right = constantOf(node.right)
  if (left === null || right === null) return annihilated(operator, left, right)
  if (operator === '+')
    return typeof left === 'string' ? left + toStr(right) : (left + toInt(right)) | 0
  if (operator === '=~') return null
  if (operator === '==' || operator === '!=') {
    const same = typeof left === 'string' ? left === toStr(right) : left === toInt(right)
    return same === (operator === '==') ? 1 : 0
  }
  if (operator === 'eq' || operator === 'ne')
    return (toStr(left) === toStr(right)) === (operator === 'eq') ? 1 : 0
  return calculate(operator, toInt(left), toInt(right))
}

/** What it is whatever the other side is: Kamailio does not even ask that. */
function annihilated(
  operator: string,
  left: number | string | null,
  right: number | string | null,
): number | null {
  const is = (number: number): boolean => left === number || right === number
  if (operator === '||') return is(1) ? 1 : null
  if (operator === '&&' || operator === '*' || operator === '&') return is(0) ? 0 : null
  return (operator === '/' || operator === 'mod') && left === 0 ? 0 : null
}
