// The tables that templates/db makes are those that Debian's scripts make, column by column, index
// by index, in each database, and ohana_spool.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { schemaFiles } from '../../../server/core/db/schema-files.ts'
import { MariadbServer } from '../../kit/mariadb.ts'
import { PostgresServer } from '../../kit/postgres.ts'
import { type Facts, theirPart } from './databases.ts'
import { loadMysql, loadPostgres, loadSqlite } from './scripts.ts'

const recorded = (engine: string): Facts =>
  JSON.parse(readFileSync(`test/compat/schema/${engine}.json`, 'utf8')) as Facts

test('SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ohana-schema-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const ours = theirPart(loadSqlite('templates/db/sqlite', join(folder, 'schema.sqlite')))
  // SQLite keeps how a default was written; `00` and `0` are the same value.
  const theirs = recorded('sqlite')
  theirs.rtpproxy = theirs.rtpproxy!.map(line => line.replace(/ 00 /, ' 0 '))
  expect(ours).toEqual(theirs)
})

test('MariaDB', async () => {
  const server = await MariadbServer.start()
  onTestFinished(() => server.stop())
  expect(theirPart(await loadMysql('templates/db/mysql', server))).toEqual(recorded('mysql'))
})

test('PostgreSQL', async () => {
  const server = await PostgresServer.start()
  onTestFinished(() => server.stop())
  const ours = theirPart(await loadPostgres('templates/db/postgres', server))
  expect(ours).toEqual(recorded('postgres'))
})

test.for(['dbtext', 'redis'])('%s', folder => {
  const files = [...schemaFiles()].filter(([path]) => path.startsWith(`${folder}/`))
  const ours = theirPart(
    Object.fromEntries(
      files.map(([path, text]) => [path.split('/')[1]!, text.split('\n').slice(0, -1)]),
    ),
  )
  ours.version = ours.version!.filter(line => !line.includes(':ohana_spool:'))
  const theirs = recorded(folder)
  // The rows of `version` may be in any order.
  for (const facts of [ours, theirs]) facts.version = facts.version!.toSorted()
  expect(ours).toEqual(theirs)
})
