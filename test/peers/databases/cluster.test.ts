import { DatabaseSync } from 'node:sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createStatement, SQL_CAN, sqliteTypes } from './sql-tables.ts'
import { ALL_TRAITS } from './stage.ts'
import { databaseSuite } from './suite.ts'
import type { SuiteTable } from './tables.ts'

const folder = mkdtempSync(join(tmpdir(), 'ohana-cluster-'))
const paths = ['a', 'b'].map(name => join(folder, `${name}.sqlite`))

const modparam = (module: string, name: string, value: string): string =>
  `modparam("${module}", "${name}", "${value}")`

const make = (path: string, tables: readonly SuiteTable[]): void => {
  const file = new DatabaseSync(path)
  for (const table of tables) file.exec(createStatement(table, sqliteTypes))
  file.close()
}

databaseSuite({
  module: 'db_cluster',
  config: [
    'loadmodule "db_sqlite.so"',
    ...paths.map(path => modparam('db_sqlite', 'db_set_journal_mode', `${path}=WAL`)),
    ...paths.map((path, at) => modparam('db_cluster', 'connection', `c${at}=>sqlite:///${path}`)),
    modparam('db_cluster', 'cluster', 'k=>c0=9s9p;c1=9s9p'),
  ].join('\n'),
  can: [...SQL_CAN.filter(one => one !== 'transactions'), 'last_id'],
  // A raw statement may write, and goes to one of them as if it read.
  traits: ALL_TRAITS.filter(one => one !== 'sql' && one !== 'itself'),
  start: async tables => {
    for (const path of paths) make(path, tables)
    return 'cluster://k'
  },
  stop: async () => rmSync(folder, { recursive: true }),
})
