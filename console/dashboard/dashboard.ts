/**
 * Charts over the whole screen, drawn by blessed-contrib: calls, registrations, replies, health,
 * log.
 */
import type { FleetModel } from '../model/fleet-model.ts'
import type { Terminal } from '../terminal.ts'
import { type Screen, loadBlessed, openScreen } from './blessed.ts'
import { type Charts, buildCharts } from './charts.ts'
import {
  type Curve,
  curveLabels,
  curves,
  healthRows,
  newLogLines,
  repliesByClass,
} from './figures.ts'

const EVERY_MS = 1000

/** Until q, Escape or Ctrl-C, or until the terminal is gone. Leaves the screen as it was. */
export function showDashboard(terminal: Terminal, fleet: FleetModel): Promise<void> {
  const { input, output, gone } = terminal
  if (gone.aborted) return Promise.resolve()
  terminal.cooked?.(false)
  const { blessed, contrib } = loadBlessed()
  const screen = openScreen(blessed, input, output, `${fleet.name} dashboard`)
  const names = fleet.nodes.map(({ name }) => name)
  const build = (): Charts => buildCharts(screen, contrib, names, output.columns, output.rows)
  fleet.want(terminal, ['log'])
  return new Promise(resolve => {
    let charts = build()
    let shown = 0
    const tick = (): void => {
      shown = fill(charts, fleet, shown)
      screen.render()
    }
    const timer = setInterval(tick, EVERY_MS)
    const leave = (): void => {
      clearInterval(timer)
      gone.removeEventListener('abort', leave)
      fleet.want(terminal, [])
      screen.destroy()
      terminal.cooked?.(true)
      resolve()
    }
    screen.key(['q', 'escape', 'C-c', 'D'], leave)
    gone.addEventListener('abort', leave)
    // Another size has another layout.
    screen.on('resize', () => {
      clear(screen)
      charts = build()
      shown = 0
      tick()
    })
    tick()
  })
}

function clear(screen: Screen): void {
  for (const child of screen.children.slice()) screen.remove(child)
}

/** Puts the newest figures into the charts; returns the time of the newest log line. */
function fill(charts: Charts, fleet: FleetModel, shown: number): number {
  const { calls, users, replies, nodes, log } = charts
  calls.setData(
    series(
      charts,
      curves(fleet, rates => rates.calls),
    ),
  )
  users.setData(
    series(
      charts,
      curves(fleet, rates => rates.users),
    ),
  )
  replies.setData(repliesByClass(fleet))
  const { titles, rows } = healthRows(fleet, nodes.columns)
  nodes.table.setData({ headers: titles, data: rows })
  const { lines, newest } = newLogLines(fleet, shown)
  if (log !== null) for (const line of lines) log.log(line)
  return newest
}

function series({ colours }: Charts, all: readonly Curve[]) {
  const x = curveLabels(all[0]?.values.length ?? 0)
  return all.map(({ title, values }, index) => {
    const line = colours[index % colours.length]!
    return { title, x, y: values, style: { line } }
  })
}
