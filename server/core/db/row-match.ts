/**
 * Comparisons and order of rows, for drivers of databases that do neither themselves: files, keys
 * of Redis, entries of a directory.
 */
import {
  type DbColumn,
  DbError,
  type DbOperator,
  type DbRow,
  type DbTerm,
  type DbType,
  type DbValue,
} from './api.ts'
import { wholeNumber } from './sql.ts'

export type RowTest = (row: DbRow) => boolean

const HOLDS: Readonly<Record<DbOperator, (value: DbValue, other: DbValue) => boolean>> = {
  '=': (value, other) => compare(value, other) === 0,
  '!=': (value, other) => compare(value, other) !== 0,
  '<': (value, other) => compare(value, other) < 0,
  '<=': (value, other) => compare(value, other) <= 0,
  '>': (value, other) => compare(value, other) > 0,
  '>=': (value, other) => compare(value, other) >= 0,
  '&': (value, other) => (BigInt(value ?? 0) & BigInt(other ?? 0)) !== 0n,
}

/** A value as a column of this type holds it. */
export function valueOfType(type: DbType, value: DbValue): DbValue {
  if (value === null) return null
  if (type === 'string' || type === 'blob') return String(value)
  return type === 'double' ? Number(value) : wholeNumber(value)
}

/** Where a column stands; a name that is none is refused. */
export function columnIndex(columns: readonly DbColumn[], name: string): number {
  const at = columns.findIndex(column => column.name === name)
  if (at < 0) throw new DbError('statement', `column <${name}> not found`)
  return at
}

/** Do all comparisons hold for a row? */
export function rowTest(columns: readonly DbColumn[], where: readonly DbTerm[]): RowTest {
  const tests = where.map(term => termTest(columns, term))
  return row => tests.every(test => test(row))
}

function termTest(columns: readonly DbColumn[], term: DbTerm): RowTest {
  const at = columnIndex(columns, term.column)
  const { op } = term
  if (!Object.hasOwn(HOLDS, op)) throw new DbError('statement', `no operator: ${String(op)}`)
  if (term.value === null) {
    if (op === '=') return row => row[at] === null
    return op === '!=' ? row => row[at] !== null : () => false
  }
  const holds = HOLDS[op]
  const other = valueOfType(columns[at]!.type, term.value)
  return row => row[at] !== null && holds(row[at]!, other)
}

/** Nothing comes before everything; a number and a text that is none are neither (NaN). */
function compare(value: DbValue, other: DbValue): number {
  if (value === null || other === null) return Number(value !== null) - Number(other !== null)
  if (value < other) return -1
  if (value > other) return 1
  return value >= other ? 0 : Number.NaN
}

export interface OrderKey {
  readonly column: string
  readonly descending: boolean
}

/** `priority DESC, id` */
export function orderOf(order: string): OrderKey[] {
  return order.split(',').map(part => {
    const [, column, direction = ''] = /^\s*(\S+?)(?:\s+(asc|desc))?\s*$/i.exec(part) ?? []
    if (column === undefined) throw new DbError('statement', `no order: ${order}`)
    return { column, descending: direction.toLowerCase() === 'desc' }
  })
}

/** Rows in an order. */
export function sortedRows(
  columns: readonly DbColumn[],
  rows: readonly DbRow[],
  order: string,
): readonly DbRow[] {
  const keys = orderOf(order).map(({ column, descending }) => ({
    at: columnIndex(columns, column),
    sign: descending ? -1 : 1,
  }))
  return rows.toSorted((a, b) => {
    for (const { at, sign } of keys) {
      const found = compare(a[at]!, b[at]!)
      if (found !== 0) return found * sign
    }
    return 0
  })
}
