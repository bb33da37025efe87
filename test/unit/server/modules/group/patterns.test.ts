// The table of patterns, as ohana.tables shows it, and rows that it cannot take.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it, onTestFinished } from 'vitest'
import { makeTables } from '../../../../compat/auth/tables.ts'
import { Bench } from '../../../../kit/bench.ts'

function start(sql: string): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'group-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = makeTables(folder)
  const file = new DatabaseSync(path)
  file.exec(sql)
  file.close()
  return Bench.start(`loadmodule "db_sqlite.so"\nloadmodule "group.so"
modparam("group", "db_url", "sqlite:///${path}")\nmodparam("group", "re_table", "re_grp")
request_route { exit; }\n`)
}

it('is one of the tables of the node', async () => {
  const bench = await start('')
  const [table] = bench.core.databases.tables.all()
  expect(table).toMatchObject({ module: 'group', name: 're_grp', rows: 4, generation: 1 })
  await bench.host.stop()
})

it.each([
  ["('a(b', 1)", /row 5 of re_grp \(reg_exp a\(b\)/],
  ["('a', NULL)", /row 5 of re_grp/],
])('names the row %s that it cannot take', async (row, expected) => {
  const sql = `INSERT INTO re_grp (reg_exp, group_id) VALUES ${row}`
  await expect(start(sql)).rejects.toThrow(expected)
})
