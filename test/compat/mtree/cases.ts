/** What mtree does, asked of the real Kamailio with db_sqlite: each case is a route of its own. */
import { sqliteScript } from '../../kit/sqlite-file.ts'
import { configOfCases } from '../script/case-routes.ts'

const TABLES = `
CREATE TABLE one (id INTEGER PRIMARY KEY, tprefix VARCHAR(32), tvalue VARCHAR(128));
INSERT INTO one (tprefix, tvalue) VALUES ('49', 'de'), ('4930', 'berlin'), ('1', 'us'), ('12', ''),
  ('4', 'four'), ('0', '0'), ('777', 'x y');
CREATE TABLE numbers (id INTEGER PRIMARY KEY, tprefix VARCHAR(32), tvalue VARCHAR(128));
INSERT INTO numbers (tprefix, tvalue) VALUES ('49', '5'), ('4930', '-7'), ('1', '0');
CREATE TABLE weights (id INTEGER PRIMARY KEY, tprefix VARCHAR(32), tvalue VARCHAR(128));
INSERT INTO weights (tprefix, tvalue) VALUES ('49', '1:10'), ('493', '2:5'), ('4930', '1:3'),
  ('1', '9:9');
CREATE TABLE many (id INTEGER PRIMARY KEY, tname VARCHAR(128), tprefix VARCHAR(32),
  tvalue VARCHAR(128));
INSERT INTO many (tname, tprefix, tvalue) VALUES ('ma', '49', 'a49'), ('mb', '49', 'b49'),
  ('ma', '4', 'a4'), ('mc', '49', 'c49');
`

export const makeTables = (path: string): void => sqliteScript(path, TABLES)

const show = (text: string): string => `xlog("L_ERR", "@@$hdr(X-Test) ${text}\\n");`
const match = (tree: string, number: string, mode: number): string =>
  `$var(n) = "${number}"; mt_match("${tree}", "$var(n)", "${mode}");`

const SHOWN = '$rc v <$avp(s:tvalue)> all <$(avp(s:tvalues)[*])>'
const WEIGHED = '$rc $(avp(tdstid)[*])'

const NUMBERS = ['493012', '49', '4', '5', '12', '1', '', '0', 'x49', '49x', '777', '+49']

export const CASES: readonly string[] = [
  ...[0, 1, 2].flatMap(mode =>
    NUMBERS.map(number => `${match('one', number, mode)} ${show(SHOWN)}`),
  ),
  ...['493012', '491', '1', '5'].map(number => `${match('numbers', number, 2)} ${show(SHOWN)}`),
  ...[0, 2].flatMap(mode =>
    ['493012', '493', '491', '1', '5'].map(
      number => `${match('weights', number, mode)} ${show(WEIGHED)}`,
    ),
  ),
  ...['ma', 'mb', 'mc', 'md'].map(tree => `${match(tree, '491', 2)} ${show(SHOWN)}`),
  `mt_match("one", "$rU", "0"); ${show('$rc')}`,
  `$var(m) = 2; $var(n) = "4930"; mt_match("one", "$var(n)", "$var(m)"); ${show(SHOWN)}`,
  `mt_match("one", "$avp(nothing)", "0"); ${show('$rc')}`,
  `$avp(s:tvalue) = "old"; ${match('one', '5', 0)} ${show(SHOWN)}`,
  `$avp(s:tvalue) = "old"; ${match('one', '49', 0)} ${show('$(avp(s:tvalue)[*])')}`,
]

export const configOf = (url: string, port: number): string =>
  configOfCases(port, CASES, {
    modules: ['db_sqlite', 'mtree'],
    params: `modparam("mtree", "db_url", "${url}")
modparam("mtree", "mtree", "name=one;dbtable=one;type=0")
modparam("mtree", "mtree", "name=numbers;dbtable=numbers;type=2")
modparam("mtree", "mtree", "name=weights;dbtable=weights;type=1")
modparam("mtree", "mtree", "name=ma;dbtable=many;type=0;multi=1")
modparam("mtree", "mtree", "name=mb;dbtable=many;type=0;multi=1")`,
  })
