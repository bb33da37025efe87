/**
 * `import` and `export` become `require` and `exports`: the engine has no modules without a flag,
 * and a routing script needs no more than names from the files beside it.
 */
import { type Edit, utf8Bytes } from './edits.ts'
import type { Token } from './tokens.ts'

/** A statement that cannot be turned; `at` is where it begins. */
export class ImportError extends Error {
  readonly at: number
  constructor(at: number, text: string) {
    super(text)
    this.at = at
  }
}

export interface Imports {
  readonly edits: readonly Edit[]
  /** The file has import or export statements: it is a module, and strict. */
  readonly isModule: boolean
}

interface Pass {
  readonly source: string
  readonly tokens: readonly Token[]
  readonly edits: Edit[]
  /** Exported name -> the expression that gives it. */
  readonly names: Map<string, string>
}

/** `main`: nobody requires this file, its functions are the routes. */
export function turnImports(source: string, tokens: readonly Token[], main: boolean): Imports {
  const pass: Pass = { source, tokens, edits: [], names: new Map() }
  let isModule = false
  for (let i = 0; i < tokens.length; i++) {
    const { kind, text, depth } = tokens[i]!
    if (kind !== 'word' || (text !== 'import' && text !== 'export')) continue
    const before = tokens[i - 1]?.text ?? ''
    const after = tokens[i + 1]?.text ?? ''
    if (before === '.' || before === '?.' || after === ':') continue
    if (text === 'import' && (after === '(' || after === '.')) refuseImportCall(pass, i)
    if (depth > 0) continue
    isModule = true
    i = text === 'import' ? turnImport(pass, i) : turnExport(pass, i)
  }
  if (isModule) pass.edits.push({ start: 0, end: 0, insert: prologue(pass, main) })
  return { edits: pass.edits, isModule }
}

function prologue({ names }: Pass, main: boolean): string {
  if (main || names.size === 0) return '"use strict";'
  // Functions that read the names, because the names have no values yet.
  const getters = [...names].map(([name, value]) => `${JSON.stringify(name)}:()=>${value}`)
  return `"use strict";require.names(exports,{${getters.join(',')}});`
}

function refuseImportCall({ tokens }: Pass, i: number): never {
  const word = tokens[i + 1]!.text === '(' ? 'import()' : 'import.meta'
  const instead = 'use import … from "./file" at the top, or require("./file")'
  throw new ImportError(tokens[i]!.start, `a routing script has no ${word}: ${instead}`)
}

/** Replaces tokens from..to by a text; the lines between them stay. */
function replace(pass: Pass, from: number, to: number, insert: string): void {
  const { start } = pass.tokens[from]!
  const { end } = pass.tokens[to]!
  const lines = pass.source.slice(start, end).split('\n').length - 1
  pass.edits.push({ start, end, insert: insert + '\n'.repeat(lines) })
}

function turnImport(pass: Pass, i: number): number {
  const { tokens } = pass
  const end = sourceAt(pass, i)
  const from = required(pass, end)
  const parts: string[] = []
  let at = i + 1
  while (at < end && tokens[at]!.text !== 'from') {
    const { text, partner } = tokens[at]!
    if (text === '{') {
      parts.push(`const {${pairs(pass, at, partner).map(importPair).join(',')}}=${from}`)
      at = partner + 1
    } else if (text === '*') {
      parts.push(`const ${tokens[at + 2]!.text}=${from}`)
      at += 3
    } else {
      if (text !== ',') parts.push(`const ${text}=require.default(${from})`)
      at++
    }
  }
  if (parts.length === 0) parts.push(from)
  return endStatement(pass, i, end, `${parts.join(';')};`)
}

const importPair = ([name, alias]: readonly [string, string]): string =>
  name === alias ? name : `${JSON.stringify(name)}:${alias}`

function turnExport(pass: Pass, i: number): number {
  const { tokens, names } = pass
  const next = tokens[i + 1]
  if (next === undefined) return i
  if (next.text === 'default') return exportDefault(pass, i)
  if (next.text === '{') return exportList(pass, i, next.partner)
  if (next.text === '*') return exportAll(pass, i)
  replace(pass, i, i, '')
  const declared = declaredAt(pass, i + 1)
  if (declared.length === 0)
    throw new ImportError(tokens[i]!.start, 'this export is not understood: export plain names')
  for (const name of declared) names.set(name, name)
  return i
}

