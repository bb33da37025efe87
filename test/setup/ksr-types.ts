// Writes templates/kemi/ksr.d.ts, the types of KSR for scripts in TypeScript, from the surfaces of
// the core and of all modules: node test/setup/ksr-types.ts
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import coreSurface from '../../server/core/core.module.ts'
import { describeExports, type KemiExport } from '../../server/core/kemi/exports.ts'
import { modules } from '../../server/modules/index.ts'

export const TYPES_FILE = 'templates/kemi/ksr.d.ts'

const HEAD = `\
// The types of KSR: what scripts in TypeScript and JavaScript call, all modules at once. A module
// that the config does not load is not there when the script runs.
// Made by: node test/setup/ksr-types.ts

/** A value that may have parts. */
type KsrValue = string | number | boolean | null | KsrValue[] | { [name: string]: KsrValue }
/** The values of a structured variable: each name has a list of them. */
type KsrStructure = { [name: string]: KsrValue[] }

/** Functions of the script itself. */
interface KsrX {
  /** End the script. */
  exit(): never
  /** End the script and drop the message. */
  drop(): never
  /** Call a function of a module by the name that the routing language has for it. */
  modf(name: string, ...args: (string | number)[]): number
}
`

const RESULTS = { none: 'void', int: 'number', bool: 'boolean' } as const

/** Words that cannot name a parameter. */
const RESERVED = ['class', 'default', 'delete', 'function', 'in', 'new', 'this', 'var', 'with']
/** Of the text of a comment. */
const COLUMNS = 90

/** The text of ksr.d.ts. */
export async function ksrTypes(): Promise<string> {
  const surfaces = [coreSurface]
  for (const load of Object.values(modules)) surfaces.push((await load()).default)
  const groups = new Map<string, KemiExport[]>()
  for (const one of surfaces.flatMap(describeExports))
    groups.set(one.module, [...(groups.get(one.module) ?? []), one])
  const own = groups.get('')!
  groups.delete('')
  const names = [...groups.keys()].sort()
  const interfaces = names.map(name => interfaceOf(typeName(name), groups.get(name)!.map(method)))
  const parts = names.map(name => `  readonly ${name}: ${typeName(name)}`)
  const whole = interfaceOf('Ksr', [...own.map(method), ...parts, '  readonly x: KsrX'])
  return formatted([HEAD, ...interfaces, whole, 'declare const KSR: Ksr\n'].join('\n'))
}

const formatted = (text: string): string =>
  execFileSync('node_modules/.bin/biome', ['format', `--stdin-file-path=${TYPES_FILE}`], {
    input: text,
    encoding: 'utf8',
  })

const typeName = (module: string): string =>
  `Ksr_${module}`.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

const interfaceOf = (name: string, lines: string[]): string =>
  `interface ${name} {\n${lines.join('\n')}\n}\n`

function method({ name, params, names, required, returns, type, doc }: KemiExport): string {
  const list = params.map((kind, i) => {
    const optional = i < required ? '' : '?'
    return `${identifier(names[i]!)}${optional}: ${kind === 'int' ? 'number' : 'string'}`
  })
  const result = returns === 'xval' ? type : RESULTS[returns]
  return `${comment(doc)}\n  ${name}(${list.join(', ')}): ${result}`
}

/** One line, or as many as it takes. */
function comment(doc: string): string {
  if (doc.length <= COLUMNS) return `  /** ${doc} */`
  const lines = ['']
  for (const word of doc.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`
    if (longer.length > COLUMNS) lines.push(` ${word}`)
    else lines[lines.length - 1] = longer
  }
  return ['  /**', ...lines.map(line => `   *${line}`), '   */'].join('\n')
}

/** `host[:port]`, `content type` and `proxy or flags` as names of parameters. */
function identifier(text: string): string {
  const word = text.replaceAll(/\W+/g, '_').replaceAll(/^_+|_+$/g, '')
  return RESERVED.includes(word) ? `${word}_` : word
}

if (import.meta.main) writeFileSync(TYPES_FILE, await ksrTypes())
