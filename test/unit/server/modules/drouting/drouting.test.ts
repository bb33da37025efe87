// Orders of gateways, reloads and the parameters that are refused.
import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest'
import { makeTables } from '../../../../compat/drouting/cases.ts'
import { request } from '../../../../compat/script/cases.ts'
import { Bench } from '../../../../kit/bench.ts'
import { PEER_PORT } from '../../../../kit/bench-ports.ts'
import { callRpc } from '../../../../kit/case-answers.ts'

const folder = mkdtempSync(join(tmpdir(), 'drouting-'))
const path = join(folder, 'drouting.db')
let bench: Bench

const start = async (params: string, route: string): Promise<void> => {
  bench = await Bench.start(`#!KAMAILIO
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "db_sqlite.so"
loadmodule "drouting.so"
modparam("drouting", "db_url", "sqlite:///${path}")
modparam("drouting", "ruri_avp", "$avp(r)")
${params}
request_route { ${route} }
`)
}

function change(statement: string): void {
  const database = new DatabaseSync(path)
  database.exec(statement)
  database.close()
}

const reload = (): Promise<unknown> => callRpc(bench, 'drouting.reload')

const said = (): string[] =>
  bench.logged(request(PEER_PORT)).map(text => text.replace('<script>: ', ''))

beforeEach(() => {
  rmSync(path, { force: true })
  makeTables(path)
  change("UPDATE dr_rules SET gwlist = '1,3,8;4,5,7' WHERE groupid = '1' AND prefix = '49'")
})
afterEach(() => bench?.core.databases.close())
afterAll(() => rmSync(folder, { recursive: true }))

const SHOW = '$rU = "493123"; do_routing("1"); xlog("L_ALERT", "$rd, $(avp(r)[*])");'
const hosts = (line: string): string[] =>
  [...line.matchAll(/10\.0\.0\.\d|127\.0\.0\.1/g)].map(String)

it('shuffles each group of gateways', async () => {
  await start('modparam("drouting", "sort_order", 1)', SHOW)
  const orders = new Set(Array.from({ length: 40 }, () => hosts(said()[0]!).join(' ')))
  expect(orders.size).toBeGreaterThan(5)
  for (const order of orders) {
    const all = order.split(' ')
    expect(all.slice(0, 3).toSorted()).toEqual(['10.0.0.1', '10.0.0.3', '10.0.0.8'])
    expect(all.slice(3).toSorted()).toEqual(['10.0.0.4', '10.0.0.7', '127.0.0.1'])
  }
})

it('takes one gateway of each group', async () => {
  await start('modparam("drouting", "sort_order", 2)', SHOW)
  const pairs = Array.from({ length: 40 }, () => hosts(said()[0]!))
  for (const pair of pairs) expect(pair).toHaveLength(2)
  expect(new Set(pairs.map(pair => pair[0])).size).toBe(3)
})

it('takes new rules, and keeps the old ones when a row is bad', async () => {
  await start('', '$rU = "7777"; do_routing("8"); xlog("L_ALERT", "$rc $rd");')
  expect(said()).toEqual(['-1 example.org'])
  const into = 'INSERT INTO dr_rules (groupid, prefix, timerec, priority, routeid, gwlist)'
  change(`${into} VALUES ('8', '77', '', 0, '', '3')`)
  // The start left these out.
  expect(await reload()).toBe('failed to load routing data')
  change("DELETE FROM dr_rules WHERE groupid NOT IN ('1', '8')")
  expect(await reload()).toBe('reload ok')
  expect(said()).toEqual(['1 10.0.0.3'])
  change(`${into} VALUES ('8', '777', NULL, 0, '', '1')`)
  expect(await reload()).toBe('failed to load routing data')
  expect(said()).toEqual(['1 10.0.0.3'])
  const [table] = bench.core.databases.tables.all()
  expect(table).toMatchObject({ module: 'drouting', generation: 2 })
  expect(table!.lastError).toMatch(/row \d+ of dr_rules \(ruleid \d+\): nul column/)
})

it.each([
  [
    "INSERT INTO dr_gateways VALUES (10, 1, 'sip:', 0, NULL, '')",
    /dr_gateways \(gwid 10\): invalid/,
  ],
  ["UPDATE dr_rules SET gwlist = '99'", /of dr_rules \(ruleid 1\): invalid GW id 99/],
  ["UPDATE dr_rules SET prefix = '9a'", /of dr_rules \(ruleid 1\): failed to add prefix/],
  ["UPDATE dr_rules SET groupid = 'x'", /of dr_rules \(ruleid 1\): bad grp id 'x'/],
])('a reload keeps what serves: %s', async (statement, reason) => {
  await start('', SHOW)
  const before = said()
  change("DELETE FROM dr_rules WHERE groupid NOT IN ('1', '8')")
  change(statement)
  expect(await reload()).toBe('failed to load routing data')
  expect(said()).toEqual(before)
  expect(bench.core.databases.tables.all()[0]!.lastError).toMatch(reason)
})

it('says that there is nothing to route by', async () => {
  change('DELETE FROM dr_gateways')
  await start('', 'do_routing("1"); xlog("L_ALERT", "$rc");')
  expect(said()).toEqual(['empty ruting table', '-1'])
})

it('has the functions of KSR that Kamailio has', async () => {
  await start('', 'exit;')
  const names = bench.core.kemi.exports().filter(({ module }) => module === 'drouting')
  expect(names.map(({ name, params }) => `${name}(${params.join(', ')})`).toSorted()).toEqual([
    'do_routing(int)',
    'do_routing_furi()',
    'goes_to_gw()',
    'goes_to_gw_type(int)',
    'is_from_gw()',
    'is_from_gw_type(int)',
    'is_from_gw_type_flags(int, int)',
    'next_routing()',
    'use_next_gw()',
  ])
})

it.each([
  ['modparam("drouting", "enable_keepalive", 1)', 'not kept alive'],
  ['modparam("drouting", "attrs_avp", "$var(x)")', 'malformed or non AVP [$var(x)] for ATTRS AVP'],
  ['modparam("drouting", "drr_table", "")', 'mandatory parameter "DRR_TABLE" found empty'],
])('does not start with %s', async (param, text) => {
  await expect(start(param, 'exit;')).rejects.toThrow(text)
})
