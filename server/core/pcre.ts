/**
 * Expressions as Perl and PCRE write them, turned into JavaScript ones. They look alike and differ
 * in what an operator notices: `$` before a last line end, `\A \z \Q..\E \h \R`, POSIX classes,
 * inline options, possessive and atomic groups. What JavaScript cannot do (recursion, conditions,
 * verbs, `\K`, `\G`, Unicode properties) is refused. Texts are byte strings.
 */
import { BadValue } from './module/index.ts'
import { readBracket, SPACE } from './pcre-classes.ts'

export interface PcreOptions {
  readonly ignoreCase?: boolean
  /** `^` and `$` match at line ends, too. */
  readonly lines?: boolean
  /** `.` matches a line end. */
  readonly dotAll?: boolean
  /** Blanks and comments are no part of the expression. */
  readonly extended?: boolean
}

interface State {
  ignoreCase: boolean
  lines: boolean
  dotAll: boolean
  extended: boolean
}

const ESCAPES: Record<string, string> = {
  a: '\\x07',
  e: '\\x1b',
  n: '\\n',
  r: '\\r',
  t: '\\t',
  f: '\\f',
  d: '[0-9]',
  D: '[^0-9]',
  w: '[A-Za-z0-9_]',
  W: '[^A-Za-z0-9_]',
  s: `[${SPACE}]`,
  S: `[^${SPACE}]`,
  h: '[ \\t\\xa0]',
  H: '[^ \\t\\xa0]',
  v: '[\\n\\v\\f\\r\\x85]',
  V: '[^\\n\\v\\f\\r\\x85]',
  R: '(?:\\r\\n|[\\n\\v\\f\\r\\x85])',
  N: '[^\\n]',
  b: '\\b',
  B: '\\B',
  A: '(?<![^])',
  z: '(?![^])',
  Z: '(?=\\n?(?![^]))',
}

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/** Brackets deeper than this are a mistake, not an expression. */
const MAX_DEPTH = 100

class Translator {
  private readonly pattern: string
  private at = 0
  private depth = 0
  private state: State
  /** Groups of the expression, and the number that each has in JavaScript's. */
  private readonly numbers: number[] = []
  private readonly names = new Map<string, number>()
  private groups = 0

  constructor(pattern: string, options: PcreOptions) {
    this.pattern = pattern
    const { ignoreCase = false, lines = false, dotAll = false, extended = false } = options
    this.state = { ignoreCase, lines, dotAll, extended }
  }

  translate(): string {
    const out = this.alternatives()
    if (this.at < this.pattern.length) throw new BadValue("')' closes nothing")
    return out
  }

