// The rules of STYLE.md and ARCHITECTURE.md that a program can check.
import { spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Import, PARTS, foldersOf, importsOf, read, sourceFiles } from './kit/source.ts'

const COLUMNS = 100
const FUNCTION_LINES = 70 // also in setup/function-lines.json
const FILE_LINES = 500
const SURFACE_LINES = 250

/** Files that may be longer than FILE_LINES, each with its reason; an idle entry is an error. */
const LONG_FILES: Record<string, string> = {}

/** Functions that may be longer than FUNCTION_LINES, as file:name, each with its reason. */
const LONG_FUNCTIONS: Record<string, string> = {}

// A folder of the server imports only from its left.
const LAYERS = ['lib', 'sip', 'net', 'core', 'script', 'modules', 'boot']

/** What may use node's own doors to the world, beside boot, which opens all of them. */
const NODE_DOORS = /^node:(net|dgram|tls|http|https|http2|dns|fs|child_process|worker_threads)\b/

/** Packages that belong to one part of the house. */
const TERMINAL = ['ink', 'react', 'blessed', 'blessed-contrib', 'ssh2']

const sources = sourceFiles(...PARTS)
const tests = sourceFiles('test')

const isTest = (file: string) => file.endsWith('.test.ts')

/** Collects "file:line: complaint" and expects none, so that a run shows all of them at once. */
function expectNone(complaints: string[]): void {
  expect(complaints.join('\n')).toBe('')
}

/** Why a file may not import a target, or null. */
function forbidden(from: string, target: string): string | null {
  const [part = '', layer = '', ...path] = from.split('/')
  const [otherPart = '', otherLayer = '', ...otherPath] = target.split('/')
  if (!PARTS.includes(otherPart)) return otherPart === 'test' ? 'is for tests' : null
  if (part !== otherPart) {
    if (otherPart === 'rpc') return null
    return `belongs to ${otherPart}/, which ${part}/ may not know`
  }
  if (part === 'console') return forbiddenView(layer, path, otherLayer, otherPath)
  if (part !== 'server') return null
  const mine = LAYERS.indexOf(layer)
  const theirs = LAYERS.indexOf(otherLayer)
  if (mine < 0 || theirs < 0) return 'is in a folder that is not a layer of ARCHITECTURE.md'
  if (theirs > mine) return `is right of ${layer}`
  if (layer !== 'modules') return null
  if (otherLayer === 'script') return 'is the compiler, which a module does not know'
  if (otherLayer !== 'modules' || path.length < 2) return null
  const [myModule] = path
  const [theirModule, ...file] = otherPath
  const shared = file.join('/') === 'api.ts'
  return myModule === theirModule || shared ? null : "is another module's inside"
}

function forbiddenView(layer: string, path: string[], other: string, otherPath: string[]) {
  if (layer === 'render' && !['render', 'model'].includes(other)) return 'is not for render'
  if (layer === 'model' && ['view', 'ui', 'hooks'].includes(other)) return 'is not for model'
  if (layer !== 'view' || other.endsWith('.ts') || other.endsWith('.tsx')) return null
  if (other === 'view') return path[0] === otherPath[0] ? null : 'is another view'
  return ['ui', 'hooks', 'model', 'render'].includes(other) ? null : 'is not for a view'
}

function whyForbidden(from: string, found: Import): string | null {
  if (found.spec.startsWith('.')) return forbidden(from, found.target)
  // isIP and its kin only look at a text.
  const harmless = found.typeOnly || /^\{( *isIP(v4|v6)?,?)+ *\}$/.test(found.clause)
  return harmless ? null : forbiddenPackage(from, found.spec)
}

