/** Charts over the whole screen, drawn by blessed-contrib: calls, registrations, replies, health, log. */
import type { FleetModel } from '../model/fleet-model.ts'
import type { Terminal } from '../terminal.ts'
import {
  type BarChart,
  type DataTable,
  type LineChart,
  type LogBox,
  type Widget,
  loadBlessed,
  openScreen,
} from './blessed.ts'
import {
  type Curve,
  curveLabels,
  curves,
  healthRows,
  healthTitles,
  newLogLines,
  repliesByClass,
} from './figures.ts'

const EVERY_MS = 1000
/** Colours of the nodes' curves, in their order. */
const COLOURS = ['cyan', 'green', 'yellow', 'magenta', 'blue', 'red', 'white']

interface Charts {
  readonly calls: LineChart
  readonly registrations: LineChart
  readonly replies: BarChart
  readonly health: DataTable
  readonly log: LogBox
}

/** Until q, Escape or Ctrl-C, or until the terminal is gone. Leaves the screen as it was. */
export function showDashboard(terminal: Terminal, fleet: FleetModel): Promise<void> {
  const { input, output, gone } = terminal
  if (gone.aborted) return Promise.resolve()
  terminal.cooked?.(false)
  const { blessed, contrib } = loadBlessed()
  const screen = openScreen(blessed, input, output, `${fleet.name} dashboard`)
  const grid = new contrib.grid({ rows: 12, cols: 12, screen })
  const curve = (label: string) => ({ ...CURVE, label: ` ${label} ` })
  const charts: Charts = {
    calls: grid.set(0, 0, 4, 8, contrib.line, curve('Calls per second')),
    registrations: grid.set(4, 0, 4, 8, contrib.line, curve('Registered users')),
    replies: grid.set(0, 8, 4, 4, contrib.bar, BARS),
    health: grid.set(4, 8, 4, 4, contrib.table, TABLE),
    log: grid.set(8, 0, 4, 12, contrib.log, LOG),
  }
  fleet.want(['log'])
  return new Promise(resolve => {
    let shown = 0
    const tick = (): void => {
      shown = fill(charts, fleet, shown)
      screen.render()
    }
    const timer = setInterval(tick, EVERY_MS)
    const leave = (): void => {
      clearInterval(timer)
      gone.removeEventListener('abort', leave)
      screen.destroy()
      terminal.cooked?.(true)
      resolve()
    }
    screen.key(['q', 'escape', 'C-c', 'D'], leave)
    gone.addEventListener('abort', leave)
    screen.on('resize', () => {
      for (const widget of Object.values(charts) as Widget[]) widget.emit('attach')
      tick()
    })
    tick()
  })
}

const CURVE = {
  showLegend: true,
  legend: { width: 12 },
  style: { line: 'cyan', text: 'white', baseline: 'white' },
  wholeNumbersOnly: false,
  border: { type: 'line', fg: 'blue' },
}
const BARS = {
  label: ' Replies per second by class ',
  barWidth: 4,
  barSpacing: 2,
  xOffset: 1,
  maxHeight: 9,
  barBgColor: 'cyan',
  border: { type: 'line', fg: 'blue' },
}
const TABLE = {
  label: ' Nodes ',
  keys: false,
  interactive: false,
  fg: 'white',
  columnSpacing: 1,
  columnWidth: [8, 6, 6, 5, 6, 5, 4, 5, 6],
  border: { type: 'line', fg: 'blue' },
}
const LOG = { label: ' Log  (q leaves) ', fg: 'white', border: { type: 'line', fg: 'blue' } }

/** Puts the newest figures into the charts; returns the time of the newest log line. */
function fill(charts: Charts, fleet: FleetModel, shown: number): number {
  charts.calls.setData(series(curves(fleet, rates => rates.calls)))
  charts.registrations.setData(series(curves(fleet, rates => rates.users)))
  charts.replies.setData(repliesByClass(fleet))
  charts.health.setData({ headers: healthTitles, data: healthRows(fleet) })
  const { lines, newest } = newLogLines(fleet, shown)
  for (const line of lines) charts.log.log(line)
  return newest
}

function series(all: readonly Curve[]) {
  const x = curveLabels()
  return all.map(({ title, values }, index) => {
    const line = COLOURS[index % COLOURS.length]!
    return { title, x, y: values, style: { line } }
  })
}
