import { describe, expect, it } from 'vitest'
import { shown, textToInt, toInt, toStr } from '../../../../server/script/5-run/convert.ts'

describe('a text as an integer', () => {
  it.each([
    ['', 0],
    ['0', 0],
    ['17', 17],
    ['-17', -17],
    ['+17', 17],
    ['007', 7],
    ['0x10', 16],
    ['0XfF', 255],
    ['-0x10', 0],
    ['0xffffffff', -1],
    ['0x100000000', 0],
    ['-2147483648', -2147483648],
    ['2147483648', 0],
    ['4294967297', 0],
    ['99999999999999999999', 0],
    ['12abc', 0],
    [' 5', 0],
    ['5 ', 0],
    ['1.5', 0],
    ['-', 0],
    ['0x', 0],
    ['abc', 0],
  ])('%j is %i', (text, number) => {
    expect(textToInt(text)).toBe(number)
  })
})

it('nothing is 0, the empty string, and <null> where it is shown', () => {
  expect([toInt(null), toStr(null), shown(null)]).toEqual([0, '', '<null>'])
})

it('truth is 1 or 0', () => {
  expect([toInt(true), toInt(false), toStr(true), toStr(false)]).toEqual([1, 0, '1', '0'])
})
