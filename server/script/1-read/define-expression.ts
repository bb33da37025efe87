/**
 * The expressions of `#!ifexp` and `#!defexp`: C's operators over numbers, strings and names of
 * defines. An undefined name is 0, one without a value 1.
 */
import { BadValue } from '../../core/module/index.ts'
import { calculate } from '../integers.ts'
import { readNumber } from './strings.ts'

export type ExpressionValue = number | string

/** Loosest first; all of them group from the left but `**`. */
const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
  ['**'],
]

/** Operands of one expression, which also bounds how deep it is. */
const MAX_OPERANDS = 250

class Evaluator {
  private readonly tokens: string[]
  private readonly defined: (name: string) => string | null
  private at: number
  private operands: number

  constructor(text: string, defined: (name: string) => string | null) {
    const pattern = /"[^"]*"|'[^']*'|\*\*|==|!=|<=|>=|<<|>>|&&|\|\||[-+*/%<>!&|^~()]|\w+/g
    this.tokens = text.match(pattern) ?? []
    this.defined = defined
    this.at = 0
    this.operands = 0
  }

  whole(): ExpressionValue {
    const value = this.binary(0)
    if (this.at < this.tokens.length)
      throw new BadValue(`'${this.tokens[this.at]}' is not expected here`)
    return value
  }

  private binary(level: number): ExpressionValue {
    const operators = LEVELS[level]
    if (operators === undefined) return this.unary()
    let left = this.binary(level + 1)
    while (operators.includes(this.tokens[this.at] ?? '')) {
      const operator = this.tokens[this.at++]!
      const right = this.binary(operator === '**' ? level : level + 1)
      left = apply(operator, left, right)
    }
    return left
  }

  private unary(): ExpressionValue {
    const token = this.tokens[this.at++]
    if (token === undefined) throw new BadValue('the expression ends too early')
    if (++this.operands > MAX_OPERANDS) throw new BadValue('the expression is too long')
    if (token === '(') {
      const value = this.binary(0)
      if (this.tokens[this.at++] !== ')') throw new BadValue("missing ')'")
      return value
    }
    if (token === '-') return -asNumber(this.unary()) | 0
    if (token === '!') return asNumber(this.unary()) === 0 ? 1 : 0
    if (token === '^' || token === '~') return ~asNumber(this.unary())
    if (token[0] === '"' || token[0] === "'") return token.slice(1, -1)
    if (/^\d/.test(token)) return readNumber(token) ?? 0
    if (!/^\w/.test(token)) throw new BadValue(`'${token}' is not expected here`)
    return this.name(token)
  }

  private name(name: string): ExpressionValue {
    const text = this.defined(name)?.trim()
    if (text === undefined) return 0
    if (text === '') return 1
    if (/^(".*"|'.*')$/.test(text)) return text.slice(1, -1)
    return readNumber(text) ?? text
  }
}

const asNumber = (value: ExpressionValue): number =>
  typeof value === 'number' ? value : (readNumber(value) ?? 0)

function apply(operator: string, a: ExpressionValue, b: ExpressionValue): ExpressionValue {
  if (operator === '+' && typeof a === 'string') return a + String(b)
  if (operator === '==' || operator === '!=') {
    const same = typeof a === 'string' ? a === String(b) : a === asNumber(b)
    return same === (operator === '==') ? 1 : 0
  }
  const value = calculate(operator, asNumber(a), asNumber(b))
  if (value === null) throw new BadValue('division by 0')
  return value
}

/** Throws BadValue. `defined` gives the text of a define, null when there is none. */
export function evaluateDefines(
  text: string,
  defined: (name: string) => string | null,
): ExpressionValue {
  return new Evaluator(text.replace(/(#|\/\/).*$/, ''), defined).whole()
}
