// kamdbctl as a program, on the databases of Debian: what it makes is what Debian's own makes, and
// Kamailio and our node start on either.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Facts,
  mysqlFacts,
  postgresFacts,
  sqliteFacts,
  theirPart,
} from '../compat/schema/databases.ts'
import { scripts } from '../compat/schema/scripts.ts'
import {
  type Settings,
  folderForTest,
  kamctl,
  kamdbctl,
  mariadbSettings,
  postgresSettings,
  sqliteSettings,
} from '../kit/database-tools.ts'
import { MariadbServer } from '../kit/mariadb.ts'
import { PostgresServer } from '../kit/postgres.ts'
import { serverForTest } from '../kit/server.ts'

/** Of Debian's scripts, without the table that is in no group which kamdbctl makes. */
function expected(engine: string): Facts {
  const text = readFileSync(`test/compat/schema/${engine}.json`, 'utf8')
  const { matrix: _, ...facts } = JSON.parse(text) as Facts
  return facts
}

const sqliteExpected = (): Facts => {
  const facts = expected('sqlite')
  facts.rtpproxy = facts.rtpproxy!.map(line => line.replace(/ 00 /, ' 0 '))
  return facts
}

/** What it complained of; the processes of userblocklist may meet each other at the start. */
const complaints = (log: string): string[] =>
  log.split('\n').filter(line => /ERROR|CRITICAL/.test(line) && !/userblocklist.*global/.test(line))

/** The real Kamailio with all modules that check their tables. */
const startOriginal = (driver: string, url: string) =>
  serverForTest({
    original: true,
    config: 'test/peers/database/all-tables.cfg',
    defines: [`WITH_${driver}`, `URL="${url}"`],
    transports: ['udp'],
  })

const OURS = `
loadmodule "DRIVER.so"
loadmodule "pv.so"
loadmodule "sl.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
modparam("usrloc", "db_url", "URL")
modparam("usrloc", "db_mode", 1)
request_route { sl_send_reply("200", "OK"); }
`

const startOurs = (driver: string, url: string) =>
  serverForTest({
    config: OURS.replace('DRIVER', driver).replace('URL', url),
    transports: ['udp'],
  })

async function succeeds(
  settings: Settings,
  words: readonly string[],
  original = false,
): Promise<string> {
  const { code, output } = await kamdbctl(settings, words, { original })
  expect(output).not.toContain('ERROR')
  expect(code).toBe(0)
  return output
}

/** What one that was copied, backed up and restored must still have. */
async function fill(settings: Settings): Promise<void> {
  const more = { ...settings, SIP_DOMAIN: 'example.org' }
  const added = await kamctl(more, ['add', 'alice', `it's "q" \\ é`])
  expect(added.output).toBe("new user 'alice' added\n")
  expect((await kamctl(more, ['avp', 'add', 'alice@example.org', 'lang', '0', 'de'])).code).toBe(0)
}

const passwordIn = async (settings: Settings): Promise<string> => {
  const more = { ...settings, SIP_DOMAIN: 'example.org' }
  const { output } = await kamctl(more, ['show', 'alice', '--json'])
  return (JSON.parse(output) as { items: { password: string }[] }).items[0]!.password
}

/** What Debian's writes ours reads, and the other way round. */
async function exchangeBackups(settings: Settings): Promise<void> {
  const folder = folderForTest()
  const [theirs, ours] = [join(folder, 'theirs.sql'), join(folder, 'ours.sql')]
  await succeeds(settings, ['backup', theirs], true)
  await kamctl(settings, ['rm', 'alice@example.org'])
  await succeeds(settings, ['restore', theirs])
  expect(await passwordIn(settings)).toBe(`it's "q" \\ é`)
  await succeeds(settings, ['backup', ours])
  await kamctl(settings, ['rm', 'alice@example.org'])
  await succeeds(settings, ['restore', ours], true)
  expect(await passwordIn(settings)).toBe(`it's "q" \\ é`)
}

async function changeAndRestore(settings: Settings): Promise<void> {
  const backup = join(folderForTest(), 'backup.sql')
  await fill(settings)
  await succeeds(settings, ['backup', backup])
  await kamctl(settings, ['rm', 'alice@example.org'])
  await succeeds(settings, ['restore', backup])
  expect(await passwordIn(settings)).toBe(`it's "q" \\ é`)
  // The key of a new row is none of those that were restored.
  expect((await kamctl(settings, ['add', 'bob@example.org', 'x'])).code).toBe(0)
}

