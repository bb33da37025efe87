/** The parser's place in the tokens, with the few moves that every part of the grammar makes. */
import type { Lexer, Token } from '../1-read/lexer.ts'
import type { Place } from '../1-read/source.ts'
import type { Report } from '../messages.ts'

/** Thrown to leave a broken construct; caught where the parser can go on. */
export class Resync extends Error {}

export class Cursor {
  readonly report: Report
  private readonly lexer: Lexer
  /** The place after the last token taken: where something that is missing would have stood. */
  lastPlace: Place

  constructor(lexer: Lexer, report: Report) {
    this.lexer = lexer
    this.report = report
    this.lastPlace = lexer.peek().place
  }

  get token(): Token {
    return this.lexer.peek()
  }

  ahead(count: number): Token {
    return this.lexer.peek(count)
  }

  take(): Token {
    const token = this.lexer.next()
    this.lastPlace = token.place
    return token
  }

  is(text: string): boolean {
    const { token } = this
    return (token.kind === 'operator' || token.kind === 'id') && token.text === text
  }

  /** Takes the token when it is this operator or word. */
  accept(text: string): boolean {
    if (!this.is(text)) return false
    this.take()
    return true
  }

  expect(text: string, hint = ''): Token {
    if (this.is(text)) return this.take()
    return this.fail(`'${text}'`, hint)
  }

  /** Reports what was expected and leaves the construct. */
  fail(what: string, hint = ''): never {
    const { token } = this
    const found =
      token.kind === 'end'
        ? 'the end of the file'
        : token.kind === 'string'
          ? 'a string'
          : `'${token.text}'`
    this.report.add('CFG_EXPECTED', token.place, what, found, hint)
    throw new Resync(what)
  }

  /** Skips to after the `;` or to the `}` that ends the broken statement. */
  resync(): void {
    let depth = 0
    while (this.token.kind !== 'end') {
      if (this.is('{')) depth++
      else if (this.is('}')) {
        if (depth === 0) return
        if (--depth === 0) {
          this.take()
          return
        }
      } else if (depth === 0 && this.is(';')) {
        this.take()
        return
      }
      this.take()
    }
  }
}
