// Some nodes answer, others do not: who, why, and what the exit code says.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderForTest, kamctl, kamctlAlone } from '../kit/ctl.ts'
import { FakeFleet, FakeNode } from '../kit/fake-node.ts'

const fleet = () => new FakeFleet(new FakeNode('n1'), new FakeNode('n2'), new FakeNode('n3'))

test('a silent node is named, the others answer, exit code 3', async () => {
  const three = fleet()
  three.nodes[2]!.mood = 'silent'
  const { code, out, err } = await kamctl(three, ['uptime', '--timeout', '50ms', '-o', 'csv'])
  expect(code).toBe(3)
  expect(out.split('\n').filter(row => /^n\d,/.test(row))).toHaveLength(2)
  expect(err).toBe('2/3 nodes; n3: no answer in 50 ms\n')
})

test('the envelope tells machines who is missing', async () => {
  const three = fleet()
  three.nodes[0]!.mood = 'gone'
  const { out } = await kamctl(three, ['uptime', '-o', 'json'])
  const envelope = JSON.parse(out) as { items: { node: string }[]; nodes: object }
  expect(envelope.items.map(({ node }) => node)).toEqual(['n2', 'n3'])
  expect(envelope.nodes).toEqual({
    ok: ['n2', 'n3'],
    failed: [
      {
        node: 'n1',
        code: 'unreachable',
        message: 'not reachable: connect ENOENT unix:/fake/n1',
      },
    ],
  })
})

test('no node at all: exit code 4, and JSON has the error on standard output', async () => {
  const three = fleet()
  for (const node of three.nodes) node.mood = 'gone'
  const { code, out, err } = await kamctl(three, ['ps', '--json'])
  expect(code).toBe(4)
  expect(err).toMatch(/^0\/3 nodes; n1: not reachable: .* n2: not reachable/)
  expect(JSON.parse(out)).toMatchObject({
    error: { code: 'unreachable', node: 'n1', retryable: true },
  })
})

test('a fault of every node gives its own exit code', async () => {
  const words = ['rpc', 'ul.lookup', 'location', 'nobody']
  expect((await kamctl(fleet(), words)).code).toBe(1)
  const unknown = await kamctl(fleet(), ['rpc', 'no.such_method'])
  expect(unknown.code).toBe(2)
  expect(unknown.err).toBe('0/3 nodes; n1 n2 n3: Method Not Found\n')
})

test('a command whose module is not loaded says so', async () => {
  const { code, err } = await kamctl(fleet(), ['dialplan', 'reload'])
  expect(code).toBe(2)
  expect(err).toBe(
    'is the module dialplan loaded there? it has dialplan.reload\n' +
      '0/3 nodes; n1 n2 n3: Method Not Found\n',
  )
})

test('nodes lists those that are down with the reason', async () => {
  const three = fleet()
  three.nodes[1]!.mood = 'silent'
  const { code, out } = await kamctl(three, ['nodes', '-t', '50ms'])
  expect(code).toBe(3)
  expect(out).toMatch(/^n1 +dev +running +1h 2m 5s/m)
  expect(out).toMatch(/^n2 +dev +no answer in 50 ms$/m)
})

test('an endpoint alone needs no fleet file, and its rows no NODE column', async () => {
  const { code, out } = await kamctlAlone(fleet(), ['uptime', '--socket', 'unix:/fake/n1'])
  expect(code).toBe(0)
  expect(out).toMatch(/^ *UPTIME +UP SINCE/)
})

test('OHANA_NODE is an endpoint, or a node of the fleet file', async () => {
  const endpoint = { env: { OHANA_NODE: 'unix:/fake/n2' } }
  expect((await kamctlAlone(fleet(), ['uptime'], endpoint)).code).toBe(0)
  const named = await kamctl(fleet(), ['uptime', '-o', 'csv'], { env: { OHANA_NODE: 'n3' } })
  expect(named.out).toContain('n3,')
  expect(named.out).not.toContain('n1,')
  const lost = await kamctlAlone(fleet(), ['uptime'], {
    env: { OHANA_NODE: 'n3', HOME: '/nowhere' },
  })
  expect(lost.code).toBe(2)
})

test('nodes are chosen by name, and a wrong name is told', async () => {
  const chosen = await kamctl(fleet(), ['uptime', '--nodes', 'n3,n1', '-o', 'csv'])
  expect(chosen.out.match(/^n\d/gm)).toEqual(['n3', 'n1'])
  const wrong = await kamctl(fleet(), ['uptime', '--nodes', 'n9'])
  expect(wrong.code).toBe(2)
  expect(wrong.err).toMatch(/has no node n9; it has n1, n2, n3/)
})

test.for([
  ['nodes: [', /fleet\.yaml:\d+:\d+: /],
  ['nodes: []', /at least one node/],
  ['nodes: [{name: a b, endpoint: x}]', /node 1: name: a name has letters/],
  ['nodes: [{name: a, endpoint: x}, {name: a, endpoint: y}]', /two nodes are called a/],
  ['nodes: [{name: a, endpoint: x, environment: live}]', /node 1: environment/],
  ['nodes: [{name: a, endpoint: x, port: 1}]', /node 1: .*port/],
] as const)('a fleet file that makes no sense: %s', async ([text, complaint]) => {
  const path = join(folderForTest(), 'fleet.yaml')
  writeFileSync(path, text)
  const { code, err } = await kamctlAlone(fleet(), ['uptime', '--fleet', path])
  expect(code).toBe(2)
  expect(err).toMatch(complaint)
})
