import { describe, expect, test } from 'vitest'
import {
  applyEdits,
  bytesInTexts,
  guardLoops,
  ROUND,
} from '../../../../../server/modules/app_jsdt/edits.ts'
import { type Token, tokenize } from '../../../../../server/modules/app_jsdt/tokens.ts'

const short = ({ kind, text }: Token): string => (kind === 'sign' ? text : `${kind[0]}:${text}`)
const tokens = (source: string): string => tokenize(source)!.map(short).join(' ')

describe('tokens of JavaScript', () => {
  test.for([
    ['a = b / c / d', 'w:a = w:b / w:c / w:d'],
    ['a = /b/ / 2', 'w:a = r:/b/ / w:2'],
    ['f(/[/)]/g)', 'w:f ( r:/[/)]/g )'],
    ['if (a) /b/.test(c)', 'w:if ( w:a ) r:/b/ . w:test ( w:c )'],
    ['(a) / b / c', '( w:a ) / w:b / w:c'],
    ['return /a"b/', 'w:return r:/a"b/'],
    ['x.return / 2 / 3', 'w:x . w:return / w:2 / w:3'],
    ['{ } /a/.b', '{ } r:/a/ . w:b'],
    ['x = { } / 2 / 3', 'w:x = { } / w:2 / w:3'],
    ['a++ / 2 / b', 'w:a ++ / w:2 / w:b'],
    ['a // /b/\n/* "c */ d', 'w:a w:d'],
    ["'a\\'b' + \"c\"", "s:'a\\'b' + s:\"c\""],
    ['`a${b + `c${d}`}e`', 't:`a${ w:b + t:`c${ w:d t:}` t:}e`'],
    ['`a$b\\`c`', 't:`a$b\\`c`'],
    ['a ?. b ?.5 : c', 'w:a ?. w:b ? w:.5 : w:c'],
    ['größe = #privat', 'w:größe = w:#privat'],
  ])('%s', ([source, expected]) => {
    expect(tokens(source!)).toBe(expected)
  })

  test.for(['a(', 'a)', '(]', '"a', '`a${b', "'a\nb'", 'a }'])('%s does not end', source => {
    expect(tokenize(source)).toBeNull()
  })

  test('know their bracket and how deep they are', () => {
    const all = tokenize('a(b[c])')!
    expect(all.map(({ partner }) => partner)).toEqual([-1, 6, -1, 5, -1, 3, 1])
    expect(all.map(({ depth }) => depth)).toEqual([0, 0, 1, 1, 2, 1, 0])
  })
})

describe('loops', () => {
  const guarded = (source: string): string =>
    applyEdits(source, guardLoops(tokenize(source)!)).replaceAll(ROUND, 'R')

  test.for([
    ['while (a) b()', 'while (R(),a) b()'],
    ['do { a() } while (b)', 'do { a() } while (R(),b)'],
    ['for (;;) a()', 'for (;R();) a()'],
    ['for (let i = 0; i < 5; i++) a()', 'for (let i = 0;R(), i < 5; i++) a()'],
    ['for (let f = () => { a; b }; c; d) e', 'for (let f = () => { a; b };R(), c; d) e'],
    ['for (const a of b) { c() }', 'for (const a of b) {R(); c() }'],
    ['for await (const a of b) { c() }', 'for await (const a of b) {R(); c() }'],
    ['for (const a in b) c()', 'for (const a in b) c()'],
    ['x.while(a); x?.for(b); y = { while: 1 }', 'x.while(a); x?.for(b); y = { while: 1 }'],
    ['"while (a)" + `for (;;)` + /while(a)/', '"while (a)" + `for (;;)` + /while(a)/'],
  ])('%s', ([source, expected]) => {
    expect(guarded(source!)).toBe(expected)
  })
})

test('texts in UTF-8 become their bytes, names and comments stay', () => {
  const source = 'größe = "é" + `€${a}` // é'
  const text = applyEdits(source, bytesInTexts(tokenize(source)!))
  expect(text).toBe('größe = "Ã©" + `â\x82¬${a}` // é')
})