/** Why a file may not import a package or a module of node, or null. */
function forbiddenPackage(from: string, name: string): string | null {
  const pure = /^server\/(lib|sip)\/|^console\/render\//.test(from)
  if (pure && NODE_DOORS.test(name)) return 'reaches outside, and this layer is pure'
  if (/^console\/render\//.test(from) && TERMINAL.includes(name)) return 'is not for render'
  if (from.startsWith('server/') && TERMINAL.includes(name))
    return 'is a terminal library: a SIP node must not die of a screen'
  return null
}

describe('who may import whom', () => {
  test('a file imports only what the layer table of ARCHITECTURE.md allows', () => {
    const complaints: string[] = []
    for (const file of sources)
      for (const found of importsOf(file)) {
        const why = whyForbidden(file, found)
        if (why) complaints.push(`${file}:${found.line}: ${found.target} ${why}`)
      }
    expectNone(complaints)
  })

  test.for([
    ['server/lib/ip.ts', 'server/sip/uri.ts', 'is right of lib'],
    ['server/core/receive.ts', 'server/modules/tm/api.ts', 'is right of core'],
    ['server/modules/tm/relay.ts', 'server/script/index.ts', 'is the compiler'],
    ['server/modules/tm/relay.ts', 'server/modules/sl/reply.ts', "another module's inside"],
    ['ctl/main.ts', 'server/lib/ip.ts', 'ctl/ may not know'],
    ['console/view/trace.tsx', 'console/view/nodes.tsx', 'is another view'],
    ['rpc/schema.ts', 'server/core/rpc.ts', 'rpc/ may not know'],
  ])('the table refuses that %s imports %s', ([from = '', target = '', why = '']) => {
    expect(forbidden(from, target)).toContain(why)
  })

  test.for([
    ['server/modules/tm/relay.ts', 'server/modules/sl/api.ts'],
    ['server/modules/tm/relay.ts', 'server/modules/tm/timers.ts'],
    ['server/modules/index.ts', 'server/modules/tm/tm.module.ts'],
    ['server/boot/main.ts', 'server/script/index.ts'],
    ['console/view/trace.tsx', 'console/render/trace.ts'],
    ['ctl/main.ts', 'rpc/client/unix.ts'],
  ])('the table allows that %s imports %s', ([from = '', target = '']) => {
    expect(forbidden(from, target)).toBeNull()
  })

  test('nothing imports itself in a circle', () => {
    const edges = new Map(sources.map(file => [file, valueImports(file)]))
    expectNone(circles(edges).map(circle => circle.join(' -> ')))
  })

  test('time and chance come in through the door', () => {
    const window = /\b(Date\.now|performance\.now|Math\.random)\(|\bnew Date\(\)/
    const complaints = sourceFiles('server')
      .filter(file => !/^server\/(boot\/|lib\/(clock|random)\.ts)/.test(file))
      .flatMap(file => matchingLines(file, window))
    expectNone(complaints)
  })
})

function valueImports(file: string): string[] {
  return importsOf(file)
    .filter(found => found.spec.startsWith('.') && !found.typeOnly)
    .map(found => found.target)
}

/** One path for each circle that a walk over the imports meets. */
function circles(edges: Map<string, string[]>): string[][] {
  const done = new Set<string>()
  const found: string[][] = []
  const walk = (file: string, path: string[]): void => {
    const seen = path.indexOf(file)
    if (seen >= 0) found.push([...path.slice(seen), file])
    if (seen >= 0 || done.has(file)) return
    for (const next of edges.get(file) ?? []) walk(next, [...path, file])
    done.add(file)
  }
  for (const file of edges.keys()) walk(file, [])
  return found
}

function matchingLines(file: string, pattern: RegExp): string[] {
  const lines = read(file).split('\n')
  return lines.flatMap((line, at) =>
    pattern.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : [],
  )
}

describe('sizes', () => {
  test(`no line has more than ${COLUMNS} columns`, () => {
    const complaints = [...sources, ...tests].flatMap(file =>
      read(file)
        .split('\n')
        .flatMap((line, at) =>
          line.length > COLUMNS ? [`${file}:${at + 1}: ${line.length} columns`] : [],
        ),
    )
    expectNone(complaints)
  })

  test(`no file has more than ${FILE_LINES} lines, no surface ${SURFACE_LINES}`, () => {
    const complaints: string[] = []
    for (const file of [...sources, ...tests]) {
      const lines = read(file).split('\n').length - 1
      const most = file.endsWith('.module.ts') ? SURFACE_LINES : FILE_LINES
      if (lines > most && !LONG_FILES[file]) complaints.push(`${file}: ${lines} lines`)
      if (lines <= most && LONG_FILES[file]) complaints.push(`${file}: needs no exception now`)
    }
    for (const file of Object.keys(LONG_FILES))
      if (!existsSync(file)) complaints.push(`${file}: is gone, its exception is not`)
    expectNone(complaints)
  })

  test(`no function has more than ${FUNCTION_LINES} lines`, () => {
    const long = longFunctions()
    const excess = long.filter(found => !LONG_FUNCTIONS[`${found.file}:${found.name}`])
    const idle = Object.keys(LONG_FUNCTIONS).filter(
      key => !long.some(found => key === `${found.file}:${found.name}`),
    )
    expectNone([
      ...excess.map(found => `${found.file}:${found.line}: ${found.name}: ${found.lines} lines`),
      ...idle.map(key => `${key}: needs no exception now`),
    ])
  })
})

type Long = { file: string; name: string; line: number; lines: number }

/** Functions over the limit, by oxlint's parser. A `describe` is a chapter, not a function. */
function longFunctions(): Long[] {
  const path = `node_modules/.bin:${process.env.PATH}`
  const args = ['-c', 'test/setup/function-lines.json', '--format', 'json', ...PARTS, 'test']
  const env = { ...process.env, PATH: path }
  const run = spawnSync('oxlint', args, { encoding: 'utf8', env })
  type Diagnostic = {
    message: string
    filename: string
    labels: { span: { offset: number; line: number } }[]
  }
  const { diagnostics } = JSON.parse(run.stdout) as { diagnostics: Diagnostic[] }
  return diagnostics.flatMap(({ message, filename, labels }) => {
    const [, name = 'unnamed'] = /`([^`]+)`/.exec(message) ?? []
    const [, lines = '0'] = /\((\d+)\)/.exec(message) ?? []
    const line = labels[0]?.span.line ?? 0
    const opening = read(filename).split('\n')[line - 1] ?? ''
    if (/^\s*describe(\.\w+)*(\(.*\))?\(/.test(opening)) return []
    return [{ file: filename, name, line, lines: Number(lines) }]
  })
}

describe('names and leftovers', () => {
  test('no file is a drawer, and only api.ts and index.ts pass on exports', () => {
    const complaints: string[] = []
    for (const file of [...sources, ...tests]) {
      const name = basename(file)
      if (/^(utils?|helpers?|types|misc|common)\.tsx?$/.test(name))
        complaints.push(`${file}: says nothing about what is in it`)
      const passesOn = !isTest(file) && /^export (type )?(\*|\{[^}]*\}) from/m.test(read(file))
      if (passesOn && name !== 'api.ts' && name !== 'index.ts')
        complaints.push(`${file}: passes on exports`)
    }
    expectNone(complaints)
  })

  test('nothing calls itself unfinished', () => {
    const words = ['TO' + 'DO', 'FIX' + 'ME', 'HA' + 'CK']
    const unfinished = new RegExp(`\\b(${words.join('|')})\\b`)
    const half = new RegExp(`\\bst${'ub'}s?\\b(?! resolver)`, 'i')
    const files = [...sources, ...tests, ...globSync('{*,docs/**/*,test/**/*,server/**/*}.md')]
    expectNone(files.flatMap(file => matchingLines(file, unfinished)))
    expectNone([...sources, ...tests].flatMap(file => matchingLines(file, half)))
  })

  test('every test runs', () => {
    const idle =
      /\b(test|it|describe)\.(skip|only|todo|fails)\b|^\s*(xit|xdescribe|fit|fdescribe)\(/
    const files = tests.filter(file => file !== 'test/tidy.test.ts')
    expectNone(files.flatMap(file => matchingLines(file, idle)))
  })

  test('every module folder has its manual page and its surface', () => {
    const complaints = foldersOf('server/modules').flatMap(folder => {
      const surface = `${folder}/${basename(folder)}.module.ts`
      return [`${folder}/README.md`, surface].filter(file => !existsSync(file))
    })
    expectNone(complaints.map(file => `${file}: is missing`))
  })

  test('every document has one title', () => {
    const complaints = documents().flatMap(file => {
      const prose = read(file).replace(/^(```|~~~)[\s\S]*?^\1/gm, '')
      const titles = prose.match(/^# /gm)?.length ?? 0
      return titles === 1 ? [] : [`${file}: ${titles} lines that start with "# "`]
    })
    expectNone(complaints)
  })

  test('no text names a path of one machine', () => {
    const private_ = /(?<![\w./])\/(work|root|home\/\w+)\//
    const files = [...sources, ...tests, ...documents()]
    expectNone(
      files
        .filter(file => file !== 'test/tidy.test.ts')
        .flatMap(file => matchingLines(file, private_)),
    )
  })
})

function documents(): string[] {
  return globSync('**/*.md', {
    exclude: name => name === 'node_modules' || name === 'dist' || name.startsWith('.git'),
  })
}
