/** Text to tokens, with the preprocessor in between, as Kamailio's lexer does it: directives, includes, defines, substitutions. */
import { readFileSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { IGNORE_CASE, compileRegex } from '../../core/regex.ts'
import type { Report } from '../messages.ts'
import { type Condition, Defines, parseSubstitution } from './preprocess.ts'
import { type Place, SourceFile } from './source.ts'

export type TokenKind =
  | 'id'
  | 'number'
  | 'string'
  | 'pvar'
  | 'select'
  | 'operator'
  | 'address'
  | 'end'

export interface Token {
  readonly kind: TokenKind
  /** The value of a string, the name of an identifier, the text of everything else. */
  readonly text: string
  readonly value: number
  readonly place: Place
  /** As it stands in the source; a literal string keeps its quotes here. */
  readonly raw: string
}

/** Reads a file as a byte string; throws the system's error. */
export type ReadFile = (name: string) => string
export const readFile: ReadFile = name => readFileSync(name, 'latin1')

interface Input {
  readonly file: SourceFile
  at: number
  /** Present when this text replaces a define: the place is that of the define's use. */
  readonly use: Place | null
  readonly defineName: string
  readonly conditionsAtStart: number
}

const INCLUDE_DEPTH = 10
const DEFINE_DEPTH = 64
const BOOLEANS = new Map([
  ['yes', 1],
  ['true', 1],
  ['on', 1],
  ['enable', 1],
  ['no', 0],
  ['false', 0],
  ['off', 0],
  ['disable', 0],
  ['inet', 2],
  ['INET', 2],
  ['ipv4', 2],
  ['IPv4', 2],
  ['IPV4', 2],
  ['inet6', 10],
  ['INET6', 10],
  ['ipv6', 10],
  ['IPv6', 10],
  ['IPV6', 10],
])
/** Longest first. */
const OPERATORS = [
  '+=',
  '==',
  '!=',
  '<=',
  '>=',
  '=~',
  '&&',
  '||',
  '<<',
  '>>',
  '=>',
  '=',
  '<',
  '>',
  '!',
  '&',
  '|',
  '~',
  '^',
  '+',
  '-',
  '*',
  '/',
  '.',
  ',',
  ':',
  ';',
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  '%',
  '?',
]
const ADDRESS4 = /\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}/y
const ADDRESS6 = /\[?[0-9A-Fa-f]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*\]?/y
const NUMBER = /0[xX][0-9A-Fa-f]+|[01]+b(?![A-Za-z0-9_])|\d+/y
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y
const SELECT = /@[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*|\[(?:-?\d+|"[^"]*"|\w+)\])*/y
const DIRECTIVE = /(?:#!|!!|\/\/!)[ \t]*([a-z_]+)/y

export class Lexer {
  readonly defines: Defines
  private readonly report: Report
  private readonly read: ReadFile
  private readonly inputs: Input[] = []
  private readonly conditions: Condition[] = []
  private readonly substitutions: { pattern: RegExp; replacement: string }[] = []
  private peeked: Token[] = []

  constructor(file: SourceFile, defines: Defines, report: Report, read: ReadFile) {
    this.defines = defines
    this.report = report
    this.read = read
    this.push(file, null, '')
  }

  /** A `subst` of the command line or of a directive. */
  addSubstitution(text: string, place: Place | null, define: 'none' | 'plain' | 'quoted'): void {
    const parts = parseSubstitution(text)
    if (parts === null) {
      if (place !== null)
        this.report.add(
          'CFG_DIRECTIVE',
          place,
          'substitution',
          `${text} is not /expression/text/flags`,
        )
      return
    }
    try {
      const options = parts.flags.includes('i') ? IGNORE_CASE : 0
      const one = compileRegex(parts.pattern, options)
      const pattern = parts.flags.includes('g')
        ? new RegExp(one.source, `${one.flags.replace('g', '')}g`)
        : one
      this.substitutions.push({
        pattern,
        replacement: parts.replacement.replaceAll('$', '$$$$').replace(/\\(\d)/g, '$$$1'),
      })
    } catch (error) {
      if (place !== null) this.report.add('CFG_REGEX', place, (error as Error).message)
    }
    if (define !== 'none') {
      this.defines.set(
        parts.pattern,
        define === 'quoted' ? `"${parts.replacement}"` : parts.replacement,
      )
    }
  }

  peek(ahead = 0): Token {
    while (this.peeked.length <= ahead) this.peeked.push(this.scan())
    return this.peeked[ahead]!
  }

  next(): Token {
    return this.peeked.shift() ?? this.scan()
  }

  private push(file: SourceFile, use: Place | null, defineName: string): void {
    this.inputs.push({ file, at: 0, use, defineName, conditionsAtStart: this.conditions.length })
  }

  private get input(): Input {
    return this.inputs[this.inputs.length - 1]!
  }

  private placeAt(offset: number): Place {
    const { use, file } = this.input
    return use ?? { file, offset }
  }

  private token(kind: TokenKind, text: string, offset: number, raw = text, value = 0): Token {
    return { kind, text, value, place: this.placeAt(offset), raw }
  }

  private scan(): Token {
    for (;;) {
      this.skipBlank()
      const input = this.input
      const { text } = input.file
      if (input.at >= text.length) {
        if (this.inputs.length === 1) {
          for (const open of this.conditions.splice(0))
            this.report.add('CFG_UNCLOSED_IFDEF', open.place)
          return this.token('end', 'end of file', text.length)
        }
        this.inputs.pop()
        continue
      }
      const token = this.scanToken(text, input.at)
      if (token !== null) return token
    }
  }

  private scanToken(text: string, at: number): Token | null {
    const { input } = this
    const char = text[at]!
    if (char === '"' || char === "'") return this.string(text, at)
    if (char === '$') return this.pvar(text, at)
    if (char === '@') {
      const select = match(SELECT, text, at)
      if (select !== null) {
        input.at = at + select.length
        return this.token('select', select, at)
      }
    }
    if (/[A-Za-z_]/.test(char)) return this.word(text, at)
    const six = match(ADDRESS6, text, at)
    if (six !== null && six.replace(/[^:]/g, '').length >= 2) {
      input.at = at + six.length
      return this.token('address', six.replace(/[[\]]/g, ''), at, six)
    }
    const four = match(ADDRESS4, text, at)
    if (four !== null) {
      input.at = at + four.length
      return this.token('address', four, at)
    }
    const number = match(NUMBER, text, at)
    if (number !== null) {
      input.at = at + number.length
      return this.token('number', number, at, number, numberValue(number))
    }
    const operator = OPERATORS.find(o => text.startsWith(o, at))
    if (operator !== undefined) {
      input.at = at + operator.length
      return this.token('operator', operator, at)
    }
    input.at = at + 1
    this.report.add('CFG_CHARACTER', this.placeAt(at), JSON.stringify(char))
    return null
  }

  private word(text: string, at: number): Token | null {
    const { input } = this
    const word = match(WORD, text, at)!
    input.at = at + word.length
    const replacement = this.defines.get(word)
    if (replacement !== undefined && replacement !== '') {
      if (this.inputs.some(i => i.defineName === word) || this.inputs.length > DEFINE_DEPTH) {
        this.report.add('CFG_DEFINE_LOOP', this.placeAt(at), word)
        return this.token('id', word, at)
      }
      this.push(new SourceFile(word, replacement), this.placeAt(at), word)
      return null
    }
    const boolean = BOOLEANS.get(word)
    if (boolean !== undefined) return this.token('number', word, at, word, boolean)
    const include = word === 'include_file' || word === 'import_file'
    if (include && /[ \t]*"/y.test(text.slice(input.at, input.at + 40))) {
      this.skipBlank()
      this.include(word, this.string(text, this.input.at).text, this.placeAt(at))
      return null
    }
    return this.token('id', word, at)
  }

  private string(text: string, at: number): Token {
    let value = ''
    let end = at
    for (;;) {
      const quote = text[end]!
      const close = quote === '"' ? closingQuote(text, end) : text.indexOf("'", end + 1)
      if (close < 0) {
        this.report.add('CFG_STRING', this.placeAt(end))
        this.input.at = text.length
        return this.token('string', value, at)
      }
      const inner = text.slice(end + 1, close)
      value += quote === '"' ? unescape(inner) : inner
      end = close + 1
      // "a" "b" is one string; with '...' or a comment between it is not.
      if (quote === "'") break
      const next = /^\s*"/.exec(text.slice(end, end + 2000))
      if (next === null) break
      end += next[0].length - 1
    }
    this.input.at = end
    return this.token('string', this.substitute(value), at, text.slice(at, end))
  }

  private pvar(text: string, at: number): Token {
    let end = at + 1
    if (text[end] === '?') end++
    else {
      if (text[end] !== '(') while (end < text.length && /[A-Za-z0-9_]/.test(text[end]!)) end++
      if (text[end] === '(') {
        const close = balanced(text, end)
        if (close < 0) {
          this.report.add('CFG_PVAR_OPEN', this.placeAt(at))
          this.input.at = text.length
          return this.token('pvar', '$null', at)
        }
        end = close + 1
      }
    }
    this.input.at = end
    const raw = text.slice(at, end)
    return this.token('pvar', this.substitute(raw), at, raw)
  }

  private substitute(text: string): string {
    let out = text
    for (const { pattern, replacement } of this.substitutions)
      out = out.replace(pattern, replacement)
    return out
  }

  /** Skips white space, comments, directives and what they switch off. */
  private skipBlank(): void {
    for (;;) {
      const input = this.input
      const { text } = input.file
      while (input.at < text.length && /[\s\b]/.test(text[input.at]!)) input.at++
      if (text.startsWith('\\\n', input.at)) input.at += 2
      else if (text.startsWith('/*', input.at)) this.skipComment(text)
      else if (
        text[input.at] === '#' ||
        text.startsWith('//', input.at) ||
        this.atBangBang(text, input.at)
      )
        this.hashLine(text)
      else return
    }
  }

  private atBangBang(text: string, at: number): boolean {
    DIRECTIVE.lastIndex = at
    return (
      text.startsWith('!!', at) &&
      DIRECTIVE.test(text) &&
      /(^|\n)[ \t]*$/.test(text.slice(Math.max(0, at - 80), at))
    )
  }

  /** Comments nest. */
  private skipComment(text: string): void {
    const start = this.input.at
    let depth = 0
    let at = start
    do {
      if (text.startsWith('/*', at)) {
        depth++
        at += 2
      } else if (text.startsWith('*/', at)) {
        depth--
        at += 2
      } else at++
    } while (depth > 0 && at < text.length)
    if (depth > 0) this.report.add('CFG_COMMENT', this.placeAt(start))
    this.input.at = at
  }

  private hashLine(text: string): void {
    const { input } = this
    const at = input.at
    const word = match(DIRECTIVE, text, at)
    const { line, end } = logicalLine(text, at, word !== null)
    if (word === null) {
      input.at = end
      return
    }
    const name = word.replace(/^(#!|!!|\/\/!)[ \t]*/, '')
    input.at = end
    this.directive(name, line.slice(word.length).trim(), this.placeAt(at), text)
  }

  private directive(name: string, rest: string, place: Place, text: string): void {
    switch (name) {
      case 'ifdef':
      case 'ifndef':
        this.open(this.defines.has(rest.split(/\s/)[0]!) === (name === 'ifdef'), place, text)
        break
      case 'else': {
        const last = this.conditions.at(-1)
        if (last === undefined) this.report.add('CFG_UNBALANCED', place, '#!else')
        else {
          last.active = !last.active
          if (!last.active) this.skipInactive(text)
        }
        break
      }
      case 'endif':
        if (this.conditions.pop() === undefined) this.report.add('CFG_UNBALANCED', place, '#!endif')
        break
      case 'include_file':
      case 'import_file':
        this.include(name, rest.replace(/^"|"$/g, ''), place)
        break
      case 'subst':
      case 'substdef':
      case 'substdefs': {
        const quoted = rest.replace(/^"|"$/g, '')
        this.addSubstitution(
          quoted,
          place,
          name === 'subst' ? 'none' : name === 'substdef' ? 'plain' : 'quoted',
        )
        break
      }
      default:
        this.defineDirective(name, rest, place)
    }
  }

  private defineDirective(name: string, rest: string, place: Place): void {
    const found = /^([A-Za-z_][A-Za-z0-9_]*)(?:[ \t]+([\s\S]*))?$/.exec(rest)
    const kind = name.replace(/^(try|re|un)?def(ine)?$/, 'define')
    if (kind === 'define') {
      if (found === null) this.report.add('CFG_DIRECTIVE', place, `#!${name}`, 'a name is expected')
      else this.define(name, found[1]!, found[2] ?? '', place)
      return
    }
    const environment = /^(try)?defenv(s)?$/.exec(name)
    if (environment === null) return
    const [, id, variable] = /^(?:([A-Za-z_]\w*)=)?([A-Za-z_]\w*)$/.exec(rest) ?? []
    if (variable === undefined) {
      this.report.add('CFG_DIRECTIVE', place, `#!${name}`, 'NAME or NAME=VARIABLE is expected')
      return
    }
    const value = process.env[variable]
    if (value === undefined) {
      if (environment[1] === undefined)
        this.report.add('CFG_DIRECTIVE', place, `#!${name}`, `${variable} is not set`)
      return
    }
    this.defines.set(id ?? variable, environment[2] === undefined ? value : `"${value}"`)
  }

  private define(directive: string, name: string, value: string, place: Place): void {
    const known = this.defines.has(name)
    if (directive.startsWith('un')) this.defines.delete(name)
    else if (directive.startsWith('try') && known) return
    else if (known && !directive.startsWith('re') && directive !== 'tryundef')
      this.report.add('CFG_REDEFINED', place, name)
    else this.defines.set(name, value)
  }

  private open(active: boolean, place: Place, text: string): void {
    this.conditions.push({ place, active, outer: true })
    if (!active) this.skipInactive(text)
  }

  /** Skips to the #!else or #!endif that belongs to the open condition; what is skipped may be any text. */
  private skipInactive(text: string): void {
    const { input } = this
    let depth = 0
    while (input.at < text.length) {
      const end = text.indexOf('\n', input.at)
      const lineEnd = end < 0 ? text.length : end + 1
      const word = /^[ \t]*(?:#!|!!|\/\/!)[ \t]*(ifdef|ifndef|ifexp|else|endif)\b/.exec(
        text.slice(input.at, lineEnd),
      )?.[1]
      const start = input.at
      input.at = lineEnd
      if (word === undefined) continue
      if (word.startsWith('if')) depth++
      else if (depth > 0) depth -= word === 'endif' ? 1 : 0
      else {
        if (word === 'endif') this.conditions.pop()
        else this.conditions.at(-1)!.active = true
        return
      }
      void start
    }
  }

  private include(directive: string, name: string, place: Place): void {
    if (this.inputs.length > INCLUDE_DEPTH) {
      this.report.add('CFG_INCLUDE_DEPTH', place, INCLUDE_DEPTH)
      return
    }
    const file = this.substitute(name)
    const from = this.inputs.filter(i => i.use === null).at(-1)!.file.name
    const candidates = isAbsolute(file) ? [file] : [file, join(dirname(from), file)]
    let why = ''
    for (const candidate of candidates) {
      try {
        this.push(new SourceFile(candidate, this.read(candidate)), null, '')
        return
      } catch (error) {
        why =
          (error as NodeJS.ErrnoException).code === 'ENOENT'
            ? 'no such file'
            : (error as Error).message
      }
    }
    // import_file is silent about a file that is not there.
    if (!directive.startsWith('import')) this.report.add('CFG_FILE', place, file, why)
  }
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? null
}

function numberValue(text: string): number {
  if (/^0[xX]/.test(text)) return Number.parseInt(text, 16) | 0
  if (/^[01]+b$/.test(text)) return Number.parseInt(text, 2) | 0
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8) | 0
  return Number(text) | 0
}

function closingQuote(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '"') return i
  }
  return -1
}

/** The escapes of a double-quoted string; other backslashes stay. */
function unescape(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(/\\(n|r|a|t|"|\\|\n|x[0-9A-Fa-f]{1,2}|[0-7]{2,3})/g, (_, code: string) => {
    switch (code[0]) {
      case 'n':
        return '\n'
      case 'r':
        return '\r'
      case 'a':
        return '\x07'
      case 't':
        return '\t'
      case '"':
        return '"'
      case '\\':
        return '\\'
      case '\n':
        return ''
      case 'x':
        return String.fromCharCode(Number.parseInt(code.slice(1), 16))
      default:
        return String.fromCharCode(Number.parseInt(code, 8) & 255)
    }
  })
}

/** The offset of the parenthesis that closes the one at `at`, or -1. */
export function balanced(text: string, at: number): number {
  let depth = 0
  for (let i = at; i < text.length; i++) {
    if (text[i] === '(') depth++
    else if (text[i] === ')' && --depth === 0) return i
  }
  return -1
}

/** A line with its continuations (`\` at its end), for directives; a comment ends with its line. */
function logicalLine(text: string, at: number, continues: boolean): { line: string; end: number } {
  let end = text.indexOf('\n', at)
  while (continues && end > 0 && text[end - 1] === '\\') end = text.indexOf('\n', end + 1)
  if (end < 0) end = text.length
  return { line: text.slice(at, end).replaceAll('\\\n', ''), end }
}
