/**
 * Prints a report in the format asked for. Standard output gets data only; who did not answer goes
 * to standard error.
 */
import { stringify } from 'yaml'
import { type Answer, partialNote } from '../rpc/fleet/fleet.ts'
import { type Line, toAnsi, trimLine } from '../rpc/fleet/line.ts'
import { visible, visibleDeep } from '../rpc/fleet/visible.ts'
import { EXIT, UsageError } from './exit.ts'
import type { Io } from './io.ts'
import { type Column, type Item, type Report, exitCode } from './report.ts'
import { cellText, plain, tableLines } from './table.ts'

export const FORMATS = ['table', 'wide', 'json', 'yaml', 'ndjson', 'csv', 'tsv', 'name'] as const
export type Format = (typeof FORMATS)[number]

export interface OutputOptions {
  readonly format: Format
  /** Nobody asked for a format: it depends on where the output goes. */
  readonly unasked: boolean
  /** Titles or member names, in the order wanted; null is what the command chose. */
  readonly columns: readonly string[] | null
  /** A member name, `-` before it for descending; '' keeps the order. */
  readonly sortBy: string
  readonly headers: boolean
  /** Show the NODE column: more than one node, or a fleet file. */
  readonly tagged: boolean
}

export const API_VERSION = 'ohana/v1'

/** Prints, and returns the exit code. */
export function printReport(io: Io, report: Report, options: OutputOptions): number {
  const code = exitCode(report)
  for (const remark of report.remarks ?? []) io.err(`${remark}\n`)
  const note = partialNote(report.answers)
  if (note !== '') io.err(`${visible(note)}\n`)
  const sorted = { ...report, items: sortItems(report.items, options.sortBy) }
  const nothing = report.answers.length > 0 && report.answers.every(answer => !answer.ok)
  if (nothing) printFailure(io, report, options.format, code)
  else PRINTERS[formatFor(io, report, options)](io, sorted, options)
  return code
}

const formatFor = (io: Io, { piped }: Report, { format, unasked }: OutputOptions): Format =>
  unasked && io.columns === null ? (piped ?? format) : format

/** Machines get the reason on standard output as well: a pipe must not end in silence. */
function printFailure(io: Io, report: Report, format: Format, code: number): void {
  if (format !== 'json' && format !== 'ndjson') return
  const failed = report.answers.find(answer => !answer.ok)
  if (failed === undefined) return
  io.out(`${json({ error: errorOf(failed, code) }, format === 'json')}\n`)
}

function errorOf(answer: Answer<unknown> & { ok: false }, code: number): object {
  const { kind, message, code: fault } = answer.failure
  const retryable = code === EXIT.unreachable
  const hint = retryable ? `is ${answer.node.endpoint} the right endpoint, and is it running?` : ''
  return { code: kind === 'fault' ? fault : kind, message, node: answer.node.name, hint, retryable }
}

/** The envelope of the machine formats. */
export function envelope(report: Report): object {
  const ok = report.answers.filter(answer => answer.ok).map(({ node }) => node.name)
  const failed = report.answers.flatMap(answer =>
    answer.ok
      ? []
      : [{ node: answer.node.name, code: answer.failure.code, message: answer.failure.message }],
  )
  return {
    apiVersion: API_VERSION,
    kind: report.kind,
    items: report.items,
    nodes: { ok, failed },
    truncated: report.truncated ?? false,
    nextCursor: null,
  }
}

/**
 * JSON text in which a terminal finds nothing to obey: what JSON itself leaves raw is written as
 * \uXXXX.
 */
