/** Rows to cells: a table that fits the screen, filtered and sorted. */
import { type Line, type Tone, fitLine, span } from '../../rpc/fleet/line.ts'
import { fit, visible, widthOf } from '../../rpc/fleet/visible.ts'
import { type Filter, numberIn, parseFilter } from './filter.ts'
import type { Sheet, SheetRow, ViewState } from './sheet.ts'

export interface Column<Row> {
  readonly title: string
  readonly text: (row: Row) => string
  /** For sorting, where the text does not say it. */
  readonly value?: (row: Row) => number | string
  readonly right?: boolean
  /** The title is a name that is written as it is. */
  readonly isName?: boolean
  /** Only shown when `w` was pressed. */
  readonly wide?: boolean
  readonly tone?: (row: Row) => Tone
  /** Gives way when the screen is narrow; others keep their width. */
  readonly flexible?: boolean
}

export interface Table<Row> {
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  readonly keyOf: (row: Row) => string
  /** Shown grey: the node that said it is silent. */
  readonly isStale?: (row: Row) => boolean
  /** What is said when there is nothing. */
  readonly empty: string
}

const GAP = 2
const NARROWEST = 8
/** Rows that decide how wide the columns are; thousands more would not change much. */
const MEASURED = 300

/** A table as a sheet of this width. Only rows that are looked at are laid out. */
export function tableSheet<Row>(table: Table<Row>, state: ViewState, width: number): Sheet {
  const columns = table.columns.filter(({ wide }) => !wide || state.wide)
  const titles = table.columns.map(({ title }) => title)
  const filter = parseFilter(state.filter, titles)
  const rows = sorted(
    table.rows.filter(row => passes(filter, table.columns, row)),
    table.columns,
    state,
  )
  const layout: Layout<Row> = { table, columns, widths: widthsFor(columns, rows, width), width }
  const empty = table.rows.length === 0 ? table.empty : `nothing matches /${state.filter}`
  return {
    head: [headLine(layout, state)],
    rows: rows.map(row => new TableRow(layout, row)),
    total: table.rows.length,
    note: filter.error !== '' ? filter.error : rows.length === 0 ? empty : '',
  }
}

interface Layout<Row> {
  readonly table: Table<Row>
  readonly columns: readonly Column<Row>[]
  readonly widths: readonly number[]
  readonly width: number
}

class TableRow<Row> implements SheetRow {
  private readonly layout: Layout<Row>
  private readonly row: Row

  constructor(layout: Layout<Row>, row: Row) {
    this.layout = layout
    this.row = row
  }

  get key(): string {
    return this.layout.table.keyOf(this.row)
  }

  get line(): Line {
    const { table, columns, widths, width } = this.layout
    const isStale = table.isStale?.(this.row) === true
    const spans = columns.flatMap(({ text, right, tone }, index) => {
      const cell = fit(visible(text(this.row)), widths[index]!, right ? 'right' : 'left')
      return [span(cell, isStale ? 'dim' : (tone?.(this.row) ?? 'plain')), span(' '.repeat(GAP))]
    })
    return fitLine(spans, width)
  }
}

function passes<Row>(filter: Filter, columns: readonly Column<Row>[], row: Row): boolean {
  if (filter.text === '') return true
  const cells = columns.map(({ title, text, value }) => {
    const shown = text(row)
    return [title.toLowerCase(), { text: shown, value: value?.(row) ?? shown }] as const
  })
  return filter.matches(new Map(cells))
}

function sorted<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { sort, descending }: ViewState,
): readonly Row[] {
  const column = columns.find(({ title }) => title === sort)
  if (column === undefined) return rows
  const valueOf = column.value ?? column.text
  const result = rows.toSorted((a, b) => order(valueOf(a), valueOf(b)))
  return descending ? result.toReversed() : result
}

function order(a: number | string, b: number | string): number {
  const [left, right] = [a, b].map(value => (typeof value === 'number' ? value : numberIn(value)))
  if (typeof left === 'number' && typeof right === 'number') return left - right
  return String(a).localeCompare(String(b), 'en', { numeric: true })
}

function widthsFor<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
): number[] {
  const step = Math.max(1, Math.floor(rows.length / MEASURED))
  const measured = rows.filter((_, index) => index % step === 0)
  const widths = columns.map(({ title, text }) =>
    measured.reduce((most, row) => Math.max(most, widthOf(visible(text(row)))), widthOf(title) + 1),
  )
  const total = (): number => widths.reduce((a, b) => a + b, 0) + GAP * (widths.length - 1)
  // What can give way does, the widest first.
  const flexible = [...columns.keys()].filter(index => columns[index]!.flexible)
  while (total() > width) {
    const candidates = flexible.filter(index => widths[index]! > NARROWEST)
    if (candidates.length === 0) break
    const widest = candidates.reduce((a, b) => (widths[b]! > widths[a]! ? b : a))
    widths[widest]!--
  }
  // Room that is left goes to the flexible columns, so that a table does not jump when its longest
  // row goes.
  const spare = width - total()
  const last = flexible.at(-1)
  if (spare > 0 && last !== undefined) widths[last]! += Math.min(spare, 4)
  return widths
}

function headLine<Row>(layout: Layout<Row>, { sort, descending }: ViewState): Line {
  const { columns, widths, width } = layout
  const spans = columns.flatMap(({ title, right, isName }, index) => {
    const isSorted = title === sort
    const mark = isSorted ? (descending ? '▼' : '▲') : ''
    const shown = (isName ? visible(title) : title.toUpperCase()) + mark
    const text = fit(shown, widths[index]!, right ? 'right' : 'left')
    return [span(text, isSorted ? 'accent' : 'strong'), span(' '.repeat(GAP))]
  })
  return fitLine(spans, width)
}
