// Plays recorded exchanges to a node without a network, and tells what comes of them as the
// recorder does.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../../../../rpc/faults.ts'
import {
  type Facts,
  maskReply,
  Peer,
  routesOf,
  type Step,
  type Story,
} from '../../../../compat/uac/exchange.ts'
import { Bench } from '../../../../kit/bench.ts'

const TICK_MS = 50
/** Modules that only the recorder needs: they open files. */
const ONLY_RECORDED = /^(jsonrpcs|db_.*)$/

export class Replay {
  readonly bench: Bench
  readonly peer: Peer
  private readonly time: { milliseconds: number }

  private constructor(bench: Bench, peer: Peer, time: Replay['time']) {
    this.bench = bench
    this.peer = peer
    this.time = time
  }

  static async start(modules: readonly string[], story: Story): Promise<Replay> {
    const time = { milliseconds: 0 }
    const clock = {
      now: () => 1_800_000_000_000 + time.milliseconds,
      monotonic: () => time.milliseconds,
    }
    const lines = ['debug=-3', 'server_signature=no', 'auto_aliases=no']
    for (const name of modules) if (!ONLY_RECORDED.test(name)) lines.push(`loadmodule "${name}.so"`)
    for (const [module, values] of Object.entries(story.params ?? {}))
      for (const [name, value] of Object.entries(values))
        if (value !== 'DB') lines.push(param(module, name, value))
    const bench = await Bench.start(`${lines.join('\n')}\n${routesOf(story)}\n`, clock)
    return new Replay(bench, new Peer(), time)
  }

  /** What is sent since the last look, as the recorder says it. */
  private taken(): string[] {
    return this.peer.takeNew(this.bench.sent.splice(0).map(({ text }) => text))
  }

  private pass(milliseconds: number): void {
    for (let left = milliseconds; left > 0; left -= TICK_MS) {
      this.time.milliseconds += TICK_MS
      this.bench.core.timers.run()
    }
  }

  step(step: Step): NonNullable<Step['got']> {
    if (step.rpc !== undefined) return [this.command(step.rpc), ...this.taken()]
    if (step.pause !== undefined) this.pass(step.pause * 1000)
    else if (step.wait === undefined) this.bench.receive(this.peer.text(step))
    else {
      for (let left = step.wait * 1000; left > 0 && this.bench.sent.length === 0; left -= TICK_MS)
        this.pass(TICK_MS)
    }
    return this.taken()
  }

  /** The same, messages alone. */
  messages(step: Step): string[] {
    return this.step(step).filter(one => typeof one === 'string')
  }

  private command([name, ...params]: NonNullable<Step['rpc']>): Record<string, unknown> {
    try {
      return maskReply({ result: this.bench.rpc(name, ...params) ?? {} }) as Record<string, unknown>
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      return { error: { code: error.code, message: error.message } }
    }
  }

  stop(): Promise<void> {
    return this.bench.host.stop()
  }
}

const param = (module: string, name: string, value: string | number): string =>
  `modparam("${module}", "${name}", ${JSON.stringify(value)})`

/** One test for every story of the folder. */
export function replayFolder(folder: string): void {
  for (const name of readdirSync(folder).filter(file => file.endsWith('.json'))) {
    const { modules, stories } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Facts
    describe(`${name}, as Kamailio has it`, () => {
      test.for(stories)('$name', async story => {
        const replay = await Replay.start(modules, story)
        const steps = story.steps.map(step => ({ ...step, got: replay.step(step) }))
        await replay.stop()
        expect(steps).toEqual(story.steps)
      })
    })
  }
}
