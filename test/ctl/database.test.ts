// The commands on the database, on a file of SQLite and without a node.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeAll, describe, expect, test } from 'vitest'
import { type CtlOptions, type CtlResult, folderForTest, kamctl } from '../kit/ctl.ts'
import { FakeFleet, FakeNode } from '../kit/fake-node.ts'

/** All tables, empty; made once and copied. */
let template: Uint8Array

beforeAll(() => {
  const db = new DatabaseSync(':memory:')
  for (const module of 'standard usrloc auth_db group alias_db domain permissions acc'.split(' '))
    db.exec(readFileSync(`templates/db/sqlite/${module}-create.sql`, 'utf8'))
  for (const module of 'dispatcher dialplan carrierroute avpops'.split(' '))
    db.exec(readFileSync(`templates/db/sqlite/${module}-create.sql`, 'utf8'))
  const file = join(mkdtempSync(join(tmpdir(), 'ohana-ctl-')), 'template')
  db.exec(`VACUUM INTO '${file}'`)
  db.close()
  template = readFileSync(file)
  rmSync(dirname(file), { recursive: true })
})

class Place {
  readonly path = join(folderForTest(), 'kamailio.sqlite')
  readonly rc = `${this.path}.rc`
  readonly fleet = new FakeFleet(new FakeNode('n1'))

  constructor(settings: readonly string[] = []) {
    writeFileSync(this.path, template)
    const lines = [
      'DBENGINE=SQLITE',
      `DB_PATH="${this.path}"`,
      'SIP_DOMAIN=example.org',
      ...settings,
    ]
    writeFileSync(this.rc, `${lines.join('\n')}\n`)
  }

  kamctl(words: readonly string[], options: CtlOptions = {}): Promise<CtlResult> {
    return kamctl(this.fleet, words, { ...options, env: { KAMCTLRC: this.rc, ...options.env } })
  }

  rows(sql: string): Record<string, unknown>[] {
    const db = new DatabaseSync(this.path)
    const rows = db.prepare(sql).all()
    db.close()
    return rows.map(row => ({ ...row }))
  }
}

