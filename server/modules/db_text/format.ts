/**
 * The files of db_text: a line that names the columns, `id(int,auto) name(string,null)`, then a
 * line for each row with its fields between colons.
 */
import type { DbColumn, DbRow, DbValue } from '../../core/db/api.ts'
import { exactNumber } from '../../core/db/text.ts'

export interface TextColumn extends DbColumn {
  readonly type: 'int' | 'double' | 'string'
  /** Where nothing is given the next number is put in. */
  readonly auto: boolean
  readonly null: boolean
  /** As the file has it. */
  readonly written: string
}

export interface TextFormat {
  /** db_delim: what stands between two fields. */
  readonly delimiter: string
  /** Nothing in a string column is an empty string and not null. */
  readonly emptyStrings: boolean
}

/** What is wrong with a file; the driver says with which. */
export class BadTable extends Error {}

const TYPES: Readonly<Record<string, TextColumn['type']>> = { i: 'int', d: 'double', s: 'string' }

export function readHeader(line: string): TextColumn[] {
  const columns = line
    .split(/\s+/)
    .filter(word => word !== '')
    .map(readColumn)
  if (columns.length === 0) throw new BadTable('it has no columns')
  return columns
}

function readColumn(written: string): TextColumn {
  const [, name = '', type = '', attribute = ''] =
    /^([^()]+)\((\w+)(?:,(\w+))?\)$/.exec(written) ?? []
  // The first letter says it: str, string, STRING.
  const kind = TYPES[type.charAt(0).toLowerCase()]
  if (kind === undefined || !/^(auto|null)?$/i.test(attribute))
    throw new BadTable(`"${written}" declares no column`)
  const is = attribute.toLowerCase()
  return { name, type: kind, auto: is === 'auto', null: is === 'null', written }
}

export const printHeader = (columns: readonly TextColumn[]): string =>
  columns.map(({ written }) => written).join(' ')

export function readRow(
  line: string,
  columns: readonly TextColumn[],
  format: TextFormat,
): DbValue[] {
  const fields = line.includes('\\')
    ? splitEscaped(line, format.delimiter)
    : line.split(format.delimiter)
  if (fields.length > columns.length)
    throw new BadTable(`${fields.length} fields for ${columns.length} columns`)
  return columns.map((column, at) => readField(fields[at] ?? '', column, format, at))
}

function readField(
  text: string,
  column: TextColumn,
  { emptyStrings }: TextFormat,
  at: number,
): DbValue {
  if (text === '') {
    if (column.type === 'string' && (emptyStrings || !column.null)) return ''
    if (column.null) return null
    throw new BadTable(`null value not allowed - field ${at}`)
  }
  if (column.type === 'string') return text
  const number = Number(text)
  if (!Number.isFinite(number) || !/^[-+]?[\d.]/.test(text))
    throw new BadTable(`"${text}" is no number - field ${at}`)
  if (column.type === 'double') return number
  return /^[-+]?\d{16,}$/.test(text) ? exactNumber(BigInt(text)) : Math.trunc(number)
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0' }

function splitEscaped(line: string, delimiter: string): string[] {
  const fields: string[] = []
  let field = ''
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at)
    if (char === delimiter) {
      fields.push(field)
      field = ''
    } else if (char === '\\') {
      const next = line.charAt(++at)
      field += ESCAPES[next] ?? next
    } else field += char
  }
  fields.push(field)
  return fields
}

export function printRow(
  row: DbRow,
  columns: readonly TextColumn[],
  { delimiter }: TextFormat,
): string {
  return row
    .map((value, at) => {
      if (value === null) return ''
      return columns[at]!.type === 'string'
        ? escaped(String(value), delimiter)
        : printNumber(value, columns[at]!.type)
    })
    .join(delimiter)
}

const LETTERS: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\\': '\\\\',
  '\0': '\\0',
}

function escaped(text: string, delimiter: string): string {
  // eslint-disable-next-line no-control-regex
  if (!/[\n\r\t\\\0]/.test(text) && !text.includes(delimiter)) return text
  let escaped = ''
  for (const char of text) escaped += char === delimiter ? `\\${char}` : (LETTERS[char] ?? char)
  return escaped
}

/** Two digits behind the point at least, as Kamailio does; no exponent, which it cannot read. */
function printNumber(value: DbValue, type: TextColumn['type']): string {
  if (type === 'int' || typeof value !== 'number') return String(value)
  const short = String(value)
  const plain = short.includes('e') ? withoutExponent(value) : short
  const [whole, decimals = ''] = plain.split('.')
  return `${whole}.${decimals.padEnd(2, '0')}`
}

const withoutExponent = (value: number): string =>
  Math.abs(value) < 1 ? value.toFixed(20).replace(/0+$/, '') : String(BigInt(value))
