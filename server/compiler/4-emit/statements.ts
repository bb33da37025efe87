/** Statements as JavaScript. A block returns its return code; msg.scriptState tells whether the whole script has ended. */
import { placeText, type Place } from '../1-read/source.ts'
import type { Expression, RouteNode, Statement, SwitchCase } from '../2-parse/ast.ts'
import { IGNORE_CASE, compileRegex } from '../../core/regex.ts'
import { routeBits } from '../3-check/calls.ts'
import { ExpressionEmitter } from './expressions.ts'
import { emitAssign, type Js, quote } from './pvars.ts'
import type { Unit } from './unit.ts'

/** After something that may have ended the script. */
const STOP = 'if (m.scriptState !== 0) return m.rc'

export class RouteEmitter {
  private readonly unit: Unit
  private readonly expressions: ExpressionEmitter
  private lines: string[] = []
  private depth = 0
  /** Inside of while or switch, `break` is theirs; outside it ends the route with 0. */
  private breakable = 0

  constructor(unit: Unit) {
    this.unit = unit
    this.expressions = new ExpressionEmitter(unit)
  }

  emit(route: RouteNode): string {
    this.lines = []
    this.depth = 0
    this.expressions.bits = routeBits(route.kind, route.name)
    this.line(`// ${placeText(route.place)}`)
    this.line(`function ${this.unit.route(route.kind, route.name)}(m) {`)
    this.depth++
    this.line('let c = false')
    const ends = this.block(route.body, true)
    if (!ends) this.line('return 1')
    this.depth--
    this.line('}')
    return this.lines.join('\n')
  }

  private line(text: string): void {
    this.lines.push('  '.repeat(this.depth) + text)
  }

  private source(place: Place): void {
    const line = place.file.lineOf(place.offset)
    const text = place.file.lineText(line).trim()
    const comment = `// ${line}: ${text}`
    if (!this.lines.some((l, i) => i >= this.lines.length - 3 && l.trim() === comment))
      this.line(comment)
  }

  /** True when every way through the statements returns. `tail`: its end is the end of the route. */
  private block(statements: readonly Statement[], tail: boolean): boolean {
    let ended = false
    let kept: string[] | null = null
    for (const [i, statement] of statements.entries()) {
      // What can never run is checked like the rest and then left out.
      if (ended && kept === null) kept = this.lines.slice()
      this.source(statement.place)
      if (this.statement(statement, tail && i === statements.length - 1)) ended = true
    }
    if (kept !== null) this.lines = kept
    return ended
  }

  private statement(s: Statement, tail: boolean): boolean {
    switch (s.kind) {
      case 'expression':
        return this.expressionStatement(s.expression, tail)
      case 'if':
        return this.conditional(s, tail)
      case 'while':
        return this.loop(s.test, s.body)
      case 'switch':
        return this.choose(s.value, s.cases)
      case 'return':
        return this.returns(s.value)
      case 'exit':
      case 'drop': {
        const code =
          s.value === null ? (s.kind === 'exit' ? '1' : '0') : this.expressions.int(s.value).js
        this.line(`return ${s.kind}(m, ${code})`)
        return true
      }
      case 'break':
        this.line(this.breakable > 0 ? 'break' : 'return m.rc = 0')
        return true
    }
  }

  private returns(value: Expression | null): boolean {
    if (value === null) this.line('return 1')
    else if (value.kind === 'int' && value.value !== 0) this.line(`return ${value.value}`)
    else if (value.kind === 'call')
      this.line(`return raw(m, ${this.expressions.call(value) ?? '-1'})`)
    else if (value.kind === 'route') this.line(`return m.rc = ${this.expressions.routeCall(value)}`)
    else this.line(`return returned(m, ${this.expressions.int(value).js})`)
    return true
  }

  private expressionStatement(e: Expression, tail: boolean): boolean {
    if (e.kind === 'route') {
      const call = this.expressions.routeCall(e)
      if (tail) {
        this.line(`return m.rc = ${call}`)
        return true
      }
      this.line(`m.rc = ${call}`)
      this.line(STOP)
      return false
    }
    if (e.kind === 'call') {
      const call = this.expressions.call(e)
      if (call === null) return false
      if (tail) {
        this.line(`return raw(m, ${call})`)
        return true
      }
      this.line(`if ((m.rc = ${call}) === 0) return exit(m, 0)`)
      return false
    }
    if (e.kind === 'assign') {
      const value = this.expressions.assigned(e.value)
      const text = emitAssign(this.unit, e.target, value.js)
      if (text !== '') this.line(text)
      this.stopAfter(value)
      return false
    }
    const value = this.expressions.value(e)
    this.line(value.js)
    this.stopAfter(value)
    return false
  }

  private stopAfter(value: Js): void {
    if (value.calls) this.line(STOP)
  }

  /** `if (` or, when a call in it may end the script, the same in two steps. */
  private test(e: Expression): string {
    const condition = this.expressions.condition(e)
    if (!condition.calls) return condition.js
    this.line(`c = ${condition.js}`)
    this.line(STOP)
    return 'c'
  }

  private conditional(s: Extract<Statement, { kind: 'if' }>, tail: boolean): boolean {
    this.line(`if (${this.test(s.test)}) {`)
    this.depth++
    const thenEnds = this.block(s.then, tail)
    this.depth--
    if (s.otherwise === null) {
      this.line('}')
      return false
    }
    this.line('} else {')
    this.depth++
    const elseEnds = this.block(s.otherwise, tail)
    this.depth--
    this.line('}')
    return thenEnds && elseEnds
  }

  private loop(test: Expression, body: readonly Statement[]): boolean {
    this.line('for (let n = 0; ; n++) {')
    this.depth++
    this.line(`if (!(${this.test(test)})) break`)
    this.line('if (tooManyLoops(n)) break')
    this.breakable++
    this.block(body, false)
    this.breakable--
    this.depth--
    this.line('}')
    return false
  }

  private choose(value: Expression, cases: readonly SwitchCase[]): boolean {
    const texts = cases.some(c => c.label?.kind === 'string' || c.regex)
    const subject = texts ? this.expressions.text(value) : this.expressions.int(value)
    this.line('{')
    this.depth++
    this.line(`const s = ${subject.js}`)
    this.stopAfter(subject)
    this.line(cases.some(c => c.regex) ? 'switch (true) {' : 'switch (s) {')
    this.depth++
    this.breakable++
    for (const c of cases) {
      this.source(c.place)
      this.line(
        c.label === null
          ? 'default: {'
          : `case ${this.label(
              c,
              cases.some(o => o.regex),
            )}: {`,
      )
      this.depth++
      this.block(c.body, false)
      this.depth--
      this.line('}')
    }
    this.breakable--
    this.depth--
    this.line('}')
    this.depth--
    this.line('}')
    return false
  }

  private label(c: SwitchCase, boolean: boolean): string {
    const label = c.label!
    if (c.regex) {
      const pattern =
        label.kind === 'string' ? label.value : label.kind === 'word' ? label.text : ''
      try {
        return `${this.unit.constant(compileRegex(pattern, IGNORE_CASE))}.test(s)`
      } catch (error) {
        this.unit.report.add('CFG_REGEX', label.place, (error as Error).message)
        return 'false'
      }
    }
    const text = label.kind === 'string' ? quote(label.value) : this.expressions.int(label).js
    return boolean ? `s === ${text}` : text
  }
}
