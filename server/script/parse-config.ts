/** Steps 1 and 2: from a file to its tree. Needs no modules. */
import { withLoadVariables } from './1-read/load-variables.ts'
import { SourceFile } from './1-read/source.ts'
import { Preprocessor, type SourceOptions, type Tokens } from './1-read/preprocess.ts'
import type { Script } from './2-parse/ast.ts'
import { grammar, parseScript } from './2-parse/globals.ts'
import { Parser } from './2-parse/parser.ts'
import { Report } from './diagnostic.ts'

/** A config that was read and parsed, perhaps with errors: see `report`. */
export interface ParsedConfig {
  readonly path: string
  readonly script: Script
  readonly tokens: Tokens
  readonly report: Report
  readonly options: SourceOptions
  /** A text with the variables that are known at load filled in: modparamx(), loadmodulex. */
  expand(text: string): string
}

/** `text` is the content of the file at `path`, as a byte string. */
export function parseConfig(path: string, text: string, options: SourceOptions): ParsedConfig {
  const report = new Report()
  const tokens = new Preprocessor(options, report).run(path, text)
  const { env, transform } = options
  const values = { env, transform, defines: tokens.defines, unknown: (): void => undefined }
  const nowhere = { file: new SourceFile(path, text), start: 0, end: 0 }
  const expand = (given: string): string => withLoadVariables(given, values, nowhere)
  const script = parseScript(new Parser(tokens, report, options.strict56, grammar, expand))
  return { path, script, tokens, report, options, expand }
}
