/** What dialplan does, asked of Kamailio with db_sqlite: each case is a route of its own. */
import { DatabaseSync } from 'node:sqlite'
import { configOfCases } from '../script/case-routes.ts'

type Rule = readonly [
  dpid: number,
  pr: number,
  matchOp: number,
  matchExp: string,
  matchLen: number,
  substExp: string,
  replExp: string,
  attrs: string,
]

/** In the order in which they are in the table. */
const RULES: readonly Rule[] = [
  [1, 2, 1, '^0049([0-9]+)$', 0, '^0049([0-9]+)$', '+49\\1', 'german'],
  [1, 1, 1, '^00491', 0, '^00491(.*)$', 'mobile\\1', 'mobile'],
  [1, 3, 0, '110', 0, '', 'police', 'emergency'],
  [1, 3, 0, '112', 0, '', '', 'nothing'],
  [1, 4, 2, '3*', 0, '', 'three', 'glob'],
  [1, 5, 1, '^5(.)(.)', 0, '(.)(.)$', 'five-\\2-\\1', 'groups'],
  [1, 6, 1, '^6', 4, '', 'six', 'four long'],
  [1, 7, 1, '^6', 0, '6', 'SIX', 'any length'],
  [1, 8, 1, '^7', 0, '^8', 'x', 'no substitution'],
  [1, 9, 1, '^9', 0, '^(9)(.*)$', '\\2-\\1-\\0', 'many'],
  [1, 10, 1, 'a', 0, '', 'has an a', 'anywhere'],
  [1, 11, 1, '^b(?i)OB$', 0, '', 'case', 'case'],
  [1, 12, 1, '^c', 0, '^(c+)(d*)', '<\\1|\\2>', 'parts'],
  [1, 12, 1, '^c', 0, '', 'second', 'second of its priority'],
  [1, 13, 2, '[xy]?z', 0, 'z', 'Z', 'glob class'],
  [1, 14, 1, '^e', 0, '^(e)$', '', 'empty replacement'],
  [1, 15, 1, '^f', 0, '^f', 'f\\\\1', 'backslash'],
  [1, 16, 1, '^g', 0, '^g(.*)$', '\\1@\\1', ''],
  [1, 17, 0, 'h', 1, '', 'aitch', 'with length'],
  [1, 18, 0, 'i', 2, '', 'eye', 'wrong length'],
  [1, 19, 1, '^j', 0, 'j', 'J$rU', 'variable'],
  [1, 20, 0, 'l', 0, '', 'L$rU\\\\n', 'no expression, no variable'],
  [2, 1, 1, '.*', 0, '', 'two', 'two'],
  [2, 1, 1, '^$', 0, '', 'empty', 'empty'],
  [4, 1, 1, '^7', 0, '', 'any', 'any length first'],
  [4, 2, 1, '^7', 2, '', 'two', 'two long second'],
  [5, 1, 1, '^7', 0, '^8', 'x', 'does not substitute'],
  [5, 2, 1, '^7', 0, '', 'y', 'would have'],
  [6, 1, 0, '77', 0, '', 'equal', 'second of the file, same priority'],
  [6, 1, 1, '^7', 2, '', 'regex', 'two long'],
  [6, 2, 2, '*', 0, '', 'rest', 'rest'],
  [3, 1, 1, '^k', 0, '^k(.)$', 'K\\1', 'third'],
]

const INPUTS =
  `004930123 0049170 110 112 1100 3 345 5xy 5x 61 6123 77 88 912 za bob BOB ccd cd xaz ayz
  zz yz e ee f g1 h i j l kx k ky $`.split(/\s+/)

export function makeTables(path: string): void {
  const database = new DatabaseSync(path)
  database.exec(`
    CREATE TABLE version (table_name VARCHAR(32), table_version INTEGER);
    INSERT INTO version VALUES ('dialplan', 2);
    CREATE TABLE dialplan (id INTEGER PRIMARY KEY, dpid INTEGER, pr INTEGER, match_op INTEGER,
      match_exp VARCHAR(64), match_len INTEGER, subst_exp VARCHAR(64), repl_exp VARCHAR(256),
      attrs VARCHAR(64));`)
  const insert = database.prepare(
    `INSERT INTO dialplan (dpid, pr, match_op, match_exp, match_len, subst_exp, repl_exp, attrs)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  for (const rule of RULES) insert.run(...rule)
  database.close()
}

const show = (text: string): string => `xlog("L_ERR", "@@$hdr(X-Test) ${text}\\n");`

export const CASES: readonly string[] = [
  ...[1, 2, 3, 4, 5, 6].flatMap(dpid =>
    (dpid < 4 ? INPUTS : ['77', '7', '8', '77x']).map(
      input =>
        `$var(in) = "${input}"; $var(out) = "none"; $var(attrs) = "-";
    dp_translate("${dpid}", "$var(in)/$var(out)"); ${show('$rc <$var(out)> <$var(attrs)>')}`,
    ),
  ),
  `dp_translate("9", "$rU/$var(o)"); ${show('$rc')}`,
  `$rU = "110"; dp_translate("1"); ${show('$rc $rU $ru')}`,
  `$rU = "110"; dp_translate("1", "$rU"); ${show('$rc $rU $var(attrs)')}`,
  `$rU = "88"; dp_translate("1"); ${show('$rc $rU')}`,
  `$var(d) = 1; $rU = "110"; dp_translate("$var(d)", "$rU/$avp(x)"); ${show('$rc $avp(x)')}`,
  `$var(d) = "x"; $rU = "110"; dp_translate("$var(d)", "$rU/$avp(x)"); ${show('$rc $avp(x)')}`,
  `dp_translate("1", "$avp(nothing)/$avp(x)"); ${show('$rc $avp(x)')}`,
  `dp_translate("2", "$avp(nothing)/$avp(x)"); ${show('$rc $avp(x)')}`,
  `$avp(x) = "old"; $rU = "110"; dp_translate("1", "$rU/$avp(x)"); ${show('$rc $(avp(x)[*])')}`,
  `$rU = "110"; dp_translate("1", "$rU/$ru"); ${show('$rc $ru')}`,
  `$rU = "110"; dp_translate("1", "$rU/$rU"); ${show('$rc $ru')}`,
  `dp_replace("1", "0049$rU", "$var(out)"); ${show('$rc $var(out)')}`,
  `dp_replace("1", "00493$sp", "$var(out)"); ${show('$rc')}`,
  `dp_replace("1", "110", "$var(out)"); ${show('$rc $var(out) $var(attrs)')}`,
  `dp_replace("8", "110", "$var(out)"); ${show('$rc')}`,
  `dp_match("1", "110"); ${show('$rc $var(attrs)')}`,
  `dp_match("1", "88"); ${show('$rc $var(attrs)')}`,
  `dp_match("7", "88"); ${show('$rc')}`,
  `$var(d) = 3; dp_match("$var(d)", "kx"); ${show('$rc $var(attrs)')}`,
]

export const configOf = (url: string, port: number): string =>
  configOfCases(port, CASES, {
    modules: ['db_sqlite', 'dialplan'],
    params: `modparam("dialplan", "db_url", "${url}")
modparam("dialplan", "attrs_pvar", "$var(attrs)")`,
    before: '$var(attrs) = "-"; $var(out) = "none";',
  })
