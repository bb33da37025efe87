/** Values as Kamailio's db_redis writes them into the fields of a hash. */
import type { DbCell, DbType, DbValue } from '../../core/db/api.ts'
import { fromLocalTime, localTime } from '../../core/db/local-time.ts'
import { wholeNumber } from '../../core/db/sql.ts'
import { exactNumber } from '../../core/db/text.ts'

/** Of a value that is not null. */
export function printValue({ type, value }: DbCell): string {
  if (type === 'datetime' && typeof value !== 'string') return localTime(Number(value))
  if (type === 'double') return printDouble(Number(value))
  if (type === 'int' || type === 'bigint' || type === 'bitmap') return String(wholeNumber(value))
  return String(value)
}

/** Six digits behind the point, and more where they are needed to say it exactly. */
function printDouble(value: number): string {
  const fixed = value.toFixed(6)
  return Number(fixed) === value ? fixed : String(value)
}

/** Nothing in a field that is no text is null: Kamailio writes it when it takes a value away. */
export function readValue(type: DbType, text: string | undefined): DbValue {
  if (text === undefined) return null
  if (type === 'string' || type === 'blob') return text
  if (text === '') return null
  if (type === 'double') return Number(text)
  if (/^[-+]?\d+$/.test(text)) return exactNumber(BigInt(text))
  // A column of times may hold numbers, and one of numbers times: the module that writes decides.
  return fromLocalTime(text) ?? (Math.trunc(Number(text)) || 0)
}