export function json(value: unknown, pretty: boolean): string {
  const text = JSON.stringify(value, null, pretty ? 2 : undefined)
  return text.replace(
    /[\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

type Printer = (io: Io, report: Report, options: OutputOptions) => void

const PRINTERS: Record<Format, Printer> = {
  table: printTable,
  wide: printTable,
  json: (io, report) => io.out(`${json(envelope(report), true)}\n`),
  yaml: (io, report) => io.out(stringify(visibleDeep(envelope(report)))),
  ndjson: (io, report) => {
    for (const item of report.items) io.out(`${json(item, false)}\n`)
  },
  csv: printCsv,
  tsv: printTsv,
  name: (io, report) => {
    for (const item of report.items) io.out(`${visible(String(item[report.name]))}\n`)
  },
}

function printTable(io: Io, report: Report, options: OutputOptions): void {
  // A head over nothing says less than nothing.
  if (report.items.length === 0 && report.text === undefined) return
  const chosen = options.columns !== null || options.format === 'wide'
  const lines =
    report.text !== undefined && !chosen
      ? report.text
      : tableLines(columnsFor(report, options), report.items, io.columns, options.headers)
  printLines(io, lines)
}

export function printLines(io: Io, lines: readonly Line[]): void {
  for (const line of lines) io.out(`${toAnsi(trimLine(line), io.style)}\n`)
}

/** The columns that are shown; throws UsageError when --columns names one that is not there. */
export function columnsFor(report: Report, options: OutputOptions): Column[] {
  const tag: Column = { title: 'node', key: 'node' }
  const own = report.columns.filter(({ key }) => key !== 'node')
  const all = report.untagged ? own : [tag, ...own]
  if (options.columns !== null)
    return options.columns.map(name => {
      const wanted = name.toLowerCase()
      const found = all.find(
        ({ key, title }) => key.toLowerCase() === wanted || title.toLowerCase() === wanted,
      )
      if (found) return found
      const known = all.map(({ key }) => key).join(', ')
      throw new UsageError(`no column ${name}; there are ${known}`)
    })
  const shown = all.filter(({ key }) => options.tagged || key !== 'node')
  return options.format === 'wide' ? shown : shown.filter(({ wide }) => !wide)
}

function printCsv(io: Io, report: Report, options: OutputOptions): void {
  const columns = columnsFor(report, { ...options, format: 'wide', tagged: true })
  if (options.headers) io.out(`${columns.map(({ key }) => csvCell(key)).join(',')}\n`)
  for (const item of report.items)
    io.out(`${columns.map(column => csvCell(cellText(column, item))).join(',')}\n`)
}

/** As the client of MySQL writes it into a pipe: nothing at all when there are no rows. */
function printTsv(io: Io, report: Report, options: OutputOptions): void {
  const columns = columnsFor(report, { ...options, format: 'wide' })
  if (report.items.length === 0) return
  if (options.headers) io.out(`${columns.map(({ title }) => title).join('\t')}\n`)
  for (const item of report.items)
    io.out(`${columns.map(column => tsvCell(column, item)).join('\t')}\n`)
}

const TSV_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\0': '\\0',
}

function tsvCell({ show, key }: Column, item: Item): string {
  const value = item[key]
  const text = show ? show(value, item) : plain(value)
  return visible(text.replace(/[\\\t\n\0]/g, sign => TSV_ESCAPES[sign]!))
}

/** A spreadsheet takes a cell that begins with one of these for a formula. */
const FORMULA = /^[=+\-@]/

function csvCell(text: string): string {
  const isNumber = /^-?\d+(\.\d+)?$/.test(text)
  const safe = FORMULA.test(text) && !isNumber ? `'${text}` : text
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

function sortItems(items: readonly Item[], sortBy: string): readonly Item[] {
  if (sortBy === '') return items
  const descending = sortBy.startsWith('-')
  const key = sortBy.replace(/^-/, '').toLowerCase()
  const valueOf = (item: Item): unknown =>
    Object.entries(item).find(([name]) => name.toLowerCase() === key)?.[1]
  if (items.length > 0 && items.every(item => valueOf(item) === undefined))
    throw new UsageError(`cannot sort by ${key}; there are ${Object.keys(items[0]!).join(', ')}`)
  const sorted = items.toSorted((a, b) => compare(valueOf(a), valueOf(b)))
  return descending ? sorted.toReversed() : sorted
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return plain(a).localeCompare(plain(b), 'en', { numeric: true })
}
