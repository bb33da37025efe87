/**
 * Just enough of JavaScript's lexical grammar to find loops, imports and texts in a script: words,
 * literals and signs, with brackets paired. Whether the script is right is for the engine to say.
 */
export type TokenKind = 'word' | 'string' | 'template' | 'regex' | 'sign'

export interface Token {
  readonly kind: TokenKind
  readonly text: string
  readonly start: number
  readonly end: number
  /** How many brackets are open around it. */
  readonly depth: number
  /** Of a bracket: the index of the token that closes or opens it; else -1. */
  partner: number
}

const BLANK = /(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*[^]*?\*\/)+/y
const WORD = /[\p{ID_Start}$_#@\\](?:[\p{ID_Continue}$\\]|\u200c|\u200d)*|\.?\d[\w.]*/uy
const STRING = /"(?:[^"\\\n\r]|\\[^])*"|'(?:[^'\\\n\r]|\\[^])*'/y
const REGEX = /\/(?:[^/\\[\n\r]|\\[^\n\r]|\[(?:[^\]\\\n\r]|\\[^\n\r])*\])+\/[\p{ID_Continue}$]*/uy
const TEMPLATE = /(?:[^`\\$]|\\[^]|\$(?!\{))*(`|\$\{)/y
const SIGN = /=>|\+\+|--|\?\.(?!\d)|\.\.\.|[^]/y

/** Words behind which a value begins, so that `/` opens a regular expression. */
const BEFORE_VALUE = new Set(
  'return typeof instanceof in of new delete void throw case do else yield await'.split(' '),
)
/** Words whose parentheses are followed by a statement. */
const HEADS = new Set(['if', 'while', 'for', 'with'])

interface Open {
  readonly index: number
  readonly sign: string
  /** A `{` that begins statements; a `(` that belongs to if, while, for or with. */
  readonly statements: boolean
}

/** All tokens without comments; null when brackets or literals do not end. */
export function tokenize(source: string): Token[] | null {
  const scanner = new Scanner(source)
  return scanner.run() ? scanner.tokens : null
}

class Scanner {
  readonly tokens: Token[] = []
  private readonly source: string
  private readonly open: Open[] = []
  private at = 0
  /** The last closed bracket's kind, for the `/` behind it. */
  private closedStatements = false

  constructor(source: string) {
    this.source = source
  }

  run(): boolean {
    for (;;) {
      this.at += this.match(BLANK).length
      if (this.at >= this.source.length) return this.open.length === 0
      if (!this.token()) return false
    }
  }

  private token(): boolean {
    const word = this.match(WORD)
    if (word !== '') return this.push('word', word)
    const first = this.source[this.at]!
    if (first === '"' || first === "'") return this.literal('string', STRING)
    if (first === '`') return this.template(1)
    if (first === '/' && this.valueMayBegin()) {
      const regex = this.match(REGEX)
      if (regex !== '') return this.push('regex', regex)
    }
    return this.sign(this.match(SIGN))
  }

  private literal(kind: TokenKind, pattern: RegExp): boolean {
    const text = this.match(pattern)
    return text !== '' && this.push(kind, text)
  }

  /** From a backquote, or from the brace that ends a substitution: `skip` characters are known. */
  private template(skip: number): boolean {
    TEMPLATE.lastIndex = this.at + skip
    const found = TEMPLATE.exec(this.source)
    if (found === null) return false
    this.push('template', this.source.slice(this.at, TEMPLATE.lastIndex))
    if (found[1] === '${') this.opens('${', false)
    return true
  }

  private sign(sign: string): boolean {
    if (sign === '(' || sign === '[' || sign === '{') {
      const statements = sign === '{' ? this.blockMayBegin() : this.behindHead(sign)
      this.push('sign', sign)
      this.opens(sign, statements)
      return true
    }
    if (sign !== ')' && sign !== ']' && sign !== '}') return this.push('sign', sign)
    const open = this.open.pop()
    if (open === undefined) return false
    if (open.sign === '${') return sign === '}' && this.template(1)
    if (open.sign + sign !== '()' && open.sign + sign !== '[]' && open.sign + sign !== '{}')
      return false
    this.closedStatements = open.statements
    this.tokens[open.index]!.partner = this.tokens.length
    this.push('sign', sign)
    this.tokens.at(-1)!.partner = open.index
    return true
  }

  private opens(sign: string, statements: boolean): void {
    this.open.push({ index: this.tokens.length - 1, sign, statements })
  }

  private behindHead(sign: string): boolean {
    const before = this.tokens.at(-1)
    return sign === '(' && before?.kind === 'word' && HEADS.has(before.text)
  }

  /** Does a `{` here begin statements and not an object? */
  private blockMayBegin(): boolean {
    const before = this.tokens.at(-1)
    if (before === undefined) return true
    if (before.kind === 'word')
      return !BEFORE_VALUE.has(before.text) || before.text === 'do' || before.text === 'else'
    if (before.kind !== 'sign') return false
    if (before.text === ':') return this.open.at(-1)?.statements ?? true
    return ['{', '}', ';', ')', '=>'].includes(before.text)
  }

  private valueMayBegin(): boolean {
    const before = this.tokens.at(-1)
    if (before === undefined) return true
    if (before.kind === 'word')
      return BEFORE_VALUE.has(before.text) && !['.', '?.'].includes(this.tokens.at(-2)?.text ?? '')
    if (before.kind !== 'sign') return before.kind === 'template' && before.text.endsWith('${')
    if (before.text === ')' || before.text === '}') return this.closedStatements
    return before.text !== ']' && before.text !== '++' && before.text !== '--'
  }

  private push(kind: TokenKind, text: string): boolean {
    const end = this.at + text.length
    this.tokens.push({ kind, text, start: this.at, end, depth: this.open.length, partner: -1 })
    this.at = end
    return true
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at
    return pattern.exec(this.source)?.[0] ?? ''
  }
}
