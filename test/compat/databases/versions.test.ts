// What the real Kamailio says of tables that are not as it expects them, ours says, too.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { Bench } from '../../kit/bench.ts'
import { CASES, EXPECTED, TABLE } from './cases.ts'
import facts from './versions.json' with { type: 'json' }

/** In place of these words ours has those of the database. */
const VAGUE = 'error in db_query'

async function checked(sql: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'versions-'))
  const path = join(folder, 'tables.db')
  const file = new DatabaseSync(path)
  file.exec(sql)
  file.close()
  const { core } = await Bench.start('loadmodule "db_sqlite.so"\nrequest_route { exit; }\n')
  onTestFinished(async () => {
    await core.databases.close()
    rmSync(folder, { recursive: true })
  })
  const db = core.databases.open(`sqlite:///${path}`, 'test')
  return core.databases.checkVersion(db, TABLE, EXPECTED).then(
    () => 'nothing',
    (error: Error) => error.message,
  )
}

test('every case was asked', () => {
  expect(Object.keys(facts)).toEqual(Object.keys(CASES))
})

test.each(Object.entries(facts))('%s', async (name, told) => {
  const ours = await checked(CASES[name]!)
  for (const text of told.filter(one => one !== VAGUE)) expect(ours).toContain(text)
})
