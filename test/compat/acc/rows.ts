// The database in which calls are accounted, and what is found in it: the same for the real
// Kamailio and for ours.
import { DatabaseSync } from 'node:sqlite'
import type { Call } from './facts.ts'

/** Columns beside Kamailio's: without a type, so that SQLite keeps what it is given. */
const MORE = [
  ...['src', 'dst', 'agent', 'number', 'absent', 's', 'd', 'leg_src', 'leg_dst'],
  ...['time_attr', 'time_exten', 'ext', 'stamp', 'at'],
]

/**
 * Kamailio's, but without NOT NULL: its db_sqlite makes a NULL of an empty text, and such a row
 * would be lost (its db_mysql writes the empty text).
 */
const ROW = `id INTEGER PRIMARY KEY NOT NULL, method VARCHAR(16), from_tag VARCHAR(128),
  to_tag VARCHAR(128), callid VARCHAR(255), sip_code VARCHAR(3), sip_reason VARCHAR(128),
  time TIMESTAMP WITHOUT TIME ZONE NOT NULL, ${MORE.map(name => `"${name}"`).join(', ')}`

const TABLES = ['acc', 'missed_calls', 'others']

/** Call with the rows that it left behind, by table. */
export interface RowsCall extends Call {
  rows: Record<string, Record<string, unknown>[]>
}

export interface RowsFacts {
  origin: string
  calls: RowsCall[]
}

export function makeTables(path: string): void {
  const db = new DatabaseSync(path)
  db.exec('CREATE TABLE version (table_name VARCHAR(32) NOT NULL, table_version INTEGER NOT NULL)')
  db.exec("INSERT INTO version VALUES ('acc', 5), ('missed_calls', 4)")
  for (const name of TABLES) db.exec(`CREATE TABLE ${name} (${ROW})`)
  db.close()
}

/** All rows in the order in which they came, without what differs from run to run. */
export function readRows(path: string): RowsCall['rows'] {
  const db = new DatabaseSync(path, { readOnly: true })
  const found: RowsCall['rows'] = {}
  for (const name of TABLES) {
    const rows = db.prepare(`SELECT * FROM ${name} ORDER BY id`).all()
    if (rows.length > 0) found[name] = rows.map(stable)
  }
  db.close()
  return found
}

function stable(row: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(row)) {
    if (name === 'id' || value === null || value === '') continue
    kept[name] = mask(name, value)
  }
  return kept
}

function mask(name: string, value: unknown): unknown {
  if (name === 'to_tag' && !/^(tt|ft|zz|$)/.test(String(value))) return 'OWN'
  if (/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/.test(String(value))) return `DATE${String(value).slice(19)}`
  // SQLite has no times: both servers keep the Julian day.
  if (name === 'time' && Number(value) > 2.4e6 && Number(value) < 2.5e6) return 'JULIAN DAY'
  // Seconds since 1970 and the microseconds of a second: what kind of number it is counts.
  if (typeof value === 'number' && name !== 'number')
    return Number.isInteger(value) ? (value > 1e9 ? 'SECONDS' : 'NUMBER') : 'SECONDS.MILLIS'
  return value
}
