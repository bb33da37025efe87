// Loads the scripts of a folder into a database, in the order of their names, `standard` first.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import type { MariadbServer } from '../../kit/mariadb.ts'
import type { PostgresServer } from '../../kit/postgres.ts'
import { type Facts, mysqlFacts, postgresFacts, sqliteFacts } from './databases.ts'

/** The scripts of the IMS modules are not of a set that kamdbctl makes, and name tables twice. */
const isOurs = (name: string): boolean => name.endsWith('.sql') && !name.startsWith('ims_')

export function scripts(folder: string): string {
  const names = readdirSync(folder).filter(isOurs)
  const ordered = ['standard-create.sql', ...names.filter(name => !name.startsWith('standard'))]
  return ordered.map(name => readFileSync(`${folder}/${name}`, 'utf8')).join('\n')
}

export function loadSqlite(folder: string, path: string): Facts {
  execFileSync('sqlite3', [path], { input: scripts(folder) })
  return sqliteFacts(path)
}

export async function loadMysql(folder: string, server: MariadbServer): Promise<Facts> {
  await server.sql('CREATE DATABASE facts CHARACTER SET latin1')
  await server.sql(scripts(folder), 'facts')
  const facts = await mysqlFacts(server, 'facts')
  await server.sql('DROP DATABASE facts')
  return facts
}

export async function loadPostgres(folder: string, server: PostgresServer): Promise<Facts> {
  await server.sql('CREATE DATABASE facts')
  await server.sql(scripts(folder), 'facts')
  const facts = await postgresFacts(server, 'facts')
  await server.sql('DROP DATABASE facts')
  return facts
}
