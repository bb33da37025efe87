/** Transactions that are under way. */
import { userAtHost } from '../../rpc/fleet/sip-facts.ts'
import { type Transaction, headerValue } from '../model/transactions.ts'
import type { Section } from './record.ts'
import type { Column } from './table.ts'

export const transactionColumns: readonly Column<Transaction>[] = [
  { title: 'node', text: row => row.node, tone: () => 'info' },
  { title: 'method', text: row => row.fields.method, tone: () => 'accent' },
  { title: 'from', text: row => userAtHost(headerValue(row.fields.from)), flexible: true },
  { title: 'to', text: row => userAtHost(headerValue(row.fields.to)), flexible: true },
  { title: 'call-id', text: row => headerValue(row.fields.callid), flexible: true },
  { title: 'cseq', text: row => headerValue(row.fields.cseq), right: true },
  { title: 'branches', text: row => String(row.fields.outgoings), right: true },
  { title: 'left', text: row => String(row.fields.lifetime), right: true, wide: true },
  { title: 'uas', text: row => row.fields.uas_request, wide: true },
  { title: 'id', text: row => `${row.fields.tindex}:${row.fields.tlabel}`, wide: true },
]

export function transactionSections({ node, fields }: Transaction): Section[] {
  const known = Object.entries(fields).map(([name, value]) => ({
    name,
    value: typeof value === 'string' ? headerValue(value) : String(value),
  }))
  return [{ title: `${fields.method} on ${node}`, fields: known }]
}
