import { type Registration, keyOf, registrations } from '../model/registrations.ts'
import { recordRows } from '../render/record.ts'
import { registrationColumns, registrationSections } from '../render/registrations.ts'
import { tableSheet } from '../render/table.ts'
import { type Removal, type View, type ViewContext, emptySheet } from '../view.ts'

const rowsOf = ({ fleet, nodes }: ViewContext): Registration[] => registrations(nodes, fleet.now())
const find = (context: ViewContext, key: string): Registration | undefined =>
  rowsOf(context).find(row => keyOf(row) === key)

function removal(row: Registration | undefined): Removal | null {
  if (row === undefined) return null
  const { node, table, aor, contact } = row
  return {
    what: `contact ${contact.Address} of ${aor}`,
    node,
    run: client => client.call('ul.rm_contact', table, aor, contact.Address),
  }
}

export const registrationsView: View = {
  name: 'registrations',
  title: 'Registrations',
  short: 'Reg',
  doc: 'Who is registered where, on every node.',
  aliases: ['reg', 'ul', 'contacts'],
  isTop: true,
  feeds: ['registrations'],
  sheet: context =>
    tableSheet(
      {
        rows: rowsOf(context),
        columns: registrationColumns,
        keyOf,
        isStale: ({ stale }) => stale,
        empty: 'nobody is registered',
      },
      context.state,
      context.width,
    ),
  columns: () => registrationColumns.map(({ title }) => title),
  open: (_context, key) => ({ view: 'contact', subject: key }),
  remove: (context, key) => removal(find(context, key)),
}

export const contactView: View = {
  name: 'contact',
  title: 'Contact',
  doc: 'Everything that a node keeps of one contact.',
  aliases: [],
  isTop: false,
  feeds: ['registrations'],
  sheet: context => {
    const row = find(context, context.subject)
    if (row === undefined) return emptySheet('this contact is gone')
    const rows = recordRows(registrationSections(row), context.width)
    return { head: [], rows, total: rows.length, note: '' }
  },
  remove: context => removal(find(context, context.subject)),
}
