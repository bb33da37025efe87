import { type Parameter, parameters } from '../model/pivot.ts'
import { parameterColumns } from '../render/parameters.ts'
import { recordRows } from '../render/record.ts'
import { tableSheet } from '../render/table.ts'
import { type Edit, type View, type ViewContext, emptySheet } from '../view.ts'

const keyOf = ({ group, name }: Parameter): string => `${group}.${name}`
const find = ({ nodes }: ViewContext, key: string): Parameter | undefined =>
  parameters(nodes).find(row => keyOf(row) === key)

function range({ about }: Parameter): string {
  if (about.min === undefined && about.max === undefined) return ''
  return `${about.min ?? ''}..${about.max ?? ''}`
}

/** The edit, or why there is none. */
function edit(row: Parameter | undefined): Edit | string {
  if (row === undefined) return 'this parameter is gone'
  const { group, name, about, values } = row
  if (!about.live) return `${group}.${name} is read-only while the node runs`
  const [value = ''] = values.values()
  const hints = [range(row), `default ${about.default ?? '""'}`, about.doc]
  const isNumber = about.type === 'int'
  return { group, name, value, isNumber, about: hints.filter(hint => hint !== '').join(', ') }
}

export const parametersView: View = {
  name: 'parameters',
  title: 'Parameters',
  short: 'Params',
  doc: 'Runtime parameters; those that can be changed while the nodes run are live.',
  aliases: ['cfg', 'params'],
  isTop: true,
  feeds: ['parameters'],
  sheet: ({ nodes, state, width }) =>
    tableSheet(
      { rows: parameters(nodes), columns: parameterColumns, keyOf, empty: 'no parameters yet' },
      state,
      width,
    ),
  columns: () => parameterColumns.map(({ title }) => title),
  open: (_context, key) => ({ view: 'parameter', subject: key }),
  edit: (context, key) => edit(find(context, key)),
}

export const parameterView: View = {
  name: 'parameter',
  title: 'Parameter',
  doc: 'One parameter: its value on each node, its default and its range.',
  aliases: [],
  isTop: false,
  feeds: ['parameters'],
  sheet: context => {
    const row = find(context, context.subject)
    if (row === undefined) return emptySheet('this parameter is gone')
    const { about, values } = row
    const valueFields = [...values].map(([name, value]) => ({
      name,
      value: value === '' ? '""' : value,
      tone: row.differs ? ('warn' as const) : ('plain' as const),
    }))
    const sections = [
      { title: keyOf(row), fields: [{ name: 'about', value: about.doc }] },
      { title: row.differs ? 'Value (nodes differ)' : 'Value', fields: valueFields },
      {
        title: 'Kind',
        fields: [
          { name: 'type', value: about.type },
          { name: 'default', value: about.default ?? '' },
          { name: 'range', value: range(row) },
          { name: 'change', value: about.live ? 'live' : 'read-only' },
        ],
      },
    ]
    const rows = recordRows(sections, context.width)
    return { head: [], rows, total: rows.length, note: '' }
  },
  edit: context => edit(find(context, context.subject)),
}
