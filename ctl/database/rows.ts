/** Rows of a database as a report, and in the forms in which scripts know them. */
import type { DbOutcome, DbType, DbValue } from '../../rpc/database.ts'
import { type Line, line } from '../../rpc/fleet/line.ts'
import { visible } from '../../rpc/fleet/visible.ts'
import { type Column, type Item, type Report, column } from '../report.ts'
import { fromBytes } from './bytes.ts'

/** `2026-11-21 16:30:00`, local time, as databases print it. */
export function localTime(seconds: number): string {
  const two = (number: number): string => String(number).padStart(2, '0')
  const at = new Date(seconds * 1000)
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-')
  return `${day} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')}`
}

/** What the machine formats have: texts in UTF-8, times as RFC 3339. */
function member(value: DbValue, type: DbType): unknown {
  if (value === null) return null
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'string') return fromBytes(value)
  return type === 'datetime' ? new Date(value * 1000).toISOString() : value
}

const shown = (value: unknown): string => {
  if (value === null) return 'NULL'
  const isTime = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/.test(value)
  return isTime ? localTime(Date.parse(value) / 1000) : String(value as string | number)
}

export const itemsOf = ({ columns, rows }: DbOutcome): Item[] =>
  rows.map(row => ({
    node: '',
    ...Object.fromEntries(columns.map(({ name, type }, i) => [name, member(row[i]!, type)])),
  }))

const columnsOf = ({ columns }: DbOutcome): Column[] =>
  columns.map(({ name, type }) => ({
    ...column(name, name, { show: shown }),
    title: name,
    right: type === 'int' || type === 'bigint' || type === 'double',
  }))

/** A table on a terminal, tab separated lines into a pipe. */
export function rowsReport(kind: string, outcome: DbOutcome, more: Partial<Report> = {}): Report {
  return {
    kind,
    columns: columnsOf(outcome),
    items: itemsOf(outcome),
    answers: [],
    name: outcome.columns.find(({ name }) => name !== 'id')?.name ?? 'id',
    untagged: true,
    piped: 'tsv',
    ...more,
  }
}

/** Each row as a block of `column: value` lines, as the client of MySQL prints with \G. */
export function blocksReport(kind: string, outcome: DbOutcome): Report {
  const report = rowsReport(kind, outcome)
  const width = Math.max(0, ...outcome.columns.map(({ name }) => name.length))
  const stars = '*'.repeat(27)
  const text = report.items.flatMap((item, i): Line[] => [
    line(`${stars} ${i + 1}. row ${stars}`, 'strong'),
    ...report.columns.map(({ key }) =>
      line(`${key.padStart(width)}: ${visible(shown(item[key]))}`),
    ),
  ])
  const { piped: _piped, ...rest } = report
  return { ...rest, text }
}

/** What a change did, in a sentence for people and a row for machines. */
export const changeReport = (
  kind: string,
  item: Readonly<Record<string, unknown>>,
  sentence: string,
  more: Partial<Report> = {},
): Report => ({
  kind,
  columns: Object.keys(item).map(key => column(key, key)),
  items: [{ node: '', ...item }],
  answers: [],
  name: Object.keys(item)[0] ?? '',
  untagged: true,
  text: [line(sentence)],
  ...more,
})
