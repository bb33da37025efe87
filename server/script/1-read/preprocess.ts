/**
 * The first step: files, includes, conditionals and defines become one list of tokens. A define is
 * replaced wherever its name stands as a word; its text is read as if it stood there.
 */
import { BadValue } from '../../core/module.ts'
import type { Report } from '../diagnostic.ts'
import { Conditionals } from './conditionals.ts'
import { Defines, moduleDefine } from './defines.ts'
import { runDirective } from './directives.ts'
import { findInclude, type ReadFile } from './files.ts'
import { Lexer } from './lexer.ts'
import { type Environment, withLoadVariables } from './load-variables.ts'
import { SourceFile, type Place } from './source.ts'
import { compileReplacement, type Replacement, substitutionParts } from './substitute.ts'
import { type Mode, RESERVED, type Token } from './tokens.ts'

/** What the command line adds to a config file. */
export interface SourceOptions {
  readonly read: ReadFile
  /** -A NAME or NAME=VALUE. */
  readonly defines: readonly string[]
  /** --subst, --substdef, --substdefs. */
  readonly substitutions: readonly { kind: 'subst' | 'substdef' | 'substdefs'; text: string }[]
  readonly env: Environment
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

  constructor(options: SourceOptions, report: Report) {
    this.options = options
    this.report = report
    this.defines = new Defines(options.defines)
    this.conditionals = new Conditionals(report)
  }

  run(path: string, text: string): Tokens {
    const file = this.open(path, text)
    const start: Place = { file, start: 0, end: 0 }
    for (const { kind, text: given } of this.options.substitutions)
      this.substitute(kind, given, start)
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
    const wanted = this.replaced(name)
    if (this.frames.filter(frame => frame.define === '').length > MAX_INCLUDES) {
      this.report.error(at, 'CFG_INCLUDE_DEPTH', MAX_INCLUDES)
      return
    }
    const found = findInclude(wanted, at.file.path, this.options.read)
    const { start, end } = at
    at.file.notes.push({ kind: 'include', start, end, name: wanted, path: found?.path ?? null })
    if (found !== null) this.open(found.path, found.text, at)
    else if (must) this.report.error(at, 'CFG_INCLUDE_MISSING', wanted)
  }

  /** `#!subst`, and `#!substdef(s)`, which make a define of the same name as well. */
  substitute(kind: 'subst' | 'substdef' | 'substdefs', text: string, at: Place): void {
    const parts = substitutionParts(text)
    if (parts === null) {
      this.report.error(at, 'CFG_SUBSTITUTION', text)
      return
    }
    const replacement = kind === 'subst' ? parts.replacement : this.loaded(parts.replacement)
    try {
      this.replacements.push(compileReplacement({ ...parts, replacement }))
    } catch (error) {
      if (!(error instanceof BadValue)) throw error
      this.report.error(at, 'CFG_BAD_VALUE', error.message, error.hint)
    }
    if (kind === 'subst') return
    const value = kind === 'substdefs' ? `"${replacement}"` : replacement
    this.define(parts.pattern, value, at)
  }

  /** What a directive at this place makes of a name; null takes it away. */
  define(name: string, value: string | null, at: Place): void {
    if (value === null) this.defines.delete(name)
    else this.defines.set(name, value, at)
    at.file.notes.push({ kind: 'define', start: at.start, end: at.end, name, value })
  }

  private loaded(text: string): string {
    return withLoadVariables(text, this.options.env, this.defines)
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
    this.frames.pop()
    const outer = this.frames.at(-1)
    if (outer !== undefined) outer.lexer.mode = this.mode
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

  private includeStatement(word: Token): void {
    const { lexer } = this
    const start = lexer.at
    const name = lexer.next()
    if (name.kind !== 'string' || name.note !== '"') {
      this.report.error(name, 'CFG_INCLUDE_NAME', word.text)
      lexer.at = start
      lexer.match(/[^\n]*/y)
      return
    }
    this.include(name.text, name, word.text === 'include_file')
  }

  private push(token: Token): void {
    const text = token.kind === 'string' || token.kind === 'pvar' ? this.replaced(token.text) : ''
    if (text === '' || text === token.text) this.tokens.push(token)
    else {
      this.tokens.push({ ...token, text })
      const { start, end } = token
      token.file.notes.push({ kind: 'substituted', start, end, text })
    }
    if (token.kind === 'string') this.noteModule()
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