describe('subscribers', () => {
  test('one is added, shown, changed and removed with all that is his', async () => {
    const place = new Place()
    const added = await place.kamctl(['add', 'alice', 'sécret'])
    expect([added.code, added.out, added.err]).toEqual([0, "new user 'alice' added\n", ''])
    const [row] = place.rows('SELECT username, domain, password, length(ha1) n FROM subscriber')
    expect(row).toEqual({ username: 'alice', domain: 'example.org', password: 'sécret', n: 32 })
    const again = await place.kamctl(['add', 'alice@example.org', 'x'])
    expect([again.code, again.err]).toEqual([
      1,
      "kamctl: user 'alice@example.org' already exists\n",
    ])
    await place.kamctl(['acl', 'grant', 'alice', 'ld'])
    await place.kamctl(['alias_db', 'add', '100@example.org', 'alice@example.org'])
    expect((await place.kamctl(['rm', 'alice'])).code).toBe(0)
    for (const table of ['subscriber', 'grp', 'dbaliases'])
      expect(place.rows(`SELECT * FROM ${table}`)).toEqual([])
    // His contacts, in whichever form the node keeps them.
    const removed = place.fleet.nodes[0]!.asked.filter(([method]) => method === 'ul.rm')
    expect(removed.map(([, table, aor]) => [table, aor])).toEqual([
      ['location', 'alice@example.org'],
      ['location', 'alice'],
    ])
  })

  test('what is on file: a block for people, an object for machines', async () => {
    const place = new Place(['STORE_PLAINTEXT_PW=0'])
    await place.kamctl(['add', 'bob@example.com', 'secret'])
    const shown = await place.kamctl(['show', 'bob@example.com'])
    expect(shown.out.split('\n').slice(0, 5)).toEqual([
      '*************************** 1. row ***************************',
      '      id: 1',
      'username: bob',
      '  domain: example.com',
      'password:',
    ])
    const machine = await place.kamctl(['show', 'bob@example.com', '--json'])
    const { items } = JSON.parse(machine.out) as { items: Record<string, unknown>[] }
    // echo -n bob:example.com:secret | md5sum
    expect(items[0]!.ha1).toBe('2664cba6663a734ef3a6fefc0c0d0821')
    const nobody = await place.kamctl(['show', 'carol'])
    expect([nobody.code, nobody.err]).toEqual([1, "non-existent user 'carol'\n"])
  })

  test('a password that is not on the command line is asked for', async () => {
    const place = new Place()
    const asked = await place.kamctl(['add', 'alice'], { answer: 'typed' })
    expect([asked.code, asked.questions]).toEqual([0, ['Password of alice: ']])
    expect(place.rows('SELECT password FROM subscriber')).toEqual([{ password: 'typed' }])
    const nobody = await place.kamctl(['passwd', 'alice'])
    expect(nobody.code).toBe(2)
    expect(nobody.err).toMatch(/which password\? usage: kamctl passwd \S+ PASSWORD\n$/)
  })

  test('columns are set, and only columns', async () => {
    const place = new Place()
    await place.kamctl(['add', 'alice', 'x'])
    expect((await place.kamctl(['sets', 'alice', 'password', 'y'])).code).toBe(0)
    expect(place.rows('SELECT password FROM subscriber')).toEqual([{ password: 'y' }])
    const wrong = await place.kamctl(['sets', 'alice', "password='z' --", 'y'])
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('is no column of a table')])
    expect((await place.kamctl(['setn', 'alice', 'id', 'many'])).code).toBe(2)
    expect((await place.kamctl(['sets', 'alice', 'nowhere', 'y'])).code).toBe(7)
  })

  test('without a domain and SIP_DOMAIN nobody is meant', async () => {
    const place = new Place(['SIP_DOMAIN='])
    const { code, err } = await place.kamctl(['add', 'alice', 'x'])
    expect([code, err]).toEqual([2, expect.stringContaining('domain unknown: use usernames with')])
  })

  test('ALIASES_TYPE: who is an alias already is refused', async () => {
    const place = new Place(['ALIASES_TYPE=DB'])
    await place.kamctl(['alias_db', 'add', 'bob@example.org', 'alice@example.org'])
    const { code, err } = await place.kamctl(['add', 'bob', 'x'])
    expect([code, err]).toEqual([1, "kamctl: user 'bob' already exists as alias\n"])
  })
})

describe('groups', () => {
  test('only known ones, for known users', async () => {
    const place = new Place()
    const stranger = await place.kamctl(['acl', 'grant', 'eve', 'ld'])
    expect(stranger.code).toBe(8)
    expect(stranger.err).toContain("Non-existent user 'eve'. Still proceeding? [Y|N]")
    const asked = await place.kamctl(['acl', 'grant', 'eve', 'ld', 'moon'], { answer: 'y' })
    expect(asked.questions).toEqual(["Non-existent user 'eve'. Still proceeding? [Y|N] "])
    expect(asked.err).toContain("Invalid privilege: acl 'moon' ignored")
    expect(asked.out).toMatch(
      /^id\tusername\tdomain\tgrp\tlast_modified\n1\teve\texample.org\tld\t/,
    )
    expect((await place.kamctl(['acl', 'grant', 'eve', 'moon', '--yes'])).code).toBe(7)
    expect((await place.kamctl(['acl', 'revoke', 'eve', 'ld'])).out).toBe('')
  })
})

