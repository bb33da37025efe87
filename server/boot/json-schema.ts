/** Shapes of RPC parameters and results as JSON Schema, which editors and other tools read. */
import type { ShapeNode } from '../../rpc/schema.ts'

export type JsonSchema = Readonly<Record<string, unknown>>

/** The schema of a shape, as our JSON-RPC carries it. */
export function jsonSchema(shape: ShapeNode): JsonSchema {
  const { help } = shape
  return help === '' ? bare(shape) : { ...bare(shape), description: help }
}

function bare(shape: ShapeNode): JsonSchema {
  switch (shape.kind) {
    case 'text':
      return { type: shape.loose ? ['string', 'number'] : 'string' }
    case 'int':
      return { type: shape.loose ? ['integer', 'string'] : 'integer' }
    case 'long':
      return { type: 'integer' }
    case 'double':
      return { type: 'number' }
    case 'flag':
      return { type: 'boolean' }
    case 'scalar':
      return { type: ['string', 'number'] }
    case 'list':
    case 'rest':
    case 'several':
      return { type: 'array', items: jsonSchema(shape.of) }
    case 'rows':
      return { type: 'array', items: object({ [shape.name]: shape.of }) }
    case 'record':
      return object(shape.members)
    case 'map':
    case 'pairs':
      return { type: 'object', additionalProperties: jsonSchema(shape.of) }
    case 'either':
      return { anyOf: shape.of.map(jsonSchema) }
    case 'maybe':
      return bare(shape.of)
    case 'orNull':
      return { anyOf: [jsonSchema(shape.of), { type: 'null' }] }
    case 'nothing':
      return { type: 'object', maxProperties: 0 }
  }
}

function object(members: Readonly<Record<string, ShapeNode>>): JsonSchema {
  const entries = Object.entries(members)
  const required = entries.filter(([, { kind }]) => kind !== 'maybe').map(([name]) => name)
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, shape]) => [name, jsonSchema(shape)])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  }
}
