// Statements that make the suite's tables.
import type { DbCapability, DbType } from '../../../server/core/db/api.ts'
import type { SuiteTable } from './tables.ts'

export interface SqlTypes extends Readonly<Record<DbType, string>> {
  /** Of a column that the database fills in. */
  readonly serial: string
}

/** What all of them can do. */
export const SQL_CAN: DbCapability[] = [
  ...(['query', 'raw', 'insert', 'delete', 'update', 'replace', 'insert_update'] as const),
  ...(['fetch', 'affected_rows', 'transactions'] as const),
]

export const sqliteTypes: SqlTypes = {
  serial: 'INTEGER PRIMARY KEY NOT NULL',
  int: 'INTEGER',
  bigint: 'BIGINT',
  double: 'REAL',
  string: 'VARCHAR(255)',
  datetime: 'TIMESTAMP WITHOUT TIME ZONE',
  blob: 'BLOB',
  bitmap: 'INTEGER',
}

export const mysqlTypes: SqlTypes = {
  ...sqliteTypes,
  serial: 'INT UNSIGNED AUTO_INCREMENT PRIMARY KEY NOT NULL',
  int: 'INT',
  double: 'DOUBLE',
  datetime: 'DATETIME',
}

export const postgresTypes: SqlTypes = {
  ...sqliteTypes,
  serial: 'SERIAL PRIMARY KEY NOT NULL',
  double: 'DOUBLE PRECISION',
  blob: 'BYTEA',
}

export function createStatement(table: SuiteTable, types: SqlTypes): string {
  const columns = table.columns.map(
    ({ name, type, null: nullable }) => `${name} ${types[type]}${nullable ? '' : ' NOT NULL'}`,
  )
  const id = table.counted ? [`id ${types.serial}`] : []
  const key = table.unique.length === 0 ? [] : [`UNIQUE (${table.unique.join(', ')})`]
  return `CREATE TABLE ${table.name} (${[...id, ...columns, ...key].join(', ')})`
}
