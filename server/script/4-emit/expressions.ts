/** Expressions as JavaScript. */
import { BadValue, waitsGiven } from '../../core/module/index.ts'
import { compileRegex, IGNORE_CASE } from '../../core/regex.ts'
import type {
  AssignNode,
  BinaryNode,
  BlockNode,
  CallNode,
  Expression,
  Statement,
  UnaryNode,
} from '../2-parse/ast.ts'
import { routeName } from '../3-check/calls.ts'
import { constantOf, isNull, neutralOperand, typeOf } from '../3-check/static-types.ts'
import { emitCall } from './calls.ts'
import { emitCondition, emitOperand } from './conditions.ts'
import {
  AND,
  asCondition,
  asInt,
  asStr,
  asTruth,
  asValue,
  BIT_AND,
  BIT_OR,
  BIT_XOR,
  CHOICE,
  EQUALITY,
  type Js,
  js,
  literal,
  negated,
  OR,
  PRIMARY,
  primary,
  PRODUCT,
  quote,
  RELATION,
  SHIFT,
  SUM,
  UNARY,
  within,
} from './js.ts'
import { emitAssignment, emitPvar, takesText } from './pvars.ts'
import { timedCall, traceCall } from './trace.ts'
import type { Unit } from './unit.ts'

/** What an expression needs of the route that it stands in. */
export interface RouteScope {
  /** It waits: it gives a promise that a function returns to whoever runs it. */
  readonly async: boolean
  /** Does the route of this name wait? */
  waits(name: string): boolean
  /** Any route may be meant: does any of them wait? */
  readonly anyWaits: boolean
  /** Makes a function of the statements of `{ ... }`. */
  block(node: BlockNode): string
  /** Makes a block of the statements behind a call (restFn); null: there are none. */
  rest(call: CallNode, statements: readonly Statement[]): string
}

const INTEGER: Readonly<Record<string, number>> = {
  '-': SUM,
  '|': BIT_OR,
  '&': BIT_AND,
  '^': BIT_XOR,
  '<<': SHIFT,
  '>>': SHIFT,
}

const EQUALITIES: ReadonlySet<string> = new Set(['==', '!=', 'eq', 'ne', 'ieq', 'ine'])

/** A call without what becomes of its return code. */
interface BareCall {
  readonly code: string
  readonly kind: 'route' | 'core' | 'module'
}

export class ExpressionEmitter {
  private readonly unit: Unit
  private readonly scope: RouteScope

  constructor(unit: Unit, scope: RouteScope) {
    this.unit = unit
    this.scope = scope
  }

  /** The value of an expression; a call in it is worth 1 or 0. */
  readonly emit = (node: Expression): Js => {
    const constant = constantOf(node)
    if (constant !== null) return literal(constant)
    switch (node.kind) {
      case 'pvar':
        return emitPvar(this.unit, node)
      case 'select':
        return this.select(node.path)
      case 'call':
        return this.call(node, true)
      case 'binary':
        return this.binary(node)
      case 'unary':
        return this.unary(node)
      case 'choice': {
        const condition = this.test(node.condition)
        const yes = orEmpty(asValue(this.emit(node.yes)))
        const no = orEmpty(asValue(this.emit(node.no)))
        const code = `${within(condition, OR)} ? ${within(yes, OR)} : ${within(no, OR)}`
        const type = yes.type === no.type ? yes.type : 'some'
        return js(code, type, CHOICE, condition, yes, no)
      }
      case 'condition':
        return emitOperand(this.unit, node.name)
      case 'assign':
        return this.assign(node)
      case 'block':
        return this.unit.manner.rawCodes
          ? this.block(node, 'codeRoute', 'int')
          : this.block(node, 'okRoute', 'bool')
      case 'word':
        return literal(node.value)
      case 'network':
        return literal(node.text)
      default:
        return literal(0)
    }
  }

  /**
   * The value where an integer is wanted: there a sum adds, whatever its sides are, unless its left
   * one is a text for sure.
   */
  private wanted(node: Expression): Js {
    const sum = node.kind === 'binary' && node.operator === '+' && constantOf(node) === null
    if (!sum || neutralOperand(node) !== null || typeOf(node.left) === 'str') return this.emit(node)
    return this.sum(this.integer(node.left), this.integer(node.right))
  }

