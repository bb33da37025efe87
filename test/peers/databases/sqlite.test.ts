import { DatabaseSync } from 'node:sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createStatement, SQL_CAN, sqliteTypes } from './sql-tables.ts'
import { ALL_TRAITS } from './stage.ts'
import { databaseSuite } from './suite.ts'

const folder = mkdtempSync(join(tmpdir(), 'ohana-sqlite-'))
const path = join(folder, 'suite.sqlite')

databaseSuite({
  module: 'db_sqlite',
  // The quickest: the disk is waited for once for each change.
  config: `modparam("db_sqlite", "db_set_journal_mode", "${path}=WAL")`,
  can: [...SQL_CAN, 'last_id'],
  traits: ALL_TRAITS,
  start: async tables => {
    const file = new DatabaseSync(path)
    for (const table of tables) file.exec(createStatement(table, sqliteTypes))
    file.close()
    return `sqlite:///${path}`
  },
  stop: async () => rmSync(folder, { recursive: true }),
})
