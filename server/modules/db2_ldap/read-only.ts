/** What a directory does not do here: it is read. */
import { type DbChange, DbError, type DbResult } from '../../core/db/api.ts'

const refused = (what: string): Promise<never> =>
  Promise.reject(
    new DbError(
      'statement',
      `${what}: ldap: The driver does not support directory modifications, it is read only`,
    ),
  )

export abstract class ReadOnly {
  insert(table: string): Promise<DbChange> {
    return refused(`insert into ${table}`)
  }

  insertUpdate(table: string): Promise<DbChange> {
    return refused(`insert or update in ${table}`)
  }

  replace(table: string): Promise<DbChange> {
    return refused(`replace in ${table}`)
  }

  update(table: string): Promise<DbChange> {
    return refused(`update of ${table}`)
  }

  delete(table: string): Promise<DbChange> {
    return refused(`delete from ${table}`)
  }

  begin(): Promise<void> {
    return refused('transaction')
  }

  commit(): Promise<void> {
    return refused('transaction')
  }

  rollback(): Promise<void> {
    return refused('transaction')
  }

  raw(): Promise<DbResult & DbChange> {
    return Promise.reject(
      new DbError(
        'statement',
        'ldap: The driver does not support raw queries, a directory has none',
      ),
    )
  }
}
