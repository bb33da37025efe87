/** Expressions as JavaScript: as values, as conditions, as integers and texts, with Kamailio's rules for each. */
import { IGNORE_CASE, compileRegex } from '../../core/regex.ts'
import { resolveCall } from '../3-check/calls.ts'
import type { Expression, Operator } from '../2-parse/ast.ts'
import { emitCall } from './calls.ts'
import { emitKeywordComparison, keywordValue } from './keywords.ts'
import { emitAssign, emitPvar, type Js, js, quote } from './pvars.ts'
import type { Unit } from './unit.ts'

type Binary = Extract<Expression, { kind: 'binary' }>
type Unary = Extract<Expression, { kind: 'unary' }>

const ARITHMETIC = new Map<Operator, string>([
  ['-', '-'],
  ['|', '|'],
  ['&', '&'],
  ['^', '^'],
  ['<<', '<<'],
  ['>>', '>>'],
])

export class ExpressionEmitter {
  private readonly unit: Unit
  /** The kind of block at hand, as ROUTE bits. */
  bits = 0

  constructor(unit: Unit) {
    this.unit = unit
  }

  /** The value: an integer, a text, or whatever a variable holds. */
  readonly value = (e: Expression): Js => {
    switch (e.kind) {
      case 'int':
        return js(String(e.value), 'int')
      case 'string':
        return js(quote(e.value), 'string')
      case 'pvar':
        return emitPvar(this.unit, e.pvar)
      case 'select':
        return this.select(e.path, e)
      case 'keyword':
        return keywordValue(e.name)
      case 'word':
        return this.word(e.text)
      case 'call':
      case 'route':
        return this.bool(e)
      case 'binary':
        return this.binary(e)
      case 'unary':
        return this.unary(e)
      case 'selval': {
        const [test, yes, no] = [this.condition(e.test), this.value(e.yes), this.value(e.no)]
        const type = yes.type === no.type ? yes.type : 'any'
        return js(`(${test.js} ? ${yes.js} : ${no.js})`, type, test.calls || yes.calls || no.calls)
      }
      case 'assign':
        return this.assignment(e)
    }
  }

  /** As `if` sees it: a JavaScript boolean, true when the value is greater than zero. */
  readonly condition = (e: Expression): Js => {
    switch (e.kind) {
      case 'call':
        return this.called(e, 'called')
      case 'route':
        return this.routed(e)
      case 'binary':
        if (e.op === '&&' || e.op === '||') return this.logical(e)
        if (isComparison(e.op)) return this.comparison(e)
        break
      case 'unary':
        if (e.op === '!') {
          // !x is 1 only for 0: !(-1) is 0.
          const of = e.of
          if (isBoolean(of)) return this.negated(this.condition(of))
          const value = this.int(of)
          return js(`${value.js} === 0`, 'int', value.calls)
        }
        if (e.op === 'defined') return this.defined(e.of)
        if (e.op === 'strempty') {
          const text = this.text(e.of)
          return js(`${text.js} === ""`, 'int', text.calls)
        }
        break
      default:
    }
    const value = this.value(e)
    return js(value.type === 'int' ? `${value.js} > 0` : `truth(${value.js})`, 'int', value.calls)
  }

  int(e: Expression): Js {
    const value = this.value(e)
    return value.type === 'int' ? value : js(`int(${value.js})`, 'int', value.calls)
  }

  text(e: Expression): Js {
    const value = this.value(e)
    return value.type === 'string' ? value : js(`str(${value.js})`, 'string', value.calls)
  }

  /** The right side of an assignment: a call gives its raw return code. */
  assigned(e: Expression): Js {
    if (e.kind === 'call') return this.called(e, 'raw')
    if (e.kind === 'route') return js(`(m.rc = ${this.routeCall(e)})`, 'int', true)
    return this.value(e)
  }

  /** The bare call of a function or route, with its return code as value; null after reporting. */
  call(e: Extract<Expression, { kind: 'call' }>): string | null {
    const entry = resolveCall(this.unit.registry, this.unit.report, e, this.bits)
    return entry === null ? null : emitCall(this.unit, e, entry, this.value).js
  }

