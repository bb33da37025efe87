/** What each `#!word` does. */
import { BadValue } from '../../core/module/index.ts'
import { endsLine } from './conditionals.ts'
import { evaluateDefines, type ExpressionValue } from './define-expression.ts'
import type { Preprocessor } from './preprocess.ts'
import type { Token } from './tokens.ts'

const BLANKS = /[ \t]*/y
/** What stands before a name is passed over: `#!ifdef !X` asks for X. */
const BEFORE_NAME = /(?:[^A-Za-z_\n\\]|\\\r?\n)*/y
const DEFINE_NAME = /[A-Za-z_][A-Za-z0-9_]*/y

/** Runs a directive whose name has been read; takes the rest of its line from the lexer. */
export function runDirective(state: Preprocessor, token: Token): void {
  const word = token.text
  if (word === 'else' || word === 'endif') turnOrLeave(state, token)
  else if (word === 'ifdef' || word === 'ifndef') ifDefined(state, token)
  else if (word === 'ifexp') ifExpression(state, token)
  else if (word.startsWith('subst')) substitution(state, token)
  else if (word === 'include_file' || word === 'import_file') state.includeStatement(token)
  else if (word.includes('defenv')) defineFromEnvironment(state, token)
  else if (word.startsWith('defexp')) defineExpression(state, token)
  else if (/undef/.test(word)) undefine(state, token)
  else define(state, token)
}

function turnOrLeave(state: Preprocessor, token: Token): void {
  const { lexer } = state
  if (!endsLine(lexer.text, lexer.at)) {
    state.report.warn(token, 'CFG_DIRECTIVE_TAIL', token.text)
    lexer.match(/[^\n]*/y)
  } else if (token.text === 'else') state.conditionals.turn(token, lexer)
  else state.conditionals.leave(token)
}

/** The name after the directive; '' and a diagnostic when there is none. */
function nameAfter(state: Preprocessor, token: Token): string {
  const { lexer, report } = state
  lexer.match(BEFORE_NAME)
  const name = lexer.match(DEFINE_NAME)
  if (name === null) report.error(token, 'CFG_DIRECTIVE_NAME', token.text)
  else if (lexer.text[lexer.at] === '-') report.error(token, 'CFG_DIRECTIVE_DASH', name)
  return name ?? ''
}

function ifDefined(state: Preprocessor, token: Token): void {
  const { lexer } = state
  const name = nameAfter(state, token)
  lexer.restOfLine()
  const holds = state.defines.has(name) === (token.text === 'ifdef')
  state.conditionals.enter(token, `#!${token.text} ${name}`, holds, lexer)
}

function ifExpression(state: Preprocessor, token: Token): void {
  const { lexer } = state
  only6(state, token)
  const value = evaluate(state, token, lexer.restOfLine())
  const holds = typeof value === 'number' ? value !== 0 : value !== ''
  state.conditionals.enter(token, '#!ifexp', holds, lexer)
}

function evaluate(state: Preprocessor, token: Token, text: string): ExpressionValue {
  try {
    return evaluateDefines(text, name => state.defines.get(name)?.text ?? null)
  } catch (error) {
    if (!(error instanceof BadValue)) throw error
    state.report.error(token, 'CFG_BAD_VALUE', error.message, error.hint)
    return 0
  }
}

function only6(state: Preprocessor, token: Token): void {
  if (state.options.strict56) state.report.error(token, 'CFG_ONLY_6', `#!${token.text}`)
}

function define(state: Preprocessor, token: Token): void {
  const { defines, report, lexer } = state
  const name = nameAfter(state, token)
  lexer.match(BLANKS)
  const text = lexer.restOfLine()
  if (name === '') return
  const old = defines.get(name)
  if (token.text.startsWith('try')) {
    if (old === null) state.define(name, text, token)
    else {
      const { file, start, end } = token
      file.notes.push({ kind: 'kept', start, end, name, value: old.text })
    }
  } else if (old !== null && !token.text.startsWith('re')) {
    report.error(token, 'CFG_DEFINED_TWICE', name)
  } else state.define(name, text, token)
}

function undefine(state: Preprocessor, token: Token): void {
  only6(state, token)
  const name = nameAfter(state, token)
  state.lexer.restOfLine()
  if (name === '') return
  if (!state.defines.has(name) && !token.text.startsWith('try'))
    state.report.error(token, 'CFG_NOT_DEFINED', name)
  state.define(name, null, token)
}

/** #!defexp NAME expression: the value; #!defexps: the value in quotes. */
function defineExpression(state: Preprocessor, token: Token): void {
  only6(state, token)
  const name = nameAfter(state, token)
  const value = evaluate(state, token, state.lexer.restOfLine())
  if (name === '') return
  state.define(name, token.text === 'defexps' ? `"${value}"` : String(value), token)
}

/**
 * #!defenv VAR or ID=VAR: from the environment; with an s at its end the value gets quotes. What
 * follows on the line is read as usual.
 */
function defineFromEnvironment(state: Preprocessor, token: Token): void {
  const { lexer, report } = state
  lexer.match(BLANKS)
  const given = lexer.match(/[^\s=]+(?:=[^\s=]+)?/y)
  if (given === null) {
    report.error(token, 'CFG_DIRECTIVE_NAME', token.text)
    return
  }
  const [name = '', from = name] = given.split('=')
  const value = state.options.env[from]
  if (value !== undefined) {
    const text = token.text.endsWith('s') ? `"${value}"` : value
    if (state.defines.has(name)) report.error(token, 'CFG_DEFINED_TWICE', name)
    else state.define(name, text, token)
  } else if (!token.text.startsWith('try')) report.error(token, 'CFG_NO_ENVIRONMENT', from)
}

/** The expression is a string like any other: its escapes count, neighbours are joined. */
function substitution(state: Preprocessor, token: Token): void {
  const { lexer, report } = state
  const start = lexer.at
  const string = lexer.next()
  if (string.kind !== 'string') {
    report.error(token, 'CFG_DIRECTIVE_STRING', token.text)
    lexer.at = start
    lexer.restOfLine()
    return
  }
  if (state.braces > 0) report.error(token, 'CFG_DIRECTIVE_OUTSIDE', token.text)
  state.substitute(token.text as 'subst' | 'substdef' | 'substdefs', string.text, token)
}