  private peek(ahead = 0): string {
    return this.pattern[this.at + ahead] ?? ''
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.pattern)
    if (found !== null) this.at = pattern.lastIndex
    return found
  }

  /** Up to the bracket that closes the group, or to the end. Options set inside end with it. */
  private alternatives(): string {
    if (++this.depth > MAX_DEPTH) throw new BadValue('the expression is nested too deeply')
    const outside = { ...this.state }
    let out = ''
    while (this.at < this.pattern.length && this.peek() !== ')') {
      if (this.peek() === '|') {
        this.at++
        out += '|'
      } else out += this.piece()
    }
    this.state = outside
    this.depth--
    return out
  }

  private piece(): string {
    if (this.state.extended && this.match(/(?:\s+|#[^\n]*)+/y) !== null) return ''
    if (this.match(/\(\?#[^)]*\)/y) !== null) return ''
    if (this.match(/\\E/y) !== null) return ''
    const options = this.match(/\(\?([imsx]*)(?:-([imsx]+))?\)/y)
    if (options !== null) {
      this.setOptions(options[1]!, options[2] ?? '')
      return ''
    }
    const quoted = this.match(/\\Q([^]*?)(?:\\E|$)/y)
    if (quoted !== null) return this.cased(literal(quoted[1]!))
    return this.quantified(this.atom())
  }

  private setOptions(on: string, off: string): void {
    const { state } = this
    for (const [letters, value] of [
      [on, true],
      [off, false],
    ] as const) {
      if (letters.includes('i')) state.ignoreCase = value
      if (letters.includes('m')) state.lines = value
      if (letters.includes('s')) state.dotAll = value
      if (letters.includes('x')) state.extended = value
    }
  }

  /** Letters in both cases, where that is wanted: it may change in the middle. */
  private cased(out: string): string {
    return this.state.ignoreCase && /[A-Za-z]/.test(out) ? `(?i:${out})` : out
  }

  private quantified(atom: string): string {
    const found = this.match(/[*+?]|\{\d+(?:,\d*)?\}/y)
    if (found === null) return atom
    const kind = this.match(/[?+]/y)?.[0] ?? ''
    const repeated = `${atom}${found[0]}`
    return kind === '+' ? this.atomic(repeated) : repeated + kind
  }

  /** What has matched is not given back: a look ahead takes it, the reference repeats it. */
  private atomic(inner: string): string {
    const name = `kept${++this.groups}`
    return `(?:(?=(?<${name}>${inner}))\\k<${name}>)`
  }

  private atom(): string {
    const code = this.peek()
    this.at++
    switch (code) {
      case '(':
        return this.group()
      case '[': {
        const { out, next } = readBracket(this.pattern, this.at)
        this.at = next
        return this.cased(out)
      }
      case '.':
        return this.state.dotAll ? '[^]' : '[^\\n]'
      case '^':
        return this.state.lines ? '(?<![^\\n])' : '(?<![^])'
      case '$':
        return this.state.lines ? '(?![^\\n])' : '(?=\\n?(?![^]))'
      case '\\':
        return this.escape()
      case '*':
      case '+':
      case '?':
        throw new BadValue(`nothing to repeat before '${code}'`)
      default:
        return this.cased(literal(code))
    }
  }

  private group(): string {
    if (this.peek() === '*') throw new BadValue('verbs, (*...), are not supported')
    const named = this.match(/\?(?:P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/y)
    if (named !== null) return this.capture(named[1] ?? named[2]!)
    const reference = this.match(/\?P=(\w+)\)/y)
    if (reference !== null) return this.backreference(reference[1]!)
    const opening = this.match(/\?(?:<?[=!]|:|>|([imsx]*)(?:-([imsx]+))?:)/y)
    if (opening === null) {
      if (this.peek() === '?')
        throw new BadValue(`(${this.pattern.slice(this.at, this.at + 3)}...) is not supported`)
      return this.capture(null)
    }
    const before = { ...this.state }
    if (opening[1] !== undefined) this.setOptions(opening[1], opening[2] ?? '')
    const inner = this.alternatives()
    this.state = before
    this.close()
    if (opening[0] === '?>') return this.atomic(inner)
    return `(${opening[1] === undefined ? opening[0] : '?:'}${inner})`
  }

  private capture(name: string | null): string {
    const number = ++this.groups
    this.numbers.push(number)
    if (name !== null) this.names.set(name, number)
    const inner = this.alternatives()
    this.close()
    return `(${inner})`
  }

  private close(): void {
    if (this.peek() !== ')') throw new BadValue("missing ')'")
    this.at++
  }

  private backreference(name: string): string {
    const number = /^\d+$/.test(name) ? this.numbers[Number(name) - 1] : this.names.get(name)
    if (number === undefined) throw new BadValue(`there is no group ${name}`)
    // A group that took no part matches nothing here; in JavaScript it would match the empty text.
    return `(?:\\${number})`
  }

  /** `\0`, and a number of two or three digits that is no group. */
  private octal(): string {
    const [digits = ''] = /^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(this.pattern.slice(this.at)) ?? []
    const isGroup = !digits.startsWith('0') && this.numbers.length >= Number(digits)
    if (digits === '' || isGroup) return ''
    this.at += digits.length
    return `\\x${(Number.parseInt(digits, 8) & 0xff).toString(16).padStart(2, '0')}`
  }

  private escape(): string {
    const octal = this.octal()
    if (octal !== '') return octal
    const reference = this.match(
      /([1-9]\d?)|g\{?(\d+|[A-Za-z_]\w*)\}?|k(?:\{(\w+)\}|<(\w+)>|'(\w+)')/y,
    )
    if (reference !== null) return this.backreference(reference.slice(1).find(Boolean)!)
    const hex = this.match(/x(?:\{([0-9a-fA-F]{1,2})\}|([0-9a-fA-F]{0,2}))/y)
    if (hex !== null) return this.cased(`\\x${(hex[1] ?? hex[2]!).padStart(2, '0')}`)
    const code = this.peek()
    this.at++
    const known = ESCAPES[code]
    if (known !== undefined) return known
    if (code === '') throw new BadValue('the expression ends in a backslash')
    if (/[A-Za-z]/.test(code)) throw new BadValue(`\\${code} is not supported`)
    return literal(code)
  }
}

/** Compiles one; throws BadValue with the reason. */
export function compilePcre(pattern: string, options: PcreOptions = {}): RegExp {
  return new RegExp(new Translator(pattern, options).translate())
}