  integer(node: Expression): Js {
    return this.int(this.wanted(node))
  }

  text(node: Expression): Js {
    return this.str(this.emit(node))
  }

  /** The value as the whole right side of an assignment: a call keeps its return code. */
  whole(node: Expression): Js {
    const neutral = node.kind === 'binary' ? neutralOperand(node) : null
    if (neutral?.kind === 'call' || neutral?.kind === 'block') return this.whole(neutral)
    if (node.kind === 'block') return this.block(node, 'codeRoute', 'int')
    return node.kind === 'call' ? this.call(node, false) : this.emit(node)
  }

  /** `{ ... }`: worth what its last statement is. */
  private block(node: BlockNode, helper: string, type: Js['type']): Js {
    const run = `${this.scope.async ? 'yield* ' : ''}${this.scope.block(node)}(m)`
    const code = `${this.helper(helper)}(m, ${run})`
    return { ...primary(code, type), calls: true }
  }

  /** As `if` and `while` ask: more than 0; with return_mode not 0, as operators ask. */
  test(node: Expression): Js {
    if (this.unit.manner.rawCodes) return this.truth(node)
    const value = this.wanted(node)
    if (value.type !== 'bool') this.helper('int')
    return asCondition(value)
  }

  helper(name: string): string {
    return this.unit.helper(name)
  }

  int(value: Js): Js {
    if (value.type !== 'int' && value.type !== 'bool') this.helper('int')
    return asInt(value)
  }

  str(value: Js): Js {
    if (value.type !== 'str' && value.type !== 'bool') this.helper('str')
    return asStr(value)
  }

  private truth(node: Expression): Js {
    const value = this.wanted(node)
    if (value.type !== 'bool') this.helper('int')
    return asTruth(value)
  }

  private select(path: string): Js {
    const entry = this.unit.ctx.registry.pvar('sel')!
    const { parse } = entry.row
    if (parse !== undefined && !reads(parse, path)) return primary('null', 'any')
    const key =
      parse === undefined
        ? quote(path)
        : this.unit.made(`key sel ${path}`, `sel_${path.replace(/\W+/g, '_')}`, () => parse(path))
    const self = this.unit.self(entry.module)
    return primary(`${this.unit.getter(entry)}(${self}, m, ${key}, NONE)`, 'any')
  }

  // ---- calls

  /** The code of a function or route without what becomes of it. */
  bare(node: CallNode, rest = 'null'): BareCall {
    const trace = traceCall(this.unit, node)
    const call = this.untraced(node, rest)
    const code = timedCall(this.unit, node, call.code)
    return { ...call, code: trace === null ? code : `(${trace}, ${code})` }
  }

  private untraced(node: CallNode, rest: string): BareCall {
    if (node.name === 'route') return { code: this.route(node), kind: 'route' }
    const entry = this.unit.ctx.registry.function(node.name)!
    const { code } = emitCall(this.unit, node, entry, this.emit, rest)
    const waited = this.scope.async && waitsGiven(entry.row, node.args.length)
    return {
      code: waited ? `((t = ${code}) instanceof Promise ? yield t : t)` : code,
      kind: entry.module === 'core' ? 'core' : 'module',
    }
  }

  /** Is it a call of a function that wants what stands behind it (restFn)? */
  takesRest(node: CallNode): boolean {
    return this.unit.ctx.registry.function(node.name)?.row.rest === true
  }

  private call(node: CallNode, operand: boolean): Js {
    const { code, kind } = this.bare(node)
    const suffix = kind === 'module' ? '' : kind === 'core' ? 'Core' : 'Route'
    const asked = operand && !this.unit.manner.rawCodes
    const name = this.helper(`${asked ? 'ok' : 'code'}${suffix}`)
    return { ...primary(`${name}(m, ${code})`, asked ? 'bool' : 'int'), calls: true }
  }

  private route(node: CallNode): string {
    const arg = node.args[0]!
    const name = routeName(arg)
    if (name === null) {
      const text = this.str(this.emit(arg))
      const named = this.helper('routeNamed')
      const guard = `(m, name) => ${this.helper('failed')}() ? -1 : ${named}(m, name)`
      const run = text.risky
        ? this.unit.once(`guard ${guard}`, 'routeNamed_sure', id => `const ${id} = ${guard};`)
        : named
      const code = `${run}(m, ${text.code})`
      if (!this.scope.async || !this.scope.anyWaits) return code
      // Which one it is, and whether it waits, is known only now.
      return `(typeof (t = ${code}) === "object" ? yield* t : t)`
    }
    const target = this.unit.ctx.routes.find('route', name)!
    const code = `${this.unit.route(target)}(m)`
    return this.scope.async && this.scope.waits(name) ? `yield* ${code}` : code
  }