describe('tables that nodes have in memory', () => {
  test('a change says how nodes take it in, or has them do it', async () => {
    const place = new Place()
    const added = await place.kamctl(['domain', 'add', 'example.org'])
    expect([added.code, added.out]).toEqual([0, '1 row added (domain)\n'])
    const hint = "execute 'kamctl domain reload' to synchronize cache and database\n"
    expect(added.err).toBe(hint)
    const twice = await place.kamctl(['domain', 'add', 'example.org'])
    expect([twice.code, twice.err]).toEqual([1, 'kamctl: example.org already in domain table\n'])
    await place.kamctl(['address', 'add', '1', '192.0.2.0', '24', '--reload'])
    expect(place.fleet.nodes[0]!.asked).toEqual([['permissions.addressReload']])
    const removed = await place.kamctl(['address', 'rm', '1', '192.0.2.0'])
    expect(removed.out).toBe('1 row removed (address)\n')
    const gone = await place.kamctl(['address', 'rm', '1', '192.0.2.0'])
    expect([gone.code, gone.err]).toEqual([1, 'kamctl: no such row in address table\n'])
  })

  test('a change that nodes do not take in is there, and said to be', async () => {
    const place = new Place()
    place.fleet.nodes[0]!.mood = 'gone'
    const { code, err } = await place.kamctl(['domain', 'add', 'example.org', '--reload'])
    expect(code).toBe(4)
    expect(err).toContain(
      "1 row added (domain), which not every node has read: 'kamctl domain reload' in some seconds",
    )
    expect((await place.kamctl(['domain', 'showdb'])).out).toContain('example.org')
  })

  test('which rows an address matches', async () => {
    const place = new Place()
    for (const words of ['1 192.0.2.0 24', '2 192.0.2.7 32 5060', '3 2001:db8:: 32'])
      await place.kamctl(['address', 'add', ...words.split(' ')])
    const groups = async (...words: string[]): Promise<string[]> => {
      const { out } = await place.kamctl([
        'address',
        'test',
        ...words,
        '-o',
        'csv',
        '--columns',
        'grp',
      ])
      return out.trim().split('\n').slice(1)
    }
    expect(await groups('192.0.2.7')).toEqual(['1', '2'])
    expect(await groups('192.0.2.7', '2', '5061')).toEqual([])
    expect(await groups('2001:db8::1')).toEqual(['3'])
    expect((await place.kamctl(['address', 'test', '10.0.0.1'])).code).toBe(1)
    expect((await place.kamctl(['address', 'test', 'example.org'])).code).toBe(2)
  })

  test('a word that is no number is refused before the database is', async () => {
    const place = new Place()
    const { code, err } = await place.kamctl(['dispatcher', 'add', 'one', 'sip:192.0.2.1'])
    expect([code, err]).toEqual([2, 'kamctl: set is a whole number, not one\n'])
  })

  test.for([
    ['1 192.0.2.1 33', 'a mask of 33 bits does not go with 192.0.2.1'],
    ['1 2001:db8::1 129', 'a mask of 129 bits does not go with 2001:db8::1'],
    ['0 192.0.2.1', 'groups begin with 1: 0 is none'],
  ])('address add %s, which no node would take in', async ([words = '', why = '']) => {
    const { code, err } = await new Place().kamctl(['address', 'add', ...words.split(' ')])
    expect([code, err]).toEqual([2, `kamctl: ${why}\n`])
  })
})

