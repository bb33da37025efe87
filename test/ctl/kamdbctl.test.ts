// What kamctlrc says, how scripts are taken apart, and the command line of kamdbctl.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { contains } from '../../ctl/database/network.ts'
import { engineOf, readWrite, urlOf } from '../../ctl/database/engine.ts'
import { type Settings, assign, readSettings } from '../../ctl/database/rc.ts'
import { restorable } from '../../ctl/kamdbctl/backup.ts'
import { tablesIn } from '../../ctl/kamdbctl/modules.ts'
import { runKamdbctl } from '../../ctl/kamdbctl/run.ts'
import { statementsOf } from '../../ctl/kamdbctl/statements.ts'
import { ROWS, usageText } from '../../ctl/kamdbctl/usage.ts'
import type { Io } from '../../ctl/io.ts'
import { decode, encode } from '../../rpc/database.ts'

function settings(text: string, env: Record<string, string> = {}): Settings {
  const values = new Map<string, string>()
  const get: Settings = name => values.get(name) ?? env[name] ?? ''
  assign(text, get, values)
  return get
}

describe('kamctlrc', () => {
  test('assignments, comments, quotes', () => {
    const get = settings(
      [
        '## the SIP domain',
        '# SIP_DOMAIN=kamailio.org',
        'DBENGINE=MYSQL # the usual one',
        'DBRWPW="a \\"b\\" $c"',
        "DBROPW='as $it is'",
        'export DBHOST=db.example.org',
        'ACL_GROUPS="local',
        '   ld"',
        'DB_PATH=/var/lib/a\\ b',
        '  DBNAME="first"',
        'DBNAME=second',
      ].join('\n'),
      { c: 'C' },
    )
    const names = ['SIP_DOMAIN', 'DBENGINE', 'DBRWPW', 'DBROPW', 'DBHOST', 'ACL_GROUPS']
    expect(names.map(get)).toEqual([
      '',
      'MYSQL',
      'a "b" C',
      'as $it is',
      'db.example.org',
      'local\n   ld',
    ])
    expect([get('DB_PATH'), get('DBNAME')]).toEqual(['/var/lib/a b', 'second'])
  })

  test('the environment counts where the file is silent, and in what the file says', () => {
    const get = settings('DB_PATH="${BASE}/${NAME:-kamailio}.sqlite"', {
      BASE: '/srv',
      DBNAME: 'x',
    })
    expect([get('DB_PATH'), get('DBNAME')]).toEqual(['/srv/kamailio.sqlite', 'x'])
  })

  test.for([
    ['DBENGINE=MYSQL', 'mysql://kamailio:kamailiorw@localhost/kamailio'],
    [
      'DBENGINE=pgsql\nDBHOST=::1\nDBPORT=5433\nDBRWUSER=u\nDBRWPW=p@w\nDBNAME=n',
      'postgres://u:p@w@[::1]:5433/n',
    ],
    ['DBENGINE=SQLITE\nDB_PATH=/var/db/k.sqlite', 'sqlite:////var/db/k.sqlite'],
    ['DBENGINE=SQLITE\nDB_PATH=k.sqlite', 'sqlite:///k.sqlite'],
    ['DBENGINE=DBTEXT\nDB_PATH=/var/db/text', 'text:///var/db/text'],
  ])('%s', ([text = '', url]) => {
    const get = settings(text)
    expect(urlOf(get, engineOf(get('DBENGINE'))!, readWrite(get), '')).toBe(url)
  })
})