  /** What an assignment gives its variable. */
  assigned(node: AssignNode): Js {
    const value = asValue(this.whole(node.value))
    const texts = value.type === 'any' || value.type === 'some'
    if (node.value.kind !== 'pvar' || isNull(node.value) || !texts) return value
    if (!takesText(this.unit, node.target)) return value
    return primary(`${this.helper('asText')}(${value.code})`, 'any', value)
  }

  /** `($var(x) = value)` is worth 1. What failed is not assigned, and fails what it stands in. */
  private assign(node: AssignNode): Js {
    const value = this.assigned(node)
    const given = value.risky ? primary('value', value.type) : value
    const set = emitAssignment(this.unit, node.target, given) ?? 'null'
    const code = value.risky ? `(value => progress.failed || (${set}))(${value.code})` : set
    return js(`(${code}, true)`, 'bool', PRIMARY, value)
  }

  // ---- operators

  private unary(node: UnaryNode): Js {
    switch (node.operator) {
      case '!': {
        const value = this.wanted(node.operand)
        if (value.type !== 'bool') this.helper('int')
        return negated(value)
      }
      case '-':
      case '~': {
        const value = this.integer(node.operand)
        const code = `${node.operator}${within(value, PRIMARY)}`
        return node.operator === '~'
          ? js(code, 'int', UNARY, value)
          : js(`${code} | 0`, 'int', BIT_OR, value)
      }
      case 'int':
        return this.integer(node.operand)
      case 'str':
        return this.text(node.operand)
      case 'strlen': {
        const value = this.str(this.emit(node.operand))
        return primary(`${within(value, PRIMARY)}.length`, 'int', value)
      }
      case 'strempty': {
        const value = this.str(this.emit(node.operand))
        return js(`${within(value, EQUALITY)} === ""`, 'bool', EQUALITY, value)
      }
      case 'defined': {
        const value = this.emit(node.operand)
        if (value.type !== 'any') return constantAfter(value, true)
        return js(`${within(value, EQUALITY)} !== null`, 'bool', EQUALITY, value)
      }
    }
  }

  private binary(node: BinaryNode): Js {
    const { operator } = node
    const neutral = neutralOperand(node)
    if (neutral !== null) return this.integer(neutral)
    if (node.left.kind === 'condition') return emitCondition(this.unit, node, this.emit)
    if (isNull(node.right) && EQUALITIES.has(operator)) return this.defined(node)
    if (operator === '&&' || operator === '||') {
      const level = operator === '&&' ? AND : OR
      const left = this.truth(node.left)
      const right = this.truth(node.right)
      const code = `${within(left, level)} ${operator} ${within(right, level + 1)}`
      return js(code, 'bool', level, left, right)
    }
    if (operator === '=~') return this.match(node)
    if (operator === '==' || operator === '!=') return this.equality(node)
    if (operator === '+') return this.plus(node)
    if (operator === 'eq' || operator === 'ne') {
      const left = this.str(this.emit(node.left))
      return this.same(left, this.str(this.emit(node.right)), operator === 'eq')
    }
    return this.integers(operator, this.integer(node.left), this.integer(node.right), node)
  }

  private integers(operator: string, left: Js, right: Js, node: BinaryNode): Js {
    if (operator === 'ieq' || operator === 'ine') return this.same(left, right, operator === 'ieq')
    if (operator === '*')
      return primary(`Math.imul(${left.code}, ${right.code})`, 'int', left, right)
    if (operator === '/' || operator === 'mod') return this.divide(operator, left, right, node)
    const level = INTEGER[operator]
    if (level === undefined) {
      const code = `${within(left, RELATION)} ${operator} ${within(right, SHIFT)}`
      return js(code, 'bool', RELATION, left, right)
    }
    const code = `${within(left, level)} ${operator} ${within(right, level + 1)}`
    return operator === '-'
      ? js(`${code} | 0`, 'int', BIT_OR, left, right)
      : js(code, 'int', level, left, right)
  }

