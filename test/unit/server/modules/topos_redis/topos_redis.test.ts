// topos with Redis: what test/compat/topology does not say.
import { expect, onTestFinished, test } from 'vitest'
import { benchLine } from '../../../../compat/topology/bench-line.ts'
import { masked, MODULES, ROUTES } from '../../../../compat/topology/facts.ts'
import { STORIES } from '../../../../compat/topology/stories.ts'
import { type Line, PORTS, SECRET, Story } from '../../../../compat/topology/story.ts'
import { Bench } from '../../../../kit/bench.ts'
import { RedisServer } from '../../../../kit/redis.ts'
import { SipText } from '../../../../kit/sip-text.ts'

const NAMES = [...MODULES, 'ndb_redis', 'topos', 'topos_redis']

async function node(port: number, serverid = 'srv1'): Promise<{ bench: Bench; story: Story }> {
  const bench = await Bench.start(`debug=1
${NAMES.map(name => `loadmodule "${name}.so"`).join('\n')}
modparam("ndb_redis", "server", "name=srv1;addr=127.0.0.1;port=${port}")
modparam("topos", "storage", "redis")
modparam("topos_redis", "serverid", "${serverid}")
${ROUTES}
`)
  onTestFinished(() => bench.host.stop())
  return { bench, story: new Story(benchLine(bench)) }
}

test('an early dialog outlives a restart', async () => {
  const server = await RedisServer.start()
  onTestFinished(() => server.stop())
  const first = await node(server.port)
  await first.story.invite()
  await first.story.answer('bob', 'INVITE', '180 Ringing')
  await first.bench.host.stop()
  const second = await node(server.port)
  Object.assign(second.story.sides, first.story.sides)
  await second.story.say('alice', second.story.request('alice', 'UPDATE'))
  expect(second.story.last('bob', 'UPDATE').uri).toBe(`sip:bob@${SECRET.bob}:5070;ob`)
})

test('a call goes on from memory while Redis is away', async () => {
  const server = await RedisServer.start()
  const { bench, story } = await node(server.port)
  await story.invite()
  await server.stop()
  await story.answer('bob', 'INVITE', '200 OK')
  await story.say('alice', story.request('alice', 'ACK'))
  story.sides.bob.routes = story.sides.bob.routes.slice(1)
  await story.inside('bob', 'BYE')
  expect(story.last('bob', '200 BYE').status).toBe(200)
  await expect
    .poll(() => bench.lines.filter(line => line.text.includes('failed to execute')).length)
    .toBe(1)
})

test('a serverid that ndb_redis does not know is refused', async () => {
  await expect(node(6379, 'srv9')).rejects.toThrow('ndb_redis has no such server')
})

/** Two nodes that share a server: each request goes to the other one than the last. */
function inTurn(nodes: readonly Bench[]): Line {
  const lines = nodes.map(bench => benchLine(bench))
  let turn = 0
  return (port, text) => {
    const branch = /branch=(z9hG4bK[^;\r\n]+)/.exec(text)![1]!
    const asked = nodes.findIndex(({ sent }) => sent.some(one => one.text.includes(branch)))
    return lines[text.startsWith('SIP/2.0') ? asked : turn++ % nodes.length]!(port, text)
  }
}

test.each(['moved', 'subscribed', 'early'] as const)(
  'nodes that share a server know at once what another one learns: %s',
  async name => {
    const server = await RedisServer.start()
    onTestFinished(() => server.stop())
    const nodes = [(await node(server.port)).bench, (await node(server.port)).bench]
    const story = new Story(inTurn(nodes))
    await STORIES[name](story)
    const alone = new Story(benchLine((await node(server.port)).bench))
    await STORIES[name](alone)
    expect(story.transcript.map(masked)).toEqual(alone.transcript.map(masked))
    expect(story.heard.length).toBeGreaterThan(10)
  },
)

test('Redis that does not answer holds a call up, and does not end it', async () => {
  const server = await RedisServer.start()
  onTestFinished(() => server.stop())
  const { bench, story } = await node(server.port)
  await story.invite()
  await story.answer('bob', 'INVITE', '200 OK')
  await story.say('alice', story.request('alice', 'ACK'))
  server.freeze()
  bench.sent.length = 0
  const byes = [story.request('alice', 'INFO'), story.request('alice', 'BYE')]
  for (const text of byes) bench.receive(text)
  await expect
    .poll(() => bench.sent.filter(({ to }) => to.port === PORTS.bob).length, { timeout: 10_000 })
    .toBeGreaterThan(1)
  const heard = bench.sent.filter(({ to }) => to.port === PORTS.bob)
  expect(heard.map(({ text }) => new SipText(text).method)).toEqual(['INFO', 'BYE'])
  expect(new SipText(heard[1]!.text).uri).toBe(`sip:bob@${SECRET.bob}:5070;ob`)
  server.thaw()
})