describe('SQLite', () => {
  test('create, a second create, drop', async () => {
    const path = join(folderForTest(), 'kamailio.sqlite')
    const settings = sqliteSettings(path)
    expect(await succeeds(settings, ['create'])).toBe(
      [
        `** INFO: creating database ${path} ...`,
        '** INFO: Core Kamailio tables successfully created.',
        `** INFO: creating presence tables into ${path} ...`,
        '** INFO: Presence tables successfully created.',
        `** INFO: creating extra tables into ${path} ...`,
        '** INFO: Extra tables successfully created.',
        `** INFO: creating uid tables into ${path} ...`,
        '** INFO: UID tables successfully created.',
        '',
      ].join('\n'),
    )
    expect(theirPart(sqliteFacts(path))).toEqual(sqliteExpected())
    const again = await kamdbctl(settings, ['create'])
    expect(again.code).toBe(1)
    expect(again.output).toContain('** ERROR: Creating core tables failed at standard!')
    const nowhere = await kamdbctl(settings, ['backup', join(path, 'below-a-file')])
    expect([nowhere.code, nowhere.output]).toEqual([1, expect.stringContaining('ENOTDIR')])
    expect((await kamdbctl(settings, ['drop'], { input: 'n\n' })).code).toBe(8)
    expect((await kamdbctl(settings, ['drop'], { input: 'y\n' })).code).toBe(0)
    expect(existsSync(path)).toBe(false)
  })

  test('backup, restore, copy, migrate', async () => {
    const path = join(folderForTest(), 'kamailio.sqlite')
    const settings = sqliteSettings(path)
    await succeeds(settings, ['create'])
    await changeAndRestore(settings)
    await exchangeBackups(settings)
    const copy = `${path}.copy`
    await succeeds(settings, ['copy', copy])
    expect(await passwordIn(sqliteSettings(copy))).toBe(`it's "q" \\ é`)
    // What an older Kamailio left behind.
    for (const sql of [
      'DROP INDEX acc_callid_idx',
      'ALTER TABLE acc DROP COLUMN sip_reason',
      "UPDATE version SET table_version = 4 WHERE table_name = 'acc'",
    ])
      expect((await kamctl(settings, ['db', 'exec', sql])).code).toBe(0)
    const shown = await succeeds(settings, ['migrate', '--dry-run'])
    expect(await succeeds(settings, ['migrate'])).toBe(shown)
    expect(shown).toContain('ADD COLUMN "sip_reason" VARCHAR(128) DEFAULT \'\' NOT NULL;')
    expect(shown).toContain("UPDATE version SET table_version = 5 WHERE table_name = 'acc';")
    expect(sqliteFacts(path).acc!.toSorted()).toEqual(sqliteExpected().acc!.toSorted())
    expect(await succeeds(settings, ['migrate'])).toBe('** INFO: all tables are up to date\n')
  })

  test('answers through a pipe, as for the original', async () => {
    const path = join(folderForTest(), 'kamailio.sqlite')
    const settings = { DBENGINE: 'SQLITE', DB_PATH: path }
    const made = await kamdbctl(settings, ['create'], { input: 'y\nn\n' })
    expect(made.code).toBe(0)
    const tables = Object.keys(sqliteFacts(path))
    expect(tables).toContain('presentity')
    expect(tables).not.toContain('htable')
    await succeeds(settings, ['extra'])
    expect(Object.keys(sqliteFacts(path))).toContain('htable')
  })

  test('Kamailio starts on ours', async () => {
    const path = join(folderForTest(), 'kamailio.sqlite')
    await succeeds(sqliteSettings(path), ['create'])
    const { log } = await startOriginal('SQLITE', `sqlite:///${path}`)
    expect(complaints(log)).toEqual([])
  })

  test('ours starts on that of Debian, and finds its users there', async () => {
    const path = join(folderForTest(), 'kamailio.sqlite')
    const settings = sqliteSettings(path)
    await succeeds(settings, ['create'], true)
    await startOurs('db_sqlite', `sqlite:///${path}`)
    await fill(settings)
    await succeeds(settings, ['migrate'])
    expect(await passwordIn(settings)).toBe(`it's "q" \\ é`)
  })
})

