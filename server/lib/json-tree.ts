/**
 * JSON in byte strings, read and written so that nothing changes that nobody changed: objects keep
 * the order of their names, numbers the digits that were written (1.0, 12345678901234567890), texts
 * their bytes. JSON.parse keeps none of these.
 */

/** A number as it is written. */
export class NumberText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  get isInteger(): boolean {
    return /^-?\d+$/.test(this.text)
  }
}

export type JsonTree = null | boolean | string | NumberText | JsonTree[] | Map<string, JsonTree>

const MAX_DEPTH = 200

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const BLANKS = /[ \t\r\n]*/y
const PLAIN = /[^"\\\x00-\x1f]*/y

const ESCAPES: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

const WORDS: readonly (readonly [string, JsonTree])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
]

/** What is no JSON ends the reading. */
class NotJson extends Error {}

class Reader {
  private readonly text: string
  private at = 0

  constructor(text: string) {
    this.text = text
  }

  whole(): JsonTree {
    const value = this.value(0)
    this.match(BLANKS)
    if (this.at < this.text.length) throw new NotJson()
    return value
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)
    if (found === null) return null
    this.at = pattern.lastIndex
    return found[0]
  }

  /** Takes a character behind blanks, when it is there. */
  private take(character: string): boolean {
    this.match(BLANKS)
    if (this.text[this.at] !== character) return false
    this.at++
    return true
  }

  private expect(character: string): void {
    if (!this.take(character)) throw new NotJson()
  }

  private value(depth: number): JsonTree {
    if (depth > MAX_DEPTH) throw new NotJson()
    if (this.take('{')) return this.object(depth)
    if (this.take('[')) return this.array(depth)
    if (this.take('"')) return this.string()
    for (const [word, value] of WORDS) {
      if (!this.text.startsWith(word, this.at)) continue
      this.at += word.length
      return value
    }
    const number = this.match(NUMBER)
    if (number === null) throw new NotJson()
    return new NumberText(number)
  }

  private object(depth: number): JsonTree {
    const object = new Map<string, JsonTree>()
    if (this.take('}')) return object
    do {
      this.expect('"')
      const name = this.string()
      this.expect(':')
      object.set(name, this.value(depth + 1))
    } while (this.take(','))
    this.expect('}')
    return object
  }

  private array(depth: number): JsonTree {
    const array: JsonTree[] = []
    if (this.take(']')) return array
    do array.push(this.value(depth + 1))
    while (this.take(','))
    this.expect(']')
    return array
  }

  /** Behind the opening quote. */
  private string(): string {
    let out = ''
    for (;;) {
      out += this.match(PLAIN) ?? ''
      const code = this.text[this.at++]
      if (code === '"') return out
      if (code !== '\\') throw new NotJson()
      out += this.escape()
    }
  }

  private escape(): string {
    const code = this.text[this.at++] ?? ''
    if (code !== 'u') {
      const plain = ESCAPES[code]
      if (plain === undefined) throw new NotJson()
      return plain
    }
    const units = this.match(/[0-9a-fA-F]{4}(?:(?<=[dD][89abAB]..)\\u[dD][c-fC-F][0-9a-fA-F]{2})?/y)
    if (units === null) throw new NotJson()
    const codes = units.split('\\u').map(unit => Number.parseInt(unit, 16))
    return Buffer.from(String.fromCharCode(...codes), 'utf8').toString('latin1')
  }
}

/** undefined when the text is no JSON. */
export function readJson(text: string): JsonTree | undefined {
  try {
    return new Reader(text).whole()
  } catch (error) {
    if (error instanceof NotJson) return undefined
    throw error
  }
}

/** Where blanks stand: `{"a":1}`, `{"a": 1}`, `{ "a": 1 }`. */
export interface JsonStyle {
  readonly colon: string
  readonly comma: string
  /** Behind an opening bracket and before a closing one. */
  readonly inside: string
  /** json-c writes \/ for a slash. */
  readonly escapeSlash: boolean
}

export const COMPACT: JsonStyle = { colon: ':', comma: ',', inside: '', escapeSlash: false }
export const SPACED: JsonStyle = { colon: ': ', comma: ', ', inside: ' ', escapeSlash: true }

/** A text in quotes; its bytes stay as they are. */
export function quoteJson(text: string, style: JsonStyle = COMPACT): string {
  const quoted = JSON.stringify(text)
  return style.escapeSlash ? quoted.replaceAll('/', '\\/') : quoted
}

export function writeJson(value: JsonTree, style: JsonStyle = COMPACT): string {
  const { inside, comma, colon } = style
  if (typeof value === 'string') return quoteJson(value, style)
  if (value instanceof NumberText) return value.text
  if (Array.isArray(value)) {
    if (value.length === 0) return `[${inside}]`
    return `[${inside}${value.map(each => writeJson(each, style)).join(comma)}${inside}]`
  }
  if (value instanceof Map) {
    if (value.size === 0) return `{${inside}}`
    const members = [...value].map(
      ([name, each]) => quoteJson(name, style) + colon + writeJson(each, style),
    )
    return `{${inside}${members.join(comma)}${inside}}`
  }
  return String(value)
}
