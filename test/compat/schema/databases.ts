// What databases say about the tables that are in them, as lines that can be compared.
import { DatabaseSync } from 'node:sqlite'
import type { MariadbServer } from '../../kit/mariadb.ts'
import type { PostgresServer } from '../../kit/postgres.ts'

/** Table -> lines: its columns in their order, its indexes, its row in `version`. */
export type Facts = Record<string, string[]>

/** Without our own table, which must be there: the others are to be Kamailio's. */
export function theirPart({ ohana_spool: own, ...facts }: Facts): Facts {
  if (own === undefined) throw new Error('ohana_spool was not made')
  return facts
}

const sorted = (facts: Facts): Facts =>
  Object.fromEntries(Object.entries(facts).toSorted(([a], [b]) => (a < b ? -1 : 1)))

function fromLines(text: string): Facts {
  const facts: Facts = {}
  for (const line of text.split('\n').filter(one => one !== '')) {
    const [table = '', ...rest] = line.split('|')
    ;(facts[table] ??= []).push(rest.join('|'))
  }
  return sorted(facts)
}

type Row = Record<string, string | number | null>

export function sqliteFacts(path: string): Facts {
  const db = new DatabaseSync(path, { readOnly: true })
  const rows = (sql: string): Row[] => db.prepare(sql).all() as Row[]
  const facts: Facts = {}
  for (const { name } of rows("SELECT name FROM sqlite_master WHERE type = 'table'")) {
    const columns = rows(`PRAGMA table_info(${name})`).map(
      row => `column ${row.name} ${row.type} ${row.notnull} ${row.dflt_value} ${row.pk}`,
    )
    const indexes = rows(`PRAGMA index_list(${name})`).map(row => {
      const parts = rows(`PRAGMA index_info(${row.name})`).map(part => part.name)
      return `index ${row.name} ${row.unique} ${row.origin} ${parts.join(',')}`
    })
    const [version] = rows(`SELECT table_version v FROM version WHERE table_name = '${name}'`)
    facts[`${name}`] = [...columns, ...indexes.toSorted(), `version ${version?.v}`]
  }
  db.close()
  return sorted(facts)
}

const MYSQL = `
SELECT line FROM (
  SELECT CONCAT_WS('|', table_name, CONCAT_WS(' ', 'column', column_name, column_type, is_nullable,
    IFNULL(column_default, 'none'), column_key, extra)) line, table_name t, 1 part,
    ordinal_position n, '' x
  FROM information_schema.columns WHERE table_schema = 'DATABASE'
  UNION SELECT CONCAT_WS('|', table_name, CONCAT_WS(' ', 'index', index_name, non_unique,
    seq_in_index, column_name, IFNULL(sub_part, 'whole'))), table_name, 2, seq_in_index, index_name
  FROM information_schema.statistics WHERE table_schema = 'DATABASE'
  UNION SELECT CONCAT_WS('|', table_name, CONCAT('version ', table_version)), table_name, 3, 0, ''
  FROM version
) facts ORDER BY t, part, x, n`

export const mysqlFacts = async (server: MariadbServer, database: string): Promise<Facts> =>
  fromLines(await server.sql(MYSQL.replaceAll('DATABASE', database), database))

const POSTGRES = `
SELECT line FROM (
  SELECT table_name || '|' || concat_ws(' ', 'column', column_name, data_type,
    character_maximum_length, is_nullable, coalesce(column_default, 'none')) line,
    table_name::text t, 1 part, ordinal_position::int n, '' x
  FROM information_schema.columns WHERE table_schema = 'public'
  UNION SELECT tablename || '|' || indexdef, tablename::text, 2, 0, indexname::text
  FROM pg_indexes WHERE schemaname = 'public'
  UNION SELECT table_name || '|version ' || table_version, table_name::text, 3, 0, '' FROM version
) facts ORDER BY t, part, x, n`

export const postgresFacts = async (server: PostgresServer, database: string): Promise<Facts> =>
  fromLines(await server.sql(POSTGRES, database))