function exportDefault(pass: Pass, i: number): number {
  const { tokens, names } = pass
  const [name] = declaredAt(pass, i + 2)
  if (name === undefined) {
    replace(pass, i, i + 1, 'exports.default=')
  } else {
    replace(pass, i, i + 1, '')
    names.set('default', name)
  }
  return Math.min(i + 1, tokens.length - 1)
}

function exportList(pass: Pass, i: number, close: number): number {
  const { tokens, names } = pass
  const listed = pairs(pass, i + 1, close)
  if (tokens[close + 1]?.text !== 'from') {
    for (const [name, alias] of listed) names.set(alias, name)
    return endStatement(pass, i, close, '')
  }
  const end = close + 2
  const from = required(pass, end)
  for (const [name, alias] of listed) names.set(alias, `${from}[${JSON.stringify(name)}]`)
  return endStatement(pass, i, end, `${from};`)
}

function exportAll(pass: Pass, i: number): number {
  const end = sourceAt(pass, i)
  const from = required(pass, end)
  const as = pass.tokens[i + 2]?.text === 'as' ? pass.tokens[i + 3]!.text : ''
  if (as !== '') pass.names.set(as, from)
  return endStatement(pass, i, end, as === '' ? `require.all(exports,${from});` : `${from};`)
}

/** The index of the text that an import or export reads from. */
function sourceAt({ tokens }: Pass, i: number): number {
  let at = i + 1
  while (tokens[at] !== undefined && tokens[at]!.kind !== 'string')
    at = tokens[at]!.text === '{' ? tokens[at]!.partner + 1 : at + 1
  if (tokens[at] === undefined)
    throw new ImportError(tokens[i]!.start, `${tokens[i]!.text} without the name of a file`)
  return at
}

const required = ({ tokens }: Pass, at: number): string => `require(${utf8Bytes(tokens[at]!.text)})`

/** `a, b as c, "d" as e` between two braces. */
function pairs({ tokens }: Pass, open: number, close: number): [string, string][] {
  const found: [string, string][] = []
  const plain = (text: string): string => (/^["']/.test(text) ? text.slice(1, -1) : text)
  for (let at = open + 1; at < close; at++) {
    if (tokens[at]!.text === ',') continue
    const name = plain(tokens[at]!.text)
    if (tokens[at + 1]?.text === 'as') at += 2
    found.push([name, plain(tokens[at]!.text)])
  }
  return found
}

/** `with { type: "json" }` and the semicolon belong to the statement. */
function endStatement(pass: Pass, from: number, to: number, insert: string): number {
  const { tokens } = pass
  let end = to
  if (tokens[end + 1]?.text === 'with' && tokens[end + 2]?.text === '{')
    end = tokens[end + 2]!.partner
  if (tokens[end + 1]?.text === ';') end++
  replace(pass, from, end, insert)
  return end
}

/** The names that a declaration at this token makes. */
function declaredAt({ tokens, source }: Pass, at: number): string[] {
  const first = tokens[at]?.text ?? ''
  if (first === 'async' || first === 'function' || first === 'class') {
    let name = at + (first === 'async' ? 2 : 1)
    if (tokens[name]?.text === '*') name++
    const found = tokens[name]
    return found?.kind === 'word' && found.text !== 'extends' ? [found.text] : []
  }
  if (!['const', 'let', 'var'].includes(first) || tokens[at + 1]?.kind !== 'word') return []
  const names = [tokens[at + 1]!.text]
  for (let i = at + 2; i < tokens.length; i++) {
    const { text, depth, start } = tokens[i]!
    if (depth > 0) continue
    if (text === ';') break
    const newLine = source.slice(tokens[i - 1]!.end, start).includes('\n')
    if (newLine && DECLARES.has(text)) break
    if (text === ',' && tokens[i + 1]?.kind === 'word') names.push(tokens[i + 1]!.text)
  }
  return names
}

const DECLARES = new Set('import export const let var function class async if for while'.split(' '))
