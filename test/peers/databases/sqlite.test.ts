import { DatabaseSync } from 'node:sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createStatement, SQL_CAN, sqliteTypes } from './sql-tables.ts'
import { ALL_TRAITS } from './stage.ts'
import { databaseSuite } from './suite.ts'

const folder = mkdtempSync(join(tmpdir(), 'ohana-sqlite-'))

databaseSuite({
  module: 'db_sqlite',
  can: [...SQL_CAN, 'last_id'],
  traits: ALL_TRAITS,
  start: async tables => {
    const path = join(folder, 'suite.sqlite')
    const file = new DatabaseSync(path)
    for (const table of tables) file.exec(createStatement(table, sqliteTypes))
    file.close()
    return `sqlite:///${path}`
  },
  stop: async () => rmSync(folder, { recursive: true }),
})
