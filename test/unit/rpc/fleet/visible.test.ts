import fc from 'fast-check'
import stringWidth from 'string-width'
import { expect, test } from 'vitest'
import { cut, fit, visible, visibleDeep, visibleLines } from '../../../../rpc/fleet/visible.ts'

test.for([
  ['plain text', 'plain text'],
  ['ünï 中文 📞', 'ünï 中文 📞'],
  ['\x1b[31mred\x1b[0m', '^[[31mred^[[0m'],
  ['a\rb\nc\td', 'a^Mb^Jc^Id'],
  ['bell\x07 del\x7f nul\x00', 'bell^G del^? nul^@'],
  ['c1 \x9b31m', 'c1 <9B>31m'],
  ['bidi \u202egnp.exe', 'bidi <U+202E>gnp.exe'],
  ['zero\u200bwidth\ufeff', 'zero<U+200B>width<U+FEFF>'],
  ['half \ud800 pair', 'half <U+D800> pair'],
] as const)('%j is shown as %j', ([text, shown]) => {
  expect(visible(text)).toBe(shown)
})

test('nothing that a terminal obeys is left of any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      expect(visible(text)).not.toMatch(
        /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f]/u,
      )
    }),
  )
})

test('lines of a message', () => {
  expect(visibleLines('a\r\nb\x1b\r\n')).toEqual(['a', 'b^[', ''])
})

test('texts at any depth', () => {
  expect(visibleDeep({ 'k\x07': ['\x1b', { a: 1, b: null }] })).toEqual({
    'k^G': ['^[', { a: 1, b: null }],
  })
})

test('cutting and filling count cells, and never half a character', () => {
  expect(cut('abcdef', 4)).toBe('abc…')
  expect(cut('中文字', 4)).toBe('中…')
  expect(cut('ab', 4)).toBe('ab')
  expect(cut('abc', 0)).toBe('')
  expect(fit('中', 4)).toBe('中  ')
  expect(fit('7', 3, 'right')).toBe('  7')
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, width) => {
      expect(stringWidth(fit(visible(text), width))).toBe(width)
    }),
  )
})
