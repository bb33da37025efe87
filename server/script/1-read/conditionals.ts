/** The nesting of `#!ifdef`, `#!else` and `#!endif`. */
import type { Report } from '../diagnostic.ts'
import type { Lexer } from './lexer.ts'
import type { Condition } from './notes.ts'
import type { Place } from './source.ts'

interface Open extends Condition {
  /** Is the branch that we are in kept? */
  taken: boolean
}

/**
 * What opens, turns and closes a conditional, wherever it stands in skipped text: comments and
 * strings are not known there.
 */
const MARK = /(?:#!|!!)(?:(ifdef|ifndef|ifexp)(?=[ \t])|(else|endif)(?![A-Za-z0-9_]))/g
const MAX_DEPTH = 512

export class Conditionals {
  private readonly report: Report
  /** What #!ifexp opens is skipped as well: Kamailio 5.6 does not know it. */
  private readonly strict56: boolean
  private readonly open: Open[] = []
  /** Conditionals inside of the text being skipped; it goes on behind the file that ended. */
  private skipped: number | null

  constructor(report: Report, strict56: boolean) {
    this.report = report
    this.strict56 = strict56
    this.skipped = null
  }

  /** Enters a conditional; when it does not hold, skips to its #!else or #!endif. */
  enter(at: Place, word: string, holds: boolean, lexer: Lexer): void {
    if (this.open.length >= MAX_DEPTH) {
      this.report.error(at, 'CFG_IFDEF_DEPTH', MAX_DEPTH)
      return
    }
    const condition: Open = { at, word, holds, taken: holds }
    this.open.push(condition)
    note('condition', at, condition)
    if (!holds) this.skip(lexer)
  }

  /** `#!else` where text is being kept: what follows is skipped. */
  turn(at: Place, lexer: Lexer): void {
    const innermost = this.open.at(-1)
    // Kamailio takes a lone #!else for a comment.
    if (innermost === undefined) this.report.warn(at, 'CFG_LONE_ELSE')
    else {
      note('else', at, innermost)
      innermost.taken = !innermost.taken
      if (!innermost.taken) this.skip(lexer)
    }
  }

  leave(at: Place): void {
    const innermost = this.open.pop()
    if (innermost === undefined) this.report.error(at, 'CFG_LONE_ENDIF')
    else note('endif', at, innermost)
  }

  /** In a file that goes on behind an include: is it skipped, too? */
  goOn(lexer: Lexer): void {
    if (this.skipped !== null) this.skip(lexer)
  }

  finish(): void {
    for (const { at, word } of this.open) this.report.error(at, 'CFG_OPEN_IFDEF', word)
  }

  /**
   * Goes to the line after the #!else or #!endif of the innermost conditional. Whatever stands
   * before it does not matter.
   */
  private skip(lexer: Lexer): void {
    const { text, at: start } = lexer
    const condition = this.open.at(-1)!
    let depth = this.skipped ?? 0
    this.skipped = null
    const skipped = (end: number): void => {
      lexer.file.notes.push({ kind: 'skipped', start, end, condition })
    }
    MARK.lastIndex = start
    for (;;) {
      const found = MARK.exec(text)
      if (found === null) {
        lexer.at = text.length
        skipped(text.length)
        this.skipped = depth
        return
      }
      const word = found[1] ?? found[2]!
      if (word.startsWith('if')) {
        if (word !== 'ifexp' || !this.strict56) depth++
        continue
      }
      const place = lexer.place(found.index, MARK.lastIndex)
      if (!endsLine(text, MARK.lastIndex)) {
        this.report.warn(place, 'CFG_DIRECTIVE_TAIL', word)
        continue
      }
      if (word === 'endif' && depth-- === 0) {
        this.open.pop()
        skipped(found.index)
        note('endif', place, condition)
        break
      }
      if (word === 'else' && depth === 0) {
        condition.taken = true
        skipped(found.index)
        note('else', place, condition)
        break
      }
    }
    lexer.at = MARK.lastIndex
  }
}

function note(kind: 'condition' | 'else' | 'endif', at: Place, condition: Condition): void {
  at.file.notes.push({ kind, start: at.start, end: at.end, condition })
}

/** #!else and #!endif count only with nothing but blank space behind them. */
export function endsLine(text: string, at: number): boolean {
  const rest = /[ \t\r]*(\n|$)/y
  rest.lastIndex = at
  return rest.test(text)
}
