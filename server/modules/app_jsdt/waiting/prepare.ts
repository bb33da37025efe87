/** All files of a script, read before it runs: what waits in one of them is seen by all. */
import { dirname } from 'node:path'
import type { Edit } from '../edits.ts'
import type { Token } from '../tokens.ts'
import { complaintsOf } from './complaints.ts'
import { generatorEdits } from './generators.ts'
import { Plan } from './plan.ts'
import { readTree, type SourceTree } from './syntax.ts'

/** A file as it is read: types stripped. */
export interface ScriptText {
  readonly path: string
  readonly text: string
  readonly tokens: readonly Token[] | null
  readonly isModule: boolean
}

/** A file with the changes that let it wait. */
export interface Prepared {
  readonly text: string
  readonly edits: readonly Edit[]
}

export interface Preparation {
  readonly files: ReadonlyMap<string, Prepared>
  readonly anyWaits: boolean
  readonly complaints: readonly string[]
}

export interface Reading {
  /** null: not there, or not to be understood; whoever runs it will say so. */
  readonly read: (path: string) => ScriptText | null
  /** The file that a text names, seen from a folder; null for none. */
  readonly resolve: (name: string, folder: string) => string | null
  /** Functions of KSR that may wait: `sqlops.sql_query`. */
  readonly waiting: ReadonlySet<string>
}

/** What a script needs in order to wait; null when nothing in it can. */
export function prepare(main: string, reading: Reading): Preparation | null {
  const texts = allFiles(main, reading)
  if (!texts.some(({ text }) => mayWait(text, reading.waiting))) return null
  const trees: SourceTree[] = []
  const complaints: string[] = []
  for (const { path, text, tokens, isModule } of texts) {
    const tree = tokens && readTree({ path, text, tokens, isModule })
    if (tree === null) complaints.push(`${path}: its functions cannot wait: it is not understood`)
    else trees.push(tree)
  }
  const plan = new Plan(trees, reading)
  const files = new Map(
    texts.map(({ path, text }): [string, Prepared] => {
      const tree = trees.find(each => each.path === path)
      return [path, { text, edits: tree === undefined ? [] : generatorEdits(tree, plan) }]
    }),
  )
  complaints.push(...complaintsOf(plan, trees))
  return { files, anyWaits: plan.anyWaits, complaints }
}

/**
 * Without its name no function of KSR is called; KSR.x.modf() may call any. Async functions wait
 * for promises of their own.
 */
function mayWait(text: string, waiting: ReadonlySet<string>): boolean {
  if (/\basync\b/.test(text)) return true
  if (waiting.size > 0 && (text.includes('modf') || /KSR\s*(\?\.)?\[/.test(text))) return true
  for (const name of waiting) if (text.includes(name.slice(name.lastIndexOf('.') + 1))) return true
  return false
}

function allFiles(main: string, { read, resolve }: Reading): ScriptText[] {
  const found = new Map<string, ScriptText | null>()
  const wanted = [main]
  for (let path = wanted.pop(); path !== undefined; path = wanted.pop()) {
    if (found.has(path) || path.endsWith('.json')) continue
    const one = read(path)
    found.set(path, one)
    const folder = dirname(path)
    for (const name of requiredBy(one?.tokens ?? [])) {
      const other = resolve(name, folder)
      if (other !== null) wanted.push(other)
    }
  }
  return [...found.values()].filter(one => one !== null)
}

/** The texts behind `from`, `import` and `require(`. */
function requiredBy(tokens: readonly Token[]): string[] {
  return tokens
    .filter(({ kind }, i) => kind === 'string' && names(tokens, i))
    .map(({ text }) => text.slice(1, -1))
}

function names(tokens: readonly Token[], i: number): boolean {
  const before = tokens[i - 1]?.text
  if (before === 'from' || before === 'import') return true
  return before === '(' && tokens[i - 2]?.text === 'require'
}