  private divide(operator: string, left: Js, right: Js, node: BinaryNode): Js {
    const by = constantOf(node.right)
    if (by !== null && Number(by) !== 0) {
      const sign = operator === '/' ? '/' : '%'
      const code = `${within(left, PRODUCT)} ${sign} ${within(right, UNARY)} | 0`
      return js(code, 'int', BIT_OR, left, right)
    }
    const name = this.helper(operator === '/' ? 'divide' : 'modulo')
    return { ...primary(`${name}(${left.code}, ${right.code})`, 'int', left, right), risky: true }
  }

  private plus(node: BinaryNode): Js {
    if (typeOf(node.left) === 'int')
      return this.sum(this.integer(node.left), this.integer(node.right))
    const left = this.emit(node.left)
    const right = this.emit(node.right)
    if (left.type === 'str') {
      const text = right.type === 'int' ? right : this.str(right)
      return js(`${within(left, SUM)} + ${within(text, SUM + 1)}`, 'str', SUM, left, text)
    }
    if (left.type === 'any' || left.type === 'some') {
      const value = asValue(right)
      return primary(`${this.helper('add')}(${left.code}, ${value.code})`, 'some', left, value)
    }
    return this.sum(this.int(left), this.int(right))
  }

  private sum(a: Js, b: Js): Js {
    return js(`${within(a, SUM)} + ${within(b, SUM + 1)} | 0`, 'int', BIT_OR, a, b)
  }

  private same(left: Js, right: Js, equal: boolean): Js {
    const code = `${within(left, RELATION)} ${equal ? '===' : '!=='} ${within(right, RELATION)}`
    return js(code, 'bool', EQUALITY, left, right)
  }

  /** `x == $null`, `x ne $null` ...: is there a value? */
  private defined(node: BinaryNode): Js {
    const absent = ['==', 'eq', 'ieq'].includes(node.operator)
    const value = this.emit(node.left)
    if (value.type !== 'any') return constantAfter(value, !absent)
    return this.same(value, primary('null', 'any'), absent)
  }

  /** The left side's type decides. */
  private equality(node: BinaryNode): Js {
    const equal = node.operator === '=='
    const left = this.emit(node.left)
    // `x == ""` is what strempty(x) is, also for a number.
    if (left.type === 'str' || (equal && constantOf(node.right) === ''))
      return this.same(this.str(left), this.str(this.emit(node.right)), equal)
    if (typeOf(node.left) === 'int')
      return this.same(this.int(left), this.integer(node.right), equal)
    const right = this.emit(node.right)
    if (left.type === 'int' || left.type === 'bool')
      return this.same(this.int(left), this.int(right), equal)
    const value = asValue(right)
    const test = primary(
      `${this.helper('equal')}(${left.code}, ${value.code})`,
      'bool',
      left,
      value,
    )
    return equal ? test : js(`!${test.code}`, 'bool', UNARY, test)
  }

  private match(node: BinaryNode): Js {
    const left = this.str(this.emit(node.left))
    if (isNull(node.right)) return constantAfter(left, false)
    const pattern = constantOf(node.right)
    if (pattern !== null) {
      const regex = this.unit.regex(compileRegex(String(pattern), IGNORE_CASE))
      return primary(`${regex}.test(${left.code})`, 'bool', left)
    }
    const right = this.str(this.emit(node.right))
    const code = `${this.helper('matches')}(${left.code}, ${right.code})`
    return { ...primary(code, 'bool', left, right), risky: true }
  }
}

/** Is there such a select? One that there is not never has a value. */
function reads(parse: (text: string) => unknown, path: string): boolean {
  try {
    parse(path)
    return true
  } catch (error) {
    if (error instanceof BadValue) return false
    throw error
  }
}

/** A value that is evaluated only for what it does, and a constant. */
const constantAfter = (value: Js, constant: boolean): Js =>
  value.calls || value.risky
    ? js(`(${value.code}, ${constant})`, 'bool', PRIMARY, value)
    : primary(String(constant), 'bool')

/** What selval() gives is always there. */
const orEmpty = (value: Js): Js =>
  value.type === 'any' ? js(`${within(value, OR)} ?? ""`, 'some', OR, value) : value
