// SQLite files with tables of ours in them.
import { DatabaseSync } from 'node:sqlite'
import { createTable } from '../../server/core/db/schema.ts'
import type { TableDeclaration } from '../../server/core/db/table.ts'
import { version } from '../../server/core/db/tables/standard.ts'

/** Carries out statements in a file, all at once: each for itself would wait for the disk. */
export function sqliteScript(path: string, ...statements: readonly string[]): void {
  const file = new DatabaseSync(path)
  file.exec(['BEGIN', ...statements, 'COMMIT'].join(';\n'))
  file.close()
}

/** Makes a file with these tables, and with the one that says their versions. Gives its URL. */
export function sqliteFile(path: string, ...tables: readonly TableDeclaration[]): string {
  sqliteScript(path, ...[version, ...tables].flatMap(table => createTable('sqlite', table)))
  return `sqlite:///${path}`
}
