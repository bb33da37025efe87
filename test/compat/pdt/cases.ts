/** What pdt does, asked of the real Kamailio with db_sqlite: each case is a route of its own. */
import { sqliteScript } from '../../kit/sqlite-file.ts'
import { configOfCases } from '../script/case-routes.ts'

const TABLES = `
CREATE TABLE pdt (id INTEGER PRIMARY KEY, sdomain VARCHAR(255), prefix VARCHAR(32),
  domain VARCHAR(255));
INSERT INTO pdt (sdomain, prefix, domain) VALUES ('*', '49', 'de.example'),
  ('*', '4930', 'berlin.example'), ('example.com', '49', 'ex.example'),
  ('example.com', '1', 'us.example'), ('127.0.0.1', '49', 'ip.example'),
  ('*', '2', 'two.example'), ('*', '3', 'de.example'),
  ('*', NULL, 'null.example'), ('', '7', 'nobody.example'), ('*', '8', '');
`

export const makeTables = (path: string): void => sqliteScript(path, TABLES)

const STATEMENTS: readonly string[] = [
  'prefix2domain();',
  'prefix2domain("0");',
  'prefix2domain("1");',
  'prefix2domain("2");',
  'prefix2domain("3");',
  'prefix2domain("0","0");',
  'prefix2domain("0","1");',
  'prefix2domain("0","2");',
  'prefix2domain("1","1");',
  'prefix2domain("2","1");',
  'prefix2domain("2","2");',
  'prefix2domain("1","2");',
  'prefix2domain("1","3");',
  '$rU = "49"; prefix2domain();',
  '$rU = "4930"; prefix2domain();',
  '$rU = "493"; prefix2domain();',
  '$rU = "5"; prefix2domain();',
  '$rU = "12"; prefix2domain("0","1");',
  '$rU = "22"; prefix2domain("0","1");',
  '$rU = "22"; prefix2domain("0","2");',
  '$rU = "49x"; prefix2domain();',
  '$rU = "x49"; prefix2domain();',
  '$rU = "+49"; prefix2domain();',
  '$rU = ""; prefix2domain();',
  '$ru = "sip:example.com"; prefix2domain();',
  '$ru = "sip:49123@other.org"; prefix2domain("0","2");',
  '$ru = "sip:49123:pw@other.org:5080;x=1?h=v"; prefix2domain("1","2");',
  '$ru = "sips:49123@10.1.1.1"; prefix2domain();',
  '$ru = "sips:49123@127.0.0.1"; prefix2domain();',
  '$ru = "tel:49123"; prefix2domain();',
  '$rU = "49301"; prefix2domain("1");',
  '$rU = "4930"; prefix2domain("1");',
  '$rU = "4930"; prefix2domain("2");',
  '$var(m)=1; $rU = "4912"; prefix2domain("$var(m)");',
  'pd_translate("*","0");',
  'pd_translate("example.com","0");',
  'pd_translate("example.com","1");',
  'pd_translate("example.com","2");',
  'pd_translate("example.com","3");',
  'pd_translate("nosuch","0");',
  '$rU = "22"; pd_translate("example.com","0");',
  '$rU = "22"; pd_translate("*","1");',
  '$rU = "22"; pd_translate("$var(q)","1");',
  '$var(q) = "example.com"; $rU = "12"; pd_translate("$var(q)","1");',
  '$var(q) = "EXAMPLE.org"; $rU = "12"; pd_translate("$var(q)","1");',
  'pd_translate("","0");',
  '$rU = "995"; prefix2domain();',
  '$rU = "22x"; prefix2domain();',
  '$rU = "4931x"; prefix2domain();',
  '$rU = "2"; prefix2domain();',
]

export const CASES: readonly string[] = STATEMENTS.map(
  text => `$rU = "4930123"; ${text} xlog("L_ERR", "@@$hdr(X-Test) $rc $ru\\n");`,
)

export const configOf = (url: string, port: number, params: string): string =>
  configOfCases(port, CASES, {
    modules: ['db_sqlite', 'pdt'],
    params: `modparam("pdt", "db_url", "${url}")
${params}`,
  })

/** The cases are asked with each of these. */
export const PARAMS: readonly string[] = [
  '',
  'modparam("pdt", "prefix", "49")',
  'modparam("pdt", "check_domain", 0)',
  'modparam("pdt", "char_list", "0123456789x")',
]
