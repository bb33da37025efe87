/**
 * Kamailio's JSON text: tabs, a tab after the colon, arrays inline, numbers as C prints them.
 * `kamctl` reads it line by line, so the layout is part of the interface. Texts are byte strings
 * (latin1): they leave as they are, whatever their encoding is.
 */
import { fits } from '../fits.ts'
import type { ShapeNode } from '../schema.ts'
import { inTurns } from './long-list.ts'

const INT_MAX = 0x7fffffff
const INT_MIN = -0x80000000

/** As `%d`, `%.0f`, `%e` or `%f` print it, chosen by size. */
export function printNumber(value: number): string {
  if (!Number.isFinite(value)) return 'null'
  if (Number.isInteger(value)) {
    if (value <= INT_MAX && value >= INT_MIN) return String(value + 0)
    if (Math.abs(value) < 1e60) return BigInt(value).toString()
  }
  const size = Math.abs(value)
  if (size < 1e-6 || size > 1e9) {
    // JavaScript writes e+7 where C writes e+07.
    return value.toExponential(6).replace(/e([+-])(\d)$/, 'e$10$2')
  }
  return value.toFixed(6)
}

const ESCAPES: Record<string, string> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}
// Characters above one byte do not occur in byte strings; one that does is escaped, so that the
// text can be written as latin1.
// oxlint-disable-next-line no-control-regex
const NEEDS_ESCAPE = /["\\\u0000-\u001f]|[^\u0000-\u00ff]/g

export function printText(text: string): string {
  return `"${text.replace(
    NEEDS_ESCAPE,
    one => ESCAPES[one] ?? `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )}"`
}

/** One member of the JSON object, already printed: its name and its value's text. */
type Member = readonly [name: string, value: string]

export class JsonPrinter {
  private readonly pretty: boolean

  constructor(pretty: boolean) {
    this.pretty = pretty
  }

  /** The text of a whole reply: version, then result or error, then the id when there was one. */
  reply(member: Member, id: string | null): string {
    const members: Member[] = [['jsonrpc', '"2.0"'], member]
    if (id !== null) members.push(['id', id])
    return this.object(members, 0)
  }

  result(shape: ShapeNode, value: unknown): Member {
    return ['result', this.top(shape, value)]
  }

  /** The same of a long list: see long-list.ts. */
  async longResult(shape: ShapeNode, list: readonly unknown[]): Promise<Member> {
    const texts = await inTurns(list, part => this.value(shape, part, 1).slice(1, -1))
    return ['result', this.array(texts)]
  }

  error(code: number, message: string): Member {
    const members: Member[] = [
      ['code', printNumber(code)],
      ['message', printText(message)],
    ]
    return ['error', this.object(members, 1)]
  }

  /** `result` of a request that Kamailio cannot make sense of. */
  emptyResult(): Member {
    return ['result', this.object([], 1)]
  }

  private top(shape: ShapeNode, value: unknown): string {
    if (shape.kind === 'nothing') return this.object([], 1)
    if (shape.kind !== 'several') return this.value(shape, value, 1)
    // Without RET_ARRAY each value replaces the one before.
    const values = value as unknown[]
    return values.length === 0 ? this.object([], 1) : this.value(shape.of, values.at(-1), 1)
  }

  private value(shape: ShapeNode, value: unknown, depth: number): string {
    if (value === null || value === undefined) return 'null'
    switch (shape.kind) {
      case 'list':
      case 'several':
      case 'rest':
        return this.array((value as unknown[]).map(one => this.value(shape.of, one, depth + 1)))
      case 'rows':
        return this.array(
          (value as Record<string, unknown>[]).map(row =>
            this.object(
              [[shape.name, this.value(shape.of, row[shape.name], depth + 2)]],
              depth + 1,
            ),
          ),
        )
      case 'record':
        return this.record(shape, value as Record<string, unknown>, depth)
      case 'map':
        return this.object(
          Object.entries(value).map(([k, v]) => [k, this.value(shape.of, v, depth + 1)]),
          depth,
        )
      case 'pairs':
        return this.object(
          (value as [string, unknown][]).map(([k, v]) => [k, this.value(shape.of, v, depth + 1)]),
          depth,
        )
      case 'either':
        return this.value(shape.of.find(one => fits(one, value)) ?? shape.of[0]!, value, depth)
      case 'maybe':
      case 'orNull':
        return this.value(shape.of, value, depth)
      default:
        return scalarText(value)
    }
  }

  private record(
    shape: ShapeNode & { kind: 'record' },
    value: Record<string, unknown>,
    depth: number,
  ): string {
    const members: Member[] = []
    for (const name of shape.order) {
      if (value[name] === undefined) continue
      members.push([name, this.value(shape.members[name]!, value[name], depth + 1)])
    }
    return this.object(members, depth)
  }

  private array(elements: readonly string[]): string {
    return `[${elements.join(this.pretty ? ', ' : ',')}]`
  }

  /** `depth` is how deep the object itself stands: its members are one deeper. */
  private object(members: readonly Member[], depth: number): string {
    if (!this.pretty) return `{${members.map(([k, v]) => `${printText(k)}:${v}`).join(',')}}`
    const tabs = '\t'.repeat(depth)
    const lines = members.map(([k, v]) => `${tabs}\t${printText(k)}:\t${v}`)
    return lines.length === 0 ? `{\n${tabs}}` : `{\n${lines.join(',\n')}\n${tabs}}`
  }
}

function scalarText(value: unknown): string {
  if (typeof value === 'number') return printNumber(value)
  if (typeof value === 'boolean') return value ? '1' : '0'
  return printText(String(value))
}