describe('db', () => {
  test('rows into a pipe are those of MySQL’s client', async () => {
    const place = new Place()
    await place.kamctl(['db', 'exec', "INSERT INTO domain (domain, did) VALUES ('a\tb\\', NULL)"])
    const { out } = await place.kamctl(['db', 'show', 'domain', '--columns', 'domain,did'])
    expect(out).toBe('domain\tdid\na\\tb\\\\\tNULL\n')
    const table = await place.kamctl(['db', 'show', 'version'], { columns: 80 })
    expect(table.out.split('\n')[0]).toMatch(/^ID +TABLE_NAME +TABLE_VERSION$/)
    expect((await place.kamctl(['db', 'show', 'grp'])).out).toBe('')
  })

  test('statements, from the command line and from variables', async () => {
    const place = new Place(['COUNT="SELECT count(*) AS n FROM version"'])
    const counted = await place.kamctl(['db', 'rorun', 'COUNT'])
    expect(counted.out).toMatch(/^n\n\d+\n$/)
    const changed = await place.kamctl(['db', 'exec', 'UPDATE version SET id = id + 1000;'])
    expect(changed.out).toMatch(/^\d+ rows affected\n$/)
    expect((await place.kamctl(['db', 'run', 'NOTHING'])).code).toBe(2)
    const wrong = await place.kamctl(['db', 'exec', 'SELEKT'])
    expect([wrong.code, wrong.err]).toEqual([7, expect.stringContaining('SELEKT')])
  })

  test('the table version', async () => {
    const place = new Place()
    const version = (): unknown =>
      place.rows("SELECT table_version v FROM version WHERE table_name = 'acc'")[0]?.v
    await place.kamctl(['db', 'version', 'update', 'acc', '4'])
    expect(version()).toBe(4)
    await place.kamctl(['db', 'version', 'set', 'acc', '5'])
    expect(version()).toBe(5)
    const twice = await place.kamctl(['db', 'version', 'add', 'acc', '6'])
    expect(twice.code).toBe(6)
  })

  test('guests get no statements and no databases of their own', async () => {
    const place = new Place()
    const env = { KAMCTL_GUEST: '1' }
    expect((await place.kamctl(['db', 'exec', 'SELECT 1'], { env })).code).toBe(5)
    expect((await place.kamctl(['db', 'connect'], { env })).code).toBe(5)
    const other = await place.kamctl(['domain', 'showdb', '--db', `sqlite:///${place.path}`], {
      env,
    })
    expect([other.code, other.err]).toEqual([2, 'kamctl: --db is not for guests\n'])
    expect((await place.kamctl(['domain', 'showdb'], { env })).code).toBe(0)
  })
})

describe('records', () => {
  test('the newest first, chosen, not more than wanted', async () => {
    const place = new Place()
    const insert = "INSERT INTO acc (method, callid, sip_code, time) VALUES ('INVITE', "
    for (const [callid, code, time] of [
      ['one', '200', '2026-01-01 10:00:00'],
      ['two', '486', '2026-01-01 11:00:00'],
      ['three', '200', '2026-01-01 12:00:00'],
    ])
      await place.kamctl(['db', 'exec', `${insert}'${callid}', '${code}', '${time}')`])
    const calls = async (...words: string[]): Promise<string[]> => {
      const { out } = await place.kamctl([
        'acc',
        'show',
        ...words,
        '-o',
        'csv',
        '--columns',
        'callid',
      ])
      return out.trim().split('\n').slice(1)
    }
    expect(await calls()).toEqual(['three', 'two', 'one'])
    expect(await calls('--code', '200')).toEqual(['three', 'one'])
    expect(await calls('-n', '1')).toEqual(['three'])
    const { out } = await place.kamctl(['acc', 'show', '-n', '1', '--json'])
    expect((JSON.parse(out) as { truncated: boolean }).truncated).toBe(true)
    expect((await place.kamctl(['acc', 'initdb'])).out).toBe('ok - acc db init\n')
    expect(place.rows('SELECT src_user FROM missed_calls')).toEqual([])
  })

  test('the columns of the default config are added where they are missing', async () => {
    const place = new Place()
    await place.kamctl(['db', 'exec', 'ALTER TABLE missed_calls ADD COLUMN src_ip VARCHAR(64)'])
    const run = async () => (await place.kamctl(['acc', 'initdb'])).out
    expect(await run()).toBe('ok - acc db init\n')
    expect(await run()).toBe('ok - acc db init: the columns are there already\n')
    for (const table of ['acc', 'missed_calls']) {
      const names = place.rows(`SELECT name FROM pragma_table_info('${table}')`)
      for (const name of ['src_user', 'src_domain', 'src_ip', 'dst_ouser', 'dst_domain'])
        expect(names).toContainEqual({ name })
    }
  })

  test('contacts that ran out long ago are removed, permanent ones stay', async () => {
    const place = new Place()
    for (const [ruid, expires] of [
      ['old', '2020-01-01 00:00:00'],
      ['permanent', '1970-01-01 00:00:00'],
      ['new', '2099-01-01 00:00:00'],
    ])
      await place.kamctl([
        ...['db', 'exec'],
        `INSERT INTO location (ruid, expires) VALUES ('${ruid}', julianday('${expires}'))`,
      ])
    expect((await place.kamctl(['ul', 'dbclean'])).out).toBe('1 row removed (location)\n')
    const left = place.rows('SELECT ruid FROM location ORDER BY ruid').map(row => row.ruid)
    expect(left).toEqual(['new', 'permanent'])
  })
})

