// The database of call data records, the same for both servers.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Params } from '../registrar/kamailio.ts'
import { paramsOf, type Setup } from '../dialog/facts.ts'

const MORE = ['who', 'src', 'agent', 'code', 'callid'].map(name => `"${name}"`).join(', ')
const tableOf = (name: string, start: string, end: string, duration: string): string =>
  `CREATE TABLE ${name} (id INTEGER PRIMARY KEY NOT NULL,
   ${start} TIMESTAMP WITHOUT TIME ZONE DEFAULT '2000-01-01 00:00:00' NOT NULL,
   ${end} TIMESTAMP WITHOUT TIME ZONE DEFAULT '2000-01-01 00:00:00' NOT NULL,
   ${duration} REAL DEFAULT 0 NOT NULL, ${MORE})`
const TABLES = ['acc_cdrs', 'other_cdrs']

/** The path of an empty database when the setup asks for one (`DB`). */
export function makeDatabase({ params }: Setup): string | null {
  if (params.acc?.db_url === undefined) return null
  const path = join(mkdtempSync(join(tmpdir(), 'cdr-')), 'acc.sqlite')
  const db = new DatabaseSync(path)
  db.exec('CREATE TABLE version (table_name VARCHAR(32) NOT NULL, table_version INTEGER NOT NULL)')
  db.exec("INSERT INTO version VALUES ('acc', 5), ('missed_calls', 4), ('acc_cdrs', 2)")
  db.exec(tableOf('acc_cdrs', 'start_time', 'end_time', 'duration'))
  db.exec(tableOf('other_cdrs', 'began', 'ended', 'lasted'))
  db.close()
  return path
}

export function withDatabase(setup: Setup, path: string | null): Params {
  const params = paramsOf(setup)
  if (path === null) return params
  return { ...params, acc: { ...params.acc, db_url: `sqlite:///${path}` } }
}

/** All rows, without what differs from run to run. */
export function rowsOf(path: string): Record<string, unknown> {
  const db = new DatabaseSync(path, { readOnly: true })
  const found: Record<string, unknown> = {}
  for (const name of TABLES)
    found[name] = db.prepare(`SELECT * FROM ${name} ORDER BY id`).all().map(stable)
  db.close()
  return found
}

function stable({ id: _id, ...row }: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, mask(value)]))
}

function mask(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, 'DATE')
  if (typeof value !== 'number') return value
  return value > 1000 ? `${typeof value} of time` : Math.round(value)
}
