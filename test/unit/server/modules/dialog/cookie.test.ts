import { expect, test } from 'vitest'
import { cookieOf, readCookie } from '../../../../../server/modules/dialog/cookie.ts'

// As the real Kamailio wrote them.
test.for([
  [3943, 6762, '76f.a6a1'],
  [3209, 1253, '98c.5e4'],
  [0, 1, '0.1'],
  [4095, 0xffff_ffff, 'fff.ffffffff'],
] as const)('slot %i and number %i are %s', ([entry, id, text]) => {
  expect(cookieOf(entry, id)).toBe(text)
  expect(readCookie(text)).toEqual({ entry, id })
})

test.for([
  ['76f', "malformed rr param '76f'"],
  ['', "malformed rr param ''"],
  ['7g.1', "invalid hash entry '7g'"],
  ['7.1 ', "invalid hash id '1 '"],
  ['123456789.1', "invalid hash entry '123456789'"],
] as const)('%s is none', ([text, wrong]) => expect(readCookie(text)).toBe(wrong))

test('capital digits are read as well', () => {
  expect(readCookie('76F.A6a1')).toEqual({ entry: 3943, id: 6762 })
})
