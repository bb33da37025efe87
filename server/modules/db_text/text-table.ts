/** The rows of one table in memory, and what statements do to them. */
import {
  type DbCell,
  DbError,
  type DbResult,
  type DbRow,
  type DbSelect,
  type DbTerm,
  type DbValue,
} from '../../core/db/api.ts'
import { columnIndex, rowTest, sortedRows, valueOfType } from '../../core/db/row-match.ts'
import type { TextColumn } from './format.ts'

export interface Inserted {
  readonly lastId: number | bigint | null
}

export class TextTable {
  readonly columns: readonly TextColumn[]
  /** Rows are never changed, but replaced: who has a copy of the list has what was there. */
  rows: DbRow[]

  constructor(columns: readonly TextColumn[], rows: DbRow[]) {
    this.columns = columns
    this.rows = rows
  }

  select({ columns, where, order = '' }: Omit<DbSelect, 'table'>): DbResult {
    const test = rowTest(this.columns, where)
    const found = this.rows.filter(test)
    const rows = order === '' ? found : sortedRows(this.columns, found, order)
    const shown = ({ name, type }: TextColumn) => ({ name, type })
    if (columns.length === 0) return { columns: this.columns.map(shown), rows }
    const wanted = columns.map(name => columnIndex(this.columns, name))
    return {
      columns: wanted.map(at => shown(this.columns[at]!)),
      rows: rows.map(row => wanted.map(at => row[at]!)),
    }
  }

  insert(cells: readonly DbCell[]): Inserted {
    const row: DbValue[] = this.columns.map(() => null)
    this.put(row, cells)
    let lastId: number | bigint | null = null
    for (const [at, column] of this.columns.entries())
      if (column.auto && row[at] === null) row[at] = lastId = this.next(at)
    this.check(row)
    this.rows.push(row)
    return { lastId }
  }

  /** How many rows. */
  update(where: readonly DbTerm[], cells: readonly DbCell[]): number {
    const test = rowTest(this.columns, where)
    let count = 0
    const rows = this.rows.map(row => {
      if (!test(row)) return row
      const changed = [...row]
      this.put(changed, cells)
      this.check(changed)
      count++
      return changed
    })
    this.rows = rows
    return count
  }

  delete(where: readonly DbTerm[]): number {
    const test = rowTest(this.columns, where)
    const rows = this.rows.filter(row => !test(row))
    const count = this.rows.length - rows.length
    this.rows = rows
    return count
  }

  private put(row: DbValue[], cells: readonly DbCell[]): void {
    for (const { column, value } of cells) {
      const at = columnIndex(this.columns, column)
      row[at] = valueOfType(this.columns[at]!.type, value)
    }
  }

  private check(row: readonly DbValue[]): void {
    for (const [at, column] of this.columns.entries()) {
      const value = row[at]!
      if (value === null ? column.null : column.type === 'string' || typeof value !== 'string')
        continue
      throw new DbError(
        'statement',
        value === null
          ? `null value not allowed - field ${at} (${column.name})`
          : `"${value}" is no number - field ${at} (${column.name})`,
      )
    }
  }

  /** The highest number and one. */
  private next(at: number): number | bigint {
    let highest: number | bigint = 0
    for (const row of this.rows) {
      const value = row[at]!
      if (typeof value !== 'string' && value !== null && value > highest) highest = value
    }
    return typeof highest === 'bigint' ? highest + 1n : highest + 1
  }
}
