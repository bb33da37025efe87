import { expect, test } from 'vitest'
import { kamctl } from '../kit/ctl.ts'
import { FakeFleet, FakeNode } from '../kit/fake-node.ts'

function fleet(): FakeFleet {
  const n1 = new FakeNode('n1').register('alice', 'sip:alice@192.0.2.1')
  const n2 = new FakeNode('n2').register('bob', 'sip:bob@192.0.2.2')
  n2.register('bob', 'sip:bob@192.0.2.3')
  return new FakeFleet(n1, n2)
}

test('every contact of every node, tagged with its node', async () => {
  const { code, out, err } = await kamctl(fleet(), ['ul', 'show'])
  expect(code).toBe(0)
  expect(err).toBe('')
  expect(out).toBe(
    [
      'NODE  AOR    CONTACT              EXPIRES  Q  USER-AGENT',
      'n1    alice  sip:alice@192.0.2.1      600  -  phone 1.0',
      'n2    bob    sip:bob@192.0.2.2        600  -  phone 1.0',
      'n2    bob    sip:bob@192.0.2.3        600  -  phone 1.0',
      '',
    ].join('\n'),
  )
})

test('a user is found with a scheme and a domain that the node does not keep', async () => {
  const { code, out } = await kamctl(fleet(), ['ul', 'show', 'sip:bob@example.org', '-o', 'name'])
  expect(code).toBe(0)
  expect(out).toBe('bob\nbob\n')
})

test('a node with use_domain: users of other domains, and of that of kamctlrc', async () => {
  const node = new FakeNode('n1').register('alice@example.org', 'sip:alice@192.0.2.1')
  node.usesDomain = true
  const at = new FakeFleet(node)
  const env = { SIP_DOMAIN: 'example.org', KAMCTLRC: '/dev/null' }
  const ask = (...words: string[]) => kamctl(at, ['ul', ...words, '-o', 'name'], { env })
  expect(await ask('show', 'alice')).toMatchObject({ code: 0, out: 'alice@example.org\n' })
  const nobody = await ask('show', 'nobody@example.org')
  expect([nobody.code, nobody.err]).toEqual([1, 'nobody@example.org is not registered\n'])
  const other = await ask('rm', 'alice', 'sip:x@y')
  expect([other.code, other.err]).toEqual([1, 'alice has no contact sip:x@y\n'])
  expect((await ask('add', 'bob', 'sip:bob@192.0.2.2')).code).toBe(0)
  expect([...node.contacts.keys()]).toContain('bob@example.org')
})

test('nobody is found: exit code 1 and a sentence', async () => {
  const { code, out, err } = await kamctl(fleet(), ['ul', 'show', 'carol'])
  expect([code, out]).toEqual([1, ''])
  expect(err).toBe('carol is not registered\n')
})

test('brief shows addresses of record only', async () => {
  const { out } = await kamctl(fleet(), ['ul', 'show', '--brief', '-o', 'csv'])
  expect(out).toBe('node,aor\nn1,alice\nn2,bob\n')
})

test('a contact is added on one node, which has to be named', async () => {
  const both = fleet()
  const refused = await kamctl(both, ['ul', 'add', 'carol', 'sip:carol@192.0.2.9'])
  expect(refused.code).toBe(2)
  expect(refused.err).toContain('--nodes')
  const words = ['ul', 'add', 'carol', 'sip:carol@192.0.2.9', '--nodes', 'n2']
  expect((await kamctl(both, words)).code).toBe(0)
  expect(both.nodes[0]!.contacts.has('carol')).toBe(false)
  expect(both.nodes[1]!.asked.at(-1)).toEqual([
    'ul.add',
    'location',
    'carol',
    'sip:carol@192.0.2.9',
    0,
    1,
    '.',
    0,
    0,
    4294967295,
  ])
})

test('contacts are removed wherever they are', async () => {
  const both = fleet()
  const { code, out } = await kamctl(both, ['ul', 'rm', 'bob', '-o', 'csv'])
  expect(code).toBe(0)
  expect(out).toContain('n2,bob,sip:bob@192.0.2.3,removed')
  expect(both.nodes[1]!.contacts.has('bob')).toBe(false)
  expect((await kamctl(both, ['ul', 'rm', 'bob'])).code).toBe(1)
})

test('one contact of several is removed', async () => {
  const both = fleet()
  expect((await kamctl(both, ['ul', 'rm', 'bob', 'sip:bob@192.0.2.2'])).code).toBe(0)
  expect(both.nodes[1]!.contacts.get('bob')).toHaveLength(1)
})

test('in production the name of the fleet is typed, and nothing happens without it', async () => {
  const both = fleet()
  const prod = { environment: 'prod' } as const
  const alone = await kamctl(both, ['ul', 'rm', 'bob'], prod)
  expect(alone.code).toBe(8)
  expect(alone.err).toContain('--yes')
  const wrong = await kamctl(both, ['ul', 'rm', 'bob'], { ...prod, answer: 'y' })
  expect(wrong.code).toBe(8)
  expect(wrong.questions).toEqual(['type testing to go on: '])
  expect(both.nodes[1]!.contacts.has('bob')).toBe(true)
  const right = await kamctl(both, ['ul', 'rm', 'bob'], { ...prod, answer: 'testing' })
  expect(right.code).toBe(0)
  const told = await kamctl(both, ['ul', 'rm', 'alice', '--yes'], prod)
  expect(told.code).toBe(0)
})
