/** Pseudo-variables: `$name`, `$name(inner)`, `$(name(inner)[index]{class.function,argument})`. */
import type { Place } from '../1-read/source.ts'
import type { PvarIndex, PvarNode, TransformationNode } from './ast.ts'

/** What is wrong, and at which offset of the text. */
export class BadPvar extends Error {
  readonly at: number
  readonly hint: string
  constructor(at: number, text: string, hint = '') {
    super(text)
    this.at = at
    this.hint = hint
  }
}

// Only letters, digits, _ and . belong to a name: `$fu-x` is $fu and a text, `$fu.` asks for a
// variable `fu.`.
const NAME = /[A-Za-z0-9_.]+/y
const INDEX = /\s*(-?\d+|\*)\s*/y
const TRANSFORMATION = /([A-Za-z0-9_]+)\.([A-Za-z0-9_.]+)/y

/** Separators are taken for arguments here: {s.select,0,,} */
const MAX_DEPTH = 32

/** Reads one variable out of a text; throws BadPvar. */
export class PvarReader {
  private readonly text: string
  private readonly place: Place
  private depth: number
  /** Where the next character is. */
  at: number

  constructor(text: string, at: number, place: Place) {
    this.text = text
    this.at = at
    this.place = place
    this.depth = 0
  }

  /** The variable at the `$` here. */
  read(compat = false): PvarNode {
    if (++this.depth > MAX_DEPTH) throw new BadPvar(this.at, 'variables are nested too deeply')
    const start = this.at
    this.at++
    const node = this.peek() === '(' ? this.long(start) : this.short(start, compat)
    this.depth--
    return node
  }

  private short(start: number, compat: boolean): PvarNode {
    const name = this.name()
    const inner = this.peek() === '(' ? this.parenthesized() : null
    return this.node(start, name, inner, null, [], compat)
  }

  private long(start: number): PvarNode {
    this.at++
    const name = this.name()
    const inner = this.peek() === '(' ? this.parenthesized() : null
    const index = this.peek() === '[' ? this.index() : null
    const transformations: TransformationNode[] = []
    while (this.peek() === '{') transformations.push(this.transformation())
    this.match(/[ \t]*(?=\))/y)
    if (this.peek() !== ')') {
      const found = this.peek()
      throw new BadPvar(
        this.at,
        found === ''
          ? `'${brief(this.text.slice(start))}' is not closed`
          : `'${found}' is not expected here`,
        found === '' ? "add ')'" : '',
      )
    }
    this.at++
    return this.node(start, name, inner, index, transformations, false)
  }

  private node(
    start: number,
    name: string,
    inner: string | null,
    index: PvarIndex | null,
    transformations: TransformationNode[],
    compat: boolean,
  ): PvarNode {
    const text = this.text.slice(start, this.at)
    return {
      kind: 'pvar',
      name,
      inner,
      index,
      transformations,
      text,
      compat,
      at: this.place,
    }
  }

  private peek(): string {
    return this.text[this.at] ?? ''
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)
    if (found !== null) this.at = pattern.lastIndex
    return found
  }

  private name(): string {
    if (this.peek() === '?') {
      this.at++
      return '?'
    }
    const found = this.match(NAME)
    if (found === null)
      throw new BadPvar(this.at - 1, 'a $ without a name behind it', 'write $$ for the character $')
    return found[0]
  }

  /** The text between the parentheses; blank space counts. */
  private parenthesized(): string {
    const start = this.at
    const end = closing(this.text, start, '(', ')')
    if (end < 0) throw new BadPvar(start, "'(' is not closed", "add ')'")
    this.at = end + 1
    const inner = this.text.slice(start + 1, end)
    if (inner === '') throw new BadPvar(start, 'the name in the parentheses is missing')
    return inner
  }

  private index(): PvarIndex {
    const start = this.at
    this.at++
    let index: PvarIndex
    if (this.peek() === '$') index = this.read()
    else {
      const found = this.match(INDEX)
      if (found === null) throw new BadPvar(start, 'an index is a number, * or a variable')
      index = found[1] === '*' ? 'all' : Number(found[1])
    }
    if (this.peek() !== ']') throw new BadPvar(this.at, "']' expected")
    this.at++
    return index
  }

  private transformation(): TransformationNode {
    const start = this.at
    this.at++
    const found = this.match(TRANSFORMATION)
    if (found === null) throw new BadPvar(start, 'a transformation is {class.function,arguments}')
    const [, group = '', name = ''] = found
    this.match(/\s*/y)
    const args: (string | PvarNode)[] = []
    const first = this.at + 1
    while (this.peek() === ',') {
      this.at++
      args.push(this.argument(`${group}.${name}`.toLowerCase()))
    }
    if (this.peek() !== '}') throw new BadPvar(this.at, "'}' expected", 'close the transformation')
    const written = this.text.slice(first, this.at)
    this.at++
    return { group, name, args, written }
  }

  /**
   * A variable, or the text up to the next comma; one comma alone is an argument, and {re.subst}
   * takes all there is.
   */
  private argument(transformation: string): string | PvarNode {
    if (transformation === 're.subst') return this.untilBrace()
    this.match(/[ \t]*(?=\$[A-Za-z(])/y)
    if (this.peek() === '$' && /[A-Za-z(]/.test(this.text[this.at + 1] ?? '')) {
      const node = this.read()
      this.match(/[ \t]*/y)
      return node
    }
    if (this.peek() === ',') {
      this.at++
      return ','
    }
    return this.match(/[^,{}]*/y)![0]
  }

  /** The text up to the brace that closes this transformation; braces inside it are in pairs. */
  private untilBrace(): string {
    const start = this.at
    const end = closing(`{${this.text.slice(start)}`, 0, '{', '}')
    if (end < 0) throw new BadPvar(start, "'{' is not closed", "add '}'")
    this.at = start + end - 1
    return this.text.slice(start, this.at)
  }
}

/** The offset of the mark that closes the one at `start`, -1 when there is none. */
function closing(text: string, start: number, open: string, close: string): number {
  let depth = 0
  for (let i = start; i < text.length; i++) {
    if (text[i] === open) depth++
    else if (text[i] === close && --depth === 0) return i
  }
  return -1
}

/** As much of a text as a diagnostic can hold. */
function brief(text: string): string {
  const [line = ''] = text.split('\n')
  return line.length > 40 ? `${line.slice(0, 40)}...` : line
}

/** A text that is one variable and nothing else. Throws BadPvar. */
export function readPvar(text: string, place: Place, compat = false): PvarNode {
  const reader = new PvarReader(text, 0, place)
  if (text[0] !== '$') throw new BadPvar(0, 'a variable begins with $')
  const node = reader.read(compat)
  if (reader.at < text.length)
    throw new BadPvar(reader.at, `'${brief(text.slice(reader.at))}' is not part of a variable`)
  return node
}
