/** Statistics: one row a name, one column a node. */
import type { Statistic } from '../model/pivot.ts'
import { rate, short } from './numbers.ts'
import type { Column } from './table.ts'

export function statisticColumns(nodes: readonly string[]): Column<Statistic>[] {
  return [
    { title: 'group', text: row => row.group, tone: () => 'info' },
    { title: 'statistic', text: row => row.name, tone: () => 'accent', flexible: true },
    ...nodes.map(
      (node): Column<Statistic> => ({
        title: node,
        isName: true,
        right: true,
        text: row => (row.values.has(node) ? short(row.values.get(node)!) : '-'),
        value: row => row.values.get(node) ?? -1,
      }),
    ),
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
