/** Transactions of all nodes as rows. */
import type { Result } from '../../rpc/contract/index.ts'
import type { NodeModel } from './node-model.ts'

export type TransactionFields = Result<'tm.list'>[number]

export interface Transaction {
  readonly node: string
  readonly stale: boolean
  readonly fields: TransactionFields
}

export const keyOf = ({ node, fields }: Transaction): string =>
  `${node} ${fields.tindex}:${fields.tlabel}`

/** `From: <sip:alice@example.org>;tag=1\r\n` without name and line end. */
export const headerValue = (header: string): string => header.replace(/^[\w-]+[ \t]*:/, '').trim()

export function transactions(nodes: readonly NodeModel[]): Transaction[] {
  return nodes.flatMap(model =>
    (model.feeds.transactions?.value ?? []).map(fields => ({
      node: model.name,
      stale: !model.isUp,
      fields,
    })),
  )
}
