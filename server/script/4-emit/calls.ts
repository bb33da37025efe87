/** Calls of functions, with their arguments as they were planned by the check. */
import { type Arg, argAt, BadValue, type RouteKind } from '../../core/module/index.ts'
import type { FunctionEntry } from '../../core/registry.ts'
import type { Place } from '../1-read/source.ts'
import type { CallNode, Expression } from '../2-parse/ast.ts'
import { type ArgPlan, planArgument } from '../3-check/arguments.ts'
import { BLIND } from '../3-check/context.ts'
import { readPerCall } from '../5-run/per-call.ts'
import { asInt, asStr, identifierPart, type Js, literal, nameAfter, primary, quote } from './js.ts'
import { emitFormat, emitHandle, emitPvar, emitTextFunction } from './pvars.ts'
import type { Unit } from './unit.ts'

/** How expressions become code: given by the one who knows all of them. */
export type EmitValue = (node: Expression) => Js

interface Emitted {
  readonly code: string
  /** It may be BAD: the text is read per call and can be malformed. */
  readonly perCall: boolean
  /** It is an expression that may fail. */
  readonly risky: boolean
}

/** `name(self, m, arguments)`: the function's own return code. `rest` is for those of restFn. */
export function emitCall(
  unit: Unit,
  call: CallNode,
  entry: FunctionEntry,
  emit: EmitValue,
  rest = 'null',
): Js {
  if (unit.ctx.registry.module(entry.module)?.absent !== undefined)
    return emitAbsentCall(unit, call, entry)
  const args = call.args.map((_, i) => {
    const arg = argAt(entry.row.args, i, call.args.length)
    const plan = planArgument(call, i, arg, unit.ctx)
    return typeof plan === 'string'
      ? plain('undefined')
      : unit.within(call.at, () => emitArgument(unit, call, arg, plan, emit))
  })
  const run = unit.run(entry)
  const first = [unit.self(entry.module), 'm', ...(entry.row.rest === true ? [rest] : [])]
  const codes = args.map(arg => arg.code)
  if (args.every(arg => !arg.perCall && !arg.risky))
    return primary(`${run}(${[...first, ...codes].join(', ')})`, 'int')
  return guardedCall(unit, run, first, args)
}

/** A function that is not here is only told where it was called. */
function emitAbsentCall(unit: Unit, call: CallNode, entry: FunctionEntry): Js {
  const place = JSON.stringify(unit.placeOf(call.at))
  const at = unit.once(`place ${place}`, 'place', name => `const ${name} = ${place};`)
  return primary(`${unit.run(entry)}(${unit.self(entry.module)}, m, ${at})`, 'int')
}

/** A call some of whose arguments may fail or be malformed: it is not made then, and worth -1. */
function guardedCall(
  unit: Unit,
  run: string,
  first: readonly string[],
  args: readonly Emitted[],
): Js {
  const names = args.map((_, i) => `a${i + 1}`)
  const bad = names.filter((_, i) => args[i]!.perCall).map(name => `${name} === BAD`)
  const inner = `${run}(${[...first, ...names].join(', ')})`
  const malformed =
    bad.length === 0 ? '' : `${bad.join(' || ')} ? ${unit.helper('malformed')}(${quote(run)}) : `
  const failed = args.some(arg => arg.risky) ? `${unit.helper('failed')}() ? -1 : ` : ''
  const body = `(m, ${names.join(', ')}) => ${failed}${malformed}${inner}`
  const name = unit.once(`guard ${body}`, `${run}_read`, id => `const ${id} = ${body};`)
  return primary(`${name}(${['m', ...args.map(arg => arg.code)].join(', ')})`, 'int')
}

const plain = (code: string): Emitted => ({ code, perCall: false, risky: false })
const expression = ({ code, risky }: Js): Emitted => ({ code, perCall: false, risky })

function emitArgument(
  unit: Unit,
  call: CallNode,
  arg: Arg<unknown>,
  plan: ArgPlan,
  emit: EmitValue,
): Emitted {
  const wanted = identifierPart(`${call.name}_${arg.name}`)
  switch (plan.how) {
    case 'literal':
      return plain(literal(plan.value).code)
    case 'uriPart':
      return plain(`${unit.helper(plan.part === 'host' ? 'uriHost' : 'uriPort')}(m)`)
    case 'format':
      return plain(emitFormat(unit, plan.parts).code)
    case 'lazy':
      return plain(emitTextFunction(unit, plan.parts, placeIn(call, arg)))
    case 'text':
      return expression(text(unit, emit(plan.value)))
    case 'number':
      return expression(number(unit, emit(plan.value)))
    case 'numberFormat':
      return expression(number(unit, formatValue(unit, plan.parts)))
    case 'parsed': {
      const { text: given } = plan
      const parse = arg.parse!
      if (isPlainNumber(arg, given)) return plain(given)
      const key = `parsed ${call.name} ${arg.name} ${given}`
      const name = given === '' ? wanted : nameAfter(identifierPart(call.name), given)
      return plain(unit.made(key, name, env => parse(given, env.formats)))
    }
    case 'parsedFormat':
      return perCall(unit, wanted, arg, emitFormat(unit, plan.parts))
    case 'parsedExpression':
      return perCall(unit, wanted, arg, text(unit, emit(plan.value)))
    case 'pvar':
      return plain(emitHandle(unit, plan.node))
    case 'route':
      return plain(emitBlock(unit, plan.kind, plan.name))
    case 'routeFormat':
      return blockPerCall(unit, plan.kind, emitFormat(unit, plan.parts).code)
  }
}

/** An argument whose own parser makes the very number of it that stands there. */
function isPlainNumber(arg: Arg<unknown>, given: string): boolean {
  return /^\d+$/.test(given) && arg.parse!(given, BLIND) === Number(given)
}

const placeIn = (call: CallNode, arg: Arg<unknown>): Place | null =>
  arg.placed === true ? call.at : null

function text(unit: Unit, value: Js): Js {
  unit.helper('str')
  return asStr(value)
}

function number(unit: Unit, value: Js): Js {
  unit.helper('int')
  return asInt(value)
}

/** One variable alone keeps its number; anything else is a text. */
function formatValue(unit: Unit, parts: Parameters<typeof emitFormat>[1]): Js {
  const [first] = parts
  if (parts.length === 1 && typeof first === 'object') return emitPvar(unit, first)
  return emitFormat(unit, parts)
}

/** The argument's own parser, called with the text of now. */
function perCall(unit: Unit, wanted: string, arg: Arg<unknown>, given: Js): Emitted {
  const parse = arg.parse!
  const reader = unit.made(`reader ${unit.makers.length}`, `read_${wanted}`, env =>
    readPerCall(now => parse(now, env.formats)),
  )
  return { code: `${reader}(${given.code})`, perCall: true, risky: given.risky }
}

function emitBlock(unit: Unit, kind: RouteKind, name: string): string {
  if (name === '') return 'null'
  const wanted = `block_${kind}_${identifierPart(name)}`
  return unit.made(`block ${kind} ${name}`, wanted, env => env.block(kind, name))
}

function blockPerCall(unit: Unit, kind: RouteKind, code: string): Emitted {
  const reader = unit.made(`blocks ${kind}`, `find_${kind}`, env =>
    readPerCall(name => {
      if (name === '0') return null
      const block = env.block(kind, name)
      if (block === null) throw new BadValue(`there is no ${kind} route ${name}`)
      return block
    }),
  )
  return { code: `${reader}(${code})`, perCall: true, risky: false }
}
