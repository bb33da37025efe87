/** Every view, in the order of the tabs. */
import { type View, type ViewName, viewNames } from './view.ts'
import { helpView } from './view/help.ts'
import { lineView, logView } from './view/log.ts'
import { nodeView, nodesView } from './view/nodes.ts'
import { parameterView, parametersView } from './view/parameters.ts'
import { contactView, registrationsView } from './view/registrations.ts'
import { statisticsView } from './view/statistics.ts'
import { callView, messageView, traceView } from './view/trace.ts'
import { transactionView, transactionsView } from './view/transactions.ts'

export const views: Readonly<Record<ViewName, View>> = {
  nodes: nodesView,
  registrations: registrationsView,
  transactions: transactionsView,
  statistics: statisticsView,
  parameters: parametersView,
  log: logView,
  trace: traceView,
  node: nodeView,
  contact: contactView,
  transaction: transactionView,
  parameter: parameterView,
  line: lineView,
  call: callView,
  message: messageView,
  help: helpView,
}

export const topViews: readonly View[] = viewNames
  .map(name => views[name])
  .filter(({ isTop }) => isTop)

/** By its name, the beginning of it, or another word for it. */
export function viewByWord(word: string): View | undefined {
  const all = viewNames.map(name => views[name]).filter(view => view.isTop || view.name === 'help')
  return (
    all.find(({ name, aliases }) => name === word || aliases.includes(word)) ??
    all.find(({ name }) => word.length > 1 && name.startsWith(word))
  )
}
