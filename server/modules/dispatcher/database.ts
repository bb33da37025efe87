/** The list of destinations as a table. */
import { BadValue } from '../../core/module.ts'
import { dispatcher as declaration } from '../../core/db/tables/dispatcher.ts'
import type { DbValue } from '../../core/db/api.ts'
import type { Row } from './destination.ts'
import type { Dispatcher } from './dispatcher.ts'

interface Extra {
  readonly name: string
  readonly column: string
}

/** `name=column;name=column`. Throws BadValue. */
function extraAttributes(text: string): Extra[] {
  return text
    .split(';')
    .filter(part => part.trim() !== '')
    .map(part => {
      const [name = '', column = ''] = part.split('=').map(half => half.trim())
      if (name === '' || column === '') throw new BadValue('invalid db extra attrs parameter')
      return { name, column }
    })
}

/** Opens the database when it is the first time. */
export async function readDatabase(self: Dispatcher, first: boolean): Promise<Row[]> {
  const { config, core } = self
  if (first) {
    const db = core.databases.open(config.db_url, 'dispatcher')
    await core.databases.checkVersion(db, config.table_name, declaration.version)
    self.db = db
  }
  const extra = extraAttributes(config.ds_db_extra_attrs)
  const { rows } = await self.db!.query({
    table: config.table_name,
    columns: [
      config.setid_col,
      config.destination_col,
      config.flags_col,
      config.priority_col,
      config.attrs_col,
      ...extra.map(({ column }) => column),
    ],
    where: [],
  })
  if (rows.length === 0) self.warn('no dispatching data in the db -- empty destination set')
  return rows.map(([set, uri, flags, priority, attributes, ...values], index) => ({
    set: Number(set),
    uri: String(uri ?? ''),
    flags: Number(flags ?? 0),
    priority: Number(priority ?? 0),
    attributes: joined(attributes ?? null, extra, values),
    place: `row ${index + 1} of table ${config.table_name}`,
  }))
}

function joined(attributes: DbValue, extra: readonly Extra[], values: readonly DbValue[]): string {
  const parts =
    attributes === null || attributes === '' ? [] : [String(attributes).replace(/;$/, '')]
  for (const [i, { name }] of extra.entries()) {
    const value = values[i]
    if (value !== null && value !== undefined && value !== '') parts.push(`${name}=${value}`)
  }
  return parts.join(';')
}
