import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createTable, redisSchema, textHeader } from '../../../../server/core/db/schema.ts'
import { schemaFiles } from '../../../../server/core/db/schema-files.ts'
import * as words from '../../../../server/core/db/table.ts'

const { blob, datetime, float, index, int, nullable, serial, table, uint, unique, varchar } = words

const EXAMPLE = table(
  'example',
  3,
  'Shows all words.',
  {
    id: serial(),
    name: varchar(64, "o'clock"),
    count: int(0, 10),
    most: uint(7, 11),
    q: float('10,2', '1.0'),
    body: nullable(blob()),
    note: varchar(8, null),
    seen: datetime('2000-01-01 00:00:01'),
  },
  [unique('name_idx', 'name', 'note'), index('seen_idx', 'seen')],
)

describe('statements that make a table', () => {
  test('for MySQL have its widths, quotes and names of indexes', () => {
    expect(createTable('mysql', EXAMPLE)).toEqual([
      `CREATE TABLE \`example\` (
  \`id\` INT(10) UNSIGNED AUTO_INCREMENT PRIMARY KEY NOT NULL,
  \`name\` VARCHAR(64) DEFAULT 'o''clock' NOT NULL,
  \`count\` INT(10) DEFAULT 0 NOT NULL,
  \`most\` INT(11) UNSIGNED DEFAULT 7 NOT NULL,
  \`q\` FLOAT(10,2) DEFAULT 1.0 NOT NULL,
  \`body\` BLOB,
  \`note\` VARCHAR(8) DEFAULT NULL,
  \`seen\` DATETIME DEFAULT '2000-01-01 00:00:01' NOT NULL,
  CONSTRAINT name_idx UNIQUE (\`name\`, \`note\`)
);`,
      'CREATE INDEX seen_idx ON example (`seen`);',
      "INSERT INTO version (table_name, table_version) VALUES ('example', 3);",
    ])
  })

  test('for PostgreSQL name indexes after the table, for the database has one of a name', () => {
    const [create = '', ...rest] = createTable('postgres', EXAMPLE)
    expect(create).toContain('id SERIAL PRIMARY KEY NOT NULL,')
    expect(create).toContain('count INTEGER DEFAULT 0 NOT NULL,')
    expect(create).toContain('body BYTEA,')
    expect(create).toContain('CONSTRAINT example_name_idx UNIQUE (name, note)')
    expect(rest[0]).toBe('CREATE INDEX example_seen_idx ON example (seen);')
  })

  test('for SQLite have a key that is the row id', () => {
    const [create = ''] = createTable('sqlite', EXAMPLE)
    expect(create).toContain('id INTEGER PRIMARY KEY NOT NULL,')
    expect(create).toContain('q REAL DEFAULT 1.0 NOT NULL,')
    expect(create).toContain('body BLOB,')
  })
})

test('the first line of a table in db_text', () => {
  expect(textHeader(EXAMPLE)).toBe(
    'id(int,auto) name(string) count(int) most(int) q(double) body(string,null) ' +
      'note(string,null) seen(int) \n',
  )
})

test('the schema of a table for db_redis', () => {
  expect(redisSchema(EXAMPLE)).toBe(
    'id/int,name/string,count/int,most/int,q/double,body/string,note/string,seen/int,\n3\n',
  )
})

test('templates/db is what the declarations say (npm run schemas)', () => {
  const there = globSync('templates/db/*/*').map(path => path.slice('templates/db/'.length))
  const files = schemaFiles()
  expect(there.toSorted()).toEqual([...files.keys()].toSorted())
  for (const [path, text] of files)
    expect(readFileSync(`templates/db/${path}`, 'utf8'), path).toBe(text)
})
