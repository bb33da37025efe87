/**
 * A backup is SQL that `kamdbctl restore` and the database's own client read: each table made when
 * it is not there, emptied, filled.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { DbType, DbValue } from '../../rpc/database.ts'
import type { Database } from '../database/agent.ts'
import type { Engine } from '../database/engine.ts'
import { localTime } from '../database/rows.ts'
import { copyAsInsert, statementsOf } from './statements.ts'

type Sql = Exclude<Engine, 'dbtext'>

const TABLES: Readonly<Record<Sql, string>> = {
  mysql:
    'SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() ' +
    "AND TABLE_TYPE = 'BASE TABLE' ORDER BY 1",
  postgres: "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
  sqlite:
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1",
}

/** Rows of a query in the database's language, as texts. */
export async function rowsOf(db: Database, sql: string): Promise<string[][]> {
  const { rows } = await db.run({ do: 'raw', sql })
  return rows.map(row => row.map(value => (value === null ? '' : String(value))))
}

export async function tablesOf(db: Database, engine: Sql): Promise<string[]> {
  return (await rowsOf(db, TABLES[engine])).map(([name = '']) => name)
}

/** Statements that make a table as it is, where it is not there. */
async function definition(db: Database, engine: Sql, table: string): Promise<string[]> {
  const cautious = (sql: string): string =>
    sql.replace(/^CREATE (UNIQUE INDEX|INDEX|TABLE) /, 'CREATE $1 IF NOT EXISTS ')
  if (engine === 'mysql') {
    const [[, create = ''] = []] = await rowsOf(db, `SHOW CREATE TABLE \`${table}\``)
    return [cautious(create)]
  }
  if (engine === 'sqlite') {
    const sql = `SELECT sql FROM sqlite_master WHERE tbl_name = '${table}' AND sql IS NOT NULL`
    return (await rowsOf(db, `${sql} ORDER BY type DESC, name`)).map(([one = '']) => cautious(one))
  }
  const columns = await rowsOf(
    db,
    `SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull::int,
     coalesce(pg_get_expr(d.adbin, d.adrelid), '') FROM pg_attribute a
     LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE a.attrelid = '${table}'::regclass AND a.attnum > 0 AND NOT a.attisdropped
     ORDER BY a.attnum`,
  )
  const indexes = await rowsOf(
    db,
    `SELECT indexdef FROM pg_indexes WHERE tablename = '${table}' AND indexname !~ '_pkey$'`,
  )
  const lines = columns.map(([name, type, full, value]) => {
    if (value?.startsWith('nextval(')) return `${name} SERIAL PRIMARY KEY`
    const tail = `${value === '' ? '' : ` DEFAULT ${value}`}${full === '1' ? ' NOT NULL' : ''}`
    return `${name} ${type}${tail}`
  })
  const create = `CREATE TABLE IF NOT EXISTS ${table} (\n  ${lines.join(',\n  ')}\n)`
  return [create, ...indexes.map(([one = '']) => cautious(one))]
}

const PAGE = 1000

/** Writes the file; gives the number of rows. */
export async function backUp(db: Database, engine: Sql, path: string): Promise<number> {
  const file = openSync(path, 'w', 0o600)
  const write = (text: string): void => void writeSync(file, Buffer.from(text, 'latin1'))
  let count = 0
  try {
    write(`-- ${engine}\n`)
    for (const table of await tablesOf(db, engine)) {
      for (const sql of await definition(db, engine, table)) write(`${sql};\n`)
      write(`DELETE FROM ${table};\n`)
      count += await (engine === 'sqlite' ? fileRows : serverRows)(db, engine, table, write)
    }
    return count
  } finally {
    closeSync(file)
  }
}

type Write = (text: string) => void

/** The rows of a table as INSERT statements; gives their number. */
async function serverRows(db: Database, engine: Sql, table: string, write: Write): Promise<number> {
  const select = { do: 'query', table, columns: [], where: [] } as const
  let count = 0
  let key = ''
  for await (const { columns, rows } of db.pages(select, PAGE)) {
    count += rows.length
    const [first] = columns
    // A table of the operator's own may begin with something else.
    key = first?.type === 'int' || first?.type === 'bigint' ? first.name : ''
    const values = rows.map(row =>
      row.map((value, i) => literal(engine, columns[i]!.type, value)).join(', '),
    )
    const names = columns.map(({ name }) => name)
    write(insert(engine, table, names, values))
  }
  if (engine === 'postgres' && key !== '') write(nextKey(table, key))
  return count
}

