// Tables in a database: as the real one (compat/htable/answers.json), and what an operator does.
import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { CASES, configOf, makeTables, rowsOf } from '../../../../compat/htable/cases.ts'
import { Bench } from '../../../../kit/bench.ts'
import { callRpc, expectTableFacts, type Fact, recorded } from '../../../../kit/case-answers.ts'

interface Run {
  expires: number
  facts: Fact[]
  rows: string[]
}

const { runs } = recorded<{ runs: Run[] }>('htable')

describe.each(runs)('as the real one with db_expires $expires', ({ expires, facts, rows }) => {
  const withExpires = (url: string, port: number) => configOf(url, port, expires)
  let left: string[] = []
  const look = (path: string) => (left = rowsOf(path))
  expectTableFacts(facts, { CASES, makeTables, configOf: withExpires }, look)

  it('writes the same rows back', () => expect(left).toEqual(rows))
})

const folder = mkdtempSync(join(tmpdir(), 'htable-'))

afterAll(() => rmSync(folder, { recursive: true }))

describe('for an operator', () => {
  const path = join(folder, 'operator.db')
  let bench: Bench

  const change = (statement: string): void => {
    const database = new DatabaseSync(path)
    database.exec(statement)
    database.close()
  }

  async function start(): Promise<void> {
    rmSync(path, { force: true })
    makeTables(path)
    bench = await Bench.start(`loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "db_sqlite.so"
loadmodule "htable.so"
modparam("htable", "db_url", "sqlite:///${path}")
modparam("htable", "htable", "all=>dbtable=items")
modparam("htable", "htable", "three=>dbtable=other;cols='k,v1,v2';coldelim='|';colnull='none'")
modparam("htable", "htable", "kept=>dbtable=kept")
modparam("htable", "htable", "nodb=>size=4")
request_route { exit; }
event_route[htable:reloaded:all] { xlog("L_ALERT", "again $sht(all=>a) $sht(all=>later)"); }
event_route[htable:mod-init] {
  xlog("L_ALERT", "ready $sht(all=>a)");
  $sht(all=>later) = 1;
  $sht(kept=>number) = 5;
}
`)
  }

  const call = (name: string, ...params: unknown[]): Promise<unknown> =>
    callRpc(bench, name, ...params)

  afterEach(() => bench.core.databases.close())

  it('is loaded anew, and what was set meanwhile is gone', async () => {
    await start()
    change("UPDATE items SET key_value = 'changed' WHERE key_name = 'a'")
    expect(await call('htable.reload', 'all')).toBe('Ok. Htable reloaded.')
    expect(bench.lines.map(({ text }) => text)).toContain('<script>: again changed <null>')
    expect(bench.core.databases.tables.all()[0]).toMatchObject({
      module: 'htable',
      name: 'all',
      generation: 2,
      loadedBy: 'rpc htable.reload',
    })
  })

  it('keeps the items when a row is bad, and names it', async () => {
    await start()
    change("INSERT INTO items (key_name, key_value) VALUES ('zz', NULL)")
    await expect(call('htable.reload', 'all')).rejects.toThrow(
      /Htable reload failed: row \d+ of items \(key_name zz\): null value/,
    )
    expect(await call('htable.get', 'all', 'later')).toMatchObject({ item: { value: 1 } })
    change('DELETE FROM items')
    change("INSERT INTO items (key_name, key_value) VALUES (NULL, 'x')")
    await expect(call('htable.reload', 'all')).rejects.toThrow('NULL key value')
  })

  it('writes a table back when told to', async () => {
    await start()
    expect(await call('htable.store', 'kept')).toBe('Ok. Htable successfully stored to DB.')
    expect(rowsOf(path)).toContain('kept number 0 1 5 0')
    expect(await call('htable.store', 'three')).toBe('Ok. Htable successfully stored to DB.')
    expect(bench.lines.at(-1)?.text).toBe(
      'saving htable [three] with custom db columns is not available',
    )
    change('DROP TABLE kept')
    await expect(call('htable.store', 'kept')).rejects.toThrow('Storing htable failed')
  })

  it('has columns of other names, with what stands between them', async () => {
    await start()
    const { item } = (await call('htable.get', 'three', 'y')) as { item: { value: string } }
    expect(item.value).toBe('none|none')
  })

  it('shows where tables are, and says what is not in a database', async () => {
    await start()
    const [nodb, kept] = (await call('htable.listTables')) as { dbtable: string }[]
    expect([nodb!.dbtable, kept!.dbtable]).toEqual(['', 'kept'])
    for (const name of ['htable.reload', 'htable.store']) {
      await expect(call(name)).rejects.toThrow('No htable name given')
      await expect(call(name, 'nosuch')).rejects.toThrow('No such htable')
      await expect(call(name, 'nodb')).rejects.toThrow('No database htable')
    }
  })
})
