/** Reading a location table at the start (db_mode 1, 2 and 4). */
import { BadValue } from '../../core/module/index.ts'
import type { XavpList } from '../../core/xavp.ts'
import type { LocationDatabase } from './database.ts'
import { SYNC } from './states.ts'
import type { Table } from './table.ts'
import type { Usrloc } from './usrloc.ts'

/** False when it could not be read, after a line in the log; what was read is taken back. */
export async function loadTable(
  owner: Usrloc,
  table: Table,
  database: LocationDatabase,
): Promise<boolean> {
  const { config } = owner
  if (config.db_load === 0) return true
  try {
    await database.check(table.name)
    const { attributes, db } = database
    const extras =
      attributes === null
        ? new Map<string, XavpList>()
        : await attributes.all(db, config.fetch_rows)
    const { store } = table
    await database.eachRow(table.name, contact => {
      if (extras.size > 0) contact.extra = extras.get(contact.ruid) ?? null
      store.insert(contact.aor, contact)
      store.setState(contact.record, SYNC)
    })
    return true
  } catch (error) {
    const reason = error instanceof BadValue ? error.message : database.reason(error)
    table.complain(`preloading table ${table.name} failed: ${reason}`)
    table.store.clear()
    return false
  }
}
