/** Values of SQLite and of the node. */
import type { StatementSync } from 'node:sqlite'
import type { DbCell, DbColumn, DbType } from '../../core/db/api.ts'
import { wholeNumber } from '../../core/db/sql.ts'
import { exactNumber, fromBytes, toByteString, toBytes } from '../../core/db/text.ts'

/** The Julian day on which 1970 began: Kamailio writes times as Julian days. */
const EPOCH_DAY = 2_440_587.5
const DAY_SECONDS = 86_400
/** Beyond all Julian days: seconds since 1970, as other programs write them. */
const FIRST_SECONDS = 10_000_000

/** A column whose type the rows tell. */
const UNKNOWN = '' as DbType

/** What a cell is as a value of SQLite; texts stay bytes until the thread has them. */
export function bind({ type, value }: DbCell): unknown {
  if (value === null) return null
  if (type === 'blob') return typeof value === 'string' ? toBytes(value) : value
  if (type === 'datetime') return typeof value === 'string' ? value : julianDay(Number(value))
  if (type === 'string') return typeof value === 'string' ? value : String(value)
  if (type === 'double') return typeof value === 'string' ? Number(value) : value
  const whole = wholeNumber(value)
  // A number would be bound as 7.0, which a column of text keeps so.
  return typeof whole === 'number' ? BigInt(whole) : whole
}

/** Kamailio writes half a second less and reads half a second more: rounding does no harm then. */
export const julianDay = (seconds: number): number => (seconds - 0.5) / DAY_SECONDS + EPOCH_DAY

/** Types of the columns of a query; of an expression the rows tell. */
export function columnTypes(statement: StatementSync): DbColumn[] {
  return statement.columns().map(({ name, type }) => ({ name: name ?? '', type: typeOf(type) }))
}

function typeOf(declared: string | null): DbType {
  if (declared === null) return UNKNOWN
  const text = declared.toUpperCase()
  if (/DATE|TIME/.test(text)) return 'datetime'
  if (text.includes('BIGINT')) return 'bigint'
  if (text.includes('INT') || text.includes('BOOL')) return 'int'
  if (text.includes('BLOB')) return 'blob'
  if (/CHAR|TEXT|CLOB/.test(text)) return 'string'
  if (/REAL|FLOA|DOUB|DEC|NUM/.test(text)) return 'double'
  return UNKNOWN
}

export function withFoundTypes(columns: readonly DbColumn[], rows: unknown[][]): DbColumn[] {
  return columns.map((column, at) => {
    if (column.type !== UNKNOWN) return column
    const value = rows.find(row => row[at] !== null)?.[at]
    if (typeof value === 'bigint') return { ...column, type: 'bigint' }
    if (typeof value !== 'number') return { ...column, type: 'string' }
    return { ...column, type: Number.isInteger(value) ? 'int' : 'double' }
  })
}

/** Turns values of SQLite into those of the node, in place. */
export function readRows(rows: unknown[][], columns: readonly DbColumn[]): void {
  for (const row of rows)
    for (let at = 0; at < row.length; at++) {
      const value = row[at]
      if (value === null) continue
      if (columns[at]!.type === 'datetime') row[at] = secondsOf(value)
      else if (typeof value === 'string') row[at] = toByteString(value)
      else if (typeof value === 'bigint') row[at] = exactNumber(value)
      else if (value instanceof Uint8Array) row[at] = fromBytes(value)
    }
}

/** A time as Kamailio writes it, or as text, which SQLite takes for UTC. */
function secondsOf(value: unknown): unknown {
  if (typeof value === 'string') {
    const at = Date.parse(`${value.trim().replace(' ', 'T').slice(0, 19)}Z`)
    return Number.isNaN(at) ? toByteString(value) : Math.floor(at / 1000)
  }
  const number = Number(value)
  if (number >= FIRST_SECONDS) return number
  // Half a second less (Kamailio, we) or none (other programs) is the same second.
  return Math.floor((number - EPOCH_DAY) * DAY_SECONDS + 0.75)
}
