/**
 * POSIX extended regular expressions, as glibc reads them, turned into JavaScript ones. They differ
 * in what an operator notices: no lookahead, no lazy quantifiers, no `\d`; `[a\]` holds a
 * backslash; `.` and `[^x]` match a line end or not as the caller says. Texts are byte strings, one
 * character a byte.
 *
 * One difference stays: of several alternatives that match at one place POSIX takes the one that
 * makes the match longest, JavaScript the first. Alternatives that are plain words are therefore
 * tried longest first.
 */
import { BadValue } from './module/index.ts'

/** Letters match in both cases (REG_ICASE). */
export const IGNORE_CASE = 1
/** `^` and `$` match at line ends too; `.` and `[^x]` match no line feed (REG_NEWLINE). */
export const LINES = 2
/** Find every match, for String.replace and matchAll. */
export const GLOBAL = 4

/** POSIX classes of characters, as they stand between brackets. */
export const CLASSES: Record<string, string> = {
  alpha: 'a-zA-Z',
  digit: '0-9',
  alnum: 'a-zA-Z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: ' \\t\\n\\v\\f\\r',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  print: ' -~',
  graph: '!-~',
  cntrl: '\\x00-\\x1f\\x7f',
  xdigit: '0-9A-Fa-f',
}

/** GNU's additions that JavaScript writes otherwise. */
const GNU_ESCAPES: Record<string, string> = {
  w: '[A-Za-z0-9_]',
  W: '[^A-Za-z0-9_]',
  s: '[ \\t\\n\\v\\f\\r]',
  S: '[^ \\t\\n\\v\\f\\r]',
  b: '\\b',
  B: '\\B',
  '<': '\\b(?=\\w)',
  '>': '\\b(?<=\\w)',
  '`': '(?<![^])',
  "'": '(?![^])',
}

/** The longest count that glibc takes in `a{n}` (RE_DUP_MAX). */
const MAX_COUNT = 32767
/** Brackets deeper than this are a mistake, not an expression. */
const MAX_DEPTH = 100

/** Reads one expression, front to back; one method per production of the grammar. */
class Translator {
  private readonly pattern: string
  private readonly lines: boolean
  private readonly ignoreCase: boolean
  private at: number
  private depth: number
  /** Groups that are closed, for `\1`. */
  private closed: number

  constructor(pattern: string, options: number) {
    this.pattern = pattern
    this.lines = (options & LINES) !== 0
    this.ignoreCase = (options & IGNORE_CASE) !== 0
    this.at = 0
    this.depth = 0
    this.closed = 0
  }

  translate(): string {
    return this.alternatives()
  }

  private peek(): string {
    return this.pattern[this.at] ?? ''
  }

  private more(): boolean {
    return this.at < this.pattern.length
  }

  private alternatives(): string {
    if (++this.depth > MAX_DEPTH) throw new BadValue('the expression is nested too deeply')
    const branches: string[] = []
    let plain = true
    for (;;) {
      const start = this.at
      branches.push(this.branch())
      // A word without any special character can be ordered by its length.
      if (!/^[\w@:;,= -]*$/.test(this.pattern.slice(start, this.at))) plain = false
      if (this.peek() !== '|') break
      this.at++
    }
    this.depth--
    if (plain && branches.length > 1) branches.sort((a, b) => b.length - a.length)
    return branches.join('|')
  }

  private branch(): string {
    let out = ''
    for (;;) {
      const code = this.peek()
      if (code === '' || code === '|') return out
      // Outside all groups `)` is an ordinary character.
      if (code === ')' && this.depth > 1) return out
      out += this.piece()
    }
  }

  private piece(): string {
    const code = this.peek()
    if (code === '*' || code === '+' || code === '?' || code === '{')
      throw new BadValue(`nothing to repeat before '${code}'`)
    if (code === '^' || code === '$') {
      this.at++
      // Without the flag m these mean the ends of the text in JavaScript, too.
      if (!this.lines) return code
      return code === '^' ? '(?<![^\\n])' : '(?![^\\n])'
    }
    let atom = this.atom()
    for (let first = true; ; first = false) {
      const quantifier = this.quantifier()
      if (quantifier === '') return atom
      // A second quantifier repeats the whole, it does not make the first one lazy.
      atom = (first ? atom : `(?:${atom})`) + quantifier
    }
  }

  private atom(): string {
    const code = this.peek()
    this.at++
    switch (code) {
      case '(':
        return this.group()
      case '[':
        return this.bracket()
      case '.':
        return this.lines ? '[^\\n]' : '[^]'
      case '\\':
        return this.escape()
      default:
        return literal(code)
    }
  }

  private group(): string {
    const inner = this.alternatives()
    if (this.peek() !== ')') throw new BadValue("missing ')'")
    this.at++
    this.closed++
    return `(${inner})`
  }

