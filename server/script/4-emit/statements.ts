/** The statements of one route block as a JavaScript function. */
import { compileRegex } from '../../core/regex.ts'
import type { Place } from '../1-read/source.ts'
import type {
  AssignNode,
  BlockNode,
  CallNode,
  CaseNode,
  IfNode,
  LeaveNode,
  Statement,
  SwitchNode,
  WhileNode,
} from '../2-parse/ast.ts'
import { constantOf } from '../3-check/static-types.ts'
import { ExpressionEmitter, type RouteScope } from './expressions.ts'
import { type Js, literal, primary, quote } from './js.ts'
import { emitAssignment, mayRefuse } from './pvars.ts'
import { actionName, traceCall } from './trace.ts'
import type { EmittedLine, Unit } from './unit.ts'

/**
 * Where the value of a statement goes: the last one of a route is the route's return code, that of
 * a loop must be kept until it ends, and most are nobody's.
 */
type Sink = 'ignore' | 'return' | { readonly variable: string }

type TimedNode = Exclude<Statement, { kind: 'block' | 'empty' | 'call' }>

/** What a switch without a matching case is worth. */
const NO_CASE = -5
/** What a return, exit or drop is worth whose value failed. */
const NOT_LEFT = -5
const FAILED = -1
const MOST_COLUMNS = 100

export class StatementEmitter {
  private readonly unit: Unit
  private readonly scope: RouteScope
  private readonly expressions: ExpressionEmitter
  private readonly lines: EmittedLine[] = []
  /** What the lines are being made of. */
  private at: Place | null = null
  private depth = 1
  /**
   * The innermost loop or switch: the variable that keeps its value, '' for none; null outside of
   * them.
   */
  private breakable: string | null = null
  private lastLine = ''
  private names = 0

  constructor(unit: Unit, scope: RouteScope) {
    this.unit = unit
    this.scope = scope
    this.expressions = new ExpressionEmitter(unit, scope)
  }

  /** The lines of the body; its value is that of its last statement. */
  body(statements: readonly Statement[]): EmittedLine[] {
    this.all(statements, 'return')
    return this.lines
  }

  private line(text: string): void {
    this.lines.push({ text: `${'  '.repeat(this.depth)}${text}`, at: this.at })
  }

  private indented(write: () => void): void {
    this.depth++
    write()
    this.depth--
  }

  private name(base: string): string {
    return `${base}${++this.names}`
  }

  /** The line of the config above what becomes of it. */
  private source(at: Place): void {
    this.at = at
    const line = at.file.lineOf(at.start)
    const position = `${at.file.path}:${line}`
    if (position === this.lastLine) return
    this.lastLine = position
    const text = at.file.lineText(line).trim()
    // A line of another file than the route's own says which.
    const number = at.file === this.unit.current?.at.file ? line : position
    this.line(
      `// ${number}: ${text.length > MOST_COLUMNS ? `${text.slice(0, MOST_COLUMNS)}...` : text}`,
    )
  }

  /** `more` stands behind them: the cases into which one falls. */
  private all(statements: readonly Statement[], sink: Sink, more: readonly Statement[] = []): void {
    const last = statements.length - 1
    if (last < 0) this.worth(1, sink)
    for (const [i, node] of statements.entries()) {
      const itsSink = i === last ? sink : 'ignore'
      if (node.kind === 'call' && this.expressions.takesRest(node)) {
        this.source(node.at)
        this.call(node, itsSink, this.scope.rest(node, [...statements.slice(i + 1), ...more]))
      } else this.statement(node, itsSink)
    }
  }

  /** A statement whose value is a constant. */
  private worth(value: number, sink: Sink): void {
    if (sink === 'return') this.line(`return ${value};`)
    else if (sink !== 'ignore') this.line(`${sink.variable} = ${value};`)
  }

  private stopIfEnded(): void {
    this.line('if (m.scriptState !== 0) return m.rc;')
  }

  private statement(node: Statement, sink: Sink): void {
    if (node.kind !== 'block') this.source(node.at)
    // A call tells of itself, wherever it stands.
    if (node.kind === 'block' || node.kind === 'empty' || node.kind === 'call') {
      this.untimed(node, sink)
      return
    }
    const trace = traceCall(this.unit, node)
    if (trace !== null) this.line(`${trace};`)
    if (!this.unit.manner.timed) {
      this.untimed(node, sink)
      return
    }
    this.timed(node, sink)
  }

  /** What returns or breaks is told of as well; what ends the script is not: took() looks. */
  private timed(node: TimedNode, sink: Sink): void {
    const began = this.name('began')
    this.line(`const ${began} = ${this.helper('tick')}();`)
    this.line('try {')
    this.indented(() => this.untimed(node, sink))
    const took = `${this.helper('took')}(m, ${began}, ${actionName(this.unit, node)}, 1)`
    this.line(`} finally { ${took}; }`)
  }

