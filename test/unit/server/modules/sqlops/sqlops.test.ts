// What sqlops does beyond what the real one could be asked about.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { MARK, request } from '../../../../compat/script/cases.ts'
import { makeTables } from '../../../../compat/sqlops/cases.ts'
import { Bench } from '../../../../kit/bench.ts'
import { PEER_PORT } from '../../../../kit/bench-ports.ts'

const folder = mkdtempSync(join(tmpdir(), 'sqlops-'))
const open: Bench[] = []

afterEach(async () => {
  for (const bench of open.splice(0)) await bench.core.databases.close()
  rmSync(folder, { recursive: true, force: true })
})

async function start(route: string, more = '', path = join(folder, 'people.db')): Promise<Bench> {
  const bench = await Bench.start(`#!KAMAILIO
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "db_sqlite.so"
loadmodule "sqlops.so"
modparam("sqlops", "sqlcon", "ca=>sqlite:///${path}")
${more}
request_route { ${route} }
`)
  open.push(bench)
  return bench
}

function tables(): void {
  mkdirSync(folder, { recursive: true })
  makeTables(join(folder, 'people.db'))
}

/** What is marked in the log once nothing is under way any more. */
async function told(bench: Bench): Promise<string[]> {
  while (bench.core.routes.waiting > 0) await new Promise(later => setTimeout(later, 1))
  const texts = bench.lines.map(({ text }) => text.trimEnd())
  return texts.filter(text => text.includes(MARK)).map(text => text.slice(text.indexOf(MARK)))
}

it('gives each message its own results', async () => {
  tables()
  const bench = await start(`
    sql_query("ca", "select name from people where id=$hdr(X-Id)", "ra");
    $var(first) = $dbr(ra=>[0,0]);
    sql_query("ca", "select age from people where id=$hdr(X-Id)", "rb");
    xlog("@@$hdr(X-Id) $dbr(ra=>[0,0]) $dbr(rb=>[0,0])\\n");`)
  bench.receive(request(PEER_PORT, 'X-Id: 1\r\n'))
  bench.receive(request(PEER_PORT, 'X-Id: 2\r\n'))
  expect((await told(bench)).toSorted()).toEqual(['@@1 ann 33', "@@2 bo'b -4"])
})

it('tells how many rows were changed', async () => {
  tables()
  const bench = await start(
    'sql_query("ca", "update people set age=1"); xlog("@@$sqlrows(ca) $sqlrows(cb)\\n");',
  )
  bench.receive(request(PEER_PORT))
  expect(await told(bench)).toEqual(['@@3 <null>'])
})

it('does not wait for an asynchronous statement', async () => {
  tables()
  const bench = await start('sql_query_async("ca", "update people set age=9"); xlog("@@$rc\\n");')
  bench.receive(request(PEER_PORT))
  expect(bench.core.routes.waiting).toBe(0)
  expect(await told(bench)).toEqual(['@@1'])
  const { rows } = await bench.core.databases
    .open(`sqlite:///${join(folder, 'people.db')}`, 'test')
    .raw('select distinct age from people')
  expect(rows).toEqual([[9]])
})

it('has nothing below row 0, and nothing for a connection that is none', async () => {
  tables()
  const bench = await start(`
    $var(i) = -1;
    sql_query("ca", "select id from people", "ra");
    xlog("@@$dbr(ra=>[$var(i),0]) $dbr(ra=>[0,$var(i)])\\n");
    sql_query("cx", "select id from people", "ra");
    xlog("@@$rc\\n");`)
  bench.receive(request(PEER_PORT))
  expect(await told(bench)).toEqual(['@@<null> <null>', '@@-1'])
  expect(bench.lines.map(({ text }) => text)).toContainEqual(
    expect.stringContaining('invalid connection [cx]'),
  )
})

it('keeps no more results than it may', async () => {
  tables()
  const bench = await start(
    `sql_query("ca", "select 1", "ra"); sql_query("ca", "select 2", "rb");
    xlog("@@$rc $dbr(ra=>rows) $dbr(rb=>rows)\\n");`,
    'modparam("sqlops", "results_maxsize", 1)',
  )
  bench.receive(request(PEER_PORT))
  expect(await told(bench)).toEqual(['@@-1 1 0'])
})

it('does not start without its database, unless it may', async () => {
  const nowhere = join(folder, 'no', 'such', 'folder', 'people.db')
  await expect(start('exit;', '', nowhere)).rejects.toThrow(/failed to connect to the database/)
  const ask = 'sql_query("ca", "select 1", "ra"); xlog("@@$rc\\n");'
  const bench = await start(ask, 'modparam("sqlops", "connect_mode", 1)', nowhere)
  bench.receive(request(PEER_PORT))
  expect(await told(bench)).toEqual(['@@-1'])
})

it.each([
  ['sql_query("ca", "select 1", "ra"); xlog("$dbr(ra)");', 'is no part of a result'],
  ['sql_query("ca", "select 1", "ra"); xlog("$dbr(ra=>[0])");', 'is no part of a result'],
  ['sql_query("ca", "select 1", "ra"); xlog("$dbr(ra=>[x,0])");', 'is no row or column'],
  ['sql_pvquery("ca", "select 1", "$si");', '$si'],
])('refuses %s when it is loaded', async (route, text) => {
  await expect(start(route)).rejects.toThrow(text)
})
