import { expect, test } from 'vitest'
import { messageText } from '../../../../compat/pv/facts.ts'
import { Bench } from '../../../../kit/bench.ts'

const PLAIN = messageText('plain')

const bench = (script: string, ...params: string[]): Promise<Bench> =>
  Bench.start(
    [
      ...['pv', 'xlog', 'benchmark'].map(name => `loadmodule "${name}.so"`),
      ...params.map(param => `modparam("benchmark", ${param})`),
      `request_route {\n${script}\n}\n`,
    ].join('\n'),
  )

const SCRIPT = 'bm_start_timer("t"); bm_log_timer("t"); bm_log_timer("never");'

test('a line after so many calls', async () => {
  const node = await bench(SCRIPT, '"enable", 1', '"granularity", 2', '"loglevel", -1')
  expect(node.logged(PLAIN)).toEqual([])
  const [line] = node.logged(PLAIN)
  const totals = String.raw`2/\d+/\d+/\d+/[\d.]+`
  expect(line).toMatch(
    new RegExp(
      String.raw`^benchmark \(timer t \[0\]\): \d+ \[ .* LR: ${totals} \| GB: ${totals}\]$`,
    ),
  )
})

test('timers are listed and switched', async () => {
  const node = await bench(
    `${SCRIPT} xlog("$BM_time_diff");`,
    '"enable", -1',
    '"granularity", 9',
    '"register", "first"',
  )
  expect(node.logged(PLAIN).at(-1)).toMatch(/^<script>: \d+$/)
  const list = node.rpc('benchmark.timer_list') as { name: string; calls: string; id: number }[]
  expect(list.map(({ name, calls, id }) => [name, calls, id])).toEqual([
    ['first', '0', 0],
    ['t', '1', 1],
    ['never', '0', 2],
  ])
  node.rpc('benchmark.enable_timer', 't', 0)
  node.receive(PLAIN)
  expect(node.rpc('benchmark.timer_name_list', 't')).toMatchObject({
    state: 'disabled',
    calls: '1',
  })
  node.rpc('benchmark.enable_global', 1)
  node.rpc('benchmark.granularity', 5)
  node.rpc('benchmark.loglevel', 1)
  node.receive(PLAIN)
  expect(node.rpc('benchmark.timer_name_list', 't')).toMatchObject({ granularity: 5, calls: '2' })
  node.rpc('benchmark.enable_global', 0)
  node.receive(PLAIN)
  expect(node.rpc('benchmark.timer_name_list', 't')).toMatchObject({ calls: '2' })
})

test('wrong calls are refused as in Kamailio', async () => {
  const node = await bench('exit;')
  expect(() => node.rpc('benchmark.enable_global')).toThrow('Invalid Parameters')
  expect(() => node.rpc('benchmark.enable_global', 7)).toThrow('Invalid Parameter Value')
  expect(() => node.rpc('benchmark.granularity', 0)).toThrow('Invalid Parameter Value')
  expect(() => node.rpc('benchmark.loglevel', 9)).toThrow('Invalid Parameter Value')
  expect(() => node.rpc('benchmark.enable_timer', 'nosuch', 1)).toThrow('Register timer failure')
  expect(() => node.rpc('benchmark.timer_name_list', 'nosuch')).toThrow('Register timer failure')
  expect(() => node.rpc('benchmark.timer_name_list')).toThrow('Invalid timer name')
})
