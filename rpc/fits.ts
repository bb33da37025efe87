/**
 * Does a value have a shape? Quick and without a sentence: the wires choose by it, `check.ts`
 * explains.
 */
import type { ShapeNode } from './schema.ts'

export function fits(shape: ShapeNode, value: unknown): boolean {
  switch (shape.kind) {
    case 'text':
      return typeof value === 'string'
    case 'int':
    case 'long':
      return Number.isSafeInteger(value)
    case 'double':
      return typeof value === 'number'
    case 'flag':
      return typeof value === 'boolean'
    case 'scalar':
      return typeof value === 'string' || typeof value === 'number'
    case 'list':
    case 'several':
    case 'rest':
      return Array.isArray(value) && value.every(element => fits(shape.of, element))
    case 'rows':
      return (
        Array.isArray(value) &&
        value.every(row => isObject(row) && Object.hasOwn(row, shape.name)) &&
        (value.length === 0 || fits(shape.of, value[0][shape.name]))
      )
    case 'record':
      return (
        isObject(value) &&
        Object.entries(shape.members).every(([name, member]) => fits(member, value[name]))
      )
    case 'map':
      return isObject(value) && Object.values(value).every(member => fits(shape.of, member))
    case 'pairs':
      return (
        Array.isArray(value) &&
        value.every(pair => Array.isArray(pair) && pair.length === 2 && fits(shape.of, pair[1]))
      )
    case 'either':
      return shape.of.some(one => fits(one, value))
    case 'maybe':
      return value === undefined || fits(shape.of, value)
    case 'orNull':
      return value === null || fits(shape.of, value)
    case 'nothing':
      return value === undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
