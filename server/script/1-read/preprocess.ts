/**
 * The first step: files, includes, conditionals and defines become one list of tokens. A define is
 * replaced wherever its name stands as a word; its text is read as if it stood there.
 */
import { BadValue } from '../../core/module/index.ts'
import type { Report } from '../diagnostic.ts'
import { Conditionals } from './conditionals.ts'
import { Defines, moduleDefine } from './defines.ts'
import { runDirective } from './directives.ts'
import { findInclude, type ReadFile } from './files.ts'
import { Lexer } from './lexer.ts'
import { type Environment, type Transform, withLoadVariables } from './load-variables.ts'
import { onCommandLine, SourceFile, type Place } from './source.ts'
import { compileReplacement, expand, type Replacement, substitutionParts } from './substitute.ts'
import { type Mode, RESERVED, type Token } from './tokens.ts'

/** What the command line adds to a config file. */
export interface SourceOptions {
  readonly read: ReadFile
  /** -A NAME or NAME=VALUE. */
  readonly defines: readonly string[]
  /** --subst, --substdef, --substdefs. */
  readonly substitutions: readonly { kind: 'subst' | 'substdef' | 'substdefs'; text: string }[]
  readonly env: Environment
  /** Of variables that have their value while the config is read. */
  readonly transform: Transform
  /** Refuse what only Kamailio 6 knows. */
  readonly strict56: boolean
}

export interface Tokens {
  readonly tokens: readonly Token[]
  readonly defines: Defines
  readonly files: readonly SourceFile[]
  readonly mode: Mode
}

const MAX_INCLUDES = 10
/** Letters of an included file's name. */
const MAX_NAME = 127
/** Defines that use each other without end, and files that grow beyond reason, stop here. */
const MAX_EXPANSION = 64
const MAX_TOKENS = 2_000_000

interface Frame {
  readonly lexer: Lexer
  /** The define whose text this is, '' for a file. */
  readonly define: string
}

export class Preprocessor {
  readonly options: SourceOptions
  readonly report: Report
  readonly defines: Defines
  readonly conditionals: Conditionals
  private readonly files: SourceFile[] = []
  private readonly frames: Frame[] = []
  private readonly replacements: Replacement[] = []
  private readonly tokens: Token[] = []
  private mode: Mode = 'maxcompat'
  /** Files were nested deeper than may be: no more are read. */
  private tooDeep = false
  /** Braces that are open here: are we in a route? */
  braces: number

  constructor(options: SourceOptions, report: Report) {
    this.options = options
    this.report = report
    this.braces = 0
    this.defines = new Defines(options.defines)
    this.conditionals = new Conditionals(report, options.strict56)
  }

  run(path: string, text: string): Tokens {
    const file = this.open(path, text)
    for (const name of this.defines.givenTwice)
      this.report.error(onCommandLine(`-A ${name}`), 'CFG_DEFINED_TWICE', name)
    for (const { kind, text: given } of this.options.substitutions)
      this.substitute(kind, given, onCommandLine(`--${kind} '${given}'`))
    while (this.frames.length > 0 && this.tokens.length < MAX_TOKENS) this.step()
    this.conditionals.finish()
    const last: Place = { file, start: text.length, end: text.length }
    this.tokens.push({ kind: 'end', text: '', value: 0, note: '', ...last })
    return { tokens: this.tokens, defines: this.defines, files: this.files, mode: this.mode }
  }

  /** The text being read. */
  get lexer(): Lexer {
    return this.frames.at(-1)!.lexer
  }

  /** include_file, import_file: an import that is not there is no error. */
  include(name: string, at: Place, must: boolean): void {
    // Files that include each other would go on for ever, each as often as it is named.
    if (this.tooDeep) return
    const wanted = this.replaced(name)
    if (this.frames.filter(frame => frame.define === '').length > MAX_INCLUDES) {
      this.report.error(at, 'CFG_INCLUDE_DEPTH', MAX_INCLUDES)
      this.tooDeep = true
      return
    }
    const found = findInclude(wanted, at.file.path, this.options.read)
    const { start, end } = at
    at.file.notes.push({ kind: 'include', start, end, name: wanted, path: found?.path ?? null })
    if (found !== null) this.open(found.path, found.text, at)
    else if (must) this.report.error(at, 'CFG_INCLUDE_MISSING', wanted)
  }

