// What a company has in its directory, used by a node: phones authenticate by it, and addresses,
// domains, aliases, groups and URIs come from there.
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { Bench } from '../kit/bench.ts'
import { serverForTest } from '../kit/server.ts'
import { sipp } from '../kit/sipp.ts'
import { LdapServer } from '../kit/slapd.ts'
import { until } from '../kit/until.ts'

const REALM = 'example.com'
const ha1 = createHash('md5').update(`bob:${REALM}:secret`).digest('hex')

const ENTRIES = `dn: ou=people,dc=x
objectClass: organizationalUnit
ou: people

dn: uid=bob,ou=people,dc=x
objectClass: inetOrgPerson
cn: Bob
sn: Bob
uid: bob
o: ${REALM}
carLicense: ${ha1}
displayName: Bob B.
telephoneNumber: 100
telephoneNumber: 200
employeeType: gold
employeeType: silver

dn: ou=gateways,dc=x
objectClass: organizationalUnit
ou: gateways

dn: cn=own,ou=gateways,dc=x
objectClass: device
cn: own
l: 127.0.0.0
ou: 1
serialNumber: 8

dn: ou=domains,dc=x
objectClass: organizationalUnit
ou: domains

dn: dc=us,ou=domains,dc=x
objectClass: domain
dc: us
associatedName: dc=x
o: ${REALM}
o: example.net
`

const mapOf = (port: number): string => `[connection:company]
host = 127.0.0.1
port = ${port}
authtype = simple
username = "${LdapServer.admin}"
password = "${LdapServer.password}"

[table:subscriber]
base = "ou=people,dc=x"
scope = one
filter = "(carLicense=*)"
field_map = username : uid
field_map = domain : o
field_map = ha1 : carLicense
field_map = shown : displayName

[table:dbaliases]
base = "ou=people,dc=x"
scope = one
field_map = alias_username : telephoneNumber
field_map = alias_domain : o
field_map = username : uid
field_map = domain : o

[table:grp]
base = "ou=people,dc=x"
scope = one
field_map = username : uid
field_map = domain : o
field_map = grp : employeeType

[table:uri]
base = "ou=people,dc=x"
scope = one
field_map = username : uid
field_map = domain : o
field_map = uri_user : telephoneNumber

[table:address]
base = "ou=gateways,dc=x"
scope = one
field_map = grp : ou
field_map = ip_addr : l
field_map = mask : serialNumber
field_map = tag : cn

[table:domain]
base = "ou=domains,dc=x"
scope = one
field_map = domain : o
field_map = did : dc

[table:domain_attrs]
base = "ou=domains,dc=x"
scope = one
filter = "(!(objectClass=*))"
`

const folder = mkdtempSync(join(tmpdir(), 'ohana-accounts-'))
const map = join(folder, 'ldap.cfg')
let server: LdapServer

