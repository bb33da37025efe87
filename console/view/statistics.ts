import { statistics } from '../model/pivot.ts'
import { statisticColumns } from '../render/statistics.ts'
import { tableSheet } from '../render/table.ts'
import type { View, ViewContext } from '../view.ts'

const columnsOf = ({ nodes, width }: ViewContext) =>
  statisticColumns(
    nodes.map(({ name }) => name),
    width,
  )

export const statisticsView: View = {
  name: 'statistics',
  title: 'Statistics',
  short: 'Stats',
  doc: 'Every statistic of every group: a column a node, their sum, and what it grows by.',
  aliases: ['stats', 'st'],
  isTop: true,
  feeds: ['statistics'],
  sheet: context =>
    tableSheet(
      {
        rows: statistics(context.nodes),
        columns: columnsOf(context),
        keyOf: ({ group, name }) => `${group}:${name}`,
        empty: 'no statistics yet',
      },
      context.state,
      context.width,
    ),
  columns: context => columnsOf(context).map(({ title }) => title),
}
