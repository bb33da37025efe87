/**
 * The line protocol of old: `:command:reply_fifo`, a line per parameter, an empty line. The reply
 * has a line with code and reason, then a line per value; the members of a structure stand on one
 * line as `name:value,name:value`.
 */
import { fits } from '../../../rpc/fits.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { ShapeNode } from '../../../rpc/schema.ts'
import { printNumber } from '../../../rpc/wire/json-print.ts'
import type { Caller, RpcRegistry } from '../../core/rpc/registry.ts'
import type { Protocol, StreamReader } from './protocol.ts'

const LONGEST = 64 * 1024

export interface TextRequest {
  readonly command: string
  /** '' when the reply goes back the way the request came. */
  readonly replyFifo: string
  readonly params: readonly string[]
}

/** null when the first line is no command. */
export function readTextRequest(text: string): TextRequest | null {
  const [first = '', ...lines] = text.split('\n')
  const found = /^:([^:]+):(.*)$/.exec(first)
  if (found === null) return null
  const params = lines.filter((line, i) => line !== '' || i < lines.length - 2)
  return { command: found[1]!, replyFifo: found[2]!, params: params.map(unescape) }
}

export class TextProtocol implements Protocol {
  readonly name = 'fifo'
  private readonly registry: RpcRegistry
  private readonly onBadRequest: (text: string) => void

  constructor(registry: RpcRegistry, onBadRequest: (text: string) => void) {
    this.registry = registry
    this.onBadRequest = onBadRequest
  }

  reader(): StreamReader {
    return new BlockReader()
  }

  async answer(bytes: Buffer, caller: Caller): Promise<Buffer | null> {
    const request = readTextRequest(bytes.toString('latin1'))
    if (request === null) {
      this.onBadRequest(bytes.toString('latin1'))
      return null
    }
    return Buffer.from(await this.execute(request, caller), 'latin1')
  }

  /** The text of the reply. Never rejects. */
  async execute({ command, params }: TextRequest, caller: Caller): Promise<string> {
    try {
      if (this.registry.find(command) === null) {
        throw new Fault(500, `Command '${command}' not found`)
      }
      const { shape, value } = await this.registry.call(command, params, caller)
      return `200 OK\n${lines(shape, value)
        .map(line => `${line}\n`)
        .join('')}`
    } catch (error) {
      const { code, message } = error as Fault
      return `${code} ${message}\n`
    }
  }
}

/** Cuts at empty lines. */
class BlockReader implements StreamReader {
  private held = ''

  push(chunk: Buffer): Buffer[] | null {
    this.held += chunk.toString('latin1')
    const blocks: Buffer[] = []
    for (let end = this.held.indexOf('\n\n'); end >= 0; end = this.held.indexOf('\n\n')) {
      const block = this.held.slice(0, end + 2)
      // Line ends between two requests are nobody's parameter.
      if (block.trim() !== '') blocks.push(Buffer.from(block.trimStart(), 'latin1'))
      this.held = this.held.slice(end + 2)
    }
    return this.held.length > LONGEST ? null : blocks
  }
}

function lines(shape: ShapeNode, value: unknown): string[] {
  if (shape.kind === 'nothing') return []
  if (shape.kind === 'list' || shape.kind === 'several') {
    return (value as unknown[]).map(one => line(shape.of, one))
  }
  return [line(shape, value)]
}

function line(shape: ShapeNode, value: unknown): string {
  if (value === null || value === undefined) return ''
  switch (shape.kind) {
    case 'record':
      return shape.order
        .filter(name => (value as Record<string, unknown>)[name] !== undefined)
        .map(name => pair(name, shape.members[name]!, (value as Record<string, unknown>)[name]))
        .join(',')
    case 'map':
      return Object.entries(value)
        .map(([name, one]) => pair(name, shape.of, one))
        .join(',')
    case 'pairs':
      return (value as [string, unknown][])
        .map(([name, one]) => pair(name, shape.of, one))
        .join(',')
    case 'rows':
      return (value as Record<string, unknown>[])
        .map(row => pair(shape.name, shape.of, row[shape.name]))
        .join(',')
    case 'list':
    case 'several':
    case 'rest':
      return (value as unknown[]).map(one => escape(line(shape.of, one))).join(',')
    case 'either':
      return line(shape.of.find(one => fits(one, value)) ?? shape.of[0]!, value)
    case 'maybe':
    case 'orNull':
      return line(shape.of, value)
    default:
      return typeof value === 'number' ? printNumber(value) : escape(value as string)
  }
}

const pair = (name: string, shape: ShapeNode, value: unknown): string => {
  const text = line(shape, value)
  const isPlain = ['text', 'int', 'long', 'double', 'scalar', 'flag'].includes(shape.kind)
  return `${escape(name)}:${isPlain ? text : escape(text)}`
}

const ESCAPES: Record<string, string> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\\': '\\\\',
  '\0': '\\0',
  ':': '\\o',
  ',': '\\c',
}
const UNESCAPES = Object.fromEntries(Object.entries(ESCAPES).map(([c, e]) => [e, c]))

const escape = (text: string): string =>
  // oxlint-disable-next-line no-control-regex
  text.replace(/[\n\r\t\\\u0000:,]/g, c => ESCAPES[c]!)
const unescape = (text: string): string =>
  text.replace(/\\[nrt\\0oc]/g, sequence => UNESCAPES[sequence]!)
