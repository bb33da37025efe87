/**
 * Turns what a caller sent into what a handler's parameters are, as strictly as the wire it came by
 * is in Kamailio.
 */
import { fits } from '../../../rpc/fits.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { Methods, ShapeNode } from '../../../rpc/schema.ts'

/** A BINRPC double: told apart from an integer because Kamailio's commands do. */
export class Double {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
}

/** How a wire reads scalars. */
export interface Strictness {
  /**
   * Numbers become texts and digits become numbers where a command wants the other (ctl's
   * autoconversion).
   */
  readonly convert: boolean
  /**
   * An optional parameter of the wrong kind counts as left out (BINRPC). Otherwise it is a fault:
   * Kamailio's JSON reads 0 from a text, which has set many a `debug` to 0.
   */
  readonly skipWrongOptional: boolean
}

const MISMATCH = Symbol('mismatch')
const KIND_NAMES: Partial<Record<ShapeNode['kind'], string>> = {
  text: 'string',
  scalar: 'string',
  int: 'integer',
  long: 'integer',
  double: 'float',
}

/** The handler's parameters; throws the Fault that Kamailio gives when they do not fit. */
export function bind(
  method: Methods[string],
  args: readonly unknown[],
  strictness: Strictness,
): unknown[] {
  const bound: unknown[] = []
  const { params } = method
  for (let i = 0; i < params.length; i++) {
    const shape = params[i]!
    if (shape.kind === 'rest') {
      bound.push(readRest(shape.of, args, i, strictness))
      return bound
    }
    const optional = shape.kind === 'maybe'
    const missing = i >= args.length || args[i] === null || args[i] === undefined
    if (missing && optional) {
      bound.push(undefined)
      continue
    }
    const value = missing
      ? MISMATCH
      : read(optional ? shape.of : shape, args[i], strictness.convert)
    if (value !== MISMATCH) bound.push(value)
    else if (optional && strictness.skipWrongOptional) bound.push(undefined)
    else throw complaint(method, i, missing)
  }
  return bound
}

/** Kamailio's commands read on until something does not fit. */
function readRest(
  of: ShapeNode,
  args: readonly unknown[],
  from: number,
  strictness: Strictness,
): unknown[] {
  const values: unknown[] = []
  for (let i = from; i < args.length; i++) {
    const value = args[i] === null ? MISMATCH : read(of, args[i], strictness.convert)
    if (value === MISMATCH) break
    values.push(value)
  }
  return values
}

function complaint(method: Methods[string], i: number, missing: boolean): Fault {
  const own = method.badParams
  if (own !== undefined && own.length > 0) return new Fault(...own[Math.min(i, own.length - 1)]!)
  const param = method.params[i]!
  const kind = KIND_NAMES[param.kind === 'maybe' ? param.of.kind : param.kind] ?? 'structure'
  const why = missing ? 'end of packet encountered' : "record doesn't match type"
  return new Fault(400, `error at parameter ${i}: expected ${kind} type but ${why}`)
}

function read(shape: ShapeNode, value: unknown, convert: boolean): unknown {
  switch (shape.kind) {
    case 'text':
      if (typeof value === 'string') return value
      return typeof value === 'number' && (convert || shape.loose)
        ? String(Math.trunc(value))
        : MISMATCH
    case 'int':
    case 'long':
      if (typeof value === 'number') return Math.trunc(value)
      if (value instanceof Double) return convert ? Math.trunc(value.value) : MISMATCH
      return digits(value, convert || (shape.kind === 'int' && shape.loose))
    case 'double':
      if (value instanceof Double) return value.value
      // Kamailio 5.6 wants a double record here; later versions take an integer as well, as
      // everybody expects.
      return typeof value === 'number' ? value : digits(value, convert)
    case 'scalar':
      return typeof value === 'string' || Number.isInteger(value) ? value : MISMATCH
    default:
      return fits(shape, value) ? value : MISMATCH
  }
}

function digits(value: unknown, allowed: boolean): unknown {
  if (!allowed || typeof value !== 'string' || !/^[+-]?\d+(\.\d+)?$/.test(value)) return MISMATCH
  return Number(value)
}