  private untimed(node: Statement, sink: Sink): void {
    switch (node.kind) {
      case 'call':
        this.call(node, sink)
        break
      case 'assign':
        this.assign(node, sink)
        break
      case 'if':
        this.if(node, sink)
        break
      case 'while':
        this.while(node, sink)
        break
      case 'switch':
        this.switch(node, sink)
        break
      case 'leave':
        this.leave(node)
        break
      case 'break':
        this.break()
        break
      case 'block':
        this.block(node, sink)
        break
      case 'empty':
        this.worth(1, sink)
    }
  }

  private block(node: BlockNode, sink: Sink): void {
    this.line('{')
    this.indented(() => this.all(node.body, sink))
    this.line('}')
  }

  private helper(name: string): string {
    return this.unit.helper(name)
  }

  /**
   * A function's code in $rc, 0 ends the script; a core function's is nobody's; a route sets the
   * state itself.
   */
  private call(node: CallNode, sink: Sink, rest = 'null'): void {
    const { code, kind } = this.expressions.bare(node, rest)
    if (kind === 'core') {
      if (sink === 'ignore') this.line(`${code};`)
      else this.into(sink, code)
      return
    }
    if (sink === 'return') {
      const helper = this.helper(kind === 'route' ? 'codeRoute' : 'code')
      this.line(`return ${helper}(m, ${code});`)
      return
    }
    if (kind === 'route') {
      this.line(`m.rc = ${code};`)
      this.stopIfEnded()
    } else this.line(`if (${this.helper('code')}(m, ${code}) === 0) return 0;`)
    if (sink !== 'ignore') this.into(sink, 'm.rc')
  }

  private into(sink: Exclude<Sink, 'ignore'>, code: string): void {
    this.line(sink === 'return' ? `return ${code};` : `${sink.variable} = ${code};`)
  }

  private assign(node: AssignNode, sink: Sink): void {
    const value = this.unit.within(node.at, () => this.expressions.assigned(node))
    let given = value
    if (value.risky || value.calls) {
      const name = this.name('v')
      this.line(`const ${name} = ${value.code};`)
      given = primary(name, value.type)
    }
    if (value.calls) this.stopIfEnded()
    const set = emitAssignment(this.unit, node.target, given) ?? 'null'
    if (!value.risky && sink === 'ignore') this.line(`${set};`)
    else if (!value.risky) this.assigned(node, set, sink as Exclude<Sink, 'ignore'>)
    else if (sink === 'ignore') this.line(`if (!${this.helper('failed')}()) ${set};`)
    else {
      // What failed is not assigned, and that is the statement's value.
      this.line(`if (!${this.helper('failed')}()) {`)
      this.indented(() => this.assigned(node, set, sink))
      this.line('} else {')
      this.indented(() => this.worth(FAILED, sink))
      this.line('}')
    }
  }

  /** An assignment as a statement whose value is asked for: what is refused fails. */
  private assigned(node: AssignNode, set: string, sink: Exclude<Sink, 'ignore'>): void {
    if (mayRefuse(this.unit, node.target)) {
      this.into(sink, `${this.helper('assigned')}(${set})`)
      return
    }
    this.line(`${set};`)
    this.worth(1, sink)
  }

  /**
   * The condition of an if or while: code that is true or false once everything in it has been
   * asked about.
   */
  private condition(value: Js): string {
    const code = value.risky ? `${this.helper('sure')}(${value.code})` : value.code
    if (!value.calls) return code
    const name = this.name('c')
    this.line(`const ${name} = ${code};`)
    this.stopIfEnded()
    return name
  }

  private if(first: IfNode, sink: Sink): void {
    this.line(`if (${this.condition(this.expressions.test(first.condition))}) {`)
    let node = first
    for (;;) {
      const { yes, no } = node
      this.indented(() => this.inside(yes, sink))
      if (sink === 'return') {
        // Whatever came before has left: no else is needed, nor a level of its own.
        this.line('}')
        if (no === null) this.worth(1, sink)
        else this.inside(no, sink)
        return
      }
      const test = no?.kind === 'if' ? this.expressions.test(no.condition) : null
      // A condition that calls something prepares it in lines of its own, inside of the else; and
      // one that is traced or timed says so there.
      if (no?.kind !== 'if' || test!.calls || this.unit.manner.timed) break
      if (traceCall(this.unit, no) !== null) break
      node = no
      this.at = no.condition.at
      this.line(`} else if (${this.condition(test!)}) {`)
    }
    const { no } = node
    if (no !== null || sink !== 'ignore') {
      this.line('} else {')
      this.indented(() => (no === null ? this.worth(1, sink) : this.inside(no, sink)))
    }
    this.line('}')
  }

  /** A block's statements without braces of their own. */
  private inside(node: Statement, sink: Sink): void {
    if (node.kind === 'block') this.all(node.body, sink)
    else this.statement(node, sink)
  }

