/** Reads results as Kamailio's JSON transports print them back into the values of their shapes. */
import { fits } from '../fits.ts'
import type { ShapeNode } from '../schema.ts'
import { JsonObject, type JsonValue } from './json-read.ts'

/** As JSON.parse would give it: of repeated members the last one stays. */
export function plainValue(json: JsonValue): unknown {
  if (json instanceof JsonObject) {
    return Object.fromEntries(json.members.map(([name, value]) => [name, plainValue(value)]))
  }
  return Array.isArray(json) ? json.map(plainValue) : json
}

/**
 * The value of this shape. What does not fit is given as it is: the other side may be another
 * version.
 */
export function shapedValue(shape: ShapeNode, json: JsonValue): unknown {
  switch (shape.kind) {
    case 'nothing':
      return undefined
    case 'several':
      // Only the last value travelled; `{}` stands for none.
      return json instanceof JsonObject && json.members.length === 0
        ? []
        : [shapedValue(shape.of, json)]
    case 'list':
    case 'rest':
      return Array.isArray(json) ? json.map(one => shapedValue(shape.of, one)) : plainValue(json)
    case 'pairs':
      return json instanceof JsonObject
        ? json.members.map(([name, value]) => [name, shapedValue(shape.of, value)])
        : plainValue(json)
    case 'record':
      return json instanceof JsonObject ? members(shape, json) : plainValue(json)
    case 'flag':
      return typeof json === 'number' ? json !== 0 : json
    case 'either': {
      const values = shape.of.map(one => shapedValue(one, json))
      return values.find((value, i) => fits(shape.of[i]!, value)) ?? values[0]
    }
    case 'maybe':
    case 'orNull':
      return json === null ? null : shapedValue(shape.of, json)
    default:
      return plainValue(json)
  }
}

function members(shape: ShapeNode & { kind: 'record' }, json: JsonObject): unknown {
  return Object.fromEntries(
    json.members.map(([name, value]) => {
      const member = shape.members[name]
      return [name, member === undefined ? plainValue(value) : shapedValue(member, value)]
    }),
  )
}