  routeCall(e: Extract<Expression, { kind: 'route' }>): string {
    const { name } = e
    const fixed =
      name.kind === 'word'
        ? name.text
        : name.kind === 'string'
          ? name.value
          : name.kind === 'int'
            ? String(name.value)
            : null
    if (fixed === null) return `callRoute(m, ${this.text(name).js})`
    this.unit.wantedRoutes.push({ kind: 'route', name: fixed, place: name.place })
    return `${this.unit.route('route', fixed)}(m)`
  }

  private called(e: Extract<Expression, { kind: 'call' }>, wrapper: 'called' | 'raw'): Js {
    return js(`${wrapper}(m, ${this.call(e) ?? '-1'})`, 'int', true)
  }

  private routed(e: Extract<Expression, { kind: 'route' }>): Js {
    return js(`routed(m, ${this.routeCall(e)})`, 'int', true)
  }

  private bool(e: Expression): Js {
    const condition = this.condition(e)
    return js(`(${condition.js} ? 1 : 0)`, 'int', condition.calls)
  }

  private word(text: string): Js {
    const flag = this.unit.flags.get(text)
    return flag === undefined ? js(quote(text), 'string') : js(String(flag), 'int')
  }

  private select(path: string, e: Expression): Js {
    return emitPvar(this.unit, {
      place: e.place,
      text: `@${path}`,
      name: 'sel',
      inner: path,
      index: null,
      transformations: [],
    })
  }

  private assignment(e: Extract<Expression, { kind: 'assign' }>): Js {
    const value = this.assigned(e.value)
    return js(
      `(${emitAssign(this.unit, e.target, value.js)}, ${emitPvar(this.unit, e.target).js})`,
      'any',
      value.calls,
    )
  }

  private binary(e: Binary): Js {
    if (e.op === '&&' || e.op === '||' || isComparison(e.op)) return this.bool(e)
    const [left, right] = [this.value(e.left), this.value(e.right)]
    const calls = left.calls || right.calls
    if (e.op === '+') return this.sum(e, left, right, calls)
    if (e.left.kind === 'string' || e.right.kind === 'string') {
      this.unit.report.add('CFG_TYPES', e.place, `${e.op} takes integers`, '')
    }
    const [l, r] = [asInt(left), asInt(right)]
    if (e.op === '*') return js(`Math.imul(${l}, ${r})`, 'int', calls)
    if (e.op === '/') return js(`divide(${l}, ${r})`, 'int', calls)
    if (e.op === 'mod') {
      // A constant that is not zero needs no test for zero.
      const constant = e.right.kind === 'int' && e.right.value !== 0
      return js(constant ? `(${l} % ${r})` : `modulo(${l}, ${r})`, 'int', calls)
    }
    return js(`(${l} ${ARITHMETIC.get(e.op)} ${r} | 0)`, 'int', calls)
  }

  private sum(e: Binary, left: Js, right: Js, calls: boolean): Js {
    if (left.type === 'string') return js(`(${asText(left)} + ${asText(right)})`, 'string', calls)
    if (e.left.kind === 'int' && e.right.kind === 'string') {
      this.unit.report.add(
        'CFG_TYPES',
        e.place,
        'an integer and a string are added',
        'write (str) before the integer',
      )
    }
    if (left.type === 'int') return js(`(${left.js} + ${asInt(right)} | 0)`, 'int', calls)
    return js(`add(${left.js}, ${right.js})`, 'any', calls)
  }

  private unary(e: Unary): Js {
    switch (e.op) {
      case '!':
      case 'defined':
      case 'strempty':
        return this.bool(e)
      case '-':
        return js(`(-${this.int(e.of).js} | 0)`, 'int', this.int(e.of).calls)
      case '~':
        return js(`(~${this.int(e.of).js})`, 'int', this.int(e.of).calls)
      case 'int':
        return this.int(e.of)
      case 'str':
        return this.text(e.of)
      case 'strlen':
        return js(`${this.text(e.of).js}.length`, 'int', this.text(e.of).calls)
    }
  }

  private logical(e: Binary): Js {
    for (const side of [e.left, e.right]) {
      if (side.kind === 'string')
        this.unit.report.add(
          'CFG_TYPES',
          side.place,
          `a string beside ${e.op}`,
          'compare it with something',
        )
    }
    const [left, right] = [this.logicalSide(e.left), this.logicalSide(e.right)]
    // A left side that ended the script keeps the right one from running.
    const guard = left.calls && right.calls && e.op === '||' ? 'm.scriptState === 0 && ' : ''
    return js(`(${left.js} ${e.op} ${guard}${right.js})`, 'int', left.calls || right.calls)
  }

