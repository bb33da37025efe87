// Values of attributes as columns hold them, and back.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DbValue } from '../../../../../server/core/db/api.ts'
import {
  printValue,
  readValue,
  type Syntax,
} from '../../../../../server/modules/db2_ldap/values.ts'

const AT = Date.UTC(2026, 10, 21, 20, 15) / 1000

describe('an attribute', () => {
  test.each<[Syntax, string, DbValue | undefined]>([
    ['String', '', ''],
    ['Binary', '\xff\0', '\xff\0'],
    ['Integer', '-42', -42],
    ['Integer', '9223372036854775807', 9_223_372_036_854_775_807n],
    ['Integer', '4.2', undefined],
    ['Integer', '', undefined],
    ['Float', '1.50', 1.5],
    ['Float', '', undefined],
    ['Float', 'tall', undefined],
    ['Boolean', 'TRUE', 1],
    ['Boolean', 'false', 0],
    ['Boolean', '1', undefined],
    ['BitString', "'0100'B", 4],
    ['BitString', "''B", 0],
    ['BitString', '0100', undefined],
    ['GeneralizedTime', '20261121201500Z', AT],
    ['GeneralizedTime', '202611212015Z', AT],
    ['GeneralizedTime', '2026112120.25Z', AT],
    ['GeneralizedTime', '20261121201500.9Z', AT],
    ['GeneralizedTime', '20261121211500+0100', AT],
    ['GeneralizedTime', '20261121154500-0430', AT],
    ['GeneralizedTime', '20261121201500', undefined],
    ['GeneralizedTime', '1700000000', undefined],
  ])('%s %s is %s', (syntax, text, value) => {
    expect(readValue(syntax, text)).toBe(value)
  })
})

describe('a search', () => {
  test.each<[Syntax, DbValue, string | null]>([
    ['String', 'a*(b)', 'a*(b)'],
    ['String', '', null],
    ['Integer', 7, '7'],
    ['Integer', 1.5, null],
    ['Integer', 'many', null],
    ['Boolean', 1, 'TRUE'],
    ['Boolean', 0, 'FALSE'],
    ['Boolean', 2, null],
    ['BitString', 4, null],
    ['Float', 1.5, null],
    ['GeneralizedTime', AT, '20261121201500Z'],
    ['GeneralizedTime', 1e14, null],
  ])('%s %s is for %s', (syntax, value, text) => {
    expect(printValue(syntax, value)).toBe(text)
  })

  test('for a time finds that time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e9 }), at => {
        expect(readValue('GeneralizedTime', printValue('GeneralizedTime', at)!)).toBe(at)
      }),
    )
  })
})
