import { type Transaction, headerValue, keyOf, transactions } from '../model/transactions.ts'
import { recordRows } from '../render/record.ts'
import { tableSheet } from '../render/table.ts'
import { transactionColumns, transactionSections } from '../render/transactions.ts'
import { type View, type ViewContext, emptySheet } from '../view.ts'

const find = ({ nodes }: ViewContext, key: string): Transaction | undefined =>
  transactions(nodes).find(row => keyOf(row) === key)

export const transactionsView: View = {
  name: 'transactions',
  title: 'Transactions',
  short: 'Trans',
  doc: 'Transactions that are under way now.',
  aliases: ['tm', 'tx'],
  isTop: true,
  feeds: ['transactions'],
  sheet: ({ nodes, state, width }) =>
    tableSheet(
      {
        rows: transactions(nodes),
        columns: transactionColumns,
        keyOf,
        isStale: ({ stale }) => stale,
        empty: 'no transaction is under way',
      },
      state,
      width,
    ),
  columns: () => transactionColumns.map(({ title }) => title),
  open: (_context, key) => ({ view: 'transaction', subject: key }),
}

export const transactionView: View = {
  name: 'transaction',
  title: 'Transaction',
  doc: 'One transaction; Enter opens its call.',
  aliases: [],
  isTop: false,
  feeds: ['transactions', 'messages'],
  sheet: context => {
    const row = find(context, context.subject)
    if (row === undefined) return emptySheet('this transaction is over')
    const rows = recordRows(transactionSections(row), context.width)
    return { head: [], rows, total: rows.length, note: '' }
  },
  open: context => {
    const row = find(context, context.subject)
    return row ? { view: 'call', subject: headerValue(row.fields.callid) } : null
  },
}
