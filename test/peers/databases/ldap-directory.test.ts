// Directories as companies have them: names whose case does not matter, attributes with several
// values, entries without one, limits of the server, encryption, a server that goes away.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Database, DbError, DbRow, DbSelect, DbTerm } from '../../../server/core/db/api.ts'
import { CASES, PEOPLE, SCHEMA, SECTION, shownRow } from '../../compat/db2_ldap/directory.ts'
import { Bench } from '../../kit/bench.ts'
import { recorded } from '../../kit/case-answers.ts'
import { Authority } from '../../kit/certificates.ts'
import { LdapServer } from '../../kit/slapd.ts'

const folder = mkdtempSync(join(tmpdir(), 'ohana-directory-'))
const authority = new Authority()
const pair = authority.sign('server', '/CN=127.0.0.1', 'IP:127.0.0.1,DNS:localhost')
afterAll(() => {
  rmSync(folder, { recursive: true })
  authority.remove()
})

/** Of a busy machine. */
const PATIENCE = { timeout: 10_000, interval: 20 }

const personOf = (name: string): string =>
  `dn: cn=${name},ou=many,dc=x\nobjectClass: person\ncn: ${name}\nsn: m\n`

const ENTRIES = `${PEOPLE}
dn: ou=many,dc=x
objectClass: organizationalUnit
ou: many

${Array.from({ length: 600 }, (_, at) => personOf(`m${at}`)).join('\n')}`

const MAP = `${SECTION}
[table:odd]
base = "ou=people,dc=x"
scope = sub
filter = (cn=odd)
field_map = number : (Integer) description

[table:ruly]
base = "ou=people,dc=x"
scope = sub
client_side_filtering = word
field_map = name : cn
field_map = word : unruly

[table:nowhere]
base = "ou=nowhere,dc=x"
field_map = name : cn

[table:many]
base = "ou=many,dc=x"
scope = onelevel
field_map = name : cn

[table:few]
base = "ou=many,dc=x"
scope = onelevel
sizelimit = 599
field_map = name : cn

[table:all]
base = "ou=many,dc=x"
scope = onelevel
sizelimit = 600
field_map = name : cn

[table:subscriber]
base = "ou=people,dc=x"
field_map = username : uid

[table:usr_preferences]
base = "ou=no,dc=x"

[table:mine]
base = "ou=people,dc=x"
version = 12

[table:whose]
base = "ou=people,dc=x"
`

let server: LdapServer
let db: Database
let bench: Bench

interface Reader {
  readonly bench: Bench
  readonly db: Database
}

async function reader(url: string, connections = '', more = ''): Promise<Reader> {
  const path = join(mkdtempSync(join(folder, 'map-')), 'ldap.cfg')
  writeFileSync(path, connections + MAP)
  const made = await Bench.start(
    `db_retry_interval=50\n${more}loadmodule "db2_ldap.so"\n` +
      `modparam("db2_ldap", "config", "${path}")\nrequest_route { exit; }\n`,
  )
  return { bench: made, db: made.core.databases.open(url, 'test') }
}

const withAccount = (url: string, password = LdapServer.password): string =>
  url.replace('//', `//${LdapServer.admin}:${password}@`)

beforeAll(async () => {
  server = await LdapServer.start(ENTRIES, { schema: SCHEMA, pair })
  ;({ db, bench } = await reader(withAccount(server.url)))
})
afterAll(async () => {
  await bench.core.databases.close()
  await server.stop()
})

const where = (column: string, value: DbTerm['value'], op: DbTerm['op'] = '='): DbTerm => ({
  column,
  type: typeof value === 'string' ? 'string' : 'int',
  value,
  op,
})

async function rows(select: Partial<DbSelect>): Promise<readonly DbRow[]> {
  return (await db.query({ table: 'people', columns: ['name'], where: [], ...select })).rows
}

const utf8 = (text: string): string => Buffer.from(text).toString('latin1')

describe('as Kamailio 5.6.3 answers', () => {
  const { facts } = recorded<{ facts: [query: string, rows: string[]][] }>('db2_ldap')

  test('was asked about all cases', () => expect(facts.length).toBe(CASES.length))

  test.each(facts.map(([query, found], at) => [query, CASES[at]!, found] as const))(
    '%s',
    async (_query, { columns, where: comparisons }, found) => {
      const terms = comparisons.map(({ column, op, value }) => where(column, value, op))
      expect((await rows({ columns, where: terms })).map(shownRow)).toEqual(found)
    },
  )
})

