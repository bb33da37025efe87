/** The same name on several nodes as one row: what differs between nodes is seen at once. */
import type { Result } from '../../rpc/contract/index.ts'
import type { NodeModel } from './node-model.ts'

export interface Statistic {
  readonly group: string
  readonly name: string
  /** Value by node; a node that never said it is absent. */
  readonly values: ReadonlyMap<string, number>
  readonly sum: number
  /** Per second over all nodes, between the last two looks. */
  readonly rate: number
}

type Groups = Result<'ohana.statistics'>

export function statistics(nodes: readonly NodeModel[]): Statistic[] {
  const rows = new Map<string, { group: string; name: string; values: Map<string, number> }>()
  for (const { name: node, feeds } of nodes)
    for (const [group, values] of Object.entries(feeds.statistics?.value ?? {}))
      for (const [name, value] of Object.entries(values)) {
        const key = `${group}:${name}`
        const row = rows.get(key) ?? { group, name, values: new Map<string, number>() }
        rows.set(key, row)
        row.values.set(node, value)
      }
  return [...rows.values()].map(row => ({
    ...row,
    sum: [...row.values.values()].reduce((a, b) => a + b, 0),
    rate: nodes.reduce((sum, node) => sum + rateOf(node, row.group, row.name), 0),
  }))
}

function rateOf({ feeds, earlierStatistics }: NodeModel, group: string, name: string): number {
  const now = feeds.statistics
  if (now === null || earlierStatistics === null || now.at <= earlierStatistics.at) return 0
  const valueIn = (groups: Groups): number => groups[group]?.[name] ?? 0
  const change = valueIn(now.value) - valueIn(earlierStatistics.value)
  return (change * 1000) / (now.at - earlierStatistics.at)
}

export type ParameterRow = Result<'ohana.parameters'>[number]

export interface Parameter {
  readonly group: string
  readonly name: string
  /** As one of the nodes describes it; they all run the same code. */
  readonly about: ParameterRow
  readonly values: ReadonlyMap<string, string>
  /** Nodes do not have the same value. */
  readonly differs: boolean
}

export function parameters(nodes: readonly NodeModel[]): Parameter[] {
  const rows = new Map<string, { about: ParameterRow; values: Map<string, string> }>()
  for (const { name: node, feeds } of nodes)
    for (const about of feeds.parameters?.value ?? []) {
      const key = `${about.group}.${about.name}`
      const row = rows.get(key) ?? { about, values: new Map<string, string>() }
      rows.set(key, row)
      row.values.set(node, about.value ?? '')
    }
  return [...rows.values()].map(({ about, values }) => ({
    group: about.group,
    name: about.name,
    about,
    values,
    differs: new Set(values.values()).size > 1,
  }))
}
