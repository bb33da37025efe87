/**
 * Tables for people: no borders, upper-case heads, aligned; narrower than the terminal where there
 * is one.
 */
import { type Line, type Span, span } from '../rpc/fleet/line.ts'
import { fit, visible, widthOf } from '../rpc/fleet/visible.ts'
import type { Column, Item } from './report.ts'

const GAP = 2
/** A column is not squeezed below this, rather the row is cut at the right. */
const NARROWEST = 8

/** What a cell shows; this is where bytes from the network become harmless. */
export function cellText(column: Column, item: Item): string {
  const value = item[column.key]
  return visible(column.show ? column.show(value, item) : plain(value))
}

/** A value as text, without a look at how it is shown. */
export function plain(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'object') return JSON.stringify(value)
  return String(value as string | number | boolean)
}

/** Lines of a table. `width` null: nothing is cut. */
export function tableLines(
  columns: readonly Column[],
  items: readonly Item[],
  width: number | null,
  headers = true,
): Line[] {
  const rows = items.map(item => columns.map(column => cellText(column, item)))
  const widths = widthsFor(columns, rows, width)
  const head = columns.map(({ title }) => title.toUpperCase())
  const lines = rows.map(row => rowLine(columns, row, widths, 'plain'))
  return headers ? [rowLine(columns, head, widths, 'strong'), ...lines] : lines
}

function widthsFor(
  columns: readonly Column[],
  rows: readonly string[][],
  width: number | null,
): number[] {
  const widths = columns.map(({ title }, index) =>
    Math.max(widthOf(title), ...rows.map(row => widthOf(row[index]!))),
  )
  if (width === null) return widths
  const gaps = GAP * (columns.length - 1)
  // The widest columns give way first, one cell at a time.
  for (let total = sum(widths) + gaps; total > width; total--) {
    const widest = widths.indexOf(Math.max(...widths))
    if (widths[widest]! <= NARROWEST) break
    widths[widest]!--
  }
  return widths
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

function rowLine(
  columns: readonly Column[],
  row: readonly string[],
  widths: readonly number[],
  tone: Span['tone'],
): Line {
  const last = columns.length - 1
  return row.map((text, index) => {
    const { right, key } = columns[index]!
    const cell = fit(text, widths[index]!, right ? 'right' : 'left')
    const padded = index === last ? cell : cell + ' '.repeat(GAP)
    return span(padded, tone === 'plain' && key === 'node' ? 'info' : tone)
  })
}
