/** Who is registered where. */
import type { Registration } from '../model/registrations.ts'
import { age } from './numbers.ts'
import type { Section } from './record.ts'
import type { Column } from './table.ts'

/** Kamailio's way to write nothing. */
const set = (text: string): string => (text === '[not set]' ? '' : text)
const left = ({ expires }: Registration): string =>
  typeof expires === 'number' ? age(expires) : expires

export const registrationColumns: readonly Column<Registration>[] = [
  { title: 'node', text: row => row.node, tone: () => 'info' },
  { title: 'aor', text: row => row.aor, tone: () => 'accent', flexible: true },
  { title: 'contact', text: row => row.contact.Address, flexible: true },
  {
    title: 'expires',
    right: true,
    text: left,
    value: row => (typeof row.expires === 'number' ? row.expires : Infinity),
    tone: row => (typeof row.expires === 'number' && row.expires < 30 ? 'warn' : 'plain'),
  },
  { title: 'user-agent', text: row => set(row.contact['User-Agent']), flexible: true },
  {
    title: 'q',
    right: true,
    text: row => (row.contact.Q < 0 ? '-' : String(row.contact.Q)),
    wide: true,
  },
  { title: 'received', text: row => set(row.contact.Received), wide: true, flexible: true },
  { title: 'socket', text: row => set(row.contact.Socket), wide: true },
  { title: 'path', text: row => set(row.contact.Path), wide: true, flexible: true },
  { title: 'table', text: row => row.table, wide: true },
]

/** All of one contact, as the node has it. */
export function registrationSections(row: Registration): Section[] {
  const { node, table, aor, contact } = row
  const known = Object.entries(contact).map(([name, value]) => ({ name, value: String(value) }))
  return [
    {
      title: `${aor} on ${node}`,
      fields: [{ name: 'Table', value: table }, { name: 'Left', value: left(row) }, ...known],
    },
  ]
}