describe('a directory', () => {
  test.each<[what: string, select: Partial<DbSelect>, found: DbRow[]]>([
    ['has other ones, too', { where: [where('floor', 5, '!=')] }, [['bob (b)*\\']]],
    [
      'also of several values',
      { columns: ['sn'], where: [where('sn', 'SMITH')] },
      [['Smith'], ['Smith']],
    ],
    ['has texts beyond ASCII', { columns: ['floor'], where: [where('sn', utf8('Müller'))] }, [[7]]],
    ['has no injected rows', { where: [where('name', '*')] }, []],
    ['has no injected filters', { where: [where('name', 'x)(cn=*')] }, []],
    ['has nothing for what is no UTF-8', { where: [where('name', 'caf\xe9')] }, []],
    ['has nothing for a zero', { where: [where('name', 'Al\0')] }, []],
    ['has nothing for a text without an end', { where: [where('name', 'x'.repeat(60_000))] }, []],
    [
      'knows when an entry was changed',
      {
        columns: ['modifyTimestamp'],
        where: [where('name', 'Al'), where('modifyTimestamp', null)],
      },
      [],
    ],
    ['has switches that are off', { where: [where('active', 0)] }, [['bob (b)*\\']]],
    ['has bits', { where: [where('flags', 4, '&')] }, [['Al']]],
    ['has bits that are equal', { where: [where('flags', 4)] }, [['Al']]],
    ['has bits that are not', { where: [where('flags', 3, '&')] }, []],
    ['has entries without a value', { where: [where('floor', null)] }, [['odd']]],
    [
      'and with one',
      { where: [where('floor', null, '!=')], order: 'name' },
      [['Al'], ['bob (b)*\\']],
    ],
    [
      'orders by what is not shown',
      { order: 'floor DESC, name' },
      [['bob (b)*\\'], ['Al'], ['odd']],
    ],
    ['adds no rows for what is compared', { where: [where('tel', '1', '>')] }, [['Al']]],
    ['may be asked twice about a column', { where: [where('floor', 5), where('floor', 7)] }, []],
    [
      'shows a column twice',
      { columns: ['floor', 'floor'], where: [where('name', 'al')] },
      [[5, 5]],
    ],
    ['shows the entry of a base', { table: 'subscriber', columns: ['ou'] }, [['people']]],
    ['has nothing for a wrong number', { where: [where('floor', 'many')] }, []],
    [
      'compares nothing that is compared here',
      { table: 'ruly', where: [where('word', 'wild')] },
      [['Al']],
    ],
  ])('%s', async (_what, select, found) => {
    expect(await rows(select)).toEqual(found)
  })

  test('has the types of its map', async () => {
    const { columns } = await db.query({ table: 'people', columns: [], where: [] })
    expect(columns).toEqual([
      { name: 'name', type: 'string' },
      { name: 'tel', type: 'string' },
      { name: 'mails', type: 'string' },
      { name: 'flags', type: 'bitmap' },
      { name: 'since', type: 'datetime' },
      { name: 'active', type: 'int' },
      { name: 'floor', type: 'int' },
    ])
  })

  test.each<[what: string, table: string, told: string]>([
    [
      'a base that is not there',
      'nowhere',
      'table nowhere, base "ou=nowhere,dc=x": No such object (32)',
    ],
    [
      'a value that is not of its type',
      'odd',
      'entry "cn=odd,ou=people,dc=x": description "seven" is no Integer (column number)',
    ],
    ['too many entries', 'few', 'table few: more entries than its sizelimit of 599'],
    [
      'a table that is not mapped',
      'grp',
      "Cannot find configuration for 'grp', giving up: no [table:grp] in ",
    ],
  ])('names %s', async (_what, table, told) => {
    const query = rows({ table, columns: [] })
    await expect(query).rejects.toMatchObject({ name: 'DbError', failure: 'statement' })
    await expect(query).rejects.toThrow(told)
    expect(db.available).toBe(true)
  })

  test('gives as many entries as there are', async () => {
    expect((await rows({ table: 'many' })).length).toBe(600)
    expect((await rows({ table: 'all' })).length).toBe(600)
    const sizes: number[] = []
    for await (const page of db.pages({ table: 'many', columns: ['name'], where: [] }, 550))
      sizes.push(page.rows.length)
    expect(sizes).toEqual([550, 50])
  })
})

describe('the version of a table', () => {
  const check = (table: string, version: number): Promise<void> =>
    bench.core.databases.checkVersion(db, table, version)

  test.each([
    ['of Kamailio', 'subscriber', 7],
    ['that its section says', 'mine', 12],
  ])('%s', async (_what, table, version) => {
    await expect(check(table, version)).resolves.toBeUndefined()
    await expect(check(table, 99)).rejects.toThrow(
      `invalid version ${version} for table ${table} found, expected 99`,
    )
  })

  test.each([
    ['nobody knows', 'whose', 'Kamailio has no table whose: which version it has must say'],
    [
      'of a base that is not there',
      'usr_preferences',
      'table usr_preferences, base "ou=no,dc=x": No ',
    ],
    ['of a table that is not mapped', 'grp', "Cannot find configuration for 'grp', giving up"],
  ])('that %s', async (_what, table, told) => {
    await expect(check(table, 1)).rejects.toThrow(`querying version for table ${table}: ${told}`)
  })
})

