/**
 * A lenient JSON reader for requests of Kamailio's tools: raw control characters in strings are
 * taken (kamctl sends CR and LF bytes), members keep their order and may repeat, what follows the
 * value is ignored. Texts stay byte strings; `\u` escapes become UTF-8 bytes.
 */

/** An object as it was written: members in order, repeated ones too. */
export class JsonObject {
  readonly members: readonly (readonly [name: string, value: JsonValue])[]
  constructor(members: readonly (readonly [string, JsonValue])[]) {
    this.members = members
  }

  /** The first member with this name; letters compare without case, as in Kamailio's reader. */
  get(name: string): JsonValue | undefined {
    for (const [key, value] of this.members) {
      if (key === name || key.toLowerCase() === name) return value
    }
    return undefined
  }
}

export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject

/** Deeper nesting is refused: the reader calls itself. */
const MAX_DEPTH = 100

/**
 * The value, or undefined when the text is no JSON. `characters`: the text has been decoded
 * already, `\u` escapes are characters; otherwise it is a byte string and they become bytes.
 */
export function readJson(text: string, characters = false): JsonValue | undefined {
  const reader = new Reader(text, characters ? String.fromCodePoint : utf8)
  const value = reader.value(0)
  return reader.failed ? undefined : value
}

const ESCAPED: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y

class Reader {
  private readonly text: string
  private readonly character: (codePoint: number) => string
  private at = 0
  failed = false

  constructor(text: string, character: (codePoint: number) => string) {
    this.text = text
    this.character = character
  }

  value(depth: number): JsonValue {
    this.blanks()
    switch (this.text[this.at]) {
      case '{':
        return depth < MAX_DEPTH ? this.object(depth) : this.fail()
      case '[':
        return depth < MAX_DEPTH ? this.array(depth) : this.fail()
      case '"':
        return this.string()
      case 't':
        return this.word('true', true)
      case 'f':
        return this.word('false', false)
      case 'n':
        return this.word('null', null)
      default:
        return this.number()
    }
  }

  private fail(): null {
    this.failed = true
    // Nothing more is read: every loop stops at the end of the text.
    this.at = this.text.length
    return null
  }

  private blanks(): void {
    while (this.at < this.text.length && this.text.charCodeAt(this.at) <= 32) this.at++
  }

  private word<T extends JsonValue>(word: string, value: T): T | null {
    if (!this.text.startsWith(word, this.at)) return this.fail()
    this.at += word.length
    return value
  }

  private number(): JsonValue {
    NUMBER.lastIndex = this.at
    const found = NUMBER.exec(this.text)
    if (found === null) return this.fail()
    this.at = NUMBER.lastIndex
    return Number(found[0])
  }

  private array(depth: number): JsonValue {
    const elements: JsonValue[] = []
    this.at++
    this.blanks()
    if (this.text[this.at] === ']') {
      this.at++
      return elements
    }
    while (!this.failed) {
      elements.push(this.value(depth + 1))
      this.blanks()
      const next = this.text[this.at++]
      if (next === ']') return elements
      if (next !== ',') return this.fail()
    }
    return null
  }

  private object(depth: number): JsonValue {
    const members: [string, JsonValue][] = []
    this.at++
    this.blanks()
    if (this.text[this.at] === '}') {
      this.at++
      return new JsonObject(members)
    }
    while (!this.failed) {
      this.blanks()
      if (this.text[this.at] !== '"') return this.fail()
      const name = this.string()
      this.blanks()
      if (this.failed || this.text[this.at++] !== ':') return this.fail()
      members.push([name, this.value(depth + 1)])
      this.blanks()
      const next = this.text[this.at++]
      if (next === '}') return new JsonObject(members)
      if (next !== ',') return this.fail()
    }
    return null
  }

  private string(): string {
    let result = ''
    let start = ++this.at
    while (this.at < this.text.length) {
      const c = this.text[this.at]
      if (c === '"') {
        result += this.text.slice(start, this.at++)
        return result
      }
      if (c !== '\\') {
        this.at++
        continue
      }
      result += this.text.slice(start, this.at) + this.escape()
      start = this.at
    }
    this.fail()
    return ''
  }

  /** Reads one escape sequence; `at` stands on the backslash. */
  private escape(): string {
    const kind = this.text[this.at + 1] ?? ''
    this.at += 2
    if (kind !== 'u') return ESCAPED[kind] ?? kind
    const unit = this.unit()
    if (unit === null) return ''
    if (unit < 0xd800 || unit > 0xdbff) return this.character(unit)
    // The first half of a character beyond 16 bits; alone it is nothing.
    if (!this.text.startsWith('\\u', this.at)) return ''
    this.at += 2
    const low = this.unit()
    if (low === null || low < 0xdc00 || low > 0xdfff) return ''
    return this.character(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00))
  }

  private unit(): number | null {
    const digits = this.text.slice(this.at, this.at + 4)
    this.at += 4
    return /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : this.fail()
  }
}

const utf8 = (codePoint: number): string =>
  Buffer.from(String.fromCodePoint(codePoint)).toString('latin1')
