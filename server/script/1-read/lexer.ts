/**
 * One text into tokens. It knows nothing of defines and includes: directives come out as tokens of
 * their own, and the preprocessor takes the rest of their line by `restOfLine`.
 */
import { isIPv6 } from 'node:net'
import type { Report } from '../diagnostic.ts'
import type { Place, SourceFile } from './source.ts'
import { readNumber, stringEnd, unescapeString } from './strings.ts'
import { isDirective, type Mode, NUMBER_WORDS, type Token, type TokenKind } from './tokens.ts'

const WORD = /[A-Za-z0-9_]+/y
// `msg:len` and the two uri: forms are single words.
const COLON_WORD = /(?:msg:len|uri:host|uri:port)(?![A-Za-z0-9_])/y
const IPV6 = /[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,8}(?:\.\d{1,3}){0,3}/y
const OPERATOR = /\+=|==|=~|!=|<=|>=|<<|>>|&&|\|\||[-=+*/<>!&|^~(){}[\].,:;]/y
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y
const SELECT = /@[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[(?:-?\d+|"[^"\n]*"|\*)\])*/y
const ATTRIBUTE = /[%$](?:(?:[ftrgudFT]{1,2})\.)?[A-Za-z_]\w*(?:\[\d*\])?/y
// In configs without a mode line: $f.x, $tu.x ... and $id[1] are SER's attributes.
const COMPAT_ATTRIBUTE =
  /\$(?:(?:f|t|fr|tr|fu|tu|fd|td|g)\.[A-Za-z_]\w*|[A-Za-z_]\w*(?=\[))(?:\[\d*\])?/y
const MARKED_WORD = /(?:#!|!!)([A-Za-z_]+)/y
const MODE_LINE = /#!(SER|KAMAILIO|OPENSER|MAXCOMPAT|ALL)[ \t\r]*(?=\n|$)/y

export class Lexer {
  readonly file: SourceFile
  readonly text: string
  private readonly report: Report
  /** Set when this text is the value of a define: the place where the define is used. */
  private readonly usedAt: Place | null
  mode: Mode
  at: number
  /** Comments between slash-star and star-slash that are open here: an include may open one. */
  comments: number
  /** This text ended in a comment up to a line end, which none of it was. */
  endedInComment: boolean

  constructor(
    file: SourceFile,
    text: string,
    mode: Mode,
    report: Report,
    usedAt: Place | null = null,
  ) {
    this.file = file
    this.text = text
    this.mode = mode
    this.report = report
    this.usedAt = usedAt
    this.at = 0
    this.comments = 0
    this.endedInComment = false
  }

  next(): Token {
    this.skipBlanks()
    const start = this.at
    const { text } = this
    if (start >= text.length) return this.token('end', start, '')
    const char = text[start]!
    if (char === '"') return this.doubleQuoted()
    if (char === "'") return this.singleQuoted()
    if (char === '$') return this.variable()
    if (char === '#' || (char === '!' && text[start + 1] === '!')) {
      const directive = this.directive()
      if (directive !== null) return directive
    }
    if (char === '@') return this.matched('select', SELECT)
    if (char === '%') return this.matched('attribute', ATTRIBUTE)
    if (/[A-Za-z0-9_:]/.test(char)) return this.wordOrNumber()
    return this.matched('punctuation', OPERATOR)
  }

  /** The place of a stretch of this text. */
  place(start: number, end: number): Place {
    return this.usedAt ?? { file: this.file, start, end }
  }

  /** Takes the text up to the line's end; a backslash at the end of a line joins the next one. */
  restOfLine(): string {
    const match = this.match(/(?:[^\n\\]|\\\r?\n|\\)*/y) ?? ''
    return match.replace(/\\\r?\n/g, '').replace(/[ \t\r]+$/, '')
  }

  /** Takes what the pattern (sticky) matches here, null when it does not. */
  match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)
    if (found === null) return null
    this.at += found[0].length
    return found[0]
  }

  private token(kind: TokenKind, start: number, text: string, value = 0, note = ''): Token {
    const { file, start: from, end } = this.place(start, this.at)
    return { kind, text, value, note, file, start: from, end }
  }

  private matched(kind: TokenKind, pattern: RegExp): Token {
    const start = this.at
    const text = this.match(pattern)
    if (text !== null) return this.token(kind, start, text)
    this.at++
    // Kamailio passes over characters that it does not know, as the no-break space of a pasted
    // line; a lone @ or % is a mistake.
    if (kind !== 'punctuation') return this.token('punctuation', start, this.text[start]!)
    this.report.warn(this.place(start, this.at), 'CFG_CHARACTER', this.text[start]!)
    return this.next()
  }

  /** Blank space and comments; a lone directive mark with an unknown word is a comment, too. */
  private skipBlanks(): void {
    if (this.comments > 0) this.blockComment()
    for (;;) {
      this.match(/[ \t\r\n\b\f\v]*(?:\\\r?\n[ \t\r\n\b]*)*/y)
      const two = this.text.substring(this.at, this.at + 2)
      if (two === '/*') this.blockComment()
      else if (two === '//' || (two[0] === '#' && (two[1] !== '!' || !this.atDirective()))) {
        this.match(/[^\n]*/y)
        this.endedInComment = this.at >= this.text.length
      } else return
    }
  }

  /** Comments between slash-star and star-slash may be nested. */
  private blockComment(): void {
    const start = this.at
    const mark = /\/\*|\*\//g
    mark.lastIndex = start
    const inherited = this.comments > 0
    do {
      const found = mark.exec(this.text)
      if (found === null) {
        this.at = this.text.length
        if (!inherited) this.report.warn(this.place(start, start + 2), 'CFG_OPEN_COMMENT')
        return
      }
      this.comments += found[0] === '/*' ? 1 : -1
    } while (this.comments > 0)
    this.at = mark.lastIndex
  }

  private atDirective(): boolean {
    MODE_LINE.lastIndex = this.at
    if (MODE_LINE.test(this.text)) return true
    MARKED_WORD.lastIndex = this.at
    const found = MARKED_WORD.exec(this.text)
    return found !== null && isDirective(found[1]!, this.text[MARKED_WORD.lastIndex] ?? '')
  }

  private directive(): Token | null {
    const start = this.at
    const modeLine = this.match(MODE_LINE)
    if (modeLine !== null) {
      if (modeLine.startsWith('#!SER')) this.mode = 'ser'
      else this.mode = /KAMAILIO|OPENSER/.test(modeLine) ? 'kamailio' : 'maxcompat'
      return this.next()
    }
    MARKED_WORD.lastIndex = start
    const found = MARKED_WORD.exec(this.text)
    if (found === null) return null
    if (!isDirective(found[1]!, this.text[MARKED_WORD.lastIndex] ?? '')) return null
    this.at += found[0].length
    return this.token('directive', start, found[1]!)
  }

  /** `"a" "b"`: double-quoted strings with only blank space between are one. */
  private doubleQuoted(): Token {
    const start = this.at
    let value = ''
    for (;;) {
      const end = stringEnd(this.text, this.at + 1, '"')
      if (end < 0) return this.openString(start)
      value += unescapeString(this.text.slice(this.at + 1, end))
      this.at = end + 1
      if (this.match(/[ \t\r\n]*(?=")/y) === null) break
    }
    // A string of C ends with its first NUL.
    const end = value.indexOf('\0')
    return this.token('string', start, end < 0 ? value : value.slice(0, end), 0, '"')
  }

  private singleQuoted(): Token {
    const start = this.at
    const end = stringEnd(this.text, start + 1, "'")
    if (end < 0) return this.openString(start)
    this.at = end + 1
    return this.token('string', start, this.text.slice(start + 1, end), 0, "'")
  }

  private openString(start: number): Token {
    this.report.error(this.place(this.at, this.at + 1), 'CFG_OPEN_STRING')
    this.at = this.text.length
    return this.token('string', start, '', 0, '"')
  }

  private variable(): Token {
    const start = this.at
    if (this.mode === 'ser' && this.text[start + 1] !== '(')
      return this.matched('attribute', ATTRIBUTE)
    if (this.mode === 'maxcompat') {
      const attribute = this.match(COMPAT_ATTRIBUTE)
      if (attribute !== null) return this.token('attribute', start, attribute)
    }
    this.at++
    let note = ''
    if (this.text[this.at] === '?') this.at++
    else if (this.text[this.at] !== '(') {
      if (this.match(NAME) === null) {
        this.report.error(this.place(start, start + 1), 'CFG_LONE_DOLLAR')
        return this.next()
      }
      if (this.text[this.at] !== '(' && this.mode !== 'kamailio') note = 'compat'
    }
    if (this.text[this.at] === '(' && !this.balanced()) {
      this.report.error(this.place(start, start + 1), 'CFG_OPEN_PVAR')
      // The line is lost; what stands for the variable must not lead to another error.
      this.match(/[^;\n]*/y)
      return this.token('pvar', start, '$null')
    }
    return this.token('pvar', start, this.text.slice(start, this.at), 0, note)
  }

  /** Goes behind the parenthesis that closes the one here. */
  private balanced(): boolean {
    let depth = 0
    for (let i = this.at; i < this.text.length; i++) {
      const code = this.text.charCodeAt(i)
      if (code === 0x28) depth++
      else if (code === 0x29 && --depth === 0) {
        this.at = i + 1
        return true
      }
    }
    return false
  }

  private wordOrNumber(): Token {
    const start = this.at
    const colonWord = this.match(COLON_WORD)
    if (colonWord !== null) return this.token('word', start, colonWord)
    const address = this.ipv6()
    if (address !== null) return address
    const text = this.match(WORD)
    if (text === null) return this.matched('punctuation', OPERATOR)
    if (text.charCodeAt(0) > 0x39) {
      const value = NUMBER_WORDS.get(text)
      return value === undefined
        ? this.token('word', start, text)
        : this.token('number', start, text, value, 'word')
    }
    const value = readNumber(text)
    return value === null
      ? this.token('numid', start, text)
      : this.token('number', start, text, value)
  }

  private ipv6(): Token | null {
    const start = this.at
    const text = this.match(IPV6)
    if (text === null) return null
    if (isIPv6(text)) return this.token('ipv6', start, text)
    this.at = start
    return null
  }
}
