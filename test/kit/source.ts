// The project's own source as text: which files there are, and what each one imports.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

export const PARTS = ['rpc', 'server', 'ctl', 'console']

export type Import = {
  /** As it is written, and as a file of the project. */
  spec: string
  target: string
  /** What is named before `from`. */
  clause: string
  line: number
  typeOnly: boolean
}

/** Every TypeScript file below the folders, relative to the project, sorted. */
export function sourceFiles(...folders: string[]): string[] {
  return globSync(folders.map(folder => `${folder}/**/*.{ts,tsx}`)).toSorted()
}

export function read(path: string): string {
  return readFileSync(path, 'utf8')
}

/** The code with its comments blanked out, so that prose about imports is not taken for one. */
export function withoutComments(code: string): string {
  const parts: string[] = []
  let at = 0
  while (at < code.length) {
    const end = tokenEnd(code, at)
    const token = code.slice(at, end)
    const comment = token.startsWith('//') || token.startsWith('/*')
    parts.push(comment ? token.replace(/[^\n]/g, ' ') : token)
    at = end
  }
  return parts.join('')
}

/** Where the comment, the string or the stretch of other code that starts here ends. */
function tokenEnd(code: string, start: number): number {
  const first = code[start] ?? ''
  const after = (found: number, length: number) => (found < 0 ? code.length : found + length)
  if (code.startsWith('//', start)) return after(code.indexOf('\n', start), 0)
  if (code.startsWith('/*', start)) return after(code.indexOf('*/', start + 2), 2)
  if (first === "'" || first === '"') return quotedEnd(code, start, first)
  if (first === '/' && opensRegExp(code, start)) return quotedEnd(code, start, first)
  let at = start + 1
  while (at < code.length && !'\'"/'.includes(code[at] ?? '')) at++
  return at
}

/** A quoted text or a regular expression never goes beyond its line. */
function quotedEnd(code: string, start: number, quote: string): number {
  let inClass = false
  for (let at = start + 1; at < code.length; at++) {
    const char = code[at]
    if (char === '\n') return at
    if (char === '\\') at++
    else if (quote === '/' && char === '[') inClass = true
    else if (quote === '/' && char === ']') inClass = false
    else if (char === quote && !inClass) return at + 1
  }
  return code.length
}

function opensRegExp(code: string, start: number): boolean {
  if (code[start + 1] === '/' || code[start + 1] === '*') return false
  const before = code.slice(Math.max(0, start - 12), start).trimEnd()
  return before === '' || /[(,=:[!&|?{};>]$|\breturn$/.test(before)
}

const IMPORT =
  /^[ \t]*(?:import|export)\b([^'"`;]*?)\bfrom\s*'([^']+)'|\bimport\s*\(?\s*'([^']+)'/gm

/** What a file imports, with relative paths resolved to files of the project. */
export function importsOf(path: string, code = read(path)): Import[] {
  const found: Import[] = []
  for (const match of withoutComments(code).matchAll(IMPORT)) {
    const spec = match[2] ?? match[3] ?? ''
    const target = spec.startsWith('.') ? normalize(join(dirname(path), spec)) : spec
    const line = code.slice(0, match.index).split('\n').length
    const clause = (match[1] ?? '').trim()
    found.push({ spec, target, clause, line, typeOnly: /^type\b/.test(clause) })
  }
  return found
}

/** The folders below a folder that exist now (none when it does not). */
export function foldersOf(path: string): string[] {
  return existsSync(path) ? globSync(`${path}/*/`).map(folder => folder.replace(/\/$/, '')) : []
}
