/**
 * Asks the real Kamailio about the cases of db2_ldap and writes answers.json. Kamailio 5.6.3 looks
 * for the driver of `ldap:` in a module db_ldap: it is given a copy of db2_ldap of that name.
 * Run: node test/compat/db2_ldap/record.ts (needs Debian's kamailio-ldap-modules,
 * kamailio-extra-modules and slapd; loopback only)
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeAnswers } from '../../kit/case-recording.ts'
import { LdapServer } from '../../kit/slapd.ts'
import { MARK, PORT } from '../script/cases.ts'
import { tracesOf } from '../script/real.ts'
import { type Case, CASES, PEOPLE, SCHEMA, SECTION } from './directory.ts'

const MODULE = '/usr/lib/x86_64-linux-gnu/kamailio/modules/db2_ldap.so'

const folder = mkdtempSync(join(tmpdir(), 'db2-ldap-'))
const driver = join(folder, 'db_ldap.so')
const map = join(folder, 'ldap.cfg')
const image = readFileSync(MODULE, 'latin1')
writeFileSync(driver, image.replace('\0db2_ldap\0', '\0db_ldap\0\0'), 'latin1')
writeFileSync(map, SECTION)

/** Commas and slashes are signs of its own there; no case has one. */
const queryOf = ({ columns, where }: Case): string =>
  [
    'select',
    'people',
    columns.join(','),
    where.map(({ column }) => column).join(','),
    where.map(({ op }) => op).join(','),
    '',
    where.map(({ value }) => `${typeof value === 'number' ? 'i' : 's'}:${value}`).join(','),
  ].join('/')

const fieldsOf = ({ columns }: Case): string =>
  columns.map((_, at) => `$sel(@db.fetch.h.field[${at}])`).join('|')

const escaped = (text: string): string => text.replaceAll('\\', '\\\\')

const told = (one: Case): string => `xlog("L_ERR", "${MARK}$hdr(X-Test) ${fieldsOf(one)}\\n");`

const each = (text: (one: Case, i: number) => string): string => CASES.map(text).join('\n')

const configOf = (url: string): string => `#!KAMAILIO
debug=0
children=1
disable_tcp=yes
auto_aliases=no
listen=udp:127.0.0.1:${PORT}
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
${['pv', 'textops', 'xlog', 'db2_ops'].map(name => `loadmodule "${name}.so"\n`).join('')}
loadmodule "${driver}"
modparam("db_ldap", "config", "${map}")
modparam("db2_ops", "db_url", "${url}")
modparam("db2_ops", "declare_handle", "h")
${each((one, i) => `modparam("db2_ops", "declare_query", "q${i}=${escaped(queryOf(one))}")`)}
request_route { $var(n) = "T" + $hdr(X-Test); route($var(n)); }
${each((_, i) => `route[T${i}] { if (db_query("q${i}", "h")) db_foreach("h", "ROW${i}"); }`)}
${each((one, i) => `route[ROW${i}] { ${told(one)} return 1; }`)}
`

const server = await LdapServer.start(PEOPLE, { schema: SCHEMA })
const lines = (await tracesOf(configOf(server.url), CASES.length)).split('\n')
await server.stop()
rmSync(folder, { recursive: true })

const facts = CASES.map((one, i) => [
  queryOf(one),
  lines.filter(line => line.startsWith(`${i} `)).map(line => line.slice(`${i} `.length)),
])
writeAnswers(import.meta.dirname, { facts }, ' with db2_ldap and db2_ops')
process.stdout.write(`${facts.length} cases\n`)
