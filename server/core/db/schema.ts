/**
 * Schemas from declarations: statements for SQL databases, and the files in which db_text and
 * db_redis keep what they know of a table. A table made by them is the one that Kamailio's scripts
 * make: same columns, types, defaults and indexes.
 */
import type { SqlType, TableColumn, TableDeclaration, TableIndex } from './table.ts'

interface Dialect {
  readonly types: Readonly<Record<SqlType, string>>
  readonly quote: (name: string) => string
  /** MySQL names indexes within their table, the others within the database. */
  readonly indexName: (table: string, index: string) => string
}

const plain = (name: string): string => name

const postgres: Dialect = {
  types: {
    serial: 'SERIAL PRIMARY KEY',
    bigint: 'BIGINT',
    int: 'INTEGER',
    uint: 'INTEGER',
    smallint: 'SMALLINT',
    usmallint: 'SMALLINT',
    tinyint: 'SMALLINT',
    utinyint: 'SMALLINT',
    float: 'REAL',
    varchar: 'VARCHAR',
    text: 'TEXT',
    mediumtext: 'TEXT',
    blob: 'BYTEA',
    mediumblob: 'BYTEA',
    datetime: 'TIMESTAMP WITHOUT TIME ZONE',
  },
  quote: plain,
  indexName: (table, index) => `${table}_${index}`,
}

const sqlite: Dialect = {
  ...postgres,
  types: {
    ...postgres.types,
    serial: 'INTEGER PRIMARY KEY',
    blob: 'BLOB',
    mediumblob: 'BLOB',
  },
}

const mysql: Dialect = {
  types: {
    serial: 'INT(10) UNSIGNED AUTO_INCREMENT PRIMARY KEY',
    bigint: 'BIGINT',
    int: 'INT',
    uint: 'INT UNSIGNED',
    smallint: 'SMALLINT',
    usmallint: 'SMALLINT UNSIGNED',
    tinyint: 'TINYINT',
    utinyint: 'TINYINT UNSIGNED',
    float: 'FLOAT',
    varchar: 'VARCHAR',
    text: 'TEXT',
    mediumtext: 'MEDIUMTEXT',
    blob: 'BLOB',
    mediumblob: 'MEDIUMBLOB',
    datetime: 'DATETIME',
  },
  quote: name => `\`${name}\``,
  indexName: (_table, index) => index,
}

export const DIALECTS = { sqlite, mysql, postgres } as const
export type SqlEngine = keyof typeof DIALECTS

/** The statements that make a table and enter its version, each ending in a semicolon. */
export function createTable(engine: SqlEngine, table: TableDeclaration): string[] {
  const { quote, indexName, types } = DIALECTS[engine]
  const list = ({ columns }: TableIndex): string => columns.map(quote).join(', ')
  const columns = Object.entries(table.columns).map(
    ([name, column]) => `${quote(name)} ${columnSql(engine, types[column.type], column)}`,
  )
  const unique = table.indexes
    .filter(index => index.unique)
    .map(index => `CONSTRAINT ${indexName(table.name, index.name)} UNIQUE (${list(index)})`)
  const others = table.indexes
    .filter(index => !index.unique)
    .map(
      index =>
        `CREATE INDEX ${indexName(table.name, index.name)} ON ${table.name} (${list(index)});`,
    )
  const body = [...columns, ...unique].map(line => `  ${line}`).join(',\n')
  const version = `('${table.name}', ${table.version})`
  return [
    `CREATE TABLE ${quote(table.name)} (\n${body}\n);`,
    ...others,
    `INSERT INTO version (table_name, table_version) VALUES ${version};`,
  ]
}

function columnSql(engine: SqlEngine, type: string, column: TableColumn): string {
  const words = [withSize(engine, type, column)]
  if (column.default !== undefined) words.push(`DEFAULT ${defaultSql(column)}`)
  if (!column.null) words.push('NOT NULL')
  return words.join(' ')
}

/** Only MySQL shows widths of numbers; `INT UNSIGNED` takes its width after the first word. */
function withSize(engine: SqlEngine, type: string, { type: kind, size }: TableColumn): string {
  if (size === '' || (engine !== 'mysql' && kind !== 'varchar')) return type
  const [first, ...rest] = type.split(' ')
  return [`${first}(${size})`, ...rest].join(' ')
}

function defaultSql({ type, default: value }: TableColumn): string {
  if (value === null) return 'NULL'
  const isText = typeof value === 'string' && type !== 'float'
  return isText ? `'${value.replaceAll("'", "''")}'` : String(value)
}

const isNumber = (type: SqlType): boolean => /int$/.test(type) || type === 'serial'

/** First line of the file of a table in db_text. */
export function textHeader(table: TableDeclaration): string {
  const columns = Object.entries(table.columns).map(([name, column]) => {
    const { type } = column
    // Times are seconds there.
    const kind =
      type === 'float' ? 'double' : isNumber(type) || type === 'datetime' ? 'int' : 'string'
    const more = type === 'serial' ? ',auto' : column.null ? ',null' : ''
    return `${name}(${kind}${more})`
  })
  return `${columns.join(' ')} \n`
}

/** Tables whose times db_redis keeps as times; in all others they are whole numbers. */
const TIMES_IN_REDIS: ReadonlySet<string> = new Set(['location'])

/** The file of a table in the folder `schema_path` of db_redis: its columns, its version. */
export function redisSchema(table: TableDeclaration): string {
  const columns = Object.entries(table.columns).map(([name, { type }]) => {
    if (type === 'float') return `${name}/double,`
    if (type === 'datetime') return `${name}/${TIMES_IN_REDIS.has(table.name) ? 'time' : 'int'},`
    return `${name}/${isNumber(type) ? 'int' : 'string'},`
  })
  return `${columns.join('')}\n${table.version}\n`
}