describe('scripts', () => {
  test('a semicolon ends a statement only where it is one', () => {
    const script = [
      '-- a comment; with a semicolon',
      "INSERT INTO t VALUES ('a;b', 'it''s', \"c;d\"); /* another; */ SELECT 1 - 2 / 3;",
      'CREATE FUNCTION f() RETURNS text AS $_$SELECT 1; SELECT 2;$_$ LANGUAGE sql;',
      "INSERT INTO t VALUES ('it\\'s; so');",
      ';;',
      'SELECT `x;y`',
    ].join('\n')
    expect(statementsOf(script)).toEqual([
      "INSERT INTO t VALUES ('a;b', 'it''s', \"c;d\")",
      'SELECT 1 - 2 / 3',
      'CREATE FUNCTION f() RETURNS text AS $_$SELECT 1; SELECT 2;$_$ LANGUAGE sql',
      "INSERT INTO t VALUES ('it\\'s; so')",
      'SELECT `x;y`',
    ])
  })

  test('the rows of pg_dump are for everybody', () => {
    const dump = [
      "SET client_encoding = 'UTF8';",
      'COPY public.grp (id, username, grp) FROM stdin;',
      "1\ta\\tb\tit's",
      '2\t\\N\tback\\\\slash',
      '\\.',
      '',
      "SELECT pg_catalog.setval('public.grp_id_seq', 2, true);",
    ].join('\n')
    expect(restorable(dump, 'postgres')).toEqual([
      "INSERT INTO public.grp (id, username, grp) VALUES (E'1',E'a\tb',E'it''s')",
      "INSERT INTO public.grp (id, username, grp) VALUES (E'2',NULL,E'back\\\\slash')",
      "SELECT pg_catalog.setval('public.grp_id_seq', 2, true)",
    ])
  })

  test('what a tool puts around its rows is left out', () => {
    const dump = 'PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nDELETE FROM acc;\nCOMMIT;\n'
    expect(restorable(dump, 'sqlite')).toEqual(['DELETE FROM acc'])
    const locked = 'LOCK TABLES `acc` WRITE;INSERT INTO `acc` VALUES (1);UNLOCK TABLES;'
    expect(restorable(locked, 'mysql')).toEqual([
      'DELETE FROM `acc`',
      'INSERT INTO `acc` VALUES (1)',
    ])
    expect(restorable('CREATE TABLE a (b);', 'sqlite')).toEqual([
      'DROP TABLE IF EXISTS a',
      'CREATE TABLE a (b)',
    ])
    expect(restorable('\\restrict x\nDELETE FROM acc;', 'postgres')).toEqual(['DELETE FROM acc'])
  })

  test('tables, their columns, indexes and versions are read from a script', () => {
    const script = readFileSync('templates/db/mysql/usrloc-create.sql', 'utf8')
    const [location, attributes] = tablesIn(script)
    expect([location!.name, location!.version, location!.columns.size]).toEqual(['location', 9, 23])
    expect(location!.columns.get('q')).toBe('FLOAT(10,2) DEFAULT 1.0 NOT NULL')
    expect(location!.indexes).toHaveLength(4)
    expect([attributes!.name, attributes!.version]).toEqual(['location_attrs', 1])
  })
})

test('large numbers keep all their digits on the way to a database', () => {
  const reply = {
    id: 1,
    outcomes: [{ columns: [], rows: [[2n ** 60n, 7, 'é', null]], affected: 0 }],
  }
  expect(decode(encode(reply))).toEqual(reply)
})

test.for([
  ['192.0.2.0', 24, '192.0.2.255', true],
  ['192.0.2.0', 24, '192.0.3.0', false],
  ['192.0.2.7', 99, '192.0.2.7', true],
  ['2001:db8::', 32, '2001:db8:1::1', true],
  ['2001:db8::', 32, '192.0.2.1', false],
  ['nowhere', 24, '192.0.2.1', false],
] as const)('%s/%d has %s: %s', ([network, bits, address, expected]) => {
  expect(contains(network, bits, address)).toBe(expected)
})

async function kamdbctl(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' }
  const io = {
    env: { KAMCTLRC: '/dev/null' },
    canAsk: false,
    out: (text: string) => void (said.out += text),
    err: (text: string) => void (said.err += text),
  } as unknown as Io
  return { code: await runKamdbctl(io, words), ...said }
}

test('a KAMCTLRC that is not there is no empty one', () => {
  expect(() => readSettings({ KAMCTLRC: '/nowhere/kamctlrc' })).toThrow(/KAMCTLRC: ENOENT/)
  expect(readSettings({ HOME: '/nowhere' })('SIP_DOMAIN')).toBe('')
})

test('the help has every command, and the README too', async () => {
  const { code, out } = await kamdbctl('--help')
  expect([code, out]).toEqual([0, usageText()])
  const readme = readFileSync('ctl/README.md', 'utf8')
  for (const { name } of ROWS) {
    expect(out).toContain(`kamdbctl ${name}`)
    if (name !== 'version') expect(readme).toContain(`\`${name}`)
  }
})

test.for([
  [[], 'usage: kamdbctl create'],
  [['make'], 'usage: kamdbctl create'],
  [['create', '--force'], 'no option --force'],
  [['create', '--set', 'DBENGINE'], '--set takes NAME=VALUE'],
  [['create'], 'DBENGINE=MYSQL, PGSQL, SQLITE or DBTEXT'],
  [['migrate', 'old', 'new'], 'migrate changes the database of kamctlrc'],
  [['drop', 'one', 'two'], 'drop takes one word, not 2: one two'],
  [['backup', '--set', 'DBENGINE=SQLITE', '--set=DB_PATH=/x'], 'which file? exactly one is needed'],
] as const)('kamdbctl %j is refused', async ([words, text]) => {
  const { code, err } = await kamdbctl(...words)
  expect(code).toBe(2)
  expect(err).toContain(text)
})