describe('MariaDB', () => {
  let server: MariadbServer
  beforeAll(async () => {
    server = await MariadbServer.start()
  })
  afterAll(() => server.stop())

  test('create, users, drop', async () => {
    const settings = mariadbSettings(server, 'made')
    const output = await succeeds(settings, ['create'])
    expect(output.split('\n')[0]).toBe('** INFO: creating database made ...')
    expect(theirPart(await mysqlFacts(server, 'made'))).toEqual(expected('mysql'))
    const grants = async (user: string): Promise<string> =>
      (await server.sql(`SHOW GRANTS FOR ${user}@'127.0.0.1'`)).split('\n')[1]!
    expect(await grants('ksr')).toContain('ALL PRIVILEGES ON `made`.*')
    expect(await grants('ksro')).toContain('GRANT SELECT ON `made`.*')
    await succeeds(settings, ['revoke'])
    expect(await server.sql("SHOW GRANTS FOR ksr@'127.0.0.1'")).not.toContain('made')
    const dropped = await kamdbctl(settings, ['drop'], { input: 'y\n' })
    expect(dropped).toEqual({ code: 0, output: '** INFO: Database made deleted\n' })
  })

  test('backup, restore, copy', async () => {
    const settings = mariadbSettings(server, 'kept')
    await succeeds(settings, ['create'])
    await changeAndRestore(settings)
    await kamctl(settings, ['rm', 'bob@example.org'])
    await exchangeBackups(settings)
    await succeeds(settings, ['copy', 'kept_copy'])
    await succeeds({ ...settings, DBNAME: 'kept_copy' }, ['grant'])
    expect(await passwordIn({ ...settings, DBNAME: 'kept_copy' })).toBe(`it's "q" \\ é`)
    expect(theirPart(await mysqlFacts(server, 'kept_copy'))).toEqual(expected('mysql'))
  })

  test('Kamailio starts on ours, ours on that of Debian', async () => {
    await succeeds(mariadbSettings(server, 'ours'), ['create'])
    const { port } = server
    const { log } = await startOriginal('MYSQL', `mysql://ksr:ksr-secret@127.0.0.1:${port}/ours`)
    expect(complaints(log)).toEqual([])
    // Debian's stops at users who are there already.
    const users = { DBRWUSER: 'deb', DBRWPW: 'deb-secret', DBROUSER: 'debro' }
    await succeeds({ ...mariadbSettings(server, 'theirs'), ...users }, ['create'], true)
    expect(await mysqlFacts(server, 'theirs')).toEqual(expected('mysql'))
    await startOurs('db_mysql', `mysql://deb:deb-secret@127.0.0.1:${port}/theirs`)
  })
})

describe('PostgreSQL', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await PostgresServer.start()
  })
  afterAll(() => server.stop())

  test('create, users, backup, restore, copy, drop', async () => {
    const settings = postgresSettings(server, 'made')
    await succeeds(settings, ['create'])
    expect(theirPart(await postgresFacts(server, 'made'))).toEqual(expected('postgres'))
    // The node's user, who may make no tables there, keeps the numbers of its spools.
    const number = "INSERT INTO ohana_spool (spool, done) VALUES ('a', 9007199254740993)"
    expect((await kamctl(settings, ['db', 'exec', number])).code).toBe(0)
    await changeAndRestore(settings)
    await exchangeBackups(settings)
    await succeeds(settings, ['copy', 'made_copy'])
    expect(await passwordIn({ ...settings, DBNAME: 'made_copy' })).toBe(`it's "q" \\ é`)
    expect(theirPart(await postgresFacts(server, 'made_copy'))).toEqual(expected('postgres'))
    const reader = { ...settings, DBRWUSER: 'ksro', DBRWPW: 'ksro-secret' }
    expect((await kamctl(reader, ['add', 'carol@example.org', 'x'])).code).toBe(7)
    await succeeds({ ...settings, DBNAME: 'made_copy' }, ['drop', '--yes'])
  })

  test('Kamailio starts on ours, ours on the tables of Debian', async () => {
    await succeeds(postgresSettings(server, 'ours'), ['create'])
    const url = (name: string): string =>
      `postgres://ksr:ksr-secret@127.0.0.1:${server.port}/${name}`
    const { log } = await startOriginal('POSTGRES', url('ours'))
    expect(complaints(log)).toEqual([])
    await server.makeDatabase('theirs')
    await server.sql(scripts('/usr/share/kamailio/postgres'), 'theirs')
    await server.sql('GRANT ALL ON ALL TABLES IN SCHEMA public TO ksr', 'theirs')
    await startOurs('db_postgres', url('theirs'))
  })
})

describe('db_text', () => {
  test('create and drop', async () => {
    const path = join(folderForTest(), 'dbtext')
    const settings = { DBENGINE: 'DBTEXT', DB_PATH: path, INSTALL_EXTRA_TABLES: 'yes' }
    await succeeds(settings, ['create'])
    expect(readFileSync(join(path, 'domain'), 'latin1')).toMatch(/^id\(int,auto\) domain\(string\)/)
    expect(readdirSync(path)).toContain('htable')
    writeFileSync(join(path, 'notes'), 'not a table\n')
    mkdirSync(join(path, 'folder'))
    await succeeds(settings, ['drop', '-y'])
    expect(readdirSync(path)).toEqual(['folder', 'notes'])
    const refused = await kamdbctl(settings, ['backup', 'x'])
    expect(refused).toEqual({ code: 1, output: "** ERROR: dbtext don't support this operation\n" })
  })
})

test.for([
  ['', 'database engine not specified'],
  ['ORACLE', 'use MYSQL, PGSQL or SQLITE'],
  ['DB_BERKELEY', 'use SQLITE'],
  ['SQLITE', 'DB_PATH is not set'],
])('DBENGINE=%s alone is refused with what to do', async ([engine = '', text = '']) => {
  const { code, output } = await kamdbctl({ DBENGINE: engine }, ['create'])
  expect(code).toBe(2)
  expect(output).toContain(text)
})
