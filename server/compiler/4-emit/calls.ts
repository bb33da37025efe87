/** A call with its arguments: constants are read at load, strings with variables become concatenations. */
import { type Arg, BadValue, type PvHandle } from '../../core/module.ts'
import type { FunctionEntry } from '../../core/registry.ts'
import type { Expression } from '../2-parse/ast.ts'
import { PvarError, parsePvar } from '../2-parse/pvars.ts'
import { formatsOf, handleOf } from './handles.ts'
import { emitFormat, emitPvar, type Js, js, quote } from './pvars.ts'
import type { Unit } from './unit.ts'

type Call = Extract<Expression, { kind: 'call' }>
type Emit = (e: Expression) => Js

/** The call as JavaScript; its value is the function's return code. */
export function emitCall(unit: Unit, call: Call, entry: FunctionEntry, emit: Emit): Js {
  const args = call.args.map((arg, i) => emitArg(unit, call, entry.row.args[i]!, arg, i, emit))
  const list = [unit.instance(entry.module), 'm', ...args]
  return js(`${unit.function(entry)}(${list.join(', ')})`, 'int', true)
}

function emitArg(
  unit: Unit,
  call: Call,
  row: Arg<unknown>,
  arg: Expression,
  i: number,
  emit: Emit,
): string {
  if (arg.kind === 'call' || arg.kind === 'route') {
    unit.report.add('CFG_NESTED_CALL', arg.place)
    return 'undefined'
  }
  const constant = constantOf(unit, arg)
  switch (row.kind) {
    case 'text':
      if (constant === null) return notConstant(unit, call, arg, i)
      return quote(constant)
    case 'format':
      if (constant === null) return `str(${emit(arg).js})`
      return emitFormat(unit, constant, arg.place).js
    case 'lazyFormat':
      if (constant === null) return `(m) => str(${emit(arg).js})`
      return unit.format(emitFormat(unit, constant, arg.place).js)
    case 'int':
      return emitInt(unit, call, arg, constant, i, emit)
    case 'parsed':
      return emitParsed(unit, call, row, arg, constant, i, emit)
    case 'pvar':
      return emitHandle(unit, call, row, arg, constant, i)
    case 'route':
      return emitRoute(unit, row, arg, constant ?? '')
  }
}

/** The text of a literal, a bare word or a number; null for anything that must be evaluated. */
function constantOf(unit: Unit, arg: Expression): string | null {
  if (arg.kind === 'string') return arg.value
  if (arg.kind === 'int') return String(arg.value)
  if (arg.kind === 'keyword') return arg.name
  if (arg.kind === 'word') {
    const flag = unit.flags.get(arg.text)
    return flag === undefined ? arg.text : String(flag)
  }
  if (arg.kind === 'binary' && arg.op === '+') {
    const left = constantOf(unit, arg.left)
    const right = constantOf(unit, arg.right)
    if (left !== null && right !== null && arg.left.kind === 'string') return left + right
  }
  return null
}

function notConstant(unit: Unit, call: Call, arg: Expression, i: number): string {
  unit.report.add('CFG_NOT_CONSTANT', arg.place, i + 1, call.name)
  return 'undefined'
}

function bad(unit: Unit, call: Call, arg: Expression, i: number, error: unknown): string {
  if (!(error instanceof BadValue) && !(error instanceof PvarError)) throw error
  unit.report.add(
    'CFG_BAD_ARGUMENT',
    arg.place,
    i + 1,
    call.name,
    error.message,
    error instanceof BadValue ? error.hint : '',
  )
  return 'undefined'
}

function emitInt(
  unit: Unit,
  call: Call,
  arg: Expression,
  constant: string | null,
  i: number,
  emit: Emit,
): string {
  if (constant === null) {
    const value = emit(arg)
    return value.type === 'int' ? value.js : `int(${value.js})`
  }
  if (/^[+-]?(\d+|0x[0-9a-f]+)$/i.test(constant)) return String(Number(constant) | 0)
  if (constant.includes('$')) return `int(${emitFormat(unit, constant, arg.place).js})`
  return bad(unit, call, arg, i, new BadValue(`${JSON.stringify(constant)} is no number`))
}

function emitParsed(
  unit: Unit,
  call: Call,
  row: Arg<unknown>,
  arg: Expression,
  constant: string | null,
  i: number,
  emit: Emit,
): string {
  const parse = row.parse!
  if (constant === null || (row.dynamic === true && constant.includes('$'))) {
    if (row.dynamic !== true) return notConstant(unit, call, arg, i)
    const text =
      constant === null ? `str(${emit(arg).js})` : emitFormat(unit, constant, arg.place).js
    return `${unit.constant(withFormats(unit, parse))}(${text})`
  }
  try {
    const value = parse(constant, formatsOf(unit))
    const plain =
      typeof value === 'number' ||
      typeof value === 'string' ||
      typeof value === 'boolean' ||
      value === null
    return plain ? JSON.stringify(value) : unit.constant(value)
  } catch (error) {
    return bad(unit, call, arg, i, error)
  }
}

/** A reader of arguments that are only known per call. */
function withFormats(
  unit: Unit,
  parse: NonNullable<Arg<unknown>['parse']>,
): (text: string) => unknown {
  const formats = formatsOf(unit)
  return text => parse(text, formats)
}

function emitHandle(
  unit: Unit,
  call: Call,
  row: Arg<unknown>,
  arg: Expression,
  constant: string | null,
  i: number,
): string {
  try {
    const node = arg.kind === 'pvar' ? arg.pvar : parsePvar(constant ?? '', arg.place, () => true)
    const handle: PvHandle = handleOf(unit, node)
    // Checked here as well, so that -c finds it.
    emitPvar(unit, node)
    if (row.writable === true && handle.set === null)
      unit.report.add('CFG_NOT_WRITABLE', arg.place, node.text)
    return unit.constant(handle)
  } catch (error) {
    return bad(unit, call, arg, i, error)
  }
}

function emitRoute(unit: Unit, row: Arg<unknown>, arg: Expression, name: string): string {
  if (name === '0' || name === '') return 'null'
  unit.wantedRoutes.push({ kind: row.routeKind!, name, place: arg.place })
  return `R(${quote(row.routeKind!)}, ${quote(name)})`
}
