/** Shapes as zod schemas: replies are checked in tests, structured parameters when they come in. */
import { z } from 'zod'
import type { ShapeNode } from './schema.ts'

const made = new WeakMap<ShapeNode, z.ZodType>()

/** The zod schema of a shape, made once. */
export function schemaOf(shape: ShapeNode): z.ZodType {
  let schema = made.get(shape)
  if (schema === undefined) {
    schema = make(shape)
    made.set(shape, schema)
  }
  return schema
}

/** null when the value has the shape, else what is wrong, in a sentence. */
export function checkValue(shape: ShapeNode, value: unknown): string | null {
  const result = schemaOf(shape).safeParse(value)
  return result.success ? null : z.prettifyError(result.error)
}

function make(shape: ShapeNode): z.ZodType {
  switch (shape.kind) {
    case 'text':
      return z.string()
    case 'int':
    case 'long':
      return z.number().int()
    case 'double':
      return z.number()
    case 'flag':
      return z.boolean()
    case 'scalar':
      return z.union([z.string(), z.number()])
    case 'list':
    case 'several':
    case 'rest':
      return z.array(schemaOf(shape.of))
    case 'rows':
      return z.array(z.strictObject({ [shape.name]: schemaOf(shape.of) }))
    case 'record':
      return z.strictObject(
        Object.fromEntries(
          Object.entries(shape.members).map(([name, member]) => [name, schemaOf(member)]),
        ),
      )
    case 'map':
      return z.record(z.string(), schemaOf(shape.of))
    case 'pairs':
      return z.array(z.tuple([z.string(), schemaOf(shape.of)]))
    case 'either':
      return z.union(shape.of.map(schemaOf) as [z.ZodType, z.ZodType])
    case 'maybe':
      return schemaOf(shape.of).optional()
    case 'orNull':
      return schemaOf(shape.of).nullable()
    case 'nothing':
      return z.undefined()
  }
}
