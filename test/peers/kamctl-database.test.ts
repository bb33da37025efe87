// kamctl on a database beside Debian's kamctl: what one writes the other shows, in the same bytes
// where they go into a pipe.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import {
  folderForTest,
  kamctl,
  kamdbctl,
  mariadbSettings,
  type Settings,
} from '../kit/database-tools.ts'
import { MariadbServer } from '../kit/mariadb.ts'
import { Phone } from '../kit/phone.ts'
import { serverForTest } from '../kit/server.ts'
import { print } from '../kit/sip-text.ts'

let server: MariadbServer
let settings: Settings

beforeAll(async () => {
  server = await MariadbServer.start()
  settings = { ...mariadbSettings(server, 'kamailio'), SIP_DOMAIN: 'example.org' }
  expect((await kamdbctl(settings, ['create'])).code).toBe(0)
})
afterAll(() => server.stop())

const ours = (...words: string[]) => kamctl(settings, words)
const theirs = (...words: string[]) => kamctl(settings, words, { original: true })

/** Without the lines that Debian's prints over the rows, or among them as advice. */
const rows = (output: string, titles: readonly string[]): string =>
  output
    .split('\n')
    .filter(line => !titles.includes(line) && !line.startsWith('** INFO'))
    .join('\n')

/** Rows made by both, shown by both; `%` stands for who made it, `hashed` for rows that differ. */
const TABLES: {
  what: string
  add: string[]
  remove: (id: string) => string[]
  table: string
  show: string[][]
  titles?: string[]
  hashed?: boolean
}[] = [
  {
    what: 'subscribers',
    hashed: true,
    add: ['add', '%@example.org', `it"s \\ secret`],
    remove: name => ['rm', `${name}@example.org`],
    table: 'subscriber',
    show: [
      ['show', '%@example.org'],
      ['db', 'show', 'subscriber'],
      ['db', 'showg', 'subscriber'],
      ['db', 'smatch', 'subscriber', 'username', '%'],
    ],
  },
  {
    what: 'domains',
    add: ['domain', 'add', '%.example.org'],
    remove: name => ['domain', 'rm', `${name}.example.org`],
    table: 'domain',
    show: [['domain', 'showdb']],
  },
  {
    what: 'addresses',
    add: ['address', 'add', '1', '192.0.2.0', '24', '5060', '%'],
    remove: () => ['address', 'rm', '1', '192.0.2.0'],
    table: 'address',
    show: [
      ['address', 'show'],
      ['db', 'nmatch', 'address', 'port', '5060'],
    ],
  },
  {
    what: 'dispatcher',
    add: ['dispatcher', 'add', '1', 'sip:192.0.2.1:5060', '0', '5', 'weight=50', '%'],
    remove: () => ['dispatcher', 'rm', '1'],
    table: 'dispatcher',
    show: [['dispatcher', 'show']],
    titles: ['dispatcher gateways'],
  },
  {
    what: 'aliases',
    add: ['alias_db', 'add', '%100@example.org', '%@example.org'],
    remove: name => ['alias_db', 'rm', `${name}100@example.org`],
    table: 'dbaliases',
    show: [
      ['alias_db', 'list', '%@example.org'],
      ['alias_db', 'show', '%100@example.org'],
    ],
    titles: ['Dumping aliases for user=<ours@example.org>', ''],
  },
  {
    what: 'short numbers',
    add: ['speeddial', 'add', '%@example.org', '11@example.org', 'sip:bob@example.org', 'Bob'],
    remove: name => ['speeddial', 'rm', `${name}@example.org`, '11@example.org'],
    table: 'speed_dial',
    show: [
      ['speeddial', 'list', 'ours@example.org'],
      ['speeddial', 'show', '11@example.org'],
    ],
    titles: [
      'Dumping speed-dials for user=<ours@example.org>',
      'Details for speeddial <11@example.org>',
      '',
    ],
  },
  {
    what: 'mtree',
    add: ['mtree', 'add', 'mtree', '49', '%'],
    remove: () => ['db', 'exec', 'DELETE FROM mtree'],
    table: 'mtree',
    show: [['mtree', 'showdb', 'mtree']],
  },
]

/** Rows of a table without key and time, as the database has them. */
const content = async (table: string, name: string): Promise<string> => {
  const sql =
    'SELECT GROUP_CONCAT(column_name) FROM information_schema.columns WHERE ' +
    `table_schema='kamailio' AND table_name='${table}' ` +
    "AND column_name NOT IN ('id','last_modified')"
  const columns = (await server.sql(sql)).trim()
  const text = await server.sql(`SELECT ${columns} FROM ${table} ORDER BY 1`, 'kamailio')
  return text.replaceAll(name, '%')
}

// Each has a table of its own.
test.concurrent.for(TABLES)('$what', async ({ add, remove, table, show, titles = [], hashed }) => {
  const written: string[] = []
  for (const [name, tool] of [
    ['theirs', theirs],
    ['ours', ours],
  ] as const) {
    const { code, output } = await tool(...add.map(word => word.replace('%', name)))
    expect(code, output).toBe(0)
    written.push(await content(table, name))
    if (!hashed && name === 'theirs') await ours(...remove(name))
    await server.sql(`ALTER TABLE ${table} AUTO_INCREMENT = 1`, 'kamailio')
  }
  // One row is as the other: both tools show the one that is left. Hashes are over the name.
  if (!hashed) expect(written[0]).toBe(written[1])
  for (const name of hashed ? ['theirs', 'ours'] : ['ours'])
    for (const words of show) {
      const line = words.map(word => word.replace('%', name))
      const [mine, original] = await Promise.all([ours(...line), theirs(...line)])
      expect(mine.code).toBe(0)
      expect(mine.output.replace(/\n$/, '')).toBe(rows(original.output, titles).replace(/\n$/, ''))
    }
})

