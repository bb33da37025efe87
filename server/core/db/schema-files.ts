/**
 * The files of templates/db: one script a module for each SQL database, one file a table for
 * db_text and db_redis. They have the names of Kamailio's own: either can stand for the other.
 */
import { DIALECTS, type SqlEngine, createTable, redisSchema, textHeader } from './schema.ts'
import type { TableDeclaration } from './table.ts'
import { TABLES_OF } from './tables/index.ts'

/** Path below templates/db and content of each. */
export function schemaFiles(): Map<string, string> {
  const files = new Map<string, string>()
  for (const engine of Object.keys(DIALECTS) as SqlEngine[])
    for (const [module, tables] of Object.entries(TABLES_OF))
      files.set(`${engine}/${module}-create.sql`, script(engine, tables))
  const all = Object.values(TABLES_OF).flat()
  for (const table of all) {
    files.set(`dbtext/${table.name}`, textHeader(table))
    files.set(`redis/${table.name}`, redisSchema(table))
  }
  files.set('dbtext/version', textHeader(versionTable()) + versionRows(all))
  return files
}

function script(engine: SqlEngine, tables: readonly TableDeclaration[]): string {
  return tables
    .map(table => [`-- ${table.doc}`, ...createTable(engine, table)].join('\n'))
    .join('\n\n')
    .concat('\n')
}

const versionTable = (): TableDeclaration => TABLES_OF.standard![0]!

/** All tables, whichever are made: a module looks for its own. */
function versionRows(tables: readonly TableDeclaration[]): string {
  return tables.map(({ name, version }) => `0:${name}:${version}\n`).join('')
}
