/** Runtime parameters: one row a name; where the nodes differ, each node's value. */
import type { Parameter } from '../model/pivot.ts'
import type { Column } from './table.ts'

const shown = (value: string): string => (value === '' ? '""' : value)

/** `3` where all agree, `n1=3 n2=2` where they do not. */
export function valuesText({ values, differs }: Parameter): string {
  const [first = ''] = values.values()
  if (!differs) return shown(first)
  return [...values].map(([node, value]) => `${node}=${shown(value)}`).join(' ')
}

export const parameterColumns: readonly Column<Parameter>[] = [
  { title: 'group', text: row => row.group, tone: () => 'info' },
  { title: 'parameter', text: row => row.name, tone: () => 'accent' },
  {
    title: 'value',
    text: valuesText,
    tone: row => (row.differs ? 'warn' : isDefault(row) ? 'plain' : 'strong'),
    flexible: true,
  },
  { title: 'default', text: row => shown(row.about.default ?? ''), flexible: true },
  { title: 'change', text: row => (row.about.live ? 'live' : 'read-only'), tone: liveTone },
  { title: 'about', text: row => row.about.doc, flexible: true },
  { title: 'type', text: row => row.about.type, wide: true },
  { title: 'min', text: row => String(row.about.min ?? ''), right: true, wide: true },
  { title: 'max', text: row => String(row.about.max ?? ''), right: true, wide: true },
]

function liveTone({ about }: Parameter): 'good' | 'dim' {
  return about.live ? 'good' : 'dim'
}

const isDefault = ({ values, about }: Parameter): boolean =>
  [...values.values()].every(value => value === (about.default ?? ''))
