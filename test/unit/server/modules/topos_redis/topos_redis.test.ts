// topos with Redis: what test/compat/topology does not say.
import { expect, onTestFinished, test } from 'vitest'
import { benchLine } from '../../../../compat/topology/bench-line.ts'
import { MODULES, ROUTES } from '../../../../compat/topology/facts.ts'
import { SECRET, Story } from '../../../../compat/topology/story.ts'
import { Bench } from '../../../../kit/bench.ts'
import { RedisServer } from '../../../../kit/redis.ts'

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
