import { expect, test } from 'vitest'
import { readChange, readVariable } from '../../../../../server/modules/statistics/statistics.ts'

test('names and numbers are read strictly', () => {
  expect(readVariable('calls')).toEqual({ name: 'calls', kept: false })
  expect(readVariable('calls/no_reset')).toEqual({ name: 'calls', kept: true })
  expect(() => readVariable('calls/reset')).toThrow('not known here')
  expect(() => readVariable('a b')).toThrow('names no statistic')
  expect([readChange('+5'), readChange('-2'), readChange('7')]).toEqual([5, -2, 7])
  expect(() => readChange('0')).toThrow('no sense')
  expect(() => readChange('x')).toThrow('no number')
})
