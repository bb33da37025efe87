// Comparisons and orders of rows whose databases know neither.
import { describe, expect, test } from 'vitest'
import type { DbOperator, DbValue } from '../../../../../server/core/db/api.ts'
import { orderOf, rowTest, sortedRows } from '../../../../../server/core/db/row-match.ts'

const COLUMNS = [
  { name: 'n', type: 'int' },
  { name: 'h', type: 'double' },
  { name: 's', type: 'string' },
] as const

const holds = (row: DbValue[], column: string, op: DbOperator, value: DbValue): boolean =>
  rowTest(COLUMNS, [{ column, type: 'string', op, value }])(row)

describe('a comparison', () => {
  test.each<[string, DbOperator, DbValue, boolean]>([
    ['n', '=', '5', true],
    ['n', '=', 5n, true],
    ['n', '=', 'many', false],
    ['n', '!=', 'many', true],
    ['n', '<', 'many', false],
    ['n', '>=', 'many', false],
    ['h', '=', 'tall', false],
    ['h', '>', 1, true],
    ['s', '=', 'b', true],
    ['s', '=', null, false],
    ['s', '!=', null, true],
    ['n', '&', 4, true],
    ['n', '&', 2, false],
  ])('%s %s %s is %s', (column, op, value, expected) => {
    expect(holds([5, 1.5, 'b'], column, op, value)).toBe(expected)
  })

  test('holds for no row without a value, but that there is none', () => {
    for (const op of ['=', '!=', '<', '>', '<=', '>=', '&'] as const)
      expect(holds([null, null, null], 'n', op, 0)).toBe(false)
    expect(holds([null, null, null], 'n', '=', null)).toBe(true)
  })
})

describe('an order', () => {
  test('is read as Kamailio writes it', () => {
    expect(orderOf('priority DESC, id')).toEqual([
      { column: 'priority', descending: true },
      { column: 'id', descending: false },
    ])
    expect(() => orderOf('id; DROP TABLE x')).toThrow('no order: id; DROP TABLE x')
  })

  test('has rows without a value first', () => {
    const rows = [
      [2, 1, 'a'],
      [null, 1, 'b'],
      [10, 1, 'c'],
    ]
    const names = (order: string) => sortedRows(COLUMNS, rows, order).map(row => row[2])
    expect(names('n')).toEqual(['b', 'a', 'c'])
    expect(names('h, n DESC')).toEqual(['c', 'a', 'b'])
  })
})
