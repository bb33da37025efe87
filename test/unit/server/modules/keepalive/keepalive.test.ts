import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../../../../rpc/faults.ts'
import { TICK_MS } from '../../../../../server/lib/wheel.ts'
import {
  calls,
  EVENTS,
  type Facts,
  FOLDER,
  masked,
  PARAMS,
  reply,
  request,
  type Step,
  withoutTimes,
} from '../../../../compat/keepalive/facts.ts'
import { Bench } from '../../../../kit/bench.ts'

const facts = JSON.parse(readFileSync(join(FOLDER, 'story.json'), 'utf8')) as Facts

interface Watched {
  readonly bench: Bench
  /** Lets time pass until a ping leaves; '' when none does within `milliseconds`. */
  nextPing(milliseconds?: number): string
  pass(milliseconds: number): void
  marks(): string[]
}

async function watched(params: Record<string, string | number>, script = ''): Promise<Watched> {
  let now = Date.UTC(2026, 0, 1)
  const began = now
  const config = [
    '#!KAMAILIO',
    ...['tm', 'sl', 'pv', 'xlog', 'keepalive'].map(name => `loadmodule "${name}.so"`),
    ...Object.entries(params).map(
      ([name, value]) => `modparam("keepalive", "${name}", ${JSON.stringify(value)})`,
    ),
    `request_route {\n  ${script}\n  drop;\n}`,
    EVENTS,
  ].join('\n')
  const bench = await Bench.start(config, { now: () => now, monotonic: () => now - began })
  const pass = (milliseconds: number): void => {
    for (const end = now + milliseconds; now < end; now += TICK_MS) bench.core.timers.run()
  }
  return {
    bench,
    pass,
    nextPing(milliseconds = 5000) {
      bench.sent.length = 0
      for (let waited = 0; waited < milliseconds; waited += TICK_MS) {
        pass(TICK_MS)
        const ping = bench.sent.find(({ text }) => text.startsWith('OPTIONS '))
        if (ping !== undefined) return ping.text
      }
      return ''
    },
    marks: () =>
      bench.lines
        .filter(({ text }) => text.includes('@@'))
        .map(({ text }) => text.split('@@')[1]!.trim()),
  }
}

function told(bench: Bench, [method, ...params]: string[]): unknown {
  try {
    const result = bench.rpc(method!, ...params)
    // Of several values JSON has the last one.
    const shown = Array.isArray(result) ? (result.at(-1) ?? {}) : result
    return withoutTimes(shown)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { code: error.code, message: error.message }
  }
}

function play(world: Watched, step: Step, number: number): Step {
  const { bench } = world
  if (step.rpc !== undefined) return { ...step, told: told(bench, step.rpc) }
  bench.lines.length = 0
  if (step.call !== undefined) {
    bench.receive(request('INFO', `step${number}`))
    return { ...step, returned: world.marks()[0]! }
  }
  const ping = world.nextPing()
  bench.receive(reply(ping, step.answer!))
  return { ...step, ping: masked(ping), logged: world.marks() }
}

describe('watched destinations', () => {
  test('are told of as Kamailio does', async () => {
    const world = await watched(PARAMS.keepalive, calls(facts.steps))
    const played = facts.steps.map((step, number) => play(world, step, number))
    expect(played).toEqual(facts.steps)
  })

  test('that do not answer go down, and after some failures are asked no more', async () => {
    const params = { ping_interval: 1, destination: 'sip:127.0.0.1:9', delete_counter: 2 }
    const world = await watched(params)
    world.pass(29_000)
    expect(world.marks()).toEqual([])
    world.pass(20_000)
    expect(world.marks()).toEqual(['down OPTIONS sip:127.0.0.1:9'])
    // The last of them is repeated for a while.
    world.pass(40_000)
    expect(world.nextPing(10_000)).toBe('')
  })

  test('tell when they were up and down last', async () => {
    const world = await watched(PARAMS.keepalive)
    world.bench.receive(reply(world.nextPing(), '200 OK'))
    const times = (): string[] => {
      const [one] = world.bench.rpc('keepalive.list') as Record<string, string>[]
      return [one!['last up']!, one!['last down']!].map(text => text.trim().slice(-4))
    }
    expect(times()).toEqual(['2026', '1970'])
    world.bench.receive(reply(world.nextPing(), '500 No'))
    expect(times()).toEqual(['2026', '2026'])
  })
})
