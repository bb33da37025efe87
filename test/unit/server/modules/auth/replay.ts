// Plays the conversations of test/compat/auth to a node without a network, and tells what comes of
// them as the recorder does.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../../../../rpc/faults.ts'
import { makeTables } from '../../../../compat/auth/tables.ts'
import {
  type Facts,
  MARK,
  mask,
  Phone,
  routesOf,
  type Step,
  type Story,
} from '../../../../compat/auth/talk.ts'
import { Bench } from '../../../../kit/bench.ts'

const FACTS = join(import.meta.dirname, '../../../../compat/auth')
const ALWAYS = ['tm', 'sl', 'pv', 'textops', 'textopsx', 'xlog', 'db_sqlite']
const PEER = '127.0.0.1:25075'

function configOf(modules: readonly string[], story: Story, url: string): string {
  const lines = ['debug=0', 'server_signature=no', 'auto_aliases=no']
  for (const name of [...ALWAYS, ...modules]) lines.push(`loadmodule "${name}.so"`)
  for (const [module, values] of Object.entries(story.params ?? {}))
    for (const [name, value] of Object.entries(values)) {
      const text = JSON.stringify(value === 'DB' ? url : value)
      lines.push(`modparam("${module}", "${name}", ${text})`)
    }
  return `${lines.join('\n')}\n${routesOf(story)}\n`
}

class Replay {
  private readonly bench: Bench
  private readonly phone: Phone
  private readonly time: { milliseconds: number }

  constructor(bench: Bench, phone: Phone, time: Replay['time']) {
    this.bench = bench
    this.phone = phone
    this.time = time
  }

  async step(step: Step): Promise<Step> {
    if (step.pause !== undefined) {
      this.time.milliseconds += step.pause * 1000
      return step
    }
    if (step.rpc !== undefined) return { ...step, result: this.command(step.rpc) }
    const { bench, phone } = this
    bench.lines.length = 0
    bench.sent.length = 0
    bench.receive(phone.text(step))
    while (bench.core.routes.waiting > 0) await pause(1)
    return {
      ...step,
      replies: bench.sent.map(({ text }) => phone.take(text)),
      marks: bench.lines.filter(({ text }) => text.includes(MARK)).map(({ text }) => noted(text)),
    }
  }

  private command([name, ...params]: NonNullable<Step['rpc']>): unknown {
    try {
      return this.bench.rpc(name, ...params) ?? {}
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      return { code: error.code, message: error.message }
    }
  }
}

/** As the recorder reads it in a log: up to the end of the line. */
const noted = (text: string): string =>
  mask(text.slice(text.indexOf(MARK) + MARK.length).split('\n')[0]!)

async function play(modules: readonly string[], story: Story): Promise<Step[] | string> {
  const folder = mkdtempSync(join(tmpdir(), 'replay-'))
  const time = { milliseconds: 0 }
  const now = (): number => 1_800_000_000_000 + time.milliseconds
  const clock = { now, monotonic: () => time.milliseconds }
  let bench: Bench | null = null
  try {
    bench = await Bench.start(configOf(modules, story, `sqlite:///${makeTables(folder)}`), clock)
    const replay = new Replay(bench, new Phone(PEER, now), time)
    const steps: Step[] = []
    for (const step of story.steps) steps.push(await replay.step(step))
    return steps
  } catch (error) {
    if (bench !== null) throw error
    return (error as Error).message
  } finally {
    await bench?.host.stop()
    rmSync(folder, { recursive: true })
  }
}

/**
 * One test for every story of the file. A config that the original refuses is refused, unless the
 * story says that ours differs.
 */
export function replayFacts(file: string): void {
  const { modules, stories } = JSON.parse(readFileSync(join(FACTS, file), 'utf8')) as Facts
  describe(`${file}, as Kamailio has it`, () => {
    test.for(stories)('$name', async story => {
      const got = await play(modules, story)
      const { refused, differs, steps } = story
      if (refused !== undefined) expect(typeof got === 'string').toBe(differs === undefined)
      else if (differs === undefined) expect(got).toEqual(steps)
      else expect(got).not.toEqual(steps)
    })
  })
}
