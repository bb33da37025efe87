/**
 * Brings the tables that are there to the version of the scripts: columns and indexes that are
 * missing are added, texts get their length, the row in `version` says so. Nothing is taken away.
 */
import type { Database } from '../database/agent.ts'
import type { Engine } from '../database/engine.ts'
import { rowsOf, tablesOf } from './backup.ts'
import { type TableScript, allModules, scriptOf, tablesIn } from './modules.ts'

type Sql = Exclude<Engine, 'dbtext'>

const COLUMNS: Readonly<Record<Sql, string>> = {
  mysql:
    'SELECT column_name FROM information_schema.columns ' +
    "WHERE table_schema = DATABASE() AND table_name = 'TABLE'",
  postgres:
    'SELECT column_name FROM information_schema.columns ' +
    "WHERE table_schema = 'public' AND table_name = 'TABLE'",
  sqlite: "SELECT name FROM pragma_table_info('TABLE')",
}

const INDEXES: Readonly<Record<Sql, string>> = {
  mysql:
    'SELECT DISTINCT index_name FROM information_schema.statistics ' +
    "WHERE table_schema = DATABASE() AND table_name = 'TABLE'",
  postgres: "SELECT indexname FROM pg_indexes WHERE tablename = 'TABLE'",
  sqlite: "SELECT name FROM pragma_index_list('TABLE')",
}

const versionOf = async (db: Database, name: string): Promise<number> => {
  const sql = `SELECT table_version FROM version WHERE table_name = '${name}'`
  return Number((await rowsOf(db, sql))[0]?.[0] ?? 0)
}

/** The statements that do it, in their order; none when all is as it should be. */
export async function migration(db: Database, engine: Sql): Promise<string[]> {
  const there = new Set(await tablesOf(db, engine))
  const statements: string[] = []
  for (const module of allModules(engine))
    for (const table of tablesIn(scriptOf(engine, module)))
      if (there.has(table.name)) statements.push(...(await steps(db, engine, table)))
  return statements
}

async function steps(db: Database, engine: Sql, table: TableScript): Promise<string[]> {
  const { name, columns, indexes, version } = table
  const list = async (queries: Readonly<Record<Sql, string>>): Promise<Set<string>> => {
    const rows = await rowsOf(db, queries[engine].replace('TABLE', name))
    return new Set(rows.map(([first = '']) => first))
  }
  const known = await list(COLUMNS)
  const named = await list(INDEXES)
  const found = await versionOf(db, name)
  const quote = engine === 'mysql' ? '`' : '"'
  const added = [...columns]
    .filter(([column]) => !known.has(column))
    .map(([column, type]) => `ALTER TABLE ${name} ADD COLUMN ${quote}${column}${quote} ${type}`)
  const longer =
    found === version ? [] : [...columns].flatMap(one => lengthened(engine, name, known, one))
  const made = indexes.filter(sql => !named.has(/^CREATE INDEX (\w+)/.exec(sql)?.[1] ?? ''))
  const row =
    found === 0
      ? [`INSERT INTO version (table_name, table_version) VALUES ('${name}', ${version})`]
      : [`UPDATE version SET table_version = ${version} WHERE table_name = '${name}'`]
  const changes = [...added, ...longer, ...made.map(sql => sql.replace(/;$/, ''))]
  return found === version ? changes : [...changes, ...row]
}

/** SQLite does not look at lengths. */
function lengthened(
  engine: Sql,
  table: string,
  known: ReadonlySet<string>,
  [column, type]: readonly [string, string],
): string[] {
  const size = /^VARCHAR\(\d+\)/.exec(type)?.[0]
  if (size === undefined || !known.has(column) || engine === 'sqlite') return []
  return engine === 'mysql'
    ? [`ALTER TABLE ${table} MODIFY COLUMN \`${column}\` ${type}`]
    : [`ALTER TABLE ${table} ALTER COLUMN "${column}" TYPE ${size}`]
}
