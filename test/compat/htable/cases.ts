/** What htable loads and writes back, asked of the real Kamailio with db_sqlite. */
import { DatabaseSync } from 'node:sqlite'
import { sqliteScript } from '../../kit/sqlite-file.ts'
import { configOfCases } from '../script/case-routes.ts'

const COLUMNS = `id INTEGER PRIMARY KEY, key_name VARCHAR(64), key_type INTEGER,
  value_type INTEGER, key_value VARCHAR(128), expires INTEGER DEFAULT 0`
const INTO = '(key_name, key_type, value_type, key_value, expires)'

const TABLES = `
CREATE TABLE items (${COLUMNS});
INSERT INTO items ${INTO} VALUES ('a', 0, 0, 'text', 0), ('n', 0, 1, '-12', 0),
  ('arr', 1, 0, 'e0', 0), ('arr', 1, 1, '7', 0), ('arr', 1, 0, 'e2', 0), ('b', 0, 0, 'mid', 0),
  ('brr', 1, 0, 'q0', 0), ('dup', 0, 0, '1', 0), ('dup', 0, 0, '2', 0), ('emp', 0, 0, '', 0),
  ('zarr', 1, 0, 'last', 0), ('kt2', 2, 0, 'kt2', 0), ('exp', 0, 0, 'old', 1000),
  ('near', 0, 0, 'n', 2100000000), ('kt', NULL, 0, 'x', 0), ('vt', 0, NULL, 'x', 0),
  ('i1', 0, 1, '12abc', 0), ('i2', 0, 1, '+5', 0), ('i3', 0, 1, ' 7', 0), ('i4', 0, 1, '1e3', 0),
  ('i5', 0, 1, '99999999999', 0), ('i6', 0, 1, '-2147483648', 0), ('i7', 0, 1, '2147483648', 0),
  ('i8', 0, 1, '0x10', 0), ('i9', 0, 1, '', 0), ('i10', 0, 1, '--1', 0), ('i11', 0, 1, 'x', 0);
CREATE TABLE other (id INTEGER PRIMARY KEY, k VARCHAR(10), v1 VARCHAR(10), v2 INTEGER);
INSERT INTO other (k, v1, v2) VALUES ('x', 'one', 5), ('y', NULL, NULL), ('z', '', 0);
CREATE TABLE kept (${COLUMNS});
INSERT INTO kept ${INTO} VALUES ('was', 0, 0, 'v', 0), ('karr', 1, 0, 'k0', 0),
  ('gone', 0, 0, 'v', 0);
CREATE TABLE ended (${COLUMNS});
INSERT INTO ended ${INTO} VALUES ('was', 0, 0, 'v', 2100000000);
CREATE TABLE left_alone (${COLUMNS});
INSERT INTO left_alone ${INTO} VALUES ('was', 0, 0, 'v', 0);
`

export const makeTables = (path: string): void => sqliteScript(path, TABLES)

/** What the tables that may be written to hold in the end. */
export function rowsOf(path: string): string[] {
  const database = new DatabaseSync(path)
  const rows = ['kept', 'ended', 'left_alone'].flatMap(table =>
    database
      .prepare(`SELECT key_name, key_type, value_type, key_value, expires FROM ${table} ORDER BY 1`)
      .all()
      .map(row => `${table} ${Object.values(row).join(' ')}`),
  )
  database.close()
  return rows
}

const show = (text: string): string => `xlog("L_ERR", "@@$hdr(X-Test) ${text}\\n");`

const NAMES = ['a', 'n', 'arr', 'arr[0]', 'arr[1]', 'arr[2]', 'arr::size', 'b', 'brr[0]']
NAMES.push('brr::size', 'dup', 'emp', 'zarr[0]', 'zarr::size', 'kt2', 'exp', 'near', 'kt', 'vt')
for (let i = 1; i <= 11; i++) NAMES.push(`i${i}`)

const asked = (table: string, names: readonly string[]): string[] =>
  names.map(name => show(`<$sht(${table}=>${name})> $(sht(${table}=>${name}){s.len})`))

/** Whether it ends about so many seconds from now. */
const ends = (table: string, name: string, seconds: number): string =>
  `if ($shtex(${table}=>${name}) > ${seconds - 60} && $shtex(${table}=>${name}) <= ${seconds})
    ${show('so')} else ${show('otherwise')}`

export const CASES: readonly string[] = [
  ...asked('all', NAMES),
  ...asked('short', ['a', 'arr[1]', 'arr::size', 'exp', 'near']),
  ends('short', 'a', 100),
  ends('short', 'near', 100),
  ends('short', 'arr::size', 100),
  ...asked('two', ['x', 'y', 'z']),
  ...asked('three', ['x', 'y', 'z']),
  ...asked('nodb', ['a']),
  ...asked('kept', ['was', 'karr[0]', 'karr::size']),
  `$sht(kept=>new) = "text"; $sht(kept=>number) = -7; $sht(kept=>gone) = $null;
    ${show('$shtcn(kept=>**)')}`,
  `$sht(ended=>new) = 1; $shtex(ended=>new) = -5; ${show('$shtcn(ended=>**)')}`,
  `$sht(left=>new) = 1; ${show('$shtcn(left=>**)')}`,
]

const TABLE_PARAMS = [
  'all=>dbtable=items',
  'short=>dbtable=items;autoexpire=100',
  "two=>dbtable=other;cols='k,v1'",
  "three=>size=6;dbtable=other;cols='k,v1,v2,k'",
  'nodb=>size=4',
  'kept=>dbtable=kept;dbmode=1',
  'ended=>dbtable=ended;dbmode=1;autoexpire=1000',
  'left=>dbtable=left_alone',
]

/** The same cases with and without `db_expires`. */
export const configOf = (url: string, port: number, expires: number): string =>
  configOfCases(port, CASES, {
    modules: ['db_sqlite', 'htable'],
    params: `modparam("htable", "db_url", "${url}")
modparam("htable", "db_expires", ${expires})
${TABLE_PARAMS.map(text => `modparam("htable", "htable", "${text}")\n`).join('')}`,
  })
