/** Expressions: types that can be told without a message, conditions, regular expressions. */
import { BadValue } from '../../core/module/index.ts'
import { compileRegex, IGNORE_CASE } from '../../core/regex.ts'
import { Network } from '../../lib/ip.ts'
import type { BinaryNode, Expression, RouteNode, UnaryNode } from '../2-parse/ast.ts'
import { checkCall } from './calls.ts'
import type { Context } from './context.ts'
import { pvarAdvice } from './missing.ts'
import { checkPvar, checkTarget } from './pvars.ts'
import { checkRuntimeSelect } from './runtime-variables.ts'
import { constantOf, isNull, takesIntegers, typeOf } from './static-types.ts'

/** Beside $null all of them ask whether there is a value. */
const EQUALITIES = ['==', '!=', 'eq', 'ne', 'ieq', 'ine']

/** Operands that only a message about to be sent has; Kamailio does not mind its port and proto. */
const ONSEND_WORDS = ['snd_ip', 'to_ip']

/** `checkStatements` is for `{ ... }` as an operand. */
export class ExpressionChecker {
  private readonly ctx: Context
  private readonly block: RouteNode
  private readonly checkBlock: (node: Extract<Expression, { kind: 'block' }>) => void

  constructor(
    ctx: Context,
    block: RouteNode,
    checkBlock: (node: Extract<Expression, { kind: 'block' }>) => void,
  ) {
    this.ctx = ctx
    this.block = block
    this.checkBlock = checkBlock
  }

  check(node: Expression): void {
    switch (node.kind) {
      case 'pvar':
        checkPvar(this.ctx, node)
        break
      case 'select':
        this.select(node)
        break
      case 'call':
        checkCall(this.ctx, this.block, node, value => this.check(value))
        break
      case 'unary':
        this.unary(node)
        break
      case 'binary':
        this.binary(node)
        break
      case 'choice':
        this.check(node.condition)
        this.check(node.yes)
        this.check(node.no)
        break
      case 'assign':
        this.check(node.value)
        checkTarget(this.ctx, node.target)
        break
      case 'block':
        this.checkBlock(node)
        break
      case 'condition':
        this.condition(node.name, node)
        break
      case 'network':
        if (Network.parse(node.text) === null) this.network(node)
        break
      default:
    }
  }

  /** A host name instead of an address; only addresses can be compared without asking the DNS. */
  private network(node: Extract<Expression, { kind: 'network' }>): void {
    const name = /[A-Za-z]/.test(node.text) && !node.text.includes(':')
    if (name) this.ctx.report.warn(node.at, 'CFG_HOST_CONDITION', node.text)
    else this.ctx.report.error(node.at, 'CFG_NETWORK', node.text)
  }

  private select(node: Extract<Expression, { kind: 'select' }>): void {
    const row = this.ctx.registry.pvar('sel')
    if (row === null) {
      this.ctx.report.error(node.at, 'CFG_UNKNOWN_PVAR', 'sel', [], pvarAdvice(this.ctx, 'sel'))
      return
    }
    checkRuntimeSelect(this.ctx, node.path, node.at)
    try {
      row.row.parse?.(node.path)
    } catch (error) {
      if (!(error instanceof BadValue)) throw error
      // Kamailio starts with it, and it never has a value.
      this.ctx.report.warn(node.at, 'CFG_BAD_VALUE', `@${node.path}: ${error.message}`, error.hint)
    }
  }

  private condition(name: string, node: Expression): void {
    if (ONSEND_WORDS.includes(name) && this.block.route !== 'onsend')
      this.ctx.report.error(node.at, 'CFG_ONSEND_ONLY', name)
  }

  private unary(node: UnaryNode): void {
    this.check(node.operand)
    const type = typeOf(node.operand)
    const text = ['strlen', 'strempty', 'defined'].includes(node.operator)
    if (text && type === 'int') this.mismatch(node.operand, 'int')
    if (['!', '-', '~'].includes(node.operator) && type === 'str')
      this.mismatch(node.operand, 'str')
  }

  private mismatch(node: Expression, is: 'int' | 'str'): void {
    this.ctx.report.error(node.at, 'CFG_TYPE', is, is === 'int' ? 'str' : 'int')
  }

  private binary(node: BinaryNode): void {
    this.check(node.left)
    this.check(node.right)
    const { operator, left, right } = node
    if (left.kind === 'condition' || right.kind === 'myself') return this.keyword(node)
    const l = typeOf(left)
    const r = typeOf(right)
    // It asks whether there is a value, as `defined` does.
    if (EQUALITIES.includes(operator) && isNull(right)) {
      if (l === 'int') this.mismatch(left, 'int')
      return
    }
    if (takesIntegers(operator) || operator === 'ieq' || operator === 'ine') {
      if (l === 'str') this.mismatch(left, 'str')
      if (r === 'str') this.mismatch(right, 'str')
    } else if (operator === 'eq' || operator === 'ne' || operator === '=~') {
      if (l === 'int') this.mismatch(left, 'int')
      if (operator === '=~' && r === 'int') this.mismatch(right, 'int')
    } else if (l === 'int' && r === 'str') this.mismatch(right, 'str')
    if (operator === '=~') this.regex(right)
  }

  private keyword(node: BinaryNode): void {
    if (node.operator === '=~' && node.right.kind !== 'myself') this.regex(node.right)
  }

  private regex(node: Expression): void {
    const pattern = constantOf(node)
    if (pattern === null) return
    try {
      compileRegex(String(pattern), IGNORE_CASE)
    } catch (error) {
      if (!(error instanceof BadValue)) throw error
      this.ctx.report.error(node.at, 'CFG_REGEX', error.message)
    }
  }
}