  private while(node: WhileNode, sink: Sink): void {
    const value = sink === 'ignore' ? '' : this.name('value')
    if (value !== '') this.line(`let ${value} = 1;`)
    const count = this.name('n')
    const test = this.expressions.test(node.condition)
    const inHead = !test.calls
    const head = inHead ? this.condition(test) : ''
    this.line(`for (let ${count} = 0; ${head}; ${count}++) {`)
    this.indented(() => {
      if (!inHead) this.line(`if (!${this.condition(test)}) break;`)
      const failed = value === '' ? '' : `${value} = ${FAILED}; `
      this.line(`if (${this.helper('runaway')}(${count})) { ${failed}break; }`)
      const outer = this.breakable
      this.breakable = value
      this.inside(node.body, value === '' ? 'ignore' : { variable: value })
      this.breakable = outer
    })
    this.line('}')
    if (sink !== 'ignore') this.into(sink, value)
  }

  private break(): void {
    // Outside of loops it ends the route with 0, and does not end the script.
    if (this.breakable === null) this.line('return 0;')
    else {
      if (this.breakable !== '') this.line(`${this.breakable} = 0;`)
      this.line('break;')
    }
  }

  private leave(node: LeaveNode): void {
    const initial = node.how === 'drop' ? 0 : 1
    const value = node.value === null ? literal(initial) : this.expressions.integer(node.value)
    if (value.risky) this.leaveSurely(node, value)
    else if (node.how !== 'return') this.line(`return ${this.helper(node.how)}(m, ${value.code});`)
    else if (constantIsNotZero(node, initial)) this.line(`return ${value.code};`)
    else if (!value.calls) this.line(`return ${this.helper('leave')}(m, ${value.code});`)
    else {
      const name = this.name('v')
      this.line(`const ${name} = ${value.code};`)
      this.stopIfEnded()
      this.line(`return ${this.helper('leave')}(m, ${name});`)
    }
  }

  /** With a value that may fail. */
  private leaveSurely(node: LeaveNode, value: Js): void {
    const name = this.name('v')
    this.line(`const ${name} = ${value.code};`)
    if (value.calls) this.stopIfEnded()
    const run = this.helper(node.how === 'return' ? 'leave' : node.how)
    this.line(`return ${run}(m, ${this.helper('failed')}() ? ${NOT_LEFT} : ${name});`)
  }

  // ---- switch

  private switch(node: SwitchNode, sink: Sink): void {
    const value = sink === 'ignore' ? '' : this.name('value')
    if (value !== '') this.line(`let ${value} = ${NO_CASE};`)
    const subject = this.subject(node, value)
    this.line(`switch (${subject.code}) {`)
    const outer = this.breakable
    this.breakable = value
    this.indented(() => {
      for (const [i, each] of node.cases.entries()) {
        this.source(each.at)
        const label = each.label === null ? 'default' : `case ${subject.label(each, i)}`
        // Braces keep what one case declares from the next one, into which it may fall.
        const braces = each.body.length > 0
        this.line(`${label}:${braces ? ' {' : ''}`)
        if (!braces) continue
        const behind = node.cases.slice(i + 1).flatMap(({ body }) => body)
        const itsSink = value === '' ? 'ignore' : { variable: value }
        this.indented(() => this.all(each.body, itsSink, behind))
        this.line('}')
      }
    })
    this.breakable = outer
    this.line('}')
    if (sink !== 'ignore') this.into(sink, value)
  }

  /**
   * What is switched over: an integer, a string, or with regular expressions the number of the
   * first case that fits.
   */
  private subject(
    node: SwitchNode,
    kept: string,
  ): { code: string; label: (each: CaseNode, i: number) => string } {
    const labels = node.cases.map(each => (each.label === null ? null : constantOf(each.label)))
    const regexes = node.cases.some(each => each.regex)
    const strings = labels.some(label => typeof label === 'string') || regexes
    const value = strings
      ? this.expressions.text(node.subject)
      : this.expressions.integer(node.subject)
    let { code } = value
    if (value.calls || value.risky || regexes) {
      const name = this.name('s')
      this.line(`const ${name} = ${code};`)
      if (value.calls) this.stopIfEnded()
      code = name
    }
    let failed = ''
    if (value.risky) failed = this.failed(kept)
    if (!regexes) {
      if (failed !== '') code = `${failed} ? null : ${code}`
      return { code, label: each => literal(constantOf(each.label!)!).code }
    }
    const tests = node.cases.flatMap((each, i) =>
      each.label === null ? [] : [`${this.caseTest(each, code)} ? ${i} : `],
    )
    const chain = `${tests.join('')}-1`
    return { code: failed === '' ? chain : `${failed} ? -1 : ${chain}`, label: (_, i) => String(i) }
  }

  /** Tells whether the subject failed: it fits no case then, which leaves the default. */
  private failed(kept: string): string {
    const failed = this.name('failed')
    this.line(`const ${failed} = ${this.helper('failed')}();`)
    if (kept !== '') this.line(`if (${failed}) ${kept} = ${FAILED};`)
    return failed
  }

  /** Regular expressions of cases do regard case. */
  private caseTest(each: CaseNode, subject: string): string {
    const label = String(constantOf(each.label!))
    if (!each.regex) return `${subject} === ${quote(label)}`
    return `${this.unit.regex(compileRegex(label, 0))}.test(${subject})`
  }
}

function constantIsNotZero(node: LeaveNode, initial: number): boolean {
  const value = node.value === null ? initial : constantOf(node.value)
  return value !== null && Number(value) !== 0
}
