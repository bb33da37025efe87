/**
 * What sqlops does, asked of the real Kamailio with db_sqlite: each case is a route of its own that
 * runs for one request, on tables that are made anew for every run.
 */
import { sqliteScript } from '../../kit/sqlite-file.ts'
import { configOfCases } from '../script/case-routes.ts'

/** Statements of the database that both are asked about. */
const TABLES = `
CREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR(64), age INT, weight DOUBLE,
  big BIGINT, photo BLOB, born DATETIME, note TEXT);
INSERT INTO people VALUES (1, 'ann', 33, 61.5, 5000000000, x'414243', 2461365.5, NULL);
INSERT INTO people VALUES (2, 'bo''b', -4, 70, 7, NULL, NULL, '');
INSERT INTO people VALUES (3, '', 0, 0.25, -1, x'', NULL, '12');
CREATE TABLE empty (id INTEGER PRIMARY KEY, name VARCHAR(64));
`

export const makeTables = (path: string): void => sqliteScript(path, TABLES)

const show = (text: string): string => `xlog("L_ERR", "@@$hdr(X-Test) ${text}\\n");`
const shown = (statement: string, text = ''): string => `${statement} ${show(`$rc ${text}`)}`
const cell = (row: number | string, column: number | string): string =>
  `$dbr(ra=>[${row},${column}])`
const select = (what: string): string => `sql_query("ca", "select ${what}", "ra");`
const sized = '$dbr(ra=>rows) $dbr(ra=>cols)'

const VALUES = [
  '$null',
  '5',
  '-5',
  '"it\'s"',
  '"5"',
  '""',
  '"a\\\\b"',
  '"1.5"',
  '"say \\"hi\\""',
  '$rU',
]
const CLASSES = ['sql.val', 'sql.val.int', 'sql.val.str']
const COLUMNS = ['id', 'name', 'age', 'weight', 'big', 'photo', 'born', 'note']

export const CASES: readonly string[] = [
  shown(select('id, name from people order by id'), sized),
  ...COLUMNS.map(name =>
    shown(
      select(`${name} from people order by id`),
      `${sized} <${cell(0, 0)}> <${cell(1, 0)}> <${cell(2, 0)}>`,
    ),
  ),
  shown(select('id, name from people where id=9'), `${sized} <${cell(0, 0)}>`),
  shown(select('id, name from nowhere'), `${sized} <${cell(0, 0)}>`),
  shown(
    select('id, name from people'),
    '$dbr(ra=>colname[0]) $dbr(ra=>colname[1]) $dbr(ra=>colname[2])',
  ),
  shown(select('id, name from people'), `${cell(3, 0)} ${cell(0, 2)}`),
  `$var(i) = 1; $var(j) = 1; ${shown(
    select('id, name from people order by id'),
    cell('$var(i)', '$var(j)'),
  )}`,
  shown(`sql_query("ca", "select id from people");`),
  shown(`sql_query("ca", "select id from people where id=9");`),
  shown(`sql_query("ca", "insert into empty values (1, 'x')");`),
  shown(`sql_query("ca", "insert into empty values (2, 'x')", "ra");`, sized),
  shown(`sql_query("ca", "insert into empty values (1, 'x')");`),
  shown(`sql_query("ca", "update empty set name='y'");`),
  shown(`sql_query("ca", "delete from empty where id=9");`),

  `${select('id from people')} ${shown('sql_result_free("ra");', sized)}`,
  shown('sql_result_free("rb");', '$dbr(rb=>rows)'),
  `${select('id from people')} ${shown('sql_query("ca", "select nothing", "ra");', sized)}`,
  shown('sql_query("ca", "select $dbr(rc=>rows)", "rd");', '$dbr(rd=>[0,0])'),
  shown(
    'sql_xquery("ca", "select id, name, note from people order by id", "xa");',
    '$xavp(xa=>id) $xavp(xa=>name) <$xavp(xa=>note)> $xavp(xa[1]=>name) ' +
      '<$xavp(xa[2]=>name)> $xavp(xa[3]=>id)',
  ),
  shown('sql_xquery("ca", "select id from people where id=9", "xa");', '$xavp(xa=>id)'),
  shown('sql_xquery("ca", "select nothing", "xa");', '$xavp(xa=>id)'),
  shown('sql_xquery("ca", "delete from empty", "xa");', '$xavp(xa=>id)'),
  `$xavp(xa=>id) = 7; ${shown(
    'sql_xquery("ca", "select id from people order by id", "xa");',
    '$xavp(xa=>id) $xavp(xa[2]=>id) $xavp(xa[3]=>id)',
  )}`,
  shown(
    'sql_xquery("ca", "select weight, big, born, photo from people order by id", "xa");',
    '$xavp(xa=>weight) $xavp(xa=>big) $xavp(xa=>born) $xavp(xa=>photo)',
  ),
  shown(
    `sql_pvquery("ca", "select 'col1', 2, NULL, 'sip:test@example.com'", ` +
      '"$var(a), $avp(col2), $xavp(item[0]=>s), $ru");',
    '$var(a) $avp(col2) $xavp(item[0]=>s) $ru',
  ),
  shown(
    'sql_pvquery("ca", "select id, name from people order by id", "$avp(i);$var(n)");',
    '$(avp(i)[*]) $var(n)',
  ),
  ...['$avp(note)', '$var(note)'].map(
    name =>
      `${name} = "old"; ${shown(
        `sql_pvquery("ca", "select note from people where id=1", "${name}");`,
        `<${name}>`,
      )}`,
  ),
  shown('sql_pvquery("ca", "select id from people where id=9", "$var(n)");', '<$var(n)>'),
  shown('sql_pvquery("ca", "select nothing", "$var(n)");', '<$var(n)>'),
  shown('sql_pvquery("ca", "select id, name from people", "$var(n)");', '<$var(n)>'),
  shown('sql_pvquery("ca", "select id from people", "$var(n), $var(m)");', '<$var(n)> <$var(m)>'),
  shown('sql_pvquery("ca", "delete from empty", "$var(n)");', '<$var(n)>'),
  ...VALUES.flatMap(value =>
    CLASSES.map(name =>
      value.startsWith('$')
        ? show(`<$(${value.slice(1)}{${name}})>`)
        : `$avp(v) = ${value}; ${show(`<$(avp(v){${name}})>`)}`,
    ),
  ),
]

export const configOf = (url: string, port: number): string =>
  configOfCases(port, CASES, {
    modules: ['db_sqlite', 'sqlops'],
    params: `modparam("sqlops", "sqlcon", "ca=>${url}")
modparam("sqlops", "sqlres", "rb")
modparam("sqlops", "sqlres", "rc")`,
  })
