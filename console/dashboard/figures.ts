/** What the charts show, as plain numbers. */
import type { FleetModel } from '../model/fleet-model.ts'
import { type Rates, replyClasses } from '../model/history.ts'
import { clockOf, mergedLog } from '../render/log.ts'
import { stateText } from '../render/nodes.ts'
import { age, megabytes, rate, short } from '../render/numbers.ts'
import { visible } from '../../rpc/fleet/visible.ts'

/** Points of a curve. */
const POINTS = 60

export interface Curve {
  readonly title: string
  readonly values: readonly number[]
}

/** One curve for each node, all of the same length, the newest value last. */
export function curves(fleet: FleetModel, value: (rates: Rates) => number): Curve[] {
  return fleet.nodes.map(({ name, history }) => {
    const values = history.series(value, POINTS)
    const missing = POINTS - values.length
    return { title: name, values: [...Array<number>(missing).fill(0), ...values] }
  })
}

/** Labels under a curve: seconds ago. */
export const curveLabels = (): string[] =>
  Array.from({ length: POINTS }, (_, index) => {
    const ago = POINTS - 1 - index
    return ago === 0 ? 'now' : `-${ago}s`
  })

/** Replies per second of the whole fleet, by class, over the last ten seconds. */
export function repliesByClass(fleet: FleetModel): { titles: string[]; data: number[] } {
  const seconds = 10
  const data = replyClasses.map(name => {
    const sums = fleet.nodes.map(({ history }) => {
      const values = history.series(rates => rates.replies[name], seconds)
      return values.reduce((a, b) => a + b, 0) / Math.max(1, values.length)
    })
    return Number(sums.reduce((a, b) => a + b, 0).toFixed(1))
  })
  return { titles: [...replyClasses], data }
}

export const healthTitles = ['node', 'state', 'up', 'req/s', 'active', 'users', 'cpu', 'mem', 'p99']

/** How each node is: one row of texts. */
export function healthRows(fleet: FleetModel): string[][] {
  return fleet.nodes.map(node => {
    const snapshot = node.history.latest
    const rates = node.isUp ? node.history.rates : null
    const dash = '-'
    return [
      visible(node.name),
      stateText(node),
      node.isUp && snapshot ? age(snapshot.uptime) : dash,
      rates ? rate(rates.requests) : dash,
      snapshot ? short(snapshot.transactions.active) : dash,
      snapshot ? short(snapshot.registrations.users) : dash,
      rates ? `${Math.round(rates.cpuPercent)}%` : dash,
      snapshot ? megabytes(snapshot.memory.rss) : dash,
      snapshot ? `${snapshot.loop.p99_ms.toFixed(1)}ms` : dash,
    ]
  })
}

/** Log lines that came after the one that was shown last. */
export function newLogLines(fleet: FleetModel, after: number): { lines: string[]; newest: number } {
  const all = mergedLog(fleet.nodes).filter(({ line }) => line.time > after)
  const lines = all.map(({ node, line }) =>
    visible(`${clockOf(line.time).slice(0, 8)} ${node} ${line.name} ${line.text.trim()}`),
  )
  return { lines: lines.slice(-50), newest: all.at(-1)?.line.time ?? after }
}
