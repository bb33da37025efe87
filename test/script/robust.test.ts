// Whatever stands in a config, the compiler answers with diagnostics; and a tree printed and parsed
// again is the same tree.
import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RouteKind } from '../../server/core/module/index.ts'
import type {
  BinaryOperator,
  Expression,
  LeaveNode,
  Script,
  Statement,
  TopNode,
  UnaryOperator,
} from '../../server/script/2-parse/ast.ts'
import { arbitraryConfig } from '../kit/arbitrary-config.ts'
import coreSurface from '../../server/core/core.module.ts'
import { Registry } from '../../server/core/registry.ts'
import pv from '../../server/modules/pv/pv.module.ts'
import { compile, diagnosticsText, load, type LoadOptions } from '../../server/script/index.ts'
import { printScript } from '../kit/script-print.ts'

const registry = new Registry()
registry.add(coreSurface)
registry.add(pv)

const only =
  (text: string) =>
  (path: string): string | null =>
    path === 'test.cfg' ? text : null

function compiled(text: string, options: LoadOptions = {}): string {
  const result = compile(load('test.cfg', { read: only(text), ...options }), registry)
  if (!result.failed) expect(result.program).not.toBeNull()
  return diagnosticsText(result.diagnostics)
}

/** Words, marks and pieces that mean something to the language, in any order. */
const PIECES = [
  ...['request_route {', 'route[A] {', 'route(A);', '}', '{', '(', ')', '[', ']', ';', ':', ','],
  ...['if', 'else', 'while', 'switch', 'case', 'default:', 'break;', 'return', 'exit;', 'drop'],
  ...['$var(x)', '$rU', '$(ru{s.len})', '$(avp(x)[0])', '$', '$(', '$var(', '@ruri', '%x', '$$'],
  ...['=', '==', '!=', '=~', '&&', '||', '+', '-', '!', 'not', 'defined', 'strlen', 'mod', '/'],
  ...['"text"', "'raw'", '"', "'", '5', '0x1F', '101b', '10.0.0.1', '::1', 'yes', 'INET', 'name'],
  ...['uri', 'myself', 'src_ip', 'method', 'proto', 'status', 'msg:len', 'udp', 'selval('],
  ...['#!define A', '#!define A B', '#!ifdef A', '#!else', '#!endif', '#!subst "/a/b/"', '#!x'],
  ...['#!ifexp A', '/*', '*/', '#', '//', '\n', '\n', '\n', ' ', '\\', '!!', 'setflag(1);'],
  ...['loadmodule "pv.so"', 'modparam("pv", "x", 1)', 'listen=', 'alias=', 'debug=3', 'flags a'],
  ...['include_file "x"', 'force_rport;', 'forward(uri:host)', 'foo.bar = 1 desc "x"', 'socket='],
]

const soup = fc
  .array(fc.constantFrom(...PIECES), { maxLength: 60 })
  .map(pieces => pieces.join(' ').replaceAll(' \n ', '\n'))
/** Pieces of what is done with a config before it is parsed. */
const DIRECTIVES = [
  ...['#!define', '!!define', '#!trydef', '#!redefine', '#!undef', '#!defexp', '#!defexps'],
  ...[
    '#!defenv',
    '#!defenvs',
    '#!trydefenv',
    '#!ifdef',
    '#!ifndef',
    '#!ifexp',
    '!!ifdef',
    '#!else',
  ],
  ...['#!endif', '!!endif', '#!subst', '#!substdef', '#!substdefs', '!!subst', '#!include_file'],
  ...[
    '#!import_file',
    'include_file',
    'import_file',
    '#!KAMAILIO',
    '#!SER',
    '#!MAXCOMPAT',
    '#!ALL',
  ],
  ...['#!', '!!', '#!no', 'A', 'B', 'A B', 'A=HOME', 'HOME', 'NONE', '-', '=', '==', '1', '"x"'],
  ...[
    '"/A/B/"',
    '"/A/B/gi"',
    '"!A!"',
    '"/(a)(b/$1/"',
    '"/A/$env(HOME)/"',
    '"/A/$(def(A){s.len})/"',
  ],
  ...['"/$def(A)/\\1\\2\\n/"', "'/A/B/'", '"/', '"a.cfg"', "'b.cfg'", '"sub/c.cfg"', '"../a.cfg"'],
  ...[
    '"test.cfg"',
    '"none.cfg"',
    '<a.cfg>',
    'a.cfg',
    '\n',
    '\n',
    '\n',
    ' ',
    '\t',
    '\\\n',
    '/*',
    '*/',
  ],
  ...['#', '//', 'KAMAILIO_5', 'MOD_pv', 'loadmodule "pv.so"', 'modparamx("pv", "x", $def(A))'],
  ...['loadmodulex "$def(A)"', 'route[A] { ; }', 'debug=A', 'A.B = A', '"A $def(A)"', '(', ')'],
  ...[
    '&&',
    '||',
    '!',
    'defined',
    '{',
    '}',
    '[',
    ']',
    ';',
    '\r\n',
    '\0',
    '$',
    '$env(',
    '$version(num)',
  ],
]

