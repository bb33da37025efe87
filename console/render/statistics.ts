/** Statistics: one row a name, one column a node. */
import type { Statistic } from '../model/pivot.ts'
import { rate, short } from './numbers.ts'
import type { Column } from './table.ts'

/** Room that a name and the sums need, and that a node's column needs. */
const NAMES_WIDTH = 50
const NODE_WIDTH = 8

/** Nodes that do not fit side by side: the least and the most stand for all; `w` shows each. */
export function statisticColumns(nodes: readonly string[], width: number): Column<Statistic>[] {
  const fits = NAMES_WIDTH + nodes.length * NODE_WIDTH <= width
  return [
    { title: 'group', text: row => row.group, tone: () => 'info' },
    { title: 'statistic', text: row => row.name, tone: () => 'accent', flexible: true },
    ...(fits ? [] : [extreme('least', Math.min), extreme('most', Math.max)]),
    ...nodes.map(node => nodeColumn(node, !fits)),
    { title: 'sum', right: true, text: row => short(row.sum), value: row => row.sum },
    {
      title: 'per s',
      right: true,
      text: row => (row.rate === 0 ? '' : rate(row.rate)),
      value: row => row.rate,
      tone: () => 'good',
    },
  ]
}

const nodeColumn = (node: string, wide: boolean): Column<Statistic> => ({
  title: node,
  isName: true,
  right: true,
  wide,
  text: row => (row.values.has(node) ? short(row.values.get(node)!) : '-'),
  value: row => row.values.get(node) ?? -1,
})

function extreme(title: string, pick: (...values: number[]) => number): Column<Statistic> {
  const value = (row: Statistic): number => pick(...row.values.values())
  return { title, right: true, text: row => short(value(row)), value }
}
