/** The surface of db_sqlite: every name that a config can use. */
import { defineModule, eachParam } from '../../core/module/index.ts'
import { DbSqlite, readJournalMode } from './db_sqlite.ts'

export const params = {
  db_set_readonly: eachParam({
    doc: 'A database, as its URL names it, that is only read.',
    parse: String,
  }),
  db_set_journal_mode: eachParam({
    doc: 'database=mode: how SQLite keeps its journal (DELETE, TRUNCATE, WAL ...).',
    parse: text => readJournalMode(String(text)),
  }),
}

export default defineModule({
  name: 'db_sqlite',
  doc: 'Databases that are SQLite files: sqlite:////absolute/path.',
  needs: {},
  params,
  instance: DbSqlite,
})
