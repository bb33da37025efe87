/** What the charts show, as plain numbers. */
import type { FleetModel } from '../model/fleet-model.ts'
import { type Rates, type Snapshot, replyClasses } from '../model/history.ts'
import type { NodeModel } from '../model/node-model.ts'
import { clockOf, mergedLog } from '../render/log.ts'
import { stateText } from '../render/nodes.ts'
import { age, megabytes, rate, short } from '../render/numbers.ts'
import { saidBy } from '../../rpc/fleet/calls.ts'
import { visible } from '../../rpc/fleet/visible.ts'

/** Points of a curve. */
const POINTS = 60

export interface Curve {
  readonly title: string
  readonly values: readonly number[]
}

/** One curve for each node, the newest value last; a node that came later was at zero before. */
export function curves(fleet: FleetModel, value: (rates: Rates) => number): Curve[] {
  const all = fleet.nodes.map(({ name, history }) => ({
    title: name,
    values: history.series(value, POINTS),
  }))
  const longest = Math.max(2, ...all.map(({ values }) => values.length))
  return all.map(({ title, values }) => {
    const missing = longest - values.length
    return { title, values: [...Array<number>(missing).fill(0), ...values] }
  })
}

/** Labels under a curve: seconds ago. */
export const curveLabels = (points: number): string[] =>
  Array.from({ length: points }, (_, index) => {
    const ago = points - 1 - index
    return ago === 0 ? 'now' : `-${ago}s`
  })

/** Replies per second of the whole fleet, by class. */
export function repliesByClass(fleet: FleetModel): { titles: string[]; data: number[] } {
  const data = replyClasses.map(name => {
    const sums = fleet.nodes.map(({ history }) => history.now(rates => rates.replies[name]) ?? 0)
    const sum = sums.reduce((a, b) => a + b, 0)
    // The figure stands under its bar, which may be narrow.
    return sum < 10 ? Number(sum.toFixed(1)) : Math.round(sum)
  })
  return { titles: [...replyClasses], data }
}

export interface HealthColumn {
  readonly title: string
  readonly width: number
  readonly text: (node: NodeModel) => string
}

const snapshotText = (
  title: string,
  width: number,
  text: (snapshot: Snapshot) => string,
): HealthColumn => ({
  title,
  width,
  text: ({ history: { latest } }) => (latest === null ? '-' : text(latest)),
})
const rateText = (
  title: string,
  width: number,
  value: (rates: Rates) => number,
  text: (now: number) => string,
): HealthColumn => ({
  title,
  width,
  text: ({ isUp, history }) => {
    const now = isUp ? history.now(value) : null
    return now === null ? '-' : text(now)
  },
})

/** The most telling first: a narrow screen shows as many as fit. */
const HEALTH: readonly HealthColumn[] = [
  { title: 'node', width: 8, text: node => visible(node.name) },
  { title: 'state', width: 7, text: stateText },
  rateText('req/s', 6, rates => rates.requests, rate),
  rateText(
    'cpu',
    5,
    rates => rates.cpuPercent,
    now => `${Math.round(now)}%`,
  ),
  snapshotText('active', 7, snapshot => short(snapshot.transactions.active)),
  snapshotText('mem', 5, snapshot => megabytes(snapshot.memory.rss)),
  snapshotText('p99', 7, snapshot => `${snapshot.loop.p99_ms.toFixed(1)}ms`),
  snapshotText('up', 7, snapshot => age(snapshot.uptime)),
  snapshotText('users', 6, snapshot => short(snapshot.registrations.users)),
]

export function healthColumns(room: number): HealthColumn[] {
  let left = room - 1
  return HEALTH.filter(({ width }) => {
    left -= width + 1
    return left >= 0
  })
}

/** How each node is: one row of texts. */
export function healthRows(
  fleet: FleetModel,
  columns: readonly HealthColumn[],
): { titles: string[]; rows: string[][] } {
  return {
    titles: columns.map(({ title }) => title),
    rows: fleet.nodes.map(node => columns.map(({ text }) => text(node))),
  }
}

/** Log lines that came after the one that was shown last. */
export function newLogLines(fleet: FleetModel, after: number): { lines: string[]; newest: number } {
  const all = mergedLog(fleet.nodes).filter(({ line }) => line.time > after)
  const lines = all.map(({ node, line }) =>
    visible(
      `${clockOf(line.time).slice(0, 8)} ${node} ${line.name} ${saidBy(line.source, line.text)}`,
    ),
  )
  return { lines: lines.slice(-50), newest: all.at(-1)?.line.time ?? after }
}
