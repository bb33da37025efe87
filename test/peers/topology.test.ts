// Topology hiding between real programs: SIPp's phones, the real Kamailio, SQLite and Redis.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test, type TestContext } from 'vitest'
import { SECRET } from '../compat/topology/story.ts'
import { topologyConfig, Wire } from '../compat/topology/wire.ts'
import type { Transport } from '../kit/phone.ts'
import { freePort } from '../kit/ports.ts'
import { RedisServer } from '../kit/redis.ts'
import { serverForTest } from '../kit/server.ts'
import { sipp } from '../kit/sipp.ts'

const CALLS = 20

interface Hiding {
  modules: string[]
  params: string
}

/** A database with the tables that Kamailio's tools make. */
function sqlite(context: TestContext): Hiding {
  const folder = mkdtempSync(join(tmpdir(), 'topology-'))
  context.onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'topos.db')
  const made = new DatabaseSync(path)
  for (const name of ['standard', 'topos'])
    made.exec(readFileSync(`/usr/share/kamailio/db_sqlite/${name}-create.sql`, 'utf8'))
  made.close()
  const params = `modparam("topos", "db_url", "sqlite:///${path}")`
  return { modules: ['db_sqlite', 'topos'], params }
}

async function redis(context: TestContext): Promise<Hiding> {
  const server = await RedisServer.start()
  context.onTestFinished(() => server.stop())
  const params = [
    `modparam("ndb_redis", "server", "name=srv1;addr=127.0.0.1;port=${server.port};db=0")`,
    'modparam("topos", "storage", "redis")',
    'modparam("topos_redis", "serverid", "srv1")',
  ]
  return { modules: ['ndb_redis', 'topos', 'topos_redis'], params: params.join('\n') }
}

const masked = (): Hiding => ({
  modules: ['topoh'],
  params: 'modparam("topoh", "mask_key", "a key")\nmodparam("topoh", "mask_callid", 1)',
})

const WAYS: Record<string, (context: TestContext) => Hiding | Promise<Hiding>> = {
  topoh: masked,
  'topos with SQLite': sqlite,
  'topos with Redis': redis,
}

/** Header lines that say where a message comes from, of all that a phone got. */
const traces = (messages: string): string[] =>
  messages
    .split(/^-{10,}.*$/m)
    .filter(part => /message received/.test(part))
    .flatMap(part => part.match(/^(Via|Contact|Record-Route|Route|Call-ID): .*$/gim) ?? [])

// The scenario that is cancelled keeps the first Via of the INVITE alone, and topoh sends two.
const SCENARIOS = Object.entries(WAYS).flatMap(([name, way]) =>
  [
    { name, way, caller: 'caller', callee: 'answerer' },
    { name, way, caller: 'caller-cancels', callee: 'rings-until-cancelled' },
  ].slice(0, name === 'topoh' ? 1 : 2),
)

/**
 * The real one repeats requests in a process of its own, which shares its SQLite file with the one
 * that takes messages: what is locked then is not stored, and the call loses its way.
 */
const SELDOM = '\nmodparam("tm", "retr_timer1", 4000)'