  private escape(): string {
    if (!this.more()) throw new BadValue('the expression ends in a backslash')
    const code = this.peek()
    this.at++
    if (code >= '1' && code <= '9') {
      if (Number(code) > this.closed) throw new BadValue(`there is no group \\${code}`)
      // A digit that follows is a character of its own.
      return `(?:\\${code})`
    }
    // glibc compares an escaped small letter with a text folded to capitals: `\d` matches nothing.
    if (this.ignoreCase && code >= 'a' && code <= 'z') return GNU_ESCAPES[code] ?? '(?!)'
    return GNU_ESCAPES[code] ?? literal(code)
  }

  private quantifier(): string {
    const code = this.peek()
    if (code === '*' || code === '+' || code === '?') {
      this.at++
      return code
    }
    if (code !== '{') return ''
    const found = /^\{(\d*)(,?)(\d*)\}/.exec(this.pattern.slice(this.at))
    if (found === null || (found[1] === '' && found[2] === ''))
      throw new BadValue("malformed count after '{'")
    const least = Number(found[1])
    const most = found[3] === '' ? least : Number(found[3])
    if (least > MAX_COUNT || most > MAX_COUNT || most < least)
      throw new BadValue(`count ${found[0]} is out of range`)
    this.at += found[0].length
    return `{${least}${found[2]}${found[3]}}`
  }

  /**
   * What stands between brackets: the backslash is an ordinary character there, `]` is one when it
   * comes first.
   */
  private bracket(): string {
    const negated = this.peek() === '^'
    if (negated) this.at++
    let out = ''
    for (let first = true; first || this.peek() !== ']'; first = false) {
      const klass = this.characterClass()
      if (klass !== '') {
        out += klass
        continue
      }
      const low = this.bracketCharacter()
      if (this.peek() !== '-' || this.pattern[this.at + 1] === ']') {
        out += inClass(low)
        continue
      }
      this.at++
      const high = this.bracketCharacter()
      if (high < low) throw new BadValue(`the range ${low}-${high} is the wrong way round`)
      out += `${inClass(low)}-${inClass(high)}`
      if (this.peek() === '-' && this.pattern[this.at + 1] !== ']')
        throw new BadValue('a range cannot begin where another ends')
    }
    this.at++
    return negated ? `[^${out}${this.lines ? '\\n' : ''}]` : `[${out}]`
  }

  /** `[:alpha:]`, or '' when something else stands here. */
  private characterClass(): string {
    if (this.peek() !== '[' || this.pattern[this.at + 1] !== ':') return ''
    const end = this.pattern.indexOf(':]', this.at + 2)
    const name = end < 0 ? '' : this.pattern.slice(this.at + 2, end)
    const klass = CLASSES[name]
    if (klass === undefined) throw new BadValue(`unknown character class '${name}'`)
    this.at = end + 2
    return klass
  }

  private bracketCharacter(): string {
    if (!this.more()) throw new BadValue("missing ']'")
    const code = this.peek()
    const kind = this.pattern[this.at + 1] ?? ''
    // [.x.] and [=x=]: one character, in the C locale it stands for itself.
    if (code === '[' && (kind === '.' || kind === '=')) {
      if (this.pattern.slice(this.at + 3, this.at + 5) !== `${kind}]`)
        throw new BadValue(`unknown collating element after '[${kind}'`)
      const character = this.pattern[this.at + 2]!
      this.at += 5
      return character
    }
    this.at++
    return code
  }
}

const literal = (code: string): string => (/[\\^$.*+?()[\]{}|]/.test(code) ? `\\${code}` : code)
const inClass = (code: string): string => (/[\\\]^[-]/.test(code) ? `\\${code}` : code)

/**
 * Compiles a POSIX extended expression; `options` are the bits above. Throws BadValue with the
 * reason.
 */
export function compileRegex(pattern: string, options: number): RegExp {
  const flags = ((options & GLOBAL) !== 0 ? 'g' : '') + ((options & IGNORE_CASE) !== 0 ? 'i' : '')
  return new RegExp(new Translator(pattern, options).translate(), flags)
}

/**
 * Expressions made of variables are compiled when they are met; a few thousand of them are kept.
 */
const KEPT = 2048
const kept = new Map<string, RegExp | null>()

/**
 * The same for an expression that is known only while a message is processed; null when it is
 * malformed.
 */
export function regexFor(pattern: string, options: number): RegExp | null {
  const key = options + pattern
  const known = kept.get(key)
  if (known !== undefined) return known
  if (kept.size >= KEPT) kept.clear()
  let regex: RegExp | null
  try {
    regex = compileRegex(pattern, options)
  } catch {
    regex = null
  }
  kept.set(key, regex)
  return regex
}
