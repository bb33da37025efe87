/** The list of destinations as a table. */
import { BadValue } from '../../core/module/index.ts'
import { connected } from '../../core/db/connected.ts'
import { dispatcher as declaration } from '../../core/db/tables/dispatcher.ts'
import type { Database, DbValue } from '../../core/db/api.ts'
import type { Loading } from '../../core/db/loaded-table.ts'
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

export const openDatabase = ({ config, core }: Dispatcher): Promise<Database> =>
  connected(core, config.db_url, 'dispatcher', [config.table_name, declaration])

export async function* rowsOfTable(
  { config }: Dispatcher,
  db: Database,
  load: Loading,
): AsyncGenerator<Row> {
  const extra = extraAttributes(config.ds_db_extra_attrs)
  const columns = [
    config.setid_col,
    config.destination_col,
    config.flags_col,
    config.priority_col,
    config.attrs_col,
    ...extra.map(({ column }) => column),
  ]
  const select = { table: config.table_name, columns, where: [] }
  for await (const [set, uri, flags, priority, attributes, ...values] of load.rows(db, select))
    yield {
      set: Number(set),
      uri: String(uri ?? ''),
      flags: Number(flags ?? 0),
      priority: Number(priority ?? 0),
      attributes: joined(attributes ?? null, extra, values),
    }
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
