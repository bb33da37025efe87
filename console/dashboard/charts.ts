/** Where the charts stand, for a screen of this size. */
import type {
  BarChart,
  Contrib,
  DataTable,
  LineChart,
  LogBox,
  Screen,
  WidgetKind,
  Widget,
} from './blessed.ts'
import { type HealthColumn, healthColumns } from './figures.ts'

export interface Charts {
  readonly calls: LineChart
  readonly users: LineChart
  readonly replies: BarChart
  readonly nodes: { readonly table: DataTable; readonly columns: readonly HealthColumn[] }
  /** Only where there is room for it. */
  readonly log: LogBox | null
  /** Of the nodes' curves, in the order of the nodes. */
  readonly colours: readonly string[]
}

const COLOURS = ['cyan', 'green', 'yellow', 'magenta', 'blue', 'red', 'white']
const CELLS = 12
/** Curves want a few lines each before a log gets any. */
const ROWS_FOR_LOG = 30
const REPLY_CLASSES = 6

export function buildCharts(
  screen: Screen,
  contrib: Contrib,
  nodeNames: readonly string[],
  width: number,
  height: number,
): Charts {
  const hasLog = height >= ROWS_FOR_LOG
  const rows = hasLog ? [4, 4, 4] : [6, 6, 0]
  // On a narrow screen the table of the nodes needs half of it.
  const left = width >= 110 ? 7 : 6
  const rightWidth = Math.floor((width * (CELLS - left)) / CELLS) - 2
  const grid = new contrib.grid({ rows: CELLS, cols: CELLS, screen })
  const place = <T extends Widget>(
    row: number,
    column: number,
    high: number,
    wide: number,
    kind: WidgetKind<T>,
    options: object,
  ): T => grid.set(row, column, high, wide, kind, options)
  const columns = healthColumns(rightWidth)
  return {
    calls: place(0, 0, rows[0]!, left, contrib.line, curve('Calls per second', nodeNames, false)),
    users: place(rows[0]!, 0, rows[1]!, left, contrib.line, curve('Registered', nodeNames, true)),
    replies: place(0, left, rows[0]!, CELLS - left, contrib.bar, bars(rightWidth)),
    nodes: {
      table: place(rows[0]!, left, rows[1]!, CELLS - left, contrib.table, table(columns)),
      columns,
    },
    log: hasLog
      ? place(8, 0, rows[2]!, CELLS, contrib.log, { label: ' Log ', fg: 'white', tags: false })
      : null,
    colours: COLOURS,
  }
}

/** The legend is in the label: a box of its own would hide the newest values. */
function curve(title: string, names: readonly string[], wholeNumbersOnly: boolean): object {
  const legend = names.map((name, index) => {
    const colour = COLOURS[index % COLOURS.length]!
    return `{${colour}-fg}${name}{/${colour}-fg}`
  })
  return {
    label: ` ${title}  ${legend.join(' ')} `,
    tags: true,
    showLegend: false,
    wholeNumbersOnly,
    minY: 0,
    style: { line: 'cyan', text: 'white', baseline: 'blue' },
  }
}

function bars(width: number): object {
  const stride = Math.max(4, Math.floor(width / REPLY_CLASSES))
  return {
    label: ' Replies/s by class ',
    barWidth: stride - 3,
    barSpacing: stride,
    xOffset: 0,
    maxHeight: 1,
    barBgColor: 'cyan',
  }
}

function table(columns: readonly HealthColumn[]): object {
  return {
    label: ' Nodes  (q leaves) ',
    keys: false,
    interactive: false,
    fg: 'white',
    columnSpacing: 1,
    columnWidth: columns.map(({ width }) => width),
  }
}
