import { expect, test } from 'vitest'
import { Bench } from '../../../../kit/bench.ts'
import { messageText } from '../../../../compat/pv/facts.ts'

const bench = (script = 'exit;'): Promise<Bench> =>
  Bench.start(`debug=2
loadmodule "kex.so"
loadmodule "pv.so"
loadmodule "xlog.so"
request_route {
${script}
}
`)

const PLAIN = messageText('plain')

test('statistics are found by name, by group and all together', async () => {
  const node = await bench()
  node.receive(PLAIN)
  node.receive(PLAIN)
  expect(node.rpc('stats.get_statistics', 'rcv_requests')).toEqual(['core:rcv_requests = 2'])
  expect(node.rpc('stats.get_statistics', 'nosuch', 'core.rcv_requests')).toEqual([])
  expect(node.rpc('stats.fetch', 'core.rcv_requests', 'rcv_replies')).toEqual({
    'core.rcv_requests': '2',
    'core.rcv_replies': '0',
  })
  const group = node.rpc('stats.fetchn', 'core:') as Record<string, number>
  expect(group['core.rcv_requests']).toBe(2)
  expect(Object.keys(group)).toEqual(Object.keys(group).toSorted())
  const all = node.rpc('stats.fetchn', 'all') as Record<string, number>
  expect(Object.keys(all).length).toBeGreaterThanOrEqual(Object.keys(group).length)
  expect(() => node.rpc('stats.fetch')).toThrow('Please provide which stats to retrieve')
})

test('clearing tells what was there', async () => {
  const node = await bench()
  node.receive(PLAIN)
  expect(node.rpc('stats.clear_statistics', 'rcv_requests')).toEqual(['core:rcv_requests = 0 (1)'])
  expect(node.rpc('stats.clear_statistics', 'rcv_requests')).toEqual(['core:rcv_requests = 0'])
  node.receive(PLAIN)
  node.rpc('stats.reset_statistics', 'core:')
  expect(node.rpc('stats.fetchn', 'rcv_requests')).toEqual({ 'core.rcv_requests': 0 })
})

test('memory is that of the one process', async () => {
  const node = await bench()
  const [own] = node.rpc('pkg.stats') as { pid: number; used: number; total_size: number }[]
  expect(own!.pid).toBe(process.pid)
  expect(own!.used).toBeGreaterThan(0)
  expect(node.rpc('pkg.stats', 'rank', 0)).toHaveLength(1)
  expect(node.rpc('pkg.stats', 'index', 77)).toEqual([])
  expect(() => node.rpc('pkg.stats', 'pid', 1)).toThrow('No such pid')
  expect(() => node.rpc('pkg.stats', 'foo', 1)).toThrow('Invalid filter type')
  expect(() => node.rpc('pkg.stats', 'pid')).toThrow('One more parameter expected')
  expect(node.rpc('mod.stats', 'kex', 'all')).toEqual([
    'Module: kex',
    { Total: 0 },
    { Total: 0 },
    '',
  ])
  expect(node.rpc('mod.stats', 'kex', 'foo')).toEqual(['Module: kex', ''])
  expect(node.rpc('mod.mem_statsx', 'all', 'pkg')).toContain('Module: pv')
})

test('setdebug holds until resetdebug', async () => {
  const node = await bench('setdebug("3"); xdbg("seen"); resetdebug(); xdbg("not seen");')
  expect(node.logged(PLAIN)).toEqual(['<script>: seen'])
})

test('script flags last for one message', async () => {
  const node = await bench('xlog("$sf"); setsflag("3"); xlog("$sf"); setsflag("32");')
  const lines = ['<script>: 0', '<script>: 8', 'error while trying script']
  expect(node.logged(PLAIN)).toEqual(lines)
  expect(node.logged(PLAIN)).toEqual(lines)
})

test('every reading of $sruid is another name', async () => {
  const node = await bench('xlog("$sruid"); xlog("$sruid");')
  const [first, second] = node.logged(PLAIN)
  expect(first).toMatch(/^<script>: srid-[0-9a-f]+-[0-9a-f]+-1$/)
  expect(second).toMatch(/-2$/)
})
