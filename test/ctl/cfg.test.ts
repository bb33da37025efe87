import { expect, test } from 'vitest'
import { kamctl } from '../kit/ctl.ts'
import { FakeFleet, FakeNode } from '../kit/fake-node.ts'

const fleet = () => new FakeFleet(new FakeNode('n1'), new FakeNode('n2'))
const valueOf = (node: FakeNode, name: string) =>
  node.parameters.find(row => row.name === name)?.value

test('a change shows old and new of each node and is there afterwards', async () => {
  const both = fleet()
  both.nodes[1]!.parameters[0]!.value = 1
  const { code, out } = await kamctl(both, ['cfg', 'set', 'core', 'debug', '3'])
  expect(code).toBe(0)
  expect(out).toBe('n1  core.debug: 2 -> 3\nn2  core.debug: 1 -> 3\n')
  expect(both.nodes.map(node => valueOf(node, 'debug'))).toEqual([3, 3])
})

test.for([['core.debug', '4'], ['core.debug=4'], ['core', 'debug', 'i:4'], ['core:debug', '4']])(
  'written as %s',
  async words => {
    const both = fleet()
    expect((await kamctl(both, ['cfg', 'set', ...words, '--nodes', 'n2'])).code).toBe(0)
    expect(both.nodes.map(node => valueOf(node, 'debug'))).toEqual([2, 4])
  },
)

test('a text parameter takes a text that looks like a number', async () => {
  const both = fleet()
  await kamctl(both, ['cfg', 'set', 'registrar.realm_prefix', '7'])
  expect(both.nodes[0]!.asked.at(-2)).toEqual(['cfg.sets', 'registrar', 'realm_prefix', '7'])
})

test('a dry run changes nothing', async () => {
  const both = fleet()
  const { out } = await kamctl(both, ['cfg', 'set', 'core.debug', '3', '--dry-run'])
  expect(out).toContain('n1  core.debug: 2 -> 3 (would be set)')
  expect(both.nodes.map(node => valueOf(node, 'debug'))).toEqual([2, 2])
})

test('a word where a number belongs is rejected before anything is changed', async () => {
  const both = fleet()
  const { code, err } = await kamctl(both, ['cfg', 'set', 'core.debug', 'much'])
  expect(code).toBe(7)
  expect(err).toBe('core.debug: much is not an integer\n')
  expect(both.nodes[0]!.asked.map(([method]) => method)).toEqual(['cfg.get'])
})

test('what the node refuses has exit code 7 and the node’s own sentence', async () => {
  const { code, err } = await kamctl(fleet(), ['cfg', 'set', 'siputils.ring_timeout', '5'])
  expect(code).toBe(7)
  expect(err).toContain('n1 n2: Failed to set the variable')
})

test('one node refuses, the other has changed: partial', async () => {
  const both = fleet()
  both.nodes[1]!.parameters.shift()
  const { code, out, err } = await kamctl(both, ['cfg', 'set', 'core.debug', '3'])
  expect(code).toBe(3)
  expect(out).toBe('n1  core.debug: 2 -> 3\n')
  expect(err).toBe('1/2 nodes; n2: Failed to get the variable\n')
})

test('a group, a value, and the list of all', async () => {
  const group = await kamctl(fleet(), ['cfg', 'get', 'core', '-o', 'csv'])
  expect(group.out).toBe('node,group,name,value\nn1,core,debug,2\nn2,core,debug,2\n')
  const value = await kamctl(fleet(), ['cfg', 'get', 'tm.fr_timer', '-q'])
  expect(value.out).toBe('30000\n30000\n')
  const list = await kamctl(fleet(), ['cfg', 'list', 'siputils'])
  expect(list.out).toContain('n1    siputils  ring_timeout  30     30       int   read-only')
  expect((await kamctl(fleet(), ['cfg', 'list', 'nosuch'])).code).toBe(1)
})