const directives = fc
  .array(fc.constantFrom(...DIRECTIVES), { maxLength: 40 })
  .map(pieces => pieces.join(' ').replaceAll(' \n ', '\n'))

const word = fc.constantFrom(...DIRECTIVES)
const surroundings = fc.record({
  files: fc.record({ 'a.cfg': directives, 'b.cfg': directives, 'sub/c.cfg': directives }),
  defines: fc.array(word, { maxLength: 3 }),
  substitutions: fc.array(
    fc.record({ kind: fc.constantFrom('subst', 'substdef', 'substdefs'), text: word }),
    { maxLength: 3 },
  ),
  modules: fc.array(word, { maxLength: 2 }),
  modParams: fc.array(word, { maxLength: 2 }),
  strict56: fc.boolean(),
})

const bytes = fc.uint8Array({ maxLength: 300 }).map(data => Buffer.from(data).toString('latin1'))

describe('the compiler never throws', () => {
  it('on random bytes', () => {
    fc.assert(
      fc.property(bytes, text => compiled(text) !== undefined),
      { numRuns: 1500 },
    )
  })

  it('on words of the language in any order', () => {
    fc.assert(
      fc.property(soup, text => compiled(text) !== undefined),
      { numRuns: 3000 },
    )
  })

  it('on directives, files that include each other and any command line', () => {
    fc.assert(
      fc.property(directives, surroundings, (text, { files, ...line }) => {
        const read = (path: string): string | null =>
          path === 'test.cfg' ? text : ((files as Record<string, string>)[path] ?? null)
        compiled(text, { ...line, read, env: { HOME: '/A' }, early: registry })
      }),
      { numRuns: 3000 },
    )
  })

  it('inside of a route', () => {
    const inRoute = soup.map(text => `#!KAMAILIO\nrequest_route { ${text} }\nroute[A] { ; }`)
    fc.assert(
      fc.property(inRoute, text => compiled(text) !== undefined),
      { numRuns: 3000 },
    )
  })

  it.each([
    ['parentheses', `request_route { if ${'('.repeat(50_000)} }`],
    ['signs', `request_route { $var(x) = ${'!-'.repeat(50_000)}1; }`],
    ['blocks', `request_route { ${'{'.repeat(50_000)} }`],
    ['operands', `request_route { $var(x) = 1${' + 1'.repeat(50_000)}; }`],
    ['branches', `request_route { ${'if (1) ; else '.repeat(50_000)} ; }`],
    ['whiles', `request_route { ${'while (1) '.repeat(50_000)} ; }`],
    ['variables', `request_route { $var(x) = ${'$(avp(x)['.repeat(5_000)}; }`],
    ['conditionals', '#!ifdef KAMAILIO_5\n'.repeat(50_000)],
    ['comments', '/*'.repeat(50_000)],
    ['defines', '#!define A A A\n#!define B A A\ndebug=B'],
    ['an expression of a define', `#!ifexp ${'('.repeat(50_000)}\n#!endif`],
    ['files that include each other', 'include_file "test.cfg"\n'.repeat(8)],
    ['substitutions', `#!subst "/A/AA/g"\n`.repeat(40) + 'debug=A'],
    ['defines in defines', `${'#!define A A A\n#!redefine B A A\n'.repeat(300)}debug=B`],
    ['names of an include', `include_file ${'"a" '.repeat(5000)}`],
    ['braces in a variable', `request_route { $var(x) = $(ru{s.select,${'{'.repeat(5000)}}); }`],
  ])('on many %s', (_what, text) => {
    expect(compiled(text)).toMatch(/: (error|warning): /)
  })
})

