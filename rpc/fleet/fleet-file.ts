/**
 * The fleet file: which nodes there are and how to reach them.
 *
 *     fleet: paris
 *     nodes:
 *       - { name: sbc-1, endpoint: unix:/run/kamailio/ohana_rpc.sock, environment: prod }
 */
import { readFileSync } from 'node:fs'
import { LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'

export const environments = ['prod', 'stage', 'dev'] as const
export type Environment = (typeof environments)[number]

export interface FleetNode {
  readonly name: string
  readonly endpoint: string
  readonly environment: Environment
}

export interface FleetFile {
  readonly name: string
  readonly nodes: readonly FleetNode[]
}

/** A fleet file or a choice of nodes that makes no sense; the text is for the operator. */
export class FleetError extends Error {
  override name = 'FleetError'
}

const nodeShape = z.strictObject({
  name: z.string().regex(/^[\w.-]+$/, 'a name has letters, digits, . _ and - only'),
  endpoint: z.string().min(1),
  environment: z.enum(environments).default('dev'),
})
const fileShape = z.strictObject({
  fleet: z.string().default('fleet'),
  environment: z.enum(environments).optional(),
  nodes: z.array(z.unknown()).min(1, 'a fleet has at least one node'),
})

/** Reads a fleet from YAML text; `path` is for messages. */
export function parseFleet(text: string, path: string): FleetFile {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false })
  const [fault] = document.errors
  if (fault) {
    const { line, col } = counter.linePos(fault.pos[0])
    throw new FleetError(`${path}:${line}:${col}: ${fault.message}`)
  }
  const file = check(fileShape, document.toJS() ?? {}, path)
  const nodes = file.nodes.map((row, index) => {
    const given = file.environment === undefined ? {} : { environment: file.environment }
    const named = typeof row === 'object' && row !== null ? { ...given, ...row } : row
    return check(nodeShape, named, `${path}: node ${index + 1}`)
  })
  for (const [index, { name }] of nodes.entries())
    if (nodes.findIndex(node => node.name === name) < index)
      throw new FleetError(`${path}: two nodes are called ${name}`)
  return { name: file.fleet, nodes }
}

function check<T>(shape: z.ZodType<T>, value: unknown, where: string): T {
  const result = shape.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const at = issue?.path.join('.') ?? ''
  throw new FleetError(`${where}: ${at === '' ? '' : `${at}: `}${issue?.message}`)
}

export function readFleet(path: string): FleetFile {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new FleetError(`cannot read the fleet file: ${(error as Error).message}`)
  }
  return parseFleet(text, path)
}
