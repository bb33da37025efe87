/** Values of PostgreSQL, all of which come as texts, and of the node. */
import type { DbCell, DbType, DbValue } from '../../core/db/api.ts'
import { fromLocalTime, localTime } from '../../core/db/local-time.ts'
import { wholeNumber } from '../../core/db/sql.ts'
import { exactNumber, fromBytes, toByteString, toBytes, toText } from '../../core/db/text.ts'

/** Numbers of the server's types. */
const TYPES: Readonly<Record<number, DbType>> = {
  // bool, bytea, int8, int2, int4, oid
  16: 'int',
  17: 'blob',
  20: 'bigint',
  21: 'int',
  23: 'int',
  26: 'bigint',
  // float4, float8, numeric
  700: 'double',
  701: 'double',
  1700: 'double',
  // date, timestamp, timestamptz
  1082: 'datetime',
  1114: 'datetime',
  1184: 'datetime',
  // bit, varbit
  1560: 'bitmap',
  1562: 'bitmap',
}

export const typeOf = (oid: number): DbType => TYPES[oid] ?? 'string'

export function bind({ type, value }: DbCell): string | Buffer | null {
  if (value === null) return null
  if (type === 'blob') return toBytes(String(value))
  if (type === 'datetime') return typeof value === 'string' ? value : localTime(Number(value))
  // No text of PostgreSQL may have a zero.
  if (type === 'string') return toText(String(value)).replaceAll('\0', '\ufffd')
  return String(type === 'double' ? value : wholeNumber(value))
}

export function read(text: string, type: DbType): DbValue {
  switch (type) {
    case 'int':
      return text === 't' ? 1 : text === 'f' ? 0 : Number(text)
    case 'bigint':
      return exactNumber(BigInt(text))
    case 'double':
      return Number(text)
    case 'datetime':
      return secondsOf(text)
    case 'bitmap':
      return exactNumber(BigInt(`0b${text}`))
    case 'blob':
      return fromBytes(Buffer.from(text.slice(2), 'hex'))
    default:
      return toByteString(text)
  }
}

/** A time with a zone says by itself what it means. */
function secondsOf(text: string): DbValue {
  const zoned = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d+)?([+-]\d\d)(:\d\d)?$/.exec(text)
  if (zoned === null) return fromLocalTime(text)
  const [, day, time, hours, minutes = ':00'] = zoned
  return Math.floor(Date.parse(`${day}T${time}${hours}${minutes}`) / 1000)
}
