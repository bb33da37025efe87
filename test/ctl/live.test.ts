// log, trace, stats and monitor: what happens on the nodes.
import { setTimeout as later } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { kamctl } from '../kit/ctl.ts'
import { FakeFleet, FakeNode } from '../kit/fake-node.ts'
import { Story, answeredCall, alice, bob, n1, n2, sipText } from '../kit/sip-story.ts'

function fleet(): FakeFleet {
  const both = new FakeFleet(new FakeNode('n1'), new FakeNode('n2'))
  both.nodes[0]!.write('first', { time: 1000 })
  both.nodes[1]!.write('second', { time: 2000, level: -1, name: 'ERROR' })
  both.nodes[0]!.write('third', { time: 3000 })
  return both
}

function withCall(story: Story = answeredCall()): FakeFleet {
  const both = fleet()
  for (const { node, messages } of story.told())
    both.nodes.find(({ name }) => name === node)!.messages = [...messages]
  return both
}

test('log lines of all nodes, merged by time', async () => {
  const { out } = await kamctl(fleet(), ['log', '-o', 'csv', '--columns', 'node,text'])
  expect(out).toBe('node,text\nn1,first\nn2,second\nn1,third\n')
  const errors = await kamctl(fleet(), ['log', '--level', 'err'])
  expect(errors.out).toMatch(/^\d\d:\d\d:02\.000 {2}n2 {2}ERROR: second\n$/)
})

test('log -f goes on with new lines until it is interrupted', async () => {
  const both = fleet()
  const stop = new AbortController()
  const running = kamctl(both, ['log', '-f', '-n', '1', '-o', 'ndjson'], { stop: stop.signal })
  await later(50)
  both.nodes[1]!.write('news')
  await later(20)
  stop.abort()
  const { code, out } = await running
  expect(code).toBe(130)
  const texts = out.trimEnd().split('\n')
  expect(texts.map(text => (JSON.parse(text) as { text: string }).text)).toEqual([
    'third',
    'second',
    'news',
  ])
})

test('log -f names a node that it loses', async () => {
  const both = fleet()
  const stop = new AbortController()
  const running = kamctl(both, ['log', '-f'], { stop: stop.signal })
  await later(50)
  both.nodes[1]!.mood = 'gone'
  both.breakConnections()
  await later(50)
  stop.abort()
  const { err } = await running
  expect(err).toContain('n2: connection lost\n')
})

test('a call by its Call-ID, by its user, and as JSON', async () => {
  const byId = await kamctl(withCall(), ['trace', '7f3a91c2@phone'])
  expect(byId.code).toBe(0)
  expect(byId.out).toMatch(/^CALL alice@example.org → bob@example.org {2}ANSWERED 00:00:02/)
  const byUser = await kamctl(withCall(), ['trace', 'sip:bob@example.org'])
  expect(byUser.out).toBe(byId.out)
  const { out } = await kamctl(withCall(), ['trace', 'alice', '--json'])
  const { items } = JSON.parse(out) as { items: { sentBy: string; fromLane: string }[] }
  expect(items).toHaveLength(20)
  expect(items[0]).toMatchObject({ fromLane: 'alice', sentBy: null, receivedBy: 'n1', repeat: 1 })
})

test('script log lines with the Call-ID stand among the messages', async () => {
  const both = withCall()
  const time = Math.floor(both.nodes[1]!.messages[2]!.time_us / 1000) + 1
  both.nodes[1]!.write('branch to bob', { time, prefix: '{1 7f3a91c2@phone} ' })
  const { out } = await kamctl(both, ['trace', 'alice'])
  expect(out).toContain('· branch to bob')
})

test('several calls of a user: the newest, and how to see the others', async () => {
  const story = answeredCall().wait(5_000_000)
  const later_ = { callId: 'second@phone', branch: 'x' }
  story.send(alice, n1, sipText('INVITE sip:carol@example.org', { ...later_, to: 'carol' }))
  story.send(n1, alice, sipText('SIP/2.0 404 Not Found', { ...later_, to: 'carol' }))
  story.send(bob, n2, sipText('REGISTER sip:example.org', { callId: 'reg@phone', from: 'alice' }))
  const newest = await kamctl(withCall(story), ['trace', 'alice'])
  expect(newest.out).toContain('NOT FOUND 404')
  expect(newest.err).toContain('2 more with alice: --list names them, --all shows them')
  const list = await kamctl(withCall(story), ['trace', 'alice', '--list', '-q'])
  expect(list.out).toBe('reg@phone\nsecond@phone\n7f3a91c2@phone\n')
  const all = await kamctl(withCall(story), ['trace', 'alice', '--all'])
  expect(all.out.match(/^(CALL|REGISTER) /gm)).toHaveLength(3)
})

test('nothing found says how far back each node remembers', async () => {
  const { code, err } = await kamctl(withCall(), ['trace', 'nobody'])
  expect(code).toBe(1)
  expect(err).toContain('no message with Call-ID or user nobody is kept')
  expect(err).toContain('n1: messages since 2026-11-21T12:00:00.000Z')
})

test('a node that has forgotten the beginning is named', async () => {
  const both = withCall()
  both.nodes[1]!.wrapped = true
  both.nodes[1]!.messages = both.nodes[1]!.messages.slice(6)
  const { err } = await kamctl(both, ['trace', 'alice'])
  expect(err).toMatch(/n2: older messages than 2026-\S+ are gone/)
})

test.for([
  ['stats', ['all']],
  ['stats core', ['core:']],
  ['stats core: rcv_requests', ['core:', 'rcv_requests']],
  ['stats sl.200_replies', ['200_replies']],
] as const)('%s asks for %j', async ([words, asked]) => {
  const both = fleet()
  expect((await kamctl(both, words.split(' '))).code).toBe(0)
  expect(both.nodes[0]!.asked[0]).toEqual(['stats.get_statistics', ...asked])
})

test('a group of statistics that is not there is told', async () => {
  const { code, err } = await kamctl(fleet(), ['stats', 'nosuch'])
  expect(code).toBe(1)
  expect(err).toBe('no statistic nosuch\n')
})

test('monitor shows rates between two looks', async () => {
  const both = fleet()
  const running = kamctl(both, ['monitor', '-o', 'ndjson'])
  await later(100)
  both.nodes[0]!.counts = { requests: { received: 50, invite: 20 } }
  const { out } = await running
  const [row] = out.split('\n')
  expect(JSON.parse(row!)).toMatchObject({ node: 'n1', invitesPerSecond: 20 })
})
