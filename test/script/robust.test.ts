// Whatever stands in a config, the compiler answers with diagnostics; and a tree printed and parsed
// again is the same tree.
import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import coreSurface from '../../server/core/core.module.ts'
import { Registry } from '../../server/core/registry.ts'
import pv from '../../server/modules/pv/pv.module.ts'
import { compile, diagnosticsText, load } from '../../server/script/index.ts'
import { printScript } from '../kit/script-print.ts'

const registry = new Registry()
registry.add(coreSurface)
registry.add(pv)

const only =
  (text: string) =>
  (path: string): string | null =>
    path === 'test.cfg' ? text : null

function compiled(text: string): string {
  const result = compile(load('test.cfg', { read: only(text) }), registry)
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
    ['braces in a variable', `request_route { $var(x) = $(ru{s.select,${'{'.repeat(5000)}}); }`],
  ])('on many %s', (_what, text) => {
    expect(compiled(text)).toMatch(/: (error|warning): /)
  })
})

/** The tree without the places where its parts stand. */
const bare = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, part) => (key === 'at' ? undefined : part)))

function roundTrip(text: string): void {
  const { script, report } = load('test.cfg', { read: only(text) }).parsed
  if (report.failed) return
  const printed = printScript(script)
  const again = load('test.cfg', { read: only(printed) }).parsed
  expect(diagnosticsText(again.report.diagnostics)).toBe('')
  expect(bare(again.script)).toEqual(bare(script))
}

const expression: fc.Arbitrary<string> = fc.letrec<{ any: string; leaf: string }>(tie => ({
  leaf: fc.constantFrom(
    '1',
    '-2',
    '"a"',
    '$var(x)',
    '$rU',
    '@ruri.user',
    'f()',
    'method == INVITE',
  ),
  any: fc.oneof(
    { depthSize: 'small' },
    tie('leaf'),
    fc.tuple(fc.constantFrom('!', '-', '~', 'defined '), tie('any')).map(([o, a]) => `${o}${a}`),
    fc
      .tuple(
        tie('any'),
        fc.constantFrom('+', '-', '*', 'mod', '==', '=~', '&&', '||', '|', '&', '<<', '<', 'eq'),
        tie('any'),
      )
      .map(([a, o, b]) => `${a} ${o} ${b}`),
    tie('any').map(a => `(${a})`),
    fc.tuple(tie('any'), tie('any')).map(([a, b]) => `selval(${a}, ${b}, strlen("x"))`),
  ),
})).any

describe('a tree that is printed and parsed again is the same', () => {
  it('for random expressions', () => {
    fc.assert(
      fc.property(expression, text => {
        roundTrip(`#!KAMAILIO\nroute[A] { $var(y) = ${text}; if (${text}) ; }`)
      }),
      { numRuns: 2000 },
    )
  })

  it('for words in any order, where they parse', () => {
    const inRoute = soup.map(text => `#!KAMAILIO\nrequest_route { ; ${text} }`)
    fc.assert(fc.property(inRoute, roundTrip), { numRuns: 2000 })
  })

  it("for Debian's kamailio.cfg", () => {
    const path = '/etc/kamailio/kamailio.cfg'
    expect(existsSync(path), `${path} comes with Debian's package kamailio`).toBe(true)
    roundTrip(readFileSync(path, 'latin1'))
  })
})