/** SQLite itself says how a value is written: a column of one type may hold another there. */
async function fileRows(db: Database, engine: Sql, table: string, write: Write): Promise<number> {
  const names = (await rowsOf(db, `SELECT name FROM pragma_table_info('${table}')`)).map(
    ([name = '']) => name,
  )
  const quoted = names.map(name => `quote("${name}")`).join(', ')
  for (let count = 0; ; count += PAGE) {
    const sql = `SELECT ${quoted} FROM ${table} ORDER BY rowid LIMIT ${PAGE} OFFSET ${count}`
    const rows = await rowsOf(db, sql)
    const values = rows.map(row => row.join(', '))
    write(insert(engine, table, names, values))
    if (rows.length < PAGE) return count + rows.length
  }
}

/** The next row that PostgreSQL makes must not get the key of one that was restored. */
const nextKey = (table: string, key: string): string =>
  `SELECT setval(s, greatest((SELECT max(${key}) FROM ${table}), 1)) ` +
  `FROM pg_get_serial_sequence('${table}', '${key}') s WHERE s IS NOT NULL;\n`

function insert(
  engine: Sql,
  table: string,
  names: readonly string[],
  rows: readonly string[],
): string {
  if (rows.length === 0) return ''
  const quote = engine === 'mysql' ? '`' : '"'
  const columns = names.map(name => `${quote}${name}${quote}`).join(', ')
  return `INSERT INTO ${table} (${columns}) VALUES\n${rows.map(row => `(${row})`).join(',\n')};\n`
}

function literal(engine: Sql, type: DbType, value: DbValue): string {
  if (value === null) return 'NULL'
  if (type === 'datetime' && typeof value === 'number') return `'${localTime(value)}'`
  if (typeof value !== 'string') return String(value)
  if (type === 'blob') {
    const hex = Buffer.from(value, 'latin1').toString('hex')
    return engine === 'postgres' ? `'\\x${hex}'` : `X'${hex}'`
  }
  const quoted = value.replaceAll("'", "''")
  if (!value.includes('\\')) return `'${quoted}'`
  return `${engine === 'postgres' ? 'E' : ''}'${quoted.replaceAll('\\', '\\\\')}'`
}

/** Of the tools of the databases: we do it at once anyway, or it is for their clients. */
const FRAMES = [
  /^(BEGIN|COMMIT|START TRANSACTION|PRAGMA|UNLOCK TABLES)\b/i,
  /^(SET (?!@)|SELECT pg_catalog\.set_config)/i,
]

/** Statements of a backup, ours or one of the database's own tool; what is there gives way. */
export function restorable(script: string, engine: Sql): string[] {
  // pg_dump talks to psql in lines of their own.
  const plain = engine === 'postgres' ? copyAsInsert(script).replace(/^\\\w.*$/gm, '') : script
  return statementsOf(plain)
    .filter(sql => !FRAMES.some(frame => frame.test(sql)))
    .flatMap(sql => withRoom(sql, engine))
}

function withRoom(sql: string, engine: Sql): string[] {
  // mysqldump writes rows alone, each table between a lock and its end.
  const locked = /^LOCK TABLES (\S+) WRITE$/i.exec(sql)?.[1]
  if (locked !== undefined) return [`DELETE FROM ${locked}`]
  const made = /^CREATE TABLE (?!IF )(["`]?\w+["`]?)/i.exec(sql)?.[1]
  // pg_dump itself says what has to go.
  const room = made !== undefined && engine !== 'postgres'
  return room ? [`DROP TABLE IF EXISTS ${made}`, sql] : [sql]
}

/** All or nothing. */
export async function restore(db: Database, engine: Sql, path: string): Promise<number> {
  const statements = restorable(readFileSync(path, 'latin1'), engine)
  await db.together(statements.map(sql => ({ do: 'raw', sql })))
  return statements.length
}
