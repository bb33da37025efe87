/**
 * The cursor over the tokens that all parts of the grammar share, and how parsing goes on after an
 * error.
 */
import type { Tokens } from '../1-read/preprocess.ts'
import type { Place } from '../1-read/source.ts'
import { ROUTE_WORDS, type Token } from '../1-read/tokens.ts'
import type { Code, Report } from '../diagnostic.ts'
import type { MESSAGES } from '../messages.ts'
import type { Expression, Statement } from './ast.ts'

/** What stands beside a comparison binds tighter than it (expressions.ts has the whole table). */
export const COMPARISON = 8

/** Thrown after a diagnostic has been reported; caught where parsing can go on. */
export class Resync extends Error {}

const MAX_DEPTH = 256

/** The productions that contain each other across files; globals.ts ties them together. */
export interface Grammar {
  expression(p: Parser): Expression
  /** An expression of operators that bind at least this tightly. */
  binary(p: Parser, minimum: number): Expression
  block(p: Parser): Statement[]
}

export class Parser {
  readonly report: Report
  readonly strict56: boolean
  private readonly grammar: Grammar
  private readonly tokens: readonly Token[]
  /** A text with the variables that are known at load filled in. */
  readonly expand: (text: string) => string
  private at: number
  private depth: number

  constructor(
    read: Tokens,
    report: Report,
    strict56: boolean,
    grammar: Grammar,
    expand: (text: string) => string,
  ) {
    this.tokens = read.tokens
    this.expand = expand
    this.report = report
    this.strict56 = strict56
    this.grammar = grammar
    this.at = 0
    this.depth = 0
  }

  expression(): Expression {
    return this.grammar.expression(this)
  }

  binary(minimum: number): Expression {
    return this.grammar.binary(this, minimum)
  }

  block(): Statement[] {
    return this.grammar.block(this)
  }

  /** The token here. */
  get token(): Token {
    return this.tokens[this.at]!
  }

  ahead(count: number): Token {
    return this.tokens[Math.min(this.at + count, this.tokens.length - 1)]!
  }

  /** The token before the one here. */
  get last(): Token {
    return this.tokens[Math.max(0, this.at - 1)]!
  }

  get position(): number {
    return this.at
  }

  /** Goes back to a position that was tried in vain. */
  rewind(position: number): void {
    this.at = position
  }

  take(): Token {
    const token = this.token
    if (token.kind !== 'end') this.at++
    return token
  }

  is(text: string): boolean {
    const { token } = this
    return token.text === text && (token.kind === 'punctuation' || token.kind === 'word')
  }

  /** Takes this word or mark if it is here. */
  accept(text: string): boolean {
    if (!this.is(text)) return false
    this.at++
    return true
  }

  expect(text: string): Token {
    if (!this.is(text)) this.fail(this.token, 'CFG_SYNTAX', found(this.token), `'${text}'`)
    return this.take()
  }

  /** Reports and leaves to where parsing can go on. */
  fail<C extends Code>(place: Place, code: C, ...args: Parameters<(typeof MESSAGES)[C]>): never {
    this.report.error(place, code, ...args)
    throw new Resync()
  }

  /** Runs a nested part of the grammar with a bound on how deep it may go. */
  nested<T>(parse: () => T): T {
    if (this.depth >= MAX_DEPTH) this.fail(this.token, 'CFG_DEPTH', MAX_DEPTH)
    this.depth++
    try {
      return parse()
    } finally {
      this.depth--
    }
  }

  /**
   * After an error inside of a route: behind the next `;`, or before the `}` that closes the block,
   * or the next route.
   */
  skipStatement(): void {
    for (let braces = 0; ; this.at++) {
      const { token } = this
      if (token.kind === 'end' || this.atRoute()) return
      if (token.kind !== 'punctuation') continue
      if (token.text === '{') braces++
      else if (token.text === '}' && braces-- === 0) return
      else if (token.text === ';' && braces === 0) {
        this.at++
        return
      }
      if (token.text === '}' && braces === 0) {
        this.at++
        return
      }
    }
  }

  /**
   * After an error outside: before the next word that opens a line, behind a block that began
   * meanwhile.
   */
  skipItem(): void {
    const start = this.last
    const { file } = start
    const line = file.lineOf(start.start)
    for (let braces = 0; this.token.kind !== 'end'; this.at++) {
      const { token } = this
      if (braces <= 0 && this.atRoute() && token !== start) return
      if (token.text === '{' && token.kind === 'punctuation') braces++
      else if (token.text === '}' && token.kind === 'punctuation') braces--
      else if (braces <= 0 && token.kind === 'word') {
        if (token.file !== file || file.lineOf(token.start) > line) return
      }
    }
  }

  /** Does a route block begin here? Its word also is the name of the call `route(X)`. */
  atRoute(): boolean {
    const { token } = this
    if (token.kind !== 'word' || !ROUTE_WORDS.includes(token.text)) return false
    const next = this.ahead(1)
    return next.kind === 'punctuation' && (next.text === '[' || next.text === '{')
  }
}

/** A token as a diagnostic names it. */
export function found(token: Token): string {
  if (token.kind === 'end') return 'the end of the file'
  if (token.kind === 'string') return 'a string'
  const text = token.text.length > 40 ? `${token.text.slice(0, 40)}...` : token.text
  return `'${text}'`
}
