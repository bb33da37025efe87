/** The statements of a route block. */
import { BadValue } from '../../core/module/index.ts'
import { compileRegex } from '../../core/regex.ts'
import type { CaseNode, LeaveNode, RouteNode, Statement, SwitchNode } from '../2-parse/ast.ts'
import type { Context } from './context.ts'
import { ExpressionChecker } from './expressions.ts'
import { checkTarget } from './pvars.ts'
import { constantOf, typeOf } from './static-types.ts'

export function checkRoute(ctx: Context, route: RouteNode): void {
  const checker = new StatementChecker(ctx, route)
  for (const statement of route.body) checker.check(statement)
}

class StatementChecker {
  private readonly ctx: Context
  private readonly expressions: ExpressionChecker

  constructor(ctx: Context, route: RouteNode) {
    this.ctx = ctx
    this.expressions = new ExpressionChecker(ctx, route, block => this.all(block.body))
  }

  private all(body: readonly Statement[]): void {
    for (const statement of body) this.check(statement)
  }

  check(node: Statement): void {
    switch (node.kind) {
      case 'call':
        this.expressions.check(node)
        break
      case 'assign':
        this.expressions.check(node.value)
        checkTarget(this.ctx, node.target)
        break
      case 'block':
        this.all(node.body)
        break
      case 'if':
        this.condition(node.condition)
        this.check(node.yes)
        if (node.no !== null) this.check(node.no)
        break
      case 'while':
        this.condition(node.condition)
        if (typeOf(node.condition) === 'str')
          this.ctx.report.error(node.condition.at, 'CFG_INTEGER', 'while')
        this.check(node.body)
        break
      case 'switch':
        this.switch(node)
        break
      case 'leave':
        this.leave(node)
        break
      default:
    }
  }

  private condition(node: Extract<Statement, { kind: 'if' }>['condition']): void {
    this.expressions.check(node)
    if (typeOf(node) === 'str') this.ctx.report.warn(node.at, 'CFG_CONDITION_TEXT')
  }

  private leave(node: LeaveNode): void {
    if (node.value === null) return
    this.expressions.check(node.value)
    if (typeOf(node.value) === 'str') this.ctx.report.error(node.value.at, 'CFG_INTEGER', node.how)
  }

  private switch(node: SwitchNode): void {
    this.expressions.check(node.subject)
    const seen = new Set<string>()
    let kind: 'number' | 'string' | null = null
    for (const each of node.cases) {
      const value = this.label(each, seen)
      if (value !== null) {
        const type = typeof value as 'number' | 'string'
        if (kind !== null && kind !== type) this.ctx.report.error(each.at, 'CFG_MIXED_CASES')
        kind = type
      }
      this.all(each.body)
    }
  }

  /** The value of a label; null of `default` and of one that is wrong. */
  private label(each: CaseNode, seen: Set<string>): number | string | null {
    const { report } = this.ctx
    const value = each.label === null ? null : constantOf(each.label)
    const key = each.label === null ? 'default' : `${each.regex ? '/' : ''}${typeof value} ${value}`
    if (each.label !== null && value === null) {
      report.error(each.label.at, 'CFG_CASE_CONSTANT')
      return null
    }
    if (seen.has(key)) {
      if (each.label === null) report.error(each.at, 'CFG_DEFAULT_TWICE')
      else report.error(each.at, 'CFG_CASE_TWICE', String(value))
    }
    seen.add(key)
    if (each.regex) this.regex(each, String(value))
    return each.regex && value !== null ? String(value) : value
  }

  private regex(each: CaseNode, pattern: string): void {
    try {
      compileRegex(pattern, 0)
    } catch (error) {
      if (!(error instanceof BadValue)) throw error
      this.ctx.report.error(each.at, 'CFG_REGEX', error.message)
    }
  }
}