describe('which database', () => {
  test('the node says it when nobody else does', async () => {
    const place = new Place()
    const node = place.fleet.nodes[0]!
    const env = { KAMCTLRC: '/dev/null', HOME: '/nowhere' }
    const counts = { opened: 0, connections: 1, under_way: 0, statements: 1, errors: 0 }
    const state = { available: true, reason: '', deadlines: 0, refused: 0, last_error: '' }
    const database = { url: `sqlite:///${place.path}`, modules: ['usrloc'], ...counts, ...state }
    const other = { ...database, url: 'mysql://kamailioro:***@127.0.0.1:1/x', modules: ['domain'] }
    node.replies.set('ohana.db.status', [database, other])
    // That of its module comes first, with a user who may write.
    const theirs = await place.kamctl(['domain', 'showdb'], { env })
    expect([theirs.code, theirs.err]).toEqual([4, expect.stringContaining('127.0.0.1:1')])
    node.replies.set('ohana.db.status', [database])
    expect((await place.kamctl(['domain', 'showdb'], { env })).code).toBe(0)
    // Nobody looks elsewhere for what is in a directory.
    const directory = { ...database, url: 'ldap:/company', modules: ['domain'] }
    node.replies.set('ohana.db.status', [database, directory])
    const read = await place.kamctl(['domain', 'showdb'], { env })
    expect([read.code, read.err]).toEqual([
      2,
      expect.stringContaining('ldap:/company: a directory is only read; its own tools change it'),
    ])
    node.replies.set('ohana.db.status', [])
    const none = await place.kamctl(['domain', 'showdb'], { env })
    expect([none.code, none.err]).toEqual([2, expect.stringContaining('the node uses no database')])
    node.mood = 'silent'
    const silent = await place.kamctl(['domain', 'showdb', '-t', '50ms'], { env })
    expect(silent.err).toContain('no node answers that could name it: name it with --db')
  })

  test.each([
    ['ORACLE', 'use MYSQL, PGSQL or SQLITE'],
    ['LDAP', 'a directory is only read; its own tools change it: ldapsearch, '],
  ])('the engine %s, which is not there, names what is', async (engine, told) => {
    const place = new Place([`DBENGINE=${engine}`])
    const { code, err } = await place.kamctl(['domain', 'showdb'])
    expect([code, err]).toEqual([2, expect.stringContaining(told)])
  })

  test('a directory is refused, without its password', async () => {
    const place = new Place()
    const words = ['--db', 'ldap://cn=a,dc=x:geheim@h', 'show', 'alice']
    const { code, err } = await place.kamctl(words)
    expect([code, err]).toEqual([2, expect.stringContaining('ldap://h: a directory is only read')])
    expect(err).not.toContain('geheim')
  })

  test('a server that is not there: 4', async () => {
    const place = new Place()
    const url = 'mysql://ksr:x@127.0.0.1:1/kamailio'
    const { code, err } = await place.kamctl(['domain', 'showdb', '--db', url])
    expect([code, err]).toEqual([4, expect.stringContaining('ECONNREFUSED')])
  })
})
