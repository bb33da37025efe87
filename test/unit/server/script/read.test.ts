import { describe, expect, it } from 'vitest'
import { BadValue } from '../../../../server/core/module/index.ts'
import { evaluateDefines } from '../../../../server/script/1-read/define-expression.ts'
import { findInclude } from '../../../../server/script/1-read/files.ts'
import { positionText, SourceFile } from '../../../../server/script/1-read/source.ts'
import { readNumber, unescapeString } from '../../../../server/script/1-read/strings.ts'
import {
  compileReplacement,
  substitutionParts,
} from '../../../../server/script/1-read/substitute.ts'
import { suggest } from '../../../../server/script/3-check/suggest.ts'
import { load } from '../../../../server/script/index.ts'

describe('places', () => {
  const file = new SourceFile('k.cfg', 'one\r\n\ttwo\n\nfour')

  it.each([
    [0, 'k.cfg:1:1'],
    [5, 'k.cfg:2:1'],
    [6, 'k.cfg:2:2'],
    [10, 'k.cfg:3:1'],
    [11, 'k.cfg:4:1'],
    [15, 'k.cfg:4:5'],
  ])('offset %i is %s', (start, text) => {
    expect(positionText({ file, start, end: start })).toBe(text)
  })

  it('a line is told without its end', () => {
    expect([1, 2, 3, 4, 5].map(line => file.lineText(line))).toEqual([
      'one',
      '\ttwo',
      '',
      'four',
      '',
    ])
  })

  it('what a define gives stands where the define is used', () => {
    const text = '#!define VALUE "text"\ndebug=1 children=VALUE\n'
    const { script } = load('k.cfg', { read: () => text }).parsed
    const [, children] = script.items
    expect(children?.kind === 'param' && positionText(children.value.at)).toBe('k.cfg:2:18')
  })

  it('what an include gives stands in its own file', () => {
    const files: Record<string, string> = {
      '/etc/k.cfg': '\ninclude_file "more.cfg"\ndebug=2\n',
      '/etc/more.cfg': '\n children=2\n',
    }
    const { script } = load('/etc/k.cfg', { read: path => files[path] ?? null }).parsed
    expect(script.items.map(item => positionText(item.at))).toEqual([
      '/etc/more.cfg:2:2',
      '/etc/k.cfg:3:1',
    ])
  })
})

describe('includes', () => {
  const there =
    (...paths: string[]) =>
    (path: string) =>
      paths.includes(path) ? path : null

  it('are looked for as they are named, then beside the file that includes them', () => {
    expect(findInclude('a.cfg', '/etc/k.cfg', there('a.cfg', '/etc/a.cfg'))?.path).toBe('a.cfg')
    expect(findInclude('a.cfg', '/etc/k.cfg', there('/etc/a.cfg'))?.path).toBe('/etc/a.cfg')
    expect(findInclude('/x/a.cfg', '/etc/k.cfg', there('/etc/a.cfg'))).toBeNull()
  })

  it('that include themselves end', () => {
    const { report } = load('k.cfg', { read: () => 'include_file "k.cfg"\n' }).parsed
    expect(report.diagnostics.map(one => one.code)).toEqual(['CFG_INCLUDE_DEPTH'])
  })
})

it.each([
  ['017', 15],
  ['0x1F', 31],
  ['101b', 5],
  ['4294967296', 0],
  ['09', null],
  ['5gg', null],
])('the number %s is %s', (text, value) => {
  expect(readNumber(text)).toBe(value)
})

it.each([
  ['a\\n\\r\\t\\a', 'a\n\r\t\x07'],
  ['\\x41\\x4\\101', 'A\x04A'],
  ['\\d\\(\\.', '\\d\\(\\.'],
  ['\\"\\\\', '"\\'],
  ['two \\\nlines', 'two lines'],
])('the literal "%s"', (inside, text) => {
  expect(unescapeString(inside)).toBe(text)
})

describe('substitutions', () => {
  const apply = (text: string, to: string): string =>
    compileReplacement(substitutionParts(text)!).apply(to)

  it.each([
    ['/a/b/', 'aaa', 'baa'],
    ['/a/b/g', 'aaa', 'bbb'],
    ['!A!b!gi', 'aAa', 'bbb'],
    ['/(.)(.)/\\2\\1/', 'xy', 'yx'],
    ['/a\\/b/c/', 'a/b', 'c'],
    ['/^x//', 'xy', 'y'],
  ])('%s makes of %s %s', (text, from, to) => {
    expect(apply(text, from)).toBe(to)
  })

  it.each(['', '/a/b', 'aXbXcX', '/'])('"%s" is none', text => {
    expect(substitutionParts(text)).toBeNull()
  })

  it('a bad flag or expression is refused', () => {
    expect(() => apply('/a/b/x', '')).toThrow(BadValue)
    expect(() => apply('/(/b/', '')).toThrow(BadValue)
  })
})

describe('expressions over defines', () => {
  const defined = (name: string): string | null =>
    ({ A: '2', B: '', S: '"text"', W: 'word' })[name] ?? null

  it.each<[string, number | string]>([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['A == 2 && B', 1],
    ['NONE', 0],
    ['!NONE', 1],
    ['S + "x"', 'textx'],
    ['S == "text"', 1],
    ['W', 'word'],
    ['2 ** 3 ** 2', 512],
    ['-A - 1 # comment', -3],
    ['7 / 2 % 2', 1],
    ['1 << 4 | 1', 17],
  ])('%s is %s', (text, value) => {
    expect(evaluateDefines(text, defined)).toBe(value)
  })

  it.each(['', '1 +', '(1', '1 2', '1 / 0', '* 1'])('"%s" is refused', text => {
    expect(() => evaluateDefines(text, defined)).toThrow(BadValue)
  })
})

describe('did you mean', () => {
  const names = ['debug', 'children', 'sl_send_reply', 'send_reply', 't_relay']

  it.each([
    ['debugg', ['debug']],
    ['childern', ['children']],
    ['sl_send_repl', ['sl_send_reply', 'send_reply']],
    ['T_RELAY', ['t_relay']],
    ['nothing_like_it', []],
    ['', []],
  ])('%s: %s', (wrong, near) => {
    expect(suggest(wrong, names)).toEqual(near)
  })
})