beforeAll(async () => {
  server = await LdapServer.start(ENTRIES)
  writeFileSync(map, mapOf(server.port))
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

const load = (names: string): string =>
  names
    .split(' ')
    .map(name => `loadmodule "${name}.so"`)
    .join('\n')
const open = (...modules: string[]): string =>
  modules.map(name => `modparam("${name}", "db_url", "ldap:/company")`).join('\n')

const REQUEST = [
  'INVITE sip:200@example.com SIP/2.0',
  'Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKl',
  'From: <sip:bob@example.com>;tag=1',
  'To: <sip:200@example.com>',
  'Call-ID: ldap',
  'CSeq: 1 INVITE',
  'Content-Length: 0',
  '',
  '',
].join('\r\n')

describe('a config asks the directory', () => {
  let bench: Bench
  const said: string[] = []

  const STATEMENTS: [statement: string, answer: string][] = [
    ['allow_source_address("1")', '1'],
    ['allow_source_address("2")', '-1'],
    ['allow_address("1", "127.8.9.1", "5060")', '1'],
    ['is_domain_local("example.net")', '1'],
    ['is_domain_local("example.org")', '-1'],
    ['is_uri_host_local()', '1'],
    ['is_user_in("From", "gold")', '1'],
    ['is_user_in("From", "silver")', '1'],
    ['is_user_in("From", "lead")', '-6'],
    ['is_user_in("Request-URI", "gold")', '-6'],
    ['check_uri("sip:200@example.com", "bob", "example.com")', '1'],
    ['check_uri("sip:300@example.com", "bob", "example.com")', '-9'],
    ['alias_db_lookup("dbaliases")', `1 sip:bob@${REALM}`],
    ['alias_db_lookup("dbaliases")', `-1 sip:bob@${REALM}`],
  ]

  beforeAll(async () => {
    const asked = STATEMENTS.map(
      ([statement]) => `${statement};\nxlog("L_ERR", "said $rc $ru\\n");`,
    )
    bench = await Bench.start(`${load('pv xlog db2_ldap permissions domain group uri_db alias_db')}
modparam("db2_ldap", "config", "${map}")
${open('permissions', 'domain', 'group', 'uri_db', 'alias_db')}
modparam("group|uri_db|alias_db", "use_domain", 1)
modparam("permissions", "load_backends", 1)
modparam("uri_db", "use_uri_table", 1)
modparam("uri_db", "db_table", "uri")
request_route {
${asked.join('\n')}
exit;
}
`)
    bench.receive(REQUEST)
    const lines = () => bench.lines.filter(line => line.text.startsWith('<script>: said'))
    await until(() => lines().length === STATEMENTS.length)
    said.push(...lines().map(line => line.text.slice('<script>: said '.length).trim()))
  })
  afterAll(() => bench?.host.stop())

  test.each(STATEMENTS.map(([statement, answer], at) => [statement, answer, at] as const))(
    '%s: %s',
    (_statement, answer, at) => {
      expect(said[at]).toBe(answer.includes(' ') ? answer : `${answer} sip:200@${REALM}`)
    },
  )

  test('and shows its tables in memory', () => {
    const tables = bench.core.databases.tables.all()
    expect(tables.map(({ name, source, rows }) => [name, source, rows])).toEqual([
      ['address', 'ldap:/company', 1],
      ['domain', 'ldap:/company', 2],
    ])
  })
})

describe('phones', () => {
  const CALLS = 5
  const ALL = { ok: CALLS, failed: 0 }

  const node = (file: string) =>
    serverForTest({
      config: `debug=2
log_stderror=yes
db_retry_interval=50
${load('kex tm tmx sl rr pv maxfwd textops siputils xlog usrloc registrar ctl auth')}
${load('db2_ldap auth_db')}
modparam("db2_ldap", "config", "${file}")
${open('auth_db')}
modparam("auth_db", "use_domain", 1)
modparam("auth_db", "load_credentials", "$avp(shown)=shown")
request_route {
  if (is_method("OPTIONS")) { sl_send_reply("200", "OK"); exit; }
  t_newtran();
  if (!auth_check("${REALM}", "subscriber", "1")) {
    xlog("L_ALERT", "refused with $rc\\n");
    auth_challenge("${REALM}", "1");
    exit;
  }
  xlog("L_ALERT", "welcome $avp(shown)\\n");
  consume_credentials();
  save("location");
}
`,
    })

  test('register by the directory, and again when it was away', async () => {
    const own = await LdapServer.start(ENTRIES)
    onTestFinished(() => own.stop())
    const file = join(folder, 'own.cfg')
    writeFileSync(file, mapOf(own.port))
    const sip = await node(file)
    const register = async (scenario: string, password: string) => {
      const args = ['-au', 'bob', '-ap', password]
      const calls = { calls: CALLS, rate: 40 }
      const caller = await sipp({ scenario, server: sip, user: 'bob', args, ...calls })
      return caller.result()
    }
    const first = await register('auth-register', 'secret')
    expect(first, first.errors + sip.log).toMatchObject(ALL)
    expect(sip.log.match(/welcome Bob B\./g)).toHaveLength(CALLS)
    expect(await register('auth-refused', 'guessed')).toMatchObject(ALL)

    await own.halt()
    await expect(register('auth-refused', 'secret')).resolves.toMatchObject(ALL)
    expect(sip.log).toMatch(/auth_db: failed to query database: connect ECONNREFUSED/)
    await sip.logged(/database ldap:\/company is away/)

    await own.run()
    await sip.logged(/database ldap:\/company is back/)
    expect(await register('auth-register', 'secret')).toMatchObject(ALL)
    expect(sip.child.code).toBeNull()
    expect(await sip.rpc('ohana.db.status')).toMatch(/url: ldap:\/company/)
  })

  test('are not served when the map has no subscribers', async () => {
    const bench = Bench.start(`${load('kex tm sl auth db2_ldap auth_db')}
modparam("db2_ldap", "config", "${map}")
${open('auth_db')}
request_route { auth_check("${REALM}", "people", "1"); exit; }
`)
    await expect(bench).rejects.toThrow(
      'querying version for table people: Cannot find configuration',
    )
  })
})
