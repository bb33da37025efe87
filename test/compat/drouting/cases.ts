/**
 * What drouting does, asked of the real Kamailio with db_sqlite: each case is a route of its own.
 */
import { sqliteScript } from '../../kit/sqlite-file.ts'
import { configOfCases } from '../script/case-routes.ts'

/** Rules with times: what they hold does not depend on the day on which it is asked. */
const TIMES: readonly string[] = [
  '20000101T000000|PT1S|daily',
  '20000101T000000|P1D|daily',
  '20000101T000000||daily|20010101T000000',
  '20000101T000000|P1D|daily|20010101T000000',
  '20000101T000000|P1D|daily|20990101T000000',
  '20000101T000000|P1D|daily|||MO,TU,WE,TH,FR,SA,SU',
  '20000101T000000|P1D|weekly|||MO,TU,WE,TH,FR,SA,SU',
  '20000101T000000|P1D|nonsense',
  '20000101T000000|P1D|daily||0',
  '20000101T000000|P1D|daily|||XX',
  '20000101T000000|P1D|daily||||50',
  '20000101T000000|P1D|daily|||||400',
  '20000101T000000|P1D|daily|||||||13',
  '20000101T000000|P1D|daily|||||||0,1,2,3,4,5,6,7,8,9,10,11',
  '20000101T000000|P1D|daily||||||54',
  '20000101T000000|P1D||',
  '20000101T000000|P1D',
  '20000101T000000|P10000W',
  '20000101T000000|20010101T000000',
  '20000101T000000|20010101T000000|daily',
  '20000101T000000|1D|daily',
  '20000101T000000|24H|daily',
  '20000101T000000|p1d|DAILY',
  '20000101T000000|T23H59M59S|daily',
  '20000101T000000|PT24H|daily',
  '20000101T000000|P1W|daily',
  '20000101T000000|',
  '20000101T000000',
  '20990101T000000|P1D|daily',
  '20990101T000000',
  '20000101',
  '20000101T000000Z',
  ' 20000101T000000 | P1D ',
  'bad',
]

const RULES: readonly string[] = [
  "'1', '49', 0, '0', '1,2,3'",
  "'1', '4930', 0, '0', '4'",
  "'1', '4930', 5, '0', '3,1'",
  "'1', '', 0, '0', '1'",
  "'2', '49', 0, 'RT', '2'",
  "'2,3', '41', 0, '', '#1'",
  "'3', '4', 0, '0', '7'",
  "'4', '1', 0, '0', '6'",
  "'4', '2', 0, '0', '5,8'",
  "'4', '3', 0, '0', '1;2;3'",
  "'4', '31', 0, '0', '1,3;4'",
  "'4', '+5', 0, '0', '1'",
  "'4', '6', 0, 'STOP', '1'",
  "'4', '7', 0, 'FAILS', '1,2'",
  "'5', '11', 0, '', '1'",
  "'5', '11', 0, '', '3'",
  "'5', '12', 1, '', '1'",
  "'5', '12', 2, '', '3'",
  "'5', '1', 0, '', '9'",
  "'5', '*21', 0, '', '1'",
  "'5', '#21', 0, '', '1'",
  "'6', '9', 0, '', '99'",
  "'x', '9', 0, '', '1'",
  "'', '9', 0, '', '1'",
  "'6', '9', 0, '', '#7'",
  "'6', '9', 0, '', ''",
  "'6', '9a', 0, '', '1'",
  "'6', '8', 0, '', '1,99'",
  "'6', '9', 0, 'nosuch', '3,1'",
]

const TABLES = `
CREATE TABLE dr_gateways (gwid INTEGER PRIMARY KEY, type INTEGER, address VARCHAR(128),
  strip INTEGER, pri_prefix VARCHAR(64), attrs VARCHAR(255));
CREATE TABLE dr_rules (ruleid INTEGER PRIMARY KEY, groupid VARCHAR(255), prefix VARCHAR(64),
  timerec VARCHAR(255), priority INTEGER, routeid VARCHAR(64), gwlist VARCHAR(255));
CREATE TABLE dr_gw_lists (id INTEGER PRIMARY KEY, gwlist VARCHAR(255));
CREATE TABLE dr_groups (id INTEGER PRIMARY KEY, username VARCHAR(64), domain VARCHAR(128),
  groupid INTEGER);
INSERT INTO dr_gateways VALUES (1, 1, '10.0.0.1', 0, NULL, 'a1'),
  (2, 1, '10.0.0.2:5070', 2, NULL, 'a2'), (3, 2, '10.0.0.3', 0, '99', 'a3'),
  (4, 2, '10.0.0.4;transport=tcp', 3, '0', NULL), (5, 3, '127.0.0.1', 3, NULL, 'a5'),
  (6, 1, '10.0.0.6', 20, '', 'a6'), (7, 1, '10.0.0.7:5080', 0, NULL, ''),
  (8, 8, '10.0.0.8', 0, NULL, NULL), (9, 9, '127.0.0.1:9', 0, '', '');
INSERT INTO dr_gw_lists VALUES (1, '2,1');
INSERT INTO dr_groups VALUES (1, 'al', 'example.com', 1), (2, 'alice', 'example.com', 1),
  (3, 'bob', 'example.org', 1);
`

