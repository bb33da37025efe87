import { fleetCurves, nodeColumns, nodeSections } from '../render/nodes.ts'
import { recordRows } from '../render/record.ts'
import { tableSheet } from '../render/table.ts'
import { type View, emptySheet } from '../view.ts'

export const nodesView: View = {
  name: 'nodes',
  title: 'Nodes',
  doc: 'The nodes with their live counters.',
  aliases: ['n', 'fleet'],
  isTop: true,
  feeds: [],
  sheet: ({ nodes, state, width }) => ({
    foot: fleetCurves(nodes, width),
    ...tableSheet(
      {
        rows: nodes,
        columns: nodeColumns,
        keyOf: ({ name }) => name,
        isStale: node => !node.isUp,
        empty: 'the fleet has no node',
      },
      state,
      width,
    ),
  }),
  columns: () => nodeColumns.map(({ title }) => title),
  open: (_context, key) => ({ view: 'node', subject: key }),
}

export const nodeView: View = {
  name: 'node',
  title: 'Node',
  doc: 'Everything about one node: rates of the last minutes, totals, listeners.',
  aliases: [],
  isTop: false,
  feeds: [],
  sheet: ({ fleet, subject, width }) => {
    const node = fleet.nodes.find(({ name }) => name === subject)
    if (node === undefined) return emptySheet(`there is no node ${subject}`)
    const rows = recordRows(nodeSections(node, width), width)
    return { head: [], rows, total: rows.length, note: '' }
  },
}