/** The tree without the places where its parts stand. */
const bare = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, part) => (key === 'at' ? undefined : part)))

/** Gives what has been printed and parsed again; null where the text is no config. */
function roundTrip(text: string): Script | null {
  const { script, report } = load('test.cfg', { read: only(text) }).parsed
  if (report.failed) return null
  const printed = printScript(script)
  const again = load('test.cfg', { read: only(printed) }).parsed
  expect(again.report.failed, diagnosticsText(again.report.diagnostics)).toBe(false)
  expect(bare(again.script)).toEqual(bare(script))
  return script
}

type Kind = TopNode['kind'] | Statement['kind'] | Expression['kind']
type Words = 'kind' | 'operator' | 'route' | 'how' | 'avp' | 'evaluated' | 'virtual' | 'regex'

/** All that a tree may consist of; the compiler of these tests knows whether it is complete. */
const PARTS = {
  kind: parts<Kind>({
    ...{ param: 1, variable: 1, flags: 1, loadmodule: 1, setting: 1, modparam: 1, listen: 1 },
    ...{ alias: 1, route: 1, call: 1, assign: 1, if: 1, while: 1, switch: 1, leave: 1, break: 1 },
    ...{ block: 1, empty: 1, number: 1, text: 1, word: 1, pvar: 1, select: 1, binary: 1 },
    ...{ unary: 1, choice: 1, condition: 1, myself: 1, network: 1 },
  }),
  operator: parts<BinaryOperator | UnaryOperator>({
    ...{ '||': 1, '&&': 1, '|': 1, '&': 1, '^': 1, '<<': 1, '>>': 1, '==': 1, '!=': 1, '=~': 1 },
    ...{ eq: 1, ne: 1, ieq: 1, ine: 1, '<': 1, '>': 1, '<=': 1, '>=': 1, '+': 1, '-': 1, '*': 1 },
    ...{ '/': 1, mod: 1, '!': 1, '~': 1, defined: 1, strlen: 1, strempty: 1, int: 1, str: 1 },
  }),
  route: parts<RouteKind>({
    ...{ request: 1, route: 1, failure: 1, branch: 1, onreply: 1, onsend: 1, event: 1 },
  }),
  how: parts<LeaveNode['how']>({ return: 1, exit: 1, drop: 1 }),
  avp: ['true', 'false'],
  evaluated: ['true', 'false'],
  virtual: ['true', 'false'],
  regex: ['true', 'false'],
} satisfies Record<Words, string[]>

function parts<T extends string>(all: Record<T, 1>): string[] {
  return Object.keys(all)
}

/** Notes the words that stand in a tree, and which of its parts may be absent. */
function note(value: unknown, seen: Set<string>): void {
  if (typeof value !== 'object' || value === null) return
  for (const [key, part] of Object.entries(value)) {
    if (key in PARTS) seen.add(`${key} ${part}`)
    if (key === 'at') continue
    seen.add(`${(value as { kind?: string }).kind}.${key} ${part === null ? 'absent' : 'there'}`)
    note(part, seen)
  }
}

describe('a tree that is printed and parsed again is the same', () => {
  it('for random configs, with everything that the language has', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(arbitraryConfig, text => note(roundTrip(text), seen)),
      { numRuns: 4000, seed: 7 },
    )
    const wanted = Object.entries(PARTS).flatMap(([key, words]) => words.map(w => `${key} ${w}`))
    for (const each of seen)
      if (each.endsWith(' absent')) wanted.push(each.replace('absent', 'there'))
    expect(wanted.filter(each => !seen.has(each))).toEqual([])
  })

  it('for words in any order, where they parse', () => {
    const inRoute = soup.map(text => `#!KAMAILIO\nrequest_route { ; ${text} }`)
    fc.assert(
      fc.property(inRoute, text => void roundTrip(text)),
      { numRuns: 2000 },
    )
  })

  it("for Debian's kamailio.cfg", () => {
    const path = '/etc/kamailio/kamailio.cfg'
    expect(existsSync(path), `${path} comes with Debian's package kamailio`).toBe(true)
    roundTrip(readFileSync(path, 'latin1'))
  })
})
