/** A script file as the engine gets it: types stripped, texts as bytes, loops counted. */
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { Script } from 'node:vm'
import { applyEdits, bytesInTexts, type Edit, guardLoops } from './edits.ts'
import { ImportError, turnImports } from './imports.ts'
import { tokenize } from './tokens.ts'
import type { Prepared, ScriptText } from './waiting/prepare.ts'

/** A script that does not load: what stands in the log and in the RPC fault. */
export class ScriptError extends Error {}

const wrong = (file: string, line: number, text: string): ScriptError =>
  new ScriptError(line > 0 ? `${file}:${line}: ${text}` : `${file}: ${text}`)

/** What the text of a file becomes when it is compiled. */
export interface Wrapping {
  readonly before: string
  readonly after: string
  /** The file of the routes; another one is required by it. */
  readonly main: boolean
}

/** Functions at the top are the routes. */
export const MAIN: Wrapping = { before: '', after: '', main: true }
/** A file that another one requires. */
export const REQUIRED: Wrapping = {
  before: '(function(exports,require,module,__filename,__dirname){',
  after: '\n})',
  main: false,
}
/** A text that runs again and again: `const` and `let` are its own each time, `var` stays. */
export const AGAIN: Wrapping = { before: '{', after: '\n}', main: true }

export interface Compiled {
  readonly script: Script
  /** It has import or export statements. */
  readonly isModule: boolean
  /** Why its loops are not counted, or ''. */
  readonly unguarded: string
}

/** Reads and compiles a file; throws ScriptError. `prepared`: as it was read before. */
export function compileFile(path: string, wrapping: Wrapping, prepared?: Prepared): Compiled {
  if (prepared !== undefined) return compileText(prepared.text, path, wrapping, prepared.edits)
  return compileText(readScript(path), path, wrapping)
}

/** A file with its types stripped; throws ScriptError. */
export function readScript(path: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw wrong(path, 0, `cannot be read: ${(error as NodeJS.ErrnoException).code}`)
  }
  const source = decode(bytes)
  return isTypeScript(path) ? strip(source, path) : source
}

/** Compiles a script whose text is at hand; `name` is what stack traces call it. */
export function compileText(
  source: string,
  name: string,
  wrapping: Wrapping,
  waits: readonly Edit[] = [],
): Compiled {
  const tokens = tokenize(source)
  if (tokens === null) {
    // Unbalanced: the engine says where. Should it be content, the mistake is ours.
    const unguarded = 'its loops are not counted: brackets were not understood'
    return { script: compile(source, [], name, wrapping), isModule: false, unguarded }
  }
  const { edits, isModule } = importsOf(source, tokens, name, wrapping.main)
  const plain = [...edits, ...bytesInTexts(tokens).filter(outside(edits))]
  const guards = guardLoops(tokens)
  const attempts: readonly (readonly [edits: readonly Edit[], unguarded: string])[] = [
    [[...plain, ...guards, ...waits], ''],
    [[...plain, ...waits], UNUSUAL_LOOP],
    // Should what lets it wait not be understood, the mistake is ours.
    ...(waits.length === 0 ? [] : [[[...plain, ...guards], UNUSUAL_WAIT] as const]),
  ]
  for (const [each, unguarded] of attempts) {
    try {
      return { script: compile(source, each, name, wrapping), isModule, unguarded }
    } catch {
      // The next one, or the last one says what is wrong.
    }
  }
  return { script: compile(source, plain, name, wrapping), isModule, unguarded: UNUSUAL_LOOP }
}

const UNUSUAL_LOOP = 'its loops are not counted: one of them is unusual'
const UNUSUAL_WAIT = 'its functions cannot wait: one of them is unusual'

/** A file as it is before it waits; null when it is not to be read or understood. */
export function scriptText(path: string): ScriptText | null {
  try {
    const text = readScript(path)
    const tokens = tokenize(text)
    const isModule = tokens !== null && importsOf(text, tokens, path, true).isModule
    return { path, text, tokens, isModule }
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error
    return null
  }
}

/** Texts inside of a replaced import are done with it. */
const outside =
  (replaced: readonly Edit[]) =>
  ({ start, end }: Edit): boolean =>
    !replaced.some(other => other.start <= start && end <= other.end)

function importsOf(
  source: string,
  tokens: NonNullable<ReturnType<typeof tokenize>>,
  name: string,
  main: boolean,
): ReturnType<typeof turnImports> {
  try {
    return turnImports(source, tokens, main)
  } catch (error) {
    if (!(error instanceof ImportError)) throw error
    throw wrong(name, source.slice(0, error.at).split('\n').length, error.message)
  }
}

function compile(
  source: string,
  edits: readonly Edit[],
  name: string,
  { before, after }: Wrapping,
): Script {
  const text = before + applyEdits(source, edits) + after
  try {
    return new Script(text, { filename: name })
  } catch (error) {
    const { stack = '', message } = error as Error
    // The engine puts "file:line" above the line that it does not understand.
    const line = /:(\d+)\n/.exec(stack.slice(0, stack.indexOf('\n') + 1))?.[1] ?? '0'
    throw wrong(name, Number(line), `SyntaxError: ${message}`)
  }
}

/** UTF-8, or byte by byte when it is something else. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return bytes.toString('latin1')
  }
}

export const isTypeScript = (path: string): boolean => /\.[cm]?ts$/.test(path)

function strip(source: string, path: string): string {
  // Its warning that it is new would stand on the operator's terminal.
  const { emitWarning } = process
  process.emitWarning = () => undefined
  try {
    return stripTypeScriptTypes(source)
  } catch (error) {
    const { stack = '', message } = error as Error
    const line = /^[^\n]*:(\d+)\n/.exec(stack)?.[1] ?? '0'
    throw wrong(path, Number(line), `SyntaxError: ${message.trim()}`)
  } finally {
    process.emitWarning = emitWarning
  }
}