  /** `#!subst`, and `#!substdef(s)`, which make a define of the same name as well. */
  substitute(kind: 'subst' | 'substdef' | 'substdefs', given: string, at: Place): void {
    const parts = substitutionParts(given)
    if (parts === null) {
      this.report.error(at, 'CFG_SUBSTITUTION', given)
      return
    }
    const { env, transform } = this.options
    const unknown = (name: string): void => this.report.warn(at, 'CFG_LOAD_VARIABLE', name)
    const values = { env, defines: this.defines, transform, unknown }
    const replacement = withLoadVariables(parts.replacement, values, at)
    try {
      this.replacements.push(compileReplacement({ ...parts, replacement }))
    } catch (error) {
      if (!(error instanceof BadValue)) throw error
      this.report.error(at, 'CFG_BAD_VALUE', error.message, error.hint)
    }
    const { pattern } = parts
    const { file, start, end } = at
    file.notes.push({ kind: 'substitution', start, end, pattern, replacement })
    if (kind === 'subst') return
    const text = expand(replacement, [])
    const value = kind === 'substdefs' ? `"${text}"` : text
    if (this.defines.has(parts.pattern)) this.report.error(at, 'CFG_DEFINED_TWICE', parts.pattern)
    else this.define(parts.pattern, value, at)
  }

  /** What a directive at this place makes of a name; null takes it away. */
  define(name: string, value: string | null, at: Place): void {
    if (value === null) this.defines.delete(name)
    else this.defines.set(name, value, at)
    at.file.notes.push({ kind: 'define', start: at.start, end: at.end, name, value })
  }

  private open(path: string, text: string, includedAt: Place | null = null): SourceFile {
    const file = new SourceFile(path, text, includedAt)
    this.files.push(file)
    this.frames.push({ lexer: new Lexer(file, text, this.mode, this.report), define: '' })
    return file
  }

  private step(): void {
    const { lexer } = this
    const token = lexer.next()
    this.mode = lexer.mode
    if (token.kind === 'end') this.close()
    else if (token.kind === 'directive') runDirective(this, token)
    else if (token.kind === 'word') this.word(token)
    else this.push(token)
  }

  private close(): void {
    const ended = this.frames.pop()!
    const outer = this.frames.at(-1)
    if (outer === undefined) return
    const { lexer } = outer
    lexer.mode = this.mode
    lexer.comments = ended.lexer.comments
    // A comment in the text of a define goes on to the end of the line that uses it.
    if (ended.define !== '' && ended.lexer.endedInComment) {
      const swallowed = lexer.match(/[^\n]*/y) ?? ''
      lexer.endedInComment = lexer.at >= lexer.text.length
      if (/^\s*[^\s#]/.test(swallowed))
        this.report.warn(ended.lexer.place(0, 0), 'CFG_DEFINE_COMMENT', ended.define)
    }
    this.conditionals.goOn(lexer)
  }

  private word(token: Token): void {
    if (token.text === 'include_file' || token.text === 'import_file') {
      this.includeStatement(token)
      return
    }
    const define = RESERVED.has(token.text) ? null : this.defines.get(token.text)
    if (define === null) {
      this.push(token)
      return
    }
    const circle = this.frames.some(frame => frame.define === define.name)
    if (circle || this.frames.length > MAX_EXPANSION) {
      this.report.error(token, 'CFG_DEFINE_CIRCLE', define.name)
      return
    }
    const lexer = new Lexer(token.file, define.text, this.mode, this.report, token)
    this.frames.push({ lexer, define: define.name })
    token.file.notes.push({ kind: 'use', start: token.start, end: token.end, define })
  }

  /** The name is all there is up to the next blank, and quotes must be its ends. */
  includeStatement(word: Token): void {
    const { lexer } = this
    lexer.match(/\s*/y)
    const start = lexer.at
    const name = lexer.match(/\S+/y) ?? ''
    const place = lexer.place(start, lexer.at)
    if (!/^".+"$/.test(name)) this.report.error(place, 'CFG_INCLUDE_NAME', word.text)
    else if (name.length > MAX_NAME + 2) this.report.error(place, 'CFG_INCLUDE_LONG', MAX_NAME)
    else this.include(name.slice(1, -1).replaceAll('\\', ''), place, word.text === 'include_file')
  }

  private push(token: Token): void {
    const { kind, start, end } = token
    if (kind === 'punctuation') {
      if (token.text === '{') this.braces++
      else if (token.text === '}') this.braces--
    }
    const text = kind === 'string' || kind === 'pvar' ? this.replaced(token.text) : token.text
    if (text === token.text) this.tokens.push(token)
    else {
      this.tokens.push({ ...token, text })
      token.file.notes.push({ kind: 'substituted', start, end, text })
    }
    if (kind === 'string') this.noteModule()
  }

  /** `loadmodule "tm.so"` and `loadmodule("tm.so"` define MOD_tm for what follows. */
  private noteModule(): void {
    const { tokens } = this
    const string = tokens.at(-1)!
    const before = tokens.at(-2)
    const word = before?.text === '(' ? tokens.at(-3) : before
    if (word === undefined || word.kind !== 'word') return
    if (word.text === 'loadmodule' || word.text === 'loadmodulex')
      this.defines.set(moduleDefine(string.text), '', null)
  }

  private replaced(text: string): string {
    let value = text
    for (const replacement of this.replacements) value = replacement.apply(value)
    return value
  }
}
