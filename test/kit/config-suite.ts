// The real configurations that lie beside the project: how each fares here, stage by stage.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { type Compiled, type Diagnostic, load } from '../../server/script/index.ts'
import { compileLoaded } from './script-check.ts'

export const SUITE = new URL('../../../shared/suites/cfgs/', import.meta.url)
export const suiteIsThere = existsSync(SUITE)

/** What the real Kamailio 5.6.3 said of a file (test/compat/configs/record.ts). */
export interface RealVerdict {
  readonly file: string
  /** kamailio -c ends with 0. */
  readonly accepted: boolean
  /** The first error of syntax or of the preprocessor, '' when there is none. */
  readonly syntax: string
}

export const suiteFiles = (): string[] =>
  suiteIsThere ? readdirSync(SUITE).filter(name => name.endsWith('.cfg')) : []

/** What lies beside a file under a name that begins as its own does: the files that it includes. */
export function includesOf(file: string): Map<string, string> {
  const prefix = file.slice(0, file.lastIndexOf('_') + 1)
  const found = new Map<string, string>()
  for (const name of readdirSync(SUITE))
    if (name.startsWith(prefix) && name !== file)
      found.set(name.slice(prefix.length).replace(/\.sample\.cfg$/, ''), name)
  return found
}

const text = (name: string): string => readFileSync(new URL(name, SUITE), 'latin1')

function readIn(file: string): (path: string) => string | null {
  const includes = includesOf(file)
  return path => {
    if (path === file) return text(file)
    const found = includes.get(basename(path))
    return found === undefined ? null : text(found)
  }
}

export interface Stages {
  readonly file: string
  /** Errors of the preprocessor; an include that is not in the suite is none. */
  readonly read: readonly Diagnostic[]
  readonly parsed: readonly Diagnostic[]
  /** Errors of the check that do not come from a missing module. */
  readonly checked: readonly Diagnostic[]
  readonly missing: readonly string[]
  readonly unknown: readonly string[]
  readonly compiled: Compiled
}

/** Codes of the first step; what parsing finds has a node or token to complain of. */
const READING =
  /^CFG_(FILE|CHARACTER|OPEN_|LONE_|INCLUDE|SUBST|DEFINE|NOT_DEFINED|NO_ENV|DIRECTIVE|IFDEF)/

export async function stagesOf(file: string): Promise<Stages> {
  const loaded = load(file, { read: readIn(file) })
  const early = loaded.parsed.report
    .inOrder()
    .filter(({ severity, code }) => severity === 'error' && code !== 'CFG_INCLUDE_MISSING')
  const compiled = await compileLoaded(loaded)
  const named = (code: string): string[] =>
    compiled.diagnostics
      .filter(one => one.code === code)
      .map(({ text: sentence }) => /module (\S+)/.exec(sentence)![1]!)
  return {
    file,
    read: early.filter(({ code }) => READING.test(code)),
    parsed: early.filter(({ code }) => !READING.test(code)),
    checked: compiled.diagnostics.filter(
      one => one.severity === 'error' && one.code !== 'CFG_INCLUDE_MISSING' && !early.includes(one),
    ),
    missing: named('CFG_MISSING_MODULE'),
    unknown: named('CFG_UNKNOWN_MODULE'),
    compiled,
  }
}
