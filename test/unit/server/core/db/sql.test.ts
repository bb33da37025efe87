import { describe, expect, test } from 'vitest'
import { cell, is } from '../../../../../server/core/db/api.ts'
import { SqlBuilder, wholeNumber } from '../../../../../server/core/db/sql.ts'

const sql = new SqlBuilder({
  quote: name => `<${name}>`,
  mark: n => `:${n}`,
  bind: ({ value }) => value,
})

describe('statements', () => {
  test('a query', () => {
    const where = [
      is('a', 'int', 1),
      { ...is('b', 'string', 'x'), op: '!=' as const },
      { ...is('c', 'int', 4), op: '&' as const },
      is('d', 'int', null),
      { ...is('e', 'int', null), op: '!=' as const },
    ]
    const select = { table: 's.t', columns: ['x', 'y'], where, order: 'y DESC, x' }
    expect(sql.select(select, ' LIMIT 3')).toEqual({
      text:
        'SELECT <x>,<y> FROM <s>.<t> WHERE <a>=:1 AND <b><>:2 AND (<c>&:3)<>0 ' +
        'AND <d> IS NULL AND <e> IS NOT NULL ORDER BY <y> DESC,<x> LIMIT 3',
      values: [1, 'x', 4],
    })
  })

  test('of all columns and rows', () => {
    expect(sql.select({ table: 't', columns: [], where: [] }).text).toBe('SELECT * FROM <t>')
  })

  test('changes', () => {
    const row = [cell('a', 'int', 1), cell('b', 'string', null)]
    expect(sql.insert('t', row)).toEqual({
      text: 'INSERT INTO <t> (<a>,<b>) VALUES (:1,:2)',
      values: [1, null],
    })
    expect(sql.update('t', [is('k', 'int', 7)], row)).toEqual({
      text: 'UPDATE <t> SET <a>=:1,<b>=:2 WHERE <k>=:3',
      values: [1, null, 7],
    })
    expect(sql.delete('t', [is('k', 'int', 7)])).toEqual({
      text: 'DELETE FROM <t> WHERE <k>=:1',
      values: [7],
    })
  })

  test.each(['', 'a b c', 'a; DROP TABLE t'])('the order "%s" is refused', order => {
    expect(() => sql.order(order)).toThrow('no order')
  })
})

test.each([
  [7, 7],
  [7.9, 7],
  ['42', 42],
  ['x', 'x'],
  [5n, 5n],
  [null, null],
])('%s as a whole number', (value, whole) => {
  expect(wholeNumber(value)).toBe(whole)
})
