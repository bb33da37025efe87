import { logKey, logSections, logSheet, mergedLog } from '../render/log.ts'
import { recordRows } from '../render/record.ts'
import { type View, emptySheet } from '../view.ts'

export const logView: View = {
  name: 'log',
  title: 'Log',
  doc: 'What the nodes write, as it happens, merged by time.',
  aliases: ['xlog', 'l'],
  isTop: true,
  feeds: ['log'],
  follows: true,
  sheet: ({ fleet, nodes, state, width }) =>
    logSheet(mergedLog(nodes), state, width, fleet.nodes.length > 1),
  open: (_context, key) => ({ view: 'line', subject: key }),
}

export const lineView: View = {
  name: 'line',
  title: 'Log line',
  doc: 'One log line as a whole.',
  aliases: [],
  isTop: false,
  feeds: ['log'],
  sheet: ({ nodes, subject, width }) => {
    const entry = mergedLog(nodes).find(one => logKey(one) === subject)
    if (entry === undefined) return emptySheet('this line is no longer kept')
    const rows = recordRows(logSections(entry), width)
    return { head: [], rows, total: rows.length, note: '' }
  },
}
