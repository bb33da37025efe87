/** The nesting of `#!ifdef`, `#!else` and `#!endif`. */
import type { Report } from '../diagnostic.ts'
import type { Lexer } from './lexer.ts'
import type { Place } from './source.ts'

interface Open {
  readonly at: Place
  readonly word: string
  /** Is the branch that we are in kept? */
  taken: boolean
}

/**
 * What opens, turns and closes a conditional, wherever it stands in skipped text: comments and
 * strings are not known there.
 */
const MARK = /(?:#!|!!)(ifdef|ifndef|ifexp|else|endif)(?![A-Za-z0-9_])/g
const MAX_DEPTH = 512

export class Conditionals {
  private readonly report: Report
  private readonly open: Open[] = []

  constructor(report: Report) {
    this.report = report
  }

  /** Enters a conditional; when it does not hold, skips to its #!else or #!endif. */
  enter(at: Place, word: string, holds: boolean, lexer: Lexer): void {
    if (this.open.length >= MAX_DEPTH) {
      this.report.error(at, 'CFG_IFDEF_DEPTH', MAX_DEPTH)
      return
    }
    this.open.push({ at, word, taken: holds })
    if (!holds) this.skip(lexer)
  }

  /** `#!else` where text is being kept: what follows is skipped. */
  turn(at: Place, lexer: Lexer): void {
    const innermost = this.open.at(-1)
    // Kamailio takes a lone #!else for a comment.
    if (innermost === undefined) this.report.warn(at, 'CFG_LONE_ELSE')
    else {
      innermost.taken = !innermost.taken
      if (!innermost.taken) this.skip(lexer)
    }
  }

  leave(at: Place): void {
    if (this.open.pop() === undefined) this.report.error(at, 'CFG_LONE_ENDIF')
  }

  finish(): void {
    for (const { at, word } of this.open) this.report.error(at, 'CFG_OPEN_IFDEF', word)
  }

  /**
   * Goes to the line after the #!else or #!endif of the innermost conditional. Whatever stands
   * before it does not matter.
   */
  private skip(lexer: Lexer): void {
    const { text } = lexer
    MARK.lastIndex = lexer.at
    for (let depth = 0; ; ) {
      const found = MARK.exec(text)
      if (found === null) {
        lexer.at = text.length
        return
      }
      const word = found[1]!
      if (word.startsWith('if')) {
        depth++
        continue
      }
      const place = lexer.place(found.index, MARK.lastIndex)
      if (!endsLine(text, MARK.lastIndex)) {
        this.report.warn(place, 'CFG_DIRECTIVE_TAIL', word)
        continue
      }
      if (word === 'endif' && depth-- === 0) {
        this.open.pop()
        break
      }
      if (word === 'else' && depth === 0) {
        this.open.at(-1)!.taken = true
        break
      }
    }
    lexer.at = MARK.lastIndex
  }
}

/** #!else and #!endif count only with nothing but blank space behind them. */
export function endsLine(text: string, at: number): boolean {
  const rest = /[ \t\r]*(\n|$)/y
  rest.lastIndex = at
  return rest.test(text)
}
