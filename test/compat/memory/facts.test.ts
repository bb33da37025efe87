// Steps that the real Kamailio went through, gone through by our modules: the same config, the same
// messages, the same commands.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../../rpc/faults.ts'
import { Bench } from '../../kit/bench.ts'
import { messageText } from '../pv/facts.ts'
import { config, type Facts, FOLDER, LINE, type Reply, select, type Step } from './facts.ts'
import { type ScriptStep, type Value } from './facts.ts'

const files = readdirSync(FOLDER).filter(name => name.endsWith('.json'))

const pause = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms))

async function runScript(bench: Bench, step: ScriptStep, number: number): Promise<Value> {
  bench.receive(select(number))
  bench.logged(messageText(step.message ?? 'plain'))
  for (let tries = 0; tries < 5000 && bench.core.routes.waiting > 0; tries++) {
    await pause(2)
    bench.core.timers.run()
  }
  for (const { text } of bench.lines) {
    const found = LINE.exec(text)
    if (found !== null) return { type: found[2]!, value: found[3]! }
  }
  return { type: 'none', value: 'nothing was logged' }
}

function runCommand(bench: Bench, name: string, params: unknown[]): Reply {
  try {
    const result = bench.rpc(name, ...params)
    return { result: result === undefined ? {} : JSON.parse(JSON.stringify(result)) }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { error: { code: error.code, message: error.message } }
  }
}

interface Compared {
  wanted: unknown
  found: unknown
}

async function run(bench: Bench, step: Step, number: number): Promise<Compared> {
  if ('rpc' in step) {
    const found = runCommand(bench, step.rpc, step.params ?? [])
    return { wanted: step.ours ?? step.reply, found }
  }
  // Kamailio has values that are neither of a type nor null: a transformation that failed.
  const { value, type } = step
  const wanted = step.ours ?? { type: type === '' ? 'null' : type, value }
  return { wanted, found: await runScript(bench, step, number) }
}

describe.for(files)('%s', name => {
  const facts = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Facts

  test('is as Kamailio is', async () => {
    const bench = await Bench.start(config(facts))
    const wrong: string[] = []
    for (const [number, step] of facts.steps.entries()) {
      const { wanted, found } = await run(bench, step, number)
      try {
        expect(found).toEqual(wanted)
      } catch {
        const { ours: _ours, why: _why, ...what } = step
        wrong.push(`${number} ${JSON.stringify(what)}`, `  found ${JSON.stringify(found)}`)
      }
    }
    expect(wrong.join('\n')).toBe('')
  })

  test('differs for a reason, where it differs', () => {
    const differing = facts.steps.filter(({ ours }) => ours !== undefined)
    expect(differing.filter(({ why }) => !why)).toEqual([])
  })
})
