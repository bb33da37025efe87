/** What stands in a route block. */
import type { Expression, Statement, SwitchCase } from './ast.ts'
import { type Cursor, Resync } from './cursor.ts'
import { ExpressionParser } from './expressions.ts'

export class StatementParser {
  private readonly cursor: Cursor
  readonly expressions: ExpressionParser

  constructor(cursor: Cursor) {
    this.cursor = cursor
    this.expressions = new ExpressionParser(cursor)
  }

  /** `{ statements }`; an empty block is an error as in Kamailio. */
  block(): Statement[] {
    const { cursor } = this
    const open = cursor.expect('{')
    if (cursor.is('}')) cursor.report.add('CFG_EMPTY_BLOCK', open.place)
    const body = this.untilBrace()
    cursor.expect('}', 'a block is not closed')
    return body
  }

  private untilBrace(): Statement[] {
    const body: Statement[] = []
    while (!this.cursor.is('}') && this.cursor.token.kind !== 'end') this.statementInto(body)
    return body
  }

  private statementInto(body: Statement[]): void {
    const { cursor } = this
    if (cursor.accept(';')) return
    if (cursor.is('{')) {
      body.push(...this.block())
      return
    }
    const before = cursor.token
    try {
      body.push(this.statement())
    } catch (error) {
      if (!(error instanceof Resync)) throw error
      cursor.resync()
      // A construct that took nothing must not be tried again.
      if (cursor.token === before && cursor.token.kind !== 'end') cursor.take()
    }
  }

  private body(): Statement[] {
    const body: Statement[] = []
    if (this.cursor.is('{')) return this.block()
    this.statementInto(body)
    return body
  }

  private statement(): Statement {
    const { cursor } = this
    const { place, text, kind } = cursor.token
    if (kind === 'id') {
      switch (text) {
        case 'if':
          return this.conditional()
        case 'while': {
          cursor.take()
          const test = this.expressions.parse()
          return { kind: 'while', test, body: this.body(), place }
        }
        case 'switch':
          return this.switchStatement()
        case 'return':
        case 'exit':
        case 'drop': {
          cursor.take()
          const value = this.returnValue()
          this.semicolon()
          return { kind: text, value, place }
        }
        case 'break':
          cursor.take()
          if (cursor.accept('(')) cursor.expect(')')
          this.semicolon()
          return { kind: 'break', place }
        default:
      }
    }
    return this.expressionStatement()
  }

  private returnValue(): Expression | null {
    const { cursor } = this
    if (cursor.is(';') || cursor.is('}')) return null
    if (cursor.is('(') && cursor.ahead(1).text === ')') {
      cursor.take()
      cursor.take()
      return null
    }
    return this.expressions.parse()
  }

  private conditional(): Statement {
    const { cursor } = this
    const { place } = cursor.take()
    const test = this.expressions.parse()
    const then = this.body()
    const otherwise = cursor.accept('else') ? this.body() : null
    return { kind: 'if', test, then, otherwise, place }
  }

  private switchStatement(): Statement {
    const { cursor } = this
    const { place } = cursor.take()
    const value = this.expressions.parse()
    cursor.expect('{')
    const cases: SwitchCase[] = []
    while (!cursor.is('}') && cursor.token.kind !== 'end') cases.push(this.switchCase(cases))
    cursor.expect('}', 'a switch is not closed')
    return { kind: 'switch', value, cases, place }
  }

  private switchCase(earlier: readonly SwitchCase[]): SwitchCase {
    const { cursor } = this
    const { place } = cursor.token
    let label: Expression | null = null
    let regex = false
    if (cursor.accept('default')) {
      if (earlier.some(c => c.label === null)) cursor.report.add('CFG_DEFAULT_TWICE', place)
    } else {
      cursor.expect('case', 'a switch holds case and default labels')
      regex = cursor.accept('/')
      label = this.expressions.parse()
      const kind = label.kind === 'string' || regex ? 'string' : 'int'
      const mixed = earlier.some(
        c => c.label !== null && (c.label.kind === 'string' || c.regex ? 'string' : 'int') !== kind,
      )
      if (mixed) cursor.report.add('CFG_LABELS_MIXED', place)
    }
    cursor.expect(':')
    const body: Statement[] = []
    while (
      !cursor.is('case') &&
      !cursor.is('default') &&
      !cursor.is('}') &&
      cursor.token.kind !== 'end'
    )
      this.statementInto(body)
    return { place, label, regex, body }
  }

  private expressionStatement(): Statement {
    const { cursor } = this
    const { place } = cursor.token
    const left = this.expressions.parse()
    if (left.kind === 'pvar' && cursor.accept('=')) {
      const value = this.expressions.parse()
      this.semicolon()
      return {
        kind: 'expression',
        expression: { kind: 'assign', target: left.pvar, value, place },
        place,
      }
    }
    // revert_uri and its like may stand without parentheses.
    const expression: Expression =
      left.kind === 'word' ? { kind: 'call', name: left.text, args: [], place } : left
    this.semicolon()
    return { kind: 'expression', expression, place }
  }

  private semicolon(): void {
    const { cursor } = this
    if (cursor.accept(';')) return
    cursor.fail("';'", 'a statement ends with ;')
  }
}