  /** && and || ask for non-zero, where `if` asks for more than zero. */
  private logicalSide(e: Expression): Js {
    if (isBoolean(e)) return this.condition(e)
    const value = this.int(e)
    return js(`${value.js} !== 0`, 'int', value.calls)
  }

  private negated(condition: Js): Js {
    return js(`!(${condition.js})`, 'int', condition.calls)
  }

  private defined(of: Expression): Js {
    if (of.kind === 'pvar' && of.pvar.name === 'var') return js('true', 'int')
    const value = this.value(of)
    return value.type === 'any'
      ? js(`${value.js} !== null`, 'int', value.calls)
      : js('true', 'int', value.calls)
  }

  private comparison(e: Binary): Js {
    const keyword = emitKeywordComparison(this.unit, e, this.value)
    if (keyword !== null) return keyword
    const equality = e.op === '==' || e.op === 'eq' || e.op === 'ieq'
    const inequality = e.op === '!=' || e.op === 'ne' || e.op === 'ine'
    if ((equality || inequality) && isNull(e.right)) {
      const defined = this.defined(e.left)
      return equality ? this.negated(defined) : defined
    }
    if (e.op === '=~') return this.matches(e)
    const [left, right] = [this.value(e.left), this.value(e.right)]
    const calls = left.calls || right.calls
    if (!equality && !inequality) return js(`${asInt(left)} ${e.op} ${asInt(right)}`, 'int', calls)
    this.literalTypes(e)
    const not = inequality ? '!' : ''
    const sign = inequality ? '!==' : '==='
    if (e.op === 'eq' || e.op === 'ne' || left.type === 'string')
      return js(`${asText(left)} ${sign} ${asText(right)}`, 'int', calls)
    if (e.op === 'ieq' || e.op === 'ine' || left.type === 'int') {
      if (e.left.kind === 'int' && e.right.kind === 'string') {
        this.unit.report.add('CFG_TYPES', e.place, 'an integer is compared with a string', '')
      }
      return js(`${asInt(left)} ${sign} ${asInt(right)}`, 'int', calls)
    }
    return js(`${not}eq(${left.js}, ${right.js})`, 'int', calls)
  }

  /** eq and ne take texts, ieq and ine integers: a literal of the other kind is refused as in Kamailio. */
  private literalTypes(e: Binary): void {
    const wrong =
      e.op === 'eq' || e.op === 'ne' ? 'int' : e.op === 'ieq' || e.op === 'ine' ? 'string' : ''
    for (const side of [e.left, e.right]) {
      if (side.kind === wrong)
        this.unit.report.add(
          'CFG_TYPES',
          side.place,
          `${e.op} beside ${wrong === 'int' ? 'an integer' : 'a string'}`,
          'use ==',
        )
    }
  }

  private matches(e: Binary): Js {
    const left = this.text(e.left)
    if (e.right.kind !== 'string') {
      const right = this.text(e.right)
      return js(`match(${left.js}, ${right.js})`, 'int', left.calls || right.calls)
    }
    try {
      return js(
        `${this.unit.constant(compileRegex(e.right.value, IGNORE_CASE))}.test(${left.js})`,
        'int',
        left.calls,
      )
    } catch (error) {
      this.unit.report.add('CFG_REGEX', e.right.place, (error as Error).message)
      return js('false', 'int')
    }
  }
}

const asInt = (value: Js): string => (value.type === 'int' ? value.js : `int(${value.js})`)
const asText = (value: Js): string => (value.type === 'string' ? value.js : `str(${value.js})`)

const isNull = (e: Expression): boolean => e.kind === 'pvar' && e.pvar.name === 'null'

const COMPARISONS: ReadonlySet<Operator> = new Set<Operator>([
  '==',
  '!=',
  '=~',
  'eq',
  'ne',
  'ieq',
  'ine',
  '<',
  '>',
  '<=',
  '>=',
])
const isComparison = (op: Operator): boolean => COMPARISONS.has(op)

/** Expressions whose value is 0 or 1. */
function isBoolean(e: Expression): boolean {
  if (e.kind === 'call' || e.kind === 'route') return true
  if (e.kind === 'binary') return e.op === '&&' || e.op === '||' || isComparison(e.op)
  return e.kind === 'unary' && (e.op === '!' || e.op === 'defined' || e.op === 'strempty')
}
