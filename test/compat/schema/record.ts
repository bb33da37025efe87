// Records the tables that Debian's own scripts make, into the *.json beside this file:
//   node test/compat/schema/record.ts
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MariadbServer } from '../../kit/mariadb.ts'
import { PostgresServer } from '../../kit/postgres.ts'
import type { Facts } from './databases.ts'
import { loadMysql, loadPostgres, loadSqlite } from './scripts.ts'

const DEBIAN = '/usr/share/kamailio'

function write(engine: string, facts: Facts): void {
  const path = new URL(`${engine}.json`, import.meta.url)
  writeFileSync(path, `${JSON.stringify(facts, null, 1)}\n`)
  console.log(`${engine}: ${Object.keys(facts).length} tables`)
}

const folder = mkdtempSync(join(tmpdir(), 'facts-'))
write('sqlite', loadSqlite(`${DEBIAN}/db_sqlite`, join(folder, 'facts.sqlite')))
rmSync(folder, { recursive: true })

const mariadb = await MariadbServer.start()
write('mysql', await loadMysql(`${DEBIAN}/mysql`, mariadb))
await mariadb.stop()

const postgres = await PostgresServer.start()
write('postgres', await loadPostgres(`${DEBIAN}/postgres`, postgres))
await postgres.stop()

// Files of which the first line, or the whole, says how the table is.
const files = (name: string): Facts =>
  Object.fromEntries(
    readdirSync(`${DEBIAN}/${name}/kamailio`).map(table => [
      table,
      readFileSync(`${DEBIAN}/${name}/kamailio/${table}`, 'utf8').split('\n').slice(0, -1),
    ]),
  )
write('dbtext', files('dbtext'))
write('redis', files('db_redis'))
