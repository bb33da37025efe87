import { describe, expect, test } from 'vitest'
import { BadValue } from '../../../../server/core/module/index.ts'
import { compilePcre } from '../../../../server/core/pcre.ts'

const MATCHES: [pattern: string, ...texts: string[]][] = [
  ['^a.c$', 'abc', 'abc\n'],
  ['(?i)Foo', 'FOO', 'foo'],
  ['a(?i)b(?-i)c', 'aBc', 'abc'],
  ['(?i:a)b', 'Ab', 'ab'],
  ['(a(?i)b)c', 'aBc'],
  ['a++b', 'aaab'],
  ['(?>a|ab)c', 'ac'],
  ['(x)(?>a+)(y)\\2', 'xaayy'],
  ['(?P<n>a|b)(?P=n)', 'aa', 'bb'],
  ["(?'q'['\"])x\\k{q}", "'x'"],
  ['(a)\\g{1}\\g1', 'aaa'],
  ['[[:alpha:]][[:digit:]]', 'x1'],
  ['[]a]+$', ']a]'],
  ['[^]a]', 'b'],
  ['[a\\-z]$', '-'],
  ['[\\w.-]+@', 'a.b-c@'],
  ['[a-]$', '-'],
  ['\\Q1+1\\E=2', '1+1=2'],
  ['\\x41\\x{42}\\103?', 'AB'],
  ['a{,2}', 'a{,2}'],
  ['x{2,3}?y', 'xxy', 'xxxy'],
  ['(?x) a b # comment\n c', 'abc'],
  ['(?s)a.b', 'a\nb'],
  ['(?m)^b$', 'a\nb\nc'],
  ['\\Ab\\Z', 'b\n'],
  ['a\\Rb', 'a\r\nb', 'a\nb'],
  ['^\\h*x', ' \tx'],
  ['(?<=\\+49)30', '+4930'],
  ['a(?#no)b', 'ab'],
]

const MISSES: [pattern: string, ...texts: string[]][] = [
  ['^a.c$', 'a\nc', 'abc\n\n'],
  ['a(?i)b(?-i)c', 'ABc', 'aBC'],
  ['(a(?i)b)c', 'aBC', 'abC'],
  ['a++a', 'aaa'],
  ['(?>a|ab)c', 'abc'],
  ['\\Ab', 'a\nb'],
  ['b\\z', 'b\n'],
  ['foo(?!bar)', 'foobar'],
  ['\\s', '\xa0'],
  ['\\d', 'x'],
  ['[[:upper:]]', 'x'],
]

describe('what PCRE matches', () => {
  test.for(MATCHES)('%s', ([pattern, ...texts]) => {
    const regex = compilePcre(pattern)
    expect(texts.filter(text => !regex.test(text))).toEqual([])
  })
})

describe('what PCRE does not match', () => {
  test.for(MISSES)('%s', ([pattern, ...texts]) => {
    const regex = compilePcre(pattern)
    expect(texts.filter(text => regex.test(text))).toEqual([])
  })
})

test.for(['(', ')', '[', 'a**', '*a', '\\', '(?R)', '(?1)', '(*FAIL)', 'a\\K', '\\p{L}', '\\2'])(
  '"%s" is refused',
  pattern => {
    expect(() => compilePcre(pattern)).toThrow(BadValue)
  },
)

test('options count for the whole', () => {
  expect(compilePcre('^b.c', { ignoreCase: true, lines: true, dotAll: true }).test('a\nB\nC')).toBe(
    true,
  )
  expect(compilePcre('a b', { extended: true }).test('ab')).toBe(true)
})

test('brackets have an end', () => {
  expect(() => compilePcre('('.repeat(5000))).toThrow('too deeply')
})