test('a password is hashed as Debian’s hashes it', async () => {
  const hashes = async (): Promise<string> =>
    server.sql("SELECT ha1, ha1b, password FROM subscriber WHERE username = 'carol'", 'kamailio')
  await ours('add', 'carol', 'first')
  await theirs('passwd', 'carol', 'second')
  const debian = await hashes()
  await ours('passwd', 'carol', 'other')
  expect(await hashes()).not.toBe(debian)
  await ours('passwd', 'carol@example.org', 'second')
  expect(await hashes()).toBe(debian)
  settings = { ...settings, STORE_PLAINTEXT_PW: '0' }
  await ours('passwd', 'carol', 'second')
  expect(await hashes()).toBe(debian.replace('second', ''))
})

test('groups', async () => {
  await ours('add', 'dave', 'x')
  const granted = await ours('acl', 'grant', 'dave', 'ld', 'int')
  expect(granted.output).toBe((await theirs('acl', 'show', 'dave')).output)
  await theirs('acl', 'revoke', 'dave', 'ld')
  const left = await ours('acl', 'show', 'dave')
  expect(left.output.split('\n')[1]).toMatch(/^2\tdave\texample\.org\tint\t/)
  expect((await ours('rm', 'dave')).code).toBe(0)
  expect(await server.sql('SELECT * FROM grp', 'kamailio')).toBe('')
})

test('attributes and rules', async () => {
  await ours('avp', 'add', 'dave@example.org', 'lang', '0', 'de en')
  await theirs('avp', 'add', 'dave@example.org', 'rank', '1', '7')
  const options = ['avp', 'list', '-u', 'dave@example.org', '-t', '0']
  expect((await ours(...options)).output).toContain('lang\t0\tde en')
  expect((await theirs(...options)).output).toContain('lang\t0\tde en')
  await ours('avp', 'rm', '-a', 'rank')
  expect((await theirs('avp', 'list')).output).not.toContain('rank')
  const rule = ['dialplan', 'addrule', '1', '10', 'regexp', '^00', '0', '^00(.*)$', '+\\1']
  await ours(...rule)
  const mine = await ours('dialplan', 'show', '1')
  expect(mine.output).toContain('\n1\t1\t10\t1\t^00\t0\t^00(.*)$\t+\\\\1\t\n')
})

const NODE = `
loadmodule "db_sqlite.so"
loadmodule "pv.so"
loadmodule "sl.so"
loadmodule "domain.so"
loadmodule "permissions.so"
modparam("domain|permissions", "db_url", "URL")
modparam("domain", "register_myself", 1)
modparam("permissions", "db_mode", 1)
request_route {
  if (uri == myself && allow_source_address("1")) sl_send_reply("200", "Known");
  else sl_send_reply("403", "Unknown");
}
`

test('a node that runs: its database, and its tables after a change', async () => {
  const path = join(folderForTest(), 'kamailio.sqlite')
  const made = await kamdbctl({ DBENGINE: 'SQLITE', DB_PATH: path }, ['create'])
  expect(made.code).toBe(0)
  const config = NODE.replace('URL', `sqlite:///${path}`)
  const node = await serverForTest({ config, transports: ['udp'] })
  const env = { OHANA_NODE: `unix:${join(node.folder, 'ohana_rpc.sock')}` }
  const tell = (...words: string[]) => kamctl({}, words, { env })
  const phone = await Phone.open('udp')
  onTestFinished(() => phone.close())
  const answer = async (): Promise<string> => {
    await phone.send(options(phone), node.host, node.port)
    return (await phone.expect(/^SIP\/2\.0 /)).message.first
  }
  expect(await answer()).toBe('SIP/2.0 403 Unknown')
  // Nobody named the database: the node did.
  expect((await tell('domain', 'add', 'example.org', '--reload')).code).toBe(0)
  expect((await tell('address', 'add', '1', '127.0.0.0', '8')).code).toBe(0)
  expect(await answer()).toBe('SIP/2.0 403 Unknown')
  expect((await tell('address', 'reload')).output).toBe('Reload OK\n')
  expect(await answer()).toBe('SIP/2.0 200 Known')
  expect((await tell('domain', 'show')).output).toContain('example.org')
  expect((await tell('address', 'dump')).output).toContain('127.0.0.0')
})

let count = 0
const options = (phone: Phone): string =>
  print('OPTIONS sip:example.org SIP/2.0', [
    ['Via', `SIP/2.0/UDP ${phone.address};branch=z9hG4bKt${++count}`],
    ['Max-Forwards', '70'],
    ['From', '<sip:a@example.org>;tag=1'],
    ['To', '<sip:example.org>'],
    ['Call-ID', `kamctl-database-${count}`],
    ['CSeq', '1 OPTIONS'],
  ])

test('columns for accounting are added where Debian has not added them', async () => {
  const columns = () =>
    server.sql(
      'SELECT table_name, column_name, column_type, is_nullable, column_default ' +
        "FROM information_schema.columns WHERE table_schema='kamailio' " +
        "AND table_name IN ('acc', 'missed_calls') ORDER BY 1, 2",
    )
  expect(await theirs('acc', 'initdb')).toMatchObject({ code: 0 })
  const made = await columns()
  expect(await ours('acc', 'initdb')).toEqual({
    code: 0,
    output: 'ok - acc db init: the columns are there already\n',
  })
  await server.sql('ALTER TABLE acc DROP COLUMN src_ip, DROP COLUMN dst_user', 'kamailio')
  expect(await ours('acc', 'initdb')).toEqual({ code: 0, output: 'ok - acc db init\n' })
  expect(await columns()).toBe(made)
})
