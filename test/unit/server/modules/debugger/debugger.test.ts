// The trace of the script is Kamailio's, line for line; and what else the debugger can show.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { request } from '../../../../compat/script/cases.ts'
import { Bench } from '../../../../kit/bench.ts'
import { PEER_PORT } from '../../../../kit/bench-ports.ts'

const read = (name: string): string =>
  readFileSync(new URL(`../../../../compat/debugger/${name}`, import.meta.url), 'latin1')

/** Recorded with trace.cfg; one hidden action of $ru = ... is not ours. */
const REAL = read('trace.txt').trim().split('\n')

const start = (route: string, params = ''): Promise<Bench> =>
  Bench.start(`#!KAMAILIO
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "textops.so"
loadmodule "debugger.so"
${params}
request_route { ${route} }
`)

const param = (name: string, value: string | number): string =>
  `modparam("debugger", "${name}", ${typeof value === 'number' ? value : `"${value}"`})\n`

it('traces each action as Kamailio does', async () => {
  const bench = await Bench.start(read('trace.cfg'))
  bench.receive(request(PEER_PORT))
  const lines = bench.lines.filter(({ text }) => text.startsWith('*** cfgtrace:'))
  expect(new Set(lines.map(({ name }) => name))).toEqual(new Set(['exec']))
  const texts = lines.map(({ text }) => text.replace(/^.*?dbg_cfg_trace\(\): /, ''))
  expect(texts[0]).toMatch(/ c=\[.*bench\.cfg\] /)
  expect(texts.map(text => text.replace(/ c=\[.*?\]/, ''))).toEqual(REAL)
})

it('is switched on and off while the node runs', async () => {
  const bench = await start('setflag(1);', param('cfgtrace_format', 1) + param('log_prefix', 'T:'))
  expect(bench.logged(request(PEER_PORT))).toEqual([])
  expect(bench.rpc('dbg.ls')).toMatchObject([{ pid: process.pid, set: 0 }])
  expect(bench.rpc('dbg.trace', 'on')).toBe('200 ok')
  expect(bench.rpc('dbg.ls', process.pid)).toMatchObject([{ set: 2 }])
  expect(bench.logged(request(PEER_PORT))).toEqual([
    'T:dbg_cfg_trace(): request_route=[DEFAULT_ROUTE] l=9 a=39 n=setflag',
  ])
  bench.rpc('dbg.trace', 'off')
  expect(bench.logged(request(PEER_PORT))).toEqual([])
})

it.each([
  [['dbg.trace', 'x'], 'Unknown trace command'],
  [['dbg.trace', 'on', 7], 'No such pid'],
  [['dbg.trace'], 'Config trace command missing'],
  [['dbg.ls', 7], 'No such pid'],
  [['dbg.bp'], 'Config breakpoint command missing'],
  [['dbg.bp', 'x'], 'Unknown inner command'],
  [['dbg.bp', 'on'], 'There are no breakpoints'],
  [['dbg.set_mod_level', 'tm'], 'invalid parameters'],
  [['dbg.set_mod_facility', 'tm', 'LOG_X'], 'facility not found'],
  [['dbg.reset_msgid'], 'reset_msgid is 0. Set it to 1 to enable.'],
] as const)('refuses %j', async ([name, ...args], text) => {
  const bench = await start('exit;')
  expect(() => bench.rpc(name, ...args)).toThrow(text)
})

it('gives modules log levels and facilities of their own', async () => {
  const modes = param('mod_level_mode', 1) + param('mod_facility_mode', 1)
  const own = param('mod_level', 'textops=3') + param('mod_facility', 'textops=LOG_LOCAL3')
  const bench = await start('exit;', modes + own)
  const { log } = bench.core
  log.debug('textops', 'seen')
  log.debug('pv', 'not seen')
  expect(bench.lines.map(({ text, facility }) => [text, facility])).toEqual([
    ['seen', 'LOG_LOCAL3'],
  ])
  expect(bench.rpc('dbg.get_mod_level', 'textops')).toBe(3)
  expect(bench.rpc('dbg.get_mod_level', 'pv')).toBe(0)
  expect(bench.rpc('dbg.get_mod_facility', 'textops')).toBe('LOG_LOCAL3')
  expect(bench.rpc('dbg.get_mod_facility', 'pv')).toBe('LOG_DAEMON')
  bench.rpc('dbg.set_mod_level', 'core', 2)
  bench.rpc('dbg.set_mod_level', 'textops', -1)
  bench.rpc('dbg.set_mod_facility', 'core', 'LOG_LOCAL1')
  bench.lines.length = 0
  log.info('<core>', 'core')
  log.warn('textops', 'no more')
  expect(bench.lines.map(({ text, facility }) => [text, facility])).toEqual([
    ['core', 'LOG_LOCAL1'],
  ])
})

it('begins anew to count messages', async () => {
  const bench = await start('xlog("L_ERR", "$mi");', param('reset_msgid', 1))
  bench.receive(request(PEER_PORT))
  expect(bench.logged(request(PEER_PORT))).toEqual(['<script>: 2'])
  bench.rpc('dbg.reset_msgid')
  expect(bench.logged(request(PEER_PORT))).toEqual(['<script>: 1'])
})

const VARIABLES = `
  $var(temp) = 1; $avp(s:more_avp) = 2; $avp(s:more_avp) = 3; $avp(t) = "tx\\"t";
  $xavp(x=>more) = "bye"; $xavp(x[0]=>more) = "hi"; $xavp(x[0]=>other) = 1;
  $xavp(x[0]=>other) = 2; $xavp(x=>different) = "foo"; $var(empty) = $null; $var(s) = "str";`

it('dumps variables as JSON', async () => {
  const bench = await start(`${VARIABLES} dbg_pv_dump(14, "L_ERR"); dbg_pv_dump(31, "L_ERR");`)
  const [first, all] = bench
    .logged(request(PEER_PORT))
    .map(text => JSON.parse(text.replace('dbg_dump_json(): ', '')) as Record<string, unknown>)
  // What the real one says of the same script.
  const dumped = {
    '$var(temp)': 1,
    '$xavp(x)': [{ different: ['foo'] }, { other: [2, 1], more: ['hi', 'bye'] }],
    '$var(s)': 'str',
    '$avp(more_avp)': [3, 2],
    '$var(empty)': 0,
    '$avp(t)': ['tx"t'],
  }
  expect(first).toEqual(dumped)
  expect(all).toMatchObject({ ...dumped, $si: '127.0.0.1', $ua: null })
})

it('shows the message as it would be sent, and its changes', async () => {
  const bench = await start(
    'append_hf("P-Hint: My hint\\r\\n"); remove_hf("X-A"); dbg_sip_msg("L_ERR");',
  )
  const [text = ''] = bench.logged(request(PEER_PORT))
  expect(text).toContain('Max-Forwards: 70\r\nContent-Length: 0\r\nP-Hint: My hint\r\n')
  expect(text).toContain(
    'SIP header diffs -------------------------------\n' +
      '- X-A: one\r\n- X-A: two\r\nP-Hint: My hint\r\n',
  )
})