describe('a server', () => {
  const asked = async (url: string, connections = ''): Promise<string> => {
    const { bench: own, db: other } = await reader(url, connections)
    onTestFinished(() => own.core.databases.close())
    await other.connect()
    const found = await other.query({
      table: 'people',
      columns: ['name'],
      where: [where('name', 'al')],
    })
    return String(found.rows)
  }
  const section = (more: string): string =>
    `[connection:main]\nhost = 127.0.0.1\nport = ${server.port}\n${more}\n`
  const name = `username = "${LdapServer.admin}"`
  const account = `authtype = simple\n${name}\npassword = ${LdapServer.password}`

  test.each([
    ['asked by nobody', ''],
    ['asked by a name that is not used', `${name}\npassword = wrong`],
    ['asked by a name', account],
    ['over TLS', `${account}\ntls = on\nca_list = ${authority.certificate}`],
    ['over TLS with anybody', `${account}\ntls = yes\nrequire_certificate = never`],
  ])('%s', async (_what, more) => {
    expect(await asked('ldap:/main', section(more))).toBe('Al')
  })

  test('over TLS from the first byte on', async () => {
    const more = `${account}\nport = ${server.securePort}\nca_list = ${authority.certificate}`
    expect(await asked('ldaps:/main', section(more))).toBe('Al')
    const unknown = `ldaps://127.0.0.1:${server.securePort}`
    await expect(asked(unknown)).rejects.toMatchObject({ failure: 'unavailable' })
  })

  test('over TLS whose certificate nobody signed that we know is not asked', async () => {
    await expect(asked('ldap:/main', section(`${account}\ntls = on`))).rejects.toMatchObject({
      failure: 'unavailable',
      message: expect.stringMatching(/certificate/),
    })
  })

  test('that knows another password lets nobody in', async () => {
    await expect(asked(withAccount(server.url, 'guess'))).rejects.toMatchObject({
      failure: 'unavailable',
      message: `bind as "cn=admin,dc=x" at 127.0.0.1:${server.port}: Invalid credentials (49)`,
    })
  })

  test('that limits entries is told of, not cut off', async () => {
    const small = await LdapServer.start(ENTRIES, { schema: SCHEMA, more: ['sizelimit 550'] })
    onTestFinished(() => small.stop())
    const { bench: own, db: other } = await reader(small.url)
    onTestFinished(() => own.core.databases.close())
    await expect(other.query({ table: 'many', columns: [], where: [] })).rejects.toMatchObject({
      failure: 'statement',
      message: 'table many, base "ou=many,dc=x": Size limit exceeded (4)',
    })
  })

  test('that goes away is told of, and found again', async () => {
    const own = await LdapServer.start(ENTRIES, { schema: SCHEMA })
    onTestFinished(() => own.stop())
    const { bench: node, db: other } = await reader(withAccount(own.url), '', 'db_failures=1\n')
    onTestFinished(() => node.core.databases.close())
    const changes: boolean[] = []
    other.onAvailable(available => changes.push(available))
    const ask = () =>
      other.query({ table: 'people', columns: ['name'], where: [where('floor', 7)] })
    expect((await ask()).rows).toEqual([['bob (b)*\\']])
    await own.halt()
    await expect(ask()).rejects.toMatchObject({ failure: 'unavailable' })
    await own.run()
    await expect.poll(() => other.available, PATIENCE).toBe(true)
    expect((await ask()).rows).toEqual([['bob (b)*\\']])
    // Nobody asked meanwhile: the connection is made anew, and the query is none the wiser.
    await own.halt()
    await own.run()
    expect((await ask()).rows).toEqual([['bob (b)*\\']])
    expect(changes).toEqual([false, true])
    const told = node.lines.map(line => line.text).filter(text => text.includes('database ldap:'))
    expect(told.map(text => /is (away|back)/.exec(text)?.[1])).toEqual(['away', 'back'])
    expect(told.join('\n')).not.toContain(LdapServer.password)
  })

  test('that hangs makes a query fail in time, and is found again', async () => {
    const own = await LdapServer.start(ENTRIES, { schema: SCHEMA })
    onTestFinished(() => own.stop())
    const { bench: node, db: other } = await reader(withAccount(own.url), '', 'db_deadline=200\n')
    onTestFinished(() => node.core.databases.close())
    const ask = () =>
      other.query({ table: 'people', columns: ['name'], where: [where('floor', 7)] })
    const outcome = (): Promise<unknown> =>
      ask().then(
        found => found.rows.length,
        (error: DbError) => error.failure,
      )
    const becomes = (expected: unknown) => expect.poll(outcome, PATIENCE).toEqual(expected)
    await becomes(1)
    own.signal('SIGSTOP')
    onTestFinished(() => own.signal('SIGCONT'))
    await becomes(expect.any(String))
    own.signal('SIGCONT')
    await becomes(1)
  })
})
