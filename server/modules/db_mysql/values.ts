/** Values of MySQL and of the node. */
import mysql, { type FieldPacket } from 'mysql2'
import type { DbCell, DbColumn, DbType, DbValue } from '../../core/db/api.ts'
import { fromLocalTime, localTime } from '../../core/db/local-time.ts'
import { wholeNumber } from '../../core/db/sql.ts'
import { exactNumber, fromBytes, toByteString, toBytes, toText } from '../../core/db/text.ts'

// A getter of the whole, so no name that an import could take.
const { Types } = mysql

/** Number of the character set of columns that hold bytes. */
const BINARY = 63
const UNSIGNED = 32

export function bind({ type, value }: DbCell): string | number | Buffer | null {
  if (value === null) return null
  if (type === 'blob') return toBytes(String(value))
  if (type === 'datetime') return typeof value === 'string' ? value : localTime(Number(value))
  if (type === 'string') return toText(String(value))
  if (type === 'double') return Number(value)
  const whole = wholeNumber(value)
  return typeof whole === 'bigint' ? String(whole) : whole
}

/** `unsigned`: a column of unsigned ints is a bigint, as Kamailio's unsigned_type wants it. */
export function columnOf(field: FieldPacket, unsigned: boolean): DbColumn {
  return { name: field.name, type: typeOf(field, unsigned) }
}

function typeOf(field: FieldPacket, unsigned: boolean): DbType {
  const { columnType, characterSet } = field as FieldPacket & { characterSet: number }
  switch (columnType) {
    case Types.LONGLONG:
      return 'bigint'
    case Types.LONG:
      return unsigned && (Number(field.flags) & UNSIGNED) !== 0 ? 'bigint' : 'int'
    case Types.TINY:
    case Types.SHORT:
    case Types.INT24:
    case Types.YEAR:
      return 'int'
    case Types.FLOAT:
    case Types.DOUBLE:
    case Types.DECIMAL:
    case Types.NEWDECIMAL:
      return 'double'
    case Types.TIMESTAMP:
    case Types.DATE:
    case Types.DATETIME:
    case Types.NEWDATE:
      return 'datetime'
    case Types.BIT:
      return 'bitmap'
    case Types.TINY_BLOB:
    case Types.MEDIUM_BLOB:
    case Types.LONG_BLOB:
    case Types.BLOB:
      return characterSet === BINARY ? 'blob' : 'string'
    default:
      return 'string'
  }
}

/** Turns the values of a row into those of the node, in place. */
export function readRow(row: unknown[], columns: readonly DbColumn[]): void {
  for (let at = 0; at < row.length; at++) {
    const value = row[at]
    if (value !== null) row[at] = read(value, columns[at]!.type)
  }
}

function read(value: unknown, type: DbType): DbValue {
  if (type === 'datetime') return fromLocalTime(String(value))
  if (type === 'bitmap' && Buffer.isBuffer(value))
    return exactNumber(BigInt(`0x${value.toString('hex') || '0'}`))
  if (Buffer.isBuffer(value)) return fromBytes(value)
  if (typeof value === 'number') return value
  // Long numbers and decimals come as texts.
  if (type === 'bigint') return exactNumber(BigInt(String(value)))
  if (type === 'double') return Number(value)
  return toByteString(String(value))
}
