// SQLite files with tables of ours in them.
import { DatabaseSync } from 'node:sqlite'
import { createTable } from '../../server/core/db/schema.ts'
import type { TableDeclaration } from '../../server/core/db/table.ts'
import { version } from '../../server/core/db/tables/standard.ts'

/** Makes a file with these tables, and with the one that says their versions. Gives its URL. */
export function sqliteFile(path: string, ...tables: readonly TableDeclaration[]): string {
  const file = new DatabaseSync(path)
  for (const table of [version, ...tables]) file.exec(createTable('sqlite', table).join('\n'))
  file.close()
  return `sqlite:///${path}`
}
