// Trees whose values Kamailio 5.6.3 tells wrongly, bad rows, other columns, and the commands.
import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest'
import { makeTables } from '../../../../compat/mtree/cases.ts'
import { request } from '../../../../compat/script/cases.ts'
import { Bench } from '../../../../kit/bench.ts'
import { PEER_PORT } from '../../../../kit/bench-ports.ts'

const folder = mkdtempSync(join(tmpdir(), 'mtree-'))
const path = join(folder, 'mtree.db')
const open: Bench[] = []

const tree = (text: string): string => `modparam("mtree", "mtree", "${text}")\n`

async function start(params: string, route = 'exit;'): Promise<Bench> {
  const bench = await Bench.start(`#!KAMAILIO
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "db_sqlite.so"
loadmodule "mtree.so"
modparam("mtree", "db_url", "sqlite:///${path}")
${params}
request_route { ${route} }
`)
  open.push(bench)
  return bench
}

function change(statement: string): void {
  const database = new DatabaseSync(path)
  database.exec(statement)
  database.close()
}

async function call(bench: Bench, name: string, ...params: unknown[]): Promise<unknown> {
  const strictness = { convert: false, skipWrongOptional: false }
  const how = { transport: 'stream', strictness, connection: null } as const
  return (await bench.core.rpc.call(name, params, how)).value
}

beforeEach(() => {
  rmSync(path, { force: true })
  makeTables(path)
})
afterEach(async () => {
  for (const bench of open.splice(0)) await bench.core.databases.close()
})
afterAll(() => rmSync(folder, { recursive: true }))

it('gives numbers as numbers, and weights with their destinations', async () => {
  const bench = await start(
    tree('name=numbers;dbtable=numbers;type=2') + tree('name=weights;dbtable=weights;type=1'),
    `$var(n) = "493012"; mt_match("numbers", "$var(n)", "0"); $var(v) = $avp(s:tvalue) - 1;
     mt_match("weights", "$var(n)", "0");
     xlog("L_ERR", "$var(v) $(avp(tdstid)[*]) / $(avp(tweight)[*]) / $avp(tcount)");`,
  )
  expect(bench.logged(request(PEER_PORT))).toEqual(['<script>: -8 1, 2 / 3, 5 / 2'])
})

it('reads other columns and all trees of a table', async () => {
  change("CREATE TABLE columns (k TEXT, a TEXT, b INT); INSERT INTO columns VALUES ('49', 'x', 3)")
  const show = 'xlog("L_ERR", "$avp(s:tvalue)");'
  const some = await start(
    tree("name=columns;dbtable=columns;cols='k,a,b'"),
    `$var(n) = "49"; mt_match("columns", "$var(n)", "0"); ${show}`,
  )
  expect(some.logged(request(PEER_PORT))).toEqual(['<script>: x,3'])
  const all = await start('modparam("mtree", "db_table", "many")')
  expect(await call(all, 'mtree.match', 'mc', '491', 0)).toEqual({ PREFIX: '49', TVALUE: 'c49' })
})

it('is read by an operator', async () => {
  const bench = await start(tree('name=one;dbtable=one') + tree('name=ma;dbtable=many;multi=1'))
  expect(await call(bench, 'mtree.match', 'one', '493012', 2)).toEqual([
    { PREFIX: '4930', TVALUE: 'berlin' },
    { PREFIX: '49', TVALUE: 'de' },
    { PREFIX: '4', TVALUE: 'four' },
  ])
  expect(await call(bench, 'mtree.list', 'ma')).toEqual([
    { tname: 'ma', tprefix: '4', tvalue: ['a4'] },
    { tname: 'ma', tprefix: '49', tvalue: ['a49'] },
  ])
  expect(await call(bench, 'mtree.summary', 'ma')).toMatchObject([
    { table: 'ma', item: { ttype: 0, memsize: 487, nrnodes: 2, nritems: 2, reload_count: 1 } },
  ])
  await expect(call(bench, 'mtree.match', 'no', '1', 0)).rejects.toThrow('Tree not found')
  await expect(call(bench, 'mtree.match', 'one', '5', 0)).rejects.toThrow('Prefix not found')
  await expect(call(bench, 'mtree.match', 'one', '5', 1)).rejects.toThrow("parameter 'mode'")
  await expect(call(bench, 'mtree.summary', 'no')).rejects.toThrow('Tree not found')
  await expect(call(bench, 'mtree.reload', 'no')).rejects.toThrow('Can not find specified Mtree')
})

it('keeps the old tree when a row is bad', async () => {
  const bench = await start(tree('name=one;dbtable=one'))
  change("UPDATE one SET tvalue = 'new' WHERE tprefix = '49'")
  expect(await call(bench, 'mtree.reload', 'one')).toBe('Ok. Mtree reloaded.')
  expect(await call(bench, 'mtree.match', 'one', '491', 0)).toMatchObject({ TVALUE: 'new' })
  change("UPDATE one SET tvalue = 'newer' WHERE tprefix = '49'")
  change("INSERT INTO one (tprefix, tvalue) VALUES ('4x', 'bad')")
  await expect(call(bench, 'mtree.reload')).rejects.toThrow(/row \d+ of one .*not in char_list/)
  expect(await call(bench, 'mtree.match', 'one', '491', 0)).toMatchObject({ TVALUE: 'new' })
})

it('does with a second value of a prefix what it is told', async () => {
  change("INSERT INTO one (tprefix, tvalue) VALUES ('49', 'second')")
  const one = tree('name=one;dbtable=one')
  await expect(start(one)).rejects.toThrow('the prefix 49 is there twice')
  const first = await start(`${one}modparam("mtree", "mt_ignore_duplicates", 1)`)
  expect(await call(first, 'mtree.match', 'one', '491', 2)).toMatchObject([{ TVALUE: 'de' }, {}])
  const both = await start(`${one}modparam("mtree", "mt_allow_duplicates", 1)`)
  expect(await call(both, 'mtree.match', 'one', '491', 2)).toMatchObject([
    { TVALUE: 'de' },
    { TVALUE: 'second' },
    {},
  ])
})

it.each([
  ['dbtable=x', 'names no tree and table'],
  ['name=x;dbtable=y;type=5', 'is no type of a tree'],
  ['name=x;dbtable=y;kind=5', 'unknown attribute'],
  ["name=x;dbtable=y;cols='a'", 'no column for values'],
  ["name=x;dbtable=y;cols='a,b';type=2", 'are texts'],
])('refuses %s', async (text, reason) => {
  await expect(start(tree(text))).rejects.toThrow(reason)
})