const quoted = (text: string): string => `'${text}'`

export function makeTables(path: string): void {
  const insert = 'INSERT INTO dr_rules (groupid, prefix, priority, routeid, gwlist, timerec) VALUES'
  const rules = RULES.map(rule => `${insert} (${rule}, '')`)
  const times = TIMES.map((text, i) => `${insert} ('7', '${100 + i}', 0, '', '1', ${quoted(text)})`)
  sqliteScript(path, TABLES, ...rules, ...times)
}

const SHOWN = '$rc $ru A <$(avp(r)[*])> T <$(avp(t)[*])>'
const show = (text: string): string => `xlog("L_ERR", "@@$hdr(X-Test) ${text}\\n");`

const routed = (number: string, group: number): string =>
  `$rU = "${number}"; do_routing("${group}"); ${show(SHOWN)}`

const asked = (call: string, before = ''): string => `${before} ${call} ${show(SHOWN)}`

export const CASES: readonly string[] = [
  ...['493012', '49', '4', '5', '493', '1abc', '49301'].map(number => routed(number, 1)),
  ...['4955', '41', '4130', '42', '5'].map(number => routed(number, 2)),
  ...['4130', '46', '4'].map(number => routed(number, 3)),
  ...['123', '2', '3', '3123', '3130', '+5', '5', '6', '7', '8', ''].map(number =>
    routed(number, 4),
  ),
  ...['11', '12', '13', '*21', '#21', '21'].map(number => routed(number, 5)),
  ...['9', '8'].map(number => routed(number, 6)),
  ...TIMES.map((_text, i) => routed(`${100 + i}`, 7)),
  routed('493012', 9),
  ...['sip:example.org', 'tel:4930', 'sip:413:pw@example.org:5099;user=phone?x=y'].map(uri =>
    asked('do_routing("1");', `$ru = "${uri}";`),
  ),
  asked('do_routing();', '$rU = "4930";'),
  asked('use_next_gw();'),
  `${routed('493123', 1)} ${`use_next_gw(); ${show(SHOWN)}`.repeat(3)}`,
  asked('use_next_gw();', '$rU = "4130"; do_routing("3"); $rU = "zz";'),
  asked('do_routing("3");', '$avp(r) = "sip:old@x"; $avp(t) = "ot"; $rU = "4130";'),
  asked('do_routing("3");', '$rU = "4130"; do_routing("3");'),
  asked('do_routing("$avp(g)");', '$avp(g) = 1;'),
  ...['is_from_gw();', 'is_from_gw("3");', 'is_from_gw("1");', 'is_from_gw("9");'].map(call =>
    asked(call),
  ),
  ...['0', '1', '2'].map(flag => asked(`is_from_gw("3", "${flag}");`, '$rU = "12345";')),
  ...['10.0.0.1', '10.0.0.1:9', '10.0.0.2', '10.0.0.7:5080', '10.0.0.99'].map(host =>
    asked('goes_to_gw();', `$ru = "sip:x@${host}";`),
  ),
  ...['1', '2'].map(type => asked(`goes_to_gw("${type}");`, '$ru = "sip:x@10.0.0.1";')),
  asked('goes_to_gw("1");', '$ru = "sip:x@10.0.0.1"; $du = "sip:10.9.9.9";'),
  asked('goes_to_gw("1");', '$ru = "sip:x@10.9.9.9"; $du = "sip:10.0.0.1";'),
]

export const configOf = (url: string, port: number): string =>
  configOfCases(port, CASES, {
    modules: ['tm', 'db_sqlite', 'drouting'],
    params: `modparam("drouting", "db_url", "${url}")
modparam("drouting", "ruri_avp", "$avp(r)")
modparam("drouting", "attrs_avp", "$avp(t)")`,
    routes: `route[RT] { ${show('in RT $ru')} return 1; }
route[STOP] { ${show('in STOP $ru')} exit; }
route[FAILS] { ${show('in FAILS $ru')} return -1; }`,
  })