// Side by side: SIPp takes its time between calls.
describe.concurrent('SIPp', () => {
  test.for(SCENARIOS)('$name: $caller and $callee', async (scenario, context) => {
    const { name, way, caller, callee } = scenario
    const { modules, params } = await way(context)
    const [from, to] = [await freePort(), await freePort()]
    const config = topologyConfig(modules, params, String(to))
    const server = await serverForTest({ config, transports: ['udp'] }, context)
    const bob = await sipp({ scenario: callee, server, port: to, context })
    const calls = { calls: CALLS, rate: 20 }
    const alice = await sipp({ scenario: caller, server, port: from, ...calls, context })
    const made = await alice.result()
    expect(made, `${made.errors.slice(-1500)}\n${server.log.slice(-1500)}`).toMatchObject({
      ok: CALLS,
      failed: 0,
    })
    const taken = await bob.stop()
    expect(taken, taken.errors.slice(-1500)).toMatchObject({ ok: CALLS, failed: 0 })
    expect(traces(taken.messages).length).toBeGreaterThan(CALLS)
    expect(traces(taken.messages).filter(line => line.includes(`:${from}`))).toEqual([])
    expect(traces(made.messages).filter(line => line.includes(`:${to}`))).toEqual([])
    const callIds = traces(taken.messages).filter(line => /^Call-ID/i.test(line))
    if (name === 'topoh') expect(callIds.filter(line => !line.includes('!!:'))).toEqual([])
  })

  test.for([true, false])(
    'a chain of two topos, the real one first: %s',
    async (first, context) => {
      const [one, two] = [sqlite(context), sqlite(context)]
      const [middle, to] = [await freePort(), await freePort()]
      const outer = topologyConfig(one.modules, one.params + SELDOM, String(middle))
      const inner = topologyConfig(two.modules, two.params + SELDOM, String(to))
      const transports: Transport[] = ['udp']
      const server = await serverForTest({ original: first, config: outer, transports }, context)
      await serverForTest({ original: !first, port: middle, config: inner, transports }, context)
      const bob = await sipp({ scenario: 'answerer', server, port: to, context })
      const alice = await sipp({ scenario: 'caller', server, calls: CALLS, rate: 20, context })
      const made = await alice.result()
      const why = server.log.slice(-1500)
      expect(made, made.errors.slice(0, 3000) + why).toMatchObject({ ok: CALLS, failed: 0 })
      const taken = await bob.stop()
      expect(taken, taken.errors.slice(0, 3000) + why).toMatchObject({ ok: CALLS, failed: 0 })
    },
  )

  test.for(Object.entries(WAYS))('%s over TCP', async ([, way], context) => {
    const { modules, params } = await way(context)
    const [from, to] = [await freePort(), await freePort()]
    const config = topologyConfig(modules, params, `${to};transport=tcp`)
    const server = await serverForTest({ config, transports: ['tcp'] }, context)
    const wire = { server, transport: 'tcp', context } as const
    const bob = await sipp({ scenario: 'answerer', port: to, ...wire })
    const alice = await sipp({ scenario: 'caller', port: from, calls: CALLS, rate: 20, ...wire })
    const made = await alice.result()
    expect(made, `${made.errors.slice(-1500)}\n${server.log.slice(-1500)}`).toMatchObject({
      ok: CALLS,
      failed: 0,
    })
    const taken = await bob.stop()
    expect(taken, taken.errors.slice(-1500)).toMatchObject({ ok: CALLS, failed: 0 })
    expect(traces(taken.messages).filter(line => line.includes(`:${from}`))).toEqual([])
  })
})

describe.for(Object.entries(WAYS))('%s', ([, way]) => {
  test.for([
    ['ours', 'the real one', false, true],
    ['the real one', 'ours', true, false],
    ['ours', 'ours again', false, false],
  ] as const)('%s begins the call, %s ends it', async ([, , first, second], context) => {
    const { modules, params } = await way(context)
    for (const who of ['alice', 'bob'] as const) {
      const wire = await Wire.open()
      const { story } = wire
      await wire.serve(first, modules, params)
      await story.invite()
      await story.answer('bob', 'INVITE', '180 Ringing')
      await story.answer('bob', 'INVITE', '200 OK')
      await story.say('alice', story.request('alice', 'ACK'))
      story.sides.bob.routes = story.sides.bob.routes.slice(1)
      await wire.serve(second, modules, params)
      await story.inside(who === 'bob' ? 'alice' : 'bob', 'INVITE')
      await story.say(
        who === 'bob' ? 'alice' : 'bob',
        story.request(who === 'bob' ? 'alice' : 'bob', 'ACK'),
      )
      await story.inside(who, 'BYE')
      expect(story.last(who, '200 BYE').status).toBe(200)
      const hidden = /^(Via|Contact|Record-Route|Route): .*$/gim
      for (const { who: by, message } of story.heard)
        expect((message.text.match(hidden) ?? []).join('\n')).not.toContain(
          by === 'bob' ? SECRET.alice : SECRET.bob,
        )
    }
  })
})
