// Reloads, RPC and patterns: what the real one was not asked about.
import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest'
import { globToRegex } from '../../../../../server/core/glob.ts'
import { methodOf } from '../../../../../rpc/contract/index.ts'
import { request } from '../../../../compat/script/cases.ts'
import { makeTables } from '../../../../compat/dialplan/cases.ts'
import { Bench } from '../../../../kit/bench.ts'
import { PEER_PORT } from '../../../../kit/bench-ports.ts'

const folder = mkdtempSync(join(tmpdir(), 'dialplan-'))
const path = join(folder, 'dialplan.db')
let bench: Bench

async function start(route = 'exit;', params = ''): Promise<void> {
  bench = await Bench.start(`#!KAMAILIO
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "db_sqlite.so"
loadmodule "dialplan.so"
modparam("dialplan", "db_url", "sqlite:///${path}")
modparam("dialplan", "reload_delta", 0)
${params}
request_route { ${route} }
`)
}

function change(statement: string): void {
  const database = new DatabaseSync(path)
  database.exec(statement)
  database.close()
}

async function call(name: string, ...params: unknown[]): Promise<unknown> {
  const strictness = { convert: false, skipWrongOptional: false }
  const how = { transport: 'stream', strictness, connection: null } as const
  return (await bench.core.rpc.call(name, params, how)).value
}

beforeEach(() => {
  rmSync(path, { force: true })
  makeTables(path)
})
afterEach(() => bench.core.databases.close())
afterAll(() => rmSync(folder, { recursive: true }))

it('shows and uses the rules for an operator', async () => {
  await start()
  expect(await call('dialplan.translate', 1, '110')).toEqual({
    Output: 'police',
    Attributes: 'emergency',
  })
  expect(await call('dialplan.dump', 3)).toEqual({
    DPID: 3,
    ENTRIES: [
      {
        ENTRY: {
          PRIO: 1,
          MATCHOP: 1,
          MATCHEXP: '^k',
          MATCHLEN: 0,
          SUBSTEXP: '^k(.)$',
          REPLEXP: 'K\\1',
          ATTRS: 'third',
        },
      },
    ],
  })
  change("INSERT INTO dialplan VALUES (78, 8, 1, 0, '112', 3, '', '', '')")
  await call('dialplan.reload')
  // What is not there is null, in a structure of its own in BINRPC.
  const bare = { MATCHEXP: '112', MATCHLEN: 3, SUBSTEXP: null, REPLEXP: null, ATTRS: null }
  expect(await call('dialplan.dump', 8)).toMatchObject({ ENTRIES: [{ ENTRY: bare }] })
  expect(methodOf('dialplan.dump')?.result).toMatchObject({
    members: { ENTRIES: { kind: 'rows', name: 'ENTRY' } },
  })
  await expect(call('dialplan.translate', 9, '1')).rejects.toThrow('Dialplan ID not matched')
  await expect(call('dialplan.translate', 1, '')).rejects.toThrow('Empty input parameter')
  await expect(call('dialplan.translate', 1, '88')).rejects.toThrow('No translation')
  await expect(call('dialplan.dump', 9)).rejects.toThrow('Dialplan ID not matched')
})

it('takes new rules, and keeps the old ones when a row is bad', async () => {
  await start()
  change("UPDATE dialplan SET repl_exp = 'guards' WHERE match_exp = '110'")
  await call('dialplan.reload')
  expect(await call('dialplan.translate', 1, '110')).toMatchObject({ Output: 'guards' })
  change("UPDATE dialplan SET repl_exp = 'gone' WHERE match_exp = '110'")
  change("INSERT INTO dialplan VALUES (77, 1, 99, 1, '(', 0, '', '', '')")
  await expect(call('dialplan.reload')).rejects.toThrow(/row \d+ of dialplan \(dpid 1\)/)
  expect(await call('dialplan.translate', 1, '110')).toMatchObject({ Output: 'guards' })
  expect(bench.core.databases.tables.all()).toMatchObject([
    { module: 'dialplan', generation: 2, loadedBy: 'rpc dialplan.reload' },
  ])
})

it.each([
  ['3', '', '', 'unsupported match operator 3'],
  ['1', '(', '', ''],
  ['1', 'a', '\\1', 'there is no group'],
])('does not start with match_op %s, %s and %s', async (op, match, result, text) => {
  await start()
  change(`INSERT INTO dialplan VALUES (77, 1, 99, ${op}, '${match}', 0, '', '${result}', '')`)
  await expect(start()).rejects.toThrow(text)
})

it('reads variables of expressions for each message', async () => {
  change(String.raw`INSERT INTO dialplan VALUES (77, 8, 1, 1, '^$rU$', 0, '^($rU)$', 'is \1', '')`)
  await start(
    `dp_replace("8", "bob", "$var(o)"); xlog("L_ERR", "$rc $var(o)");
     dp_match("8", "x"); xlog("L_ERR", "$rc");`,
    'modparam("dialplan", "match_dynamic", 1)',
  )
  expect(bench.logged(request(PEER_PORT))).toEqual(['<script>: 1 is bob', '<script>: -1'])
})

it.each([
  ['3*', '345', true],
  ['3*', '43', false],
  ['?', 'a', true],
  ['?', '', false],
  ['[ab]c', 'bc', true],
  ['[!ab]c', 'bc', false],
  ['[^ab]c', 'xc', true],
  ['[]]', ']', true],
  ['[0-9]', '5', true],
  ['a.c', 'abc', false],
  ['\\*', '*', true],
  ['\\*', 'x', false],
  ['[a', '[a', true],
  ['+49(1)', '+49(1)', true],
])('%s as a pattern, and %s', (glob, text, matches) => {
  expect(globToRegex(glob).test(text)).toBe(matches)
})
