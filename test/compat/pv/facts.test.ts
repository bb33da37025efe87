// Expressions that the real Kamailio evaluated, evaluated by our modules: the same config, the
// same messages.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Bench } from '../../kit/bench.ts'
import { config, type Fact, type Facts, FOLDER, messageText, select } from './facts.ts'

const files = readdirSync(FOLDER).filter(name => name.endsWith('.json'))

const LINE = /FACT \d+ (\w*) >>([^]*)<<END/

/** The runtime parameters that the config declares. */
function declareGateway({ core }: Bench): void {
  const values = { gw_ip: '192.0.2.7', gw_port: 5080 }
  for (const [name, value] of Object.entries(values)) {
    const kind = typeof value === 'number' ? 'int' : 'string'
    const variable = { group: 'pstn', name, kind, doc: '', default: value, live: true } as const
    core.cfg.declare(variable, values)
  }
}

/** What our node makes of a fact. */
function ask(bench: Bench, fact: Fact, number: number): { type: string; value: string } {
  bench.receive(select(number))
  const lines = bench.logged(messageText(fact.message))
  for (const line of lines) {
    const found = LINE.exec(line)
    if (found !== null) return { type: found[1]!, value: found[2]! }
  }
  return { type: 'none', value: lines.join('\n') }
}

describe.for(files)('%s', name => {
  const { facts } = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Facts

  test('gives what Kamailio gave', async () => {
    const bench = await Bench.start(config(facts))
    declareGateway(bench)
    const wrong: string[] = []
    facts.forEach((fact, number) => {
      const found = ask(bench, fact, number)
      // Kamailio has values that are neither of a type nor null: a transformation that failed.
      const type = fact.type === '' ? 'null' : fact.type
      const wanted = fact.ours ?? { type, value: fact.value }
      if (found.value !== wanted.value || found.type !== wanted.type)
        wrong.push(JSON.stringify({ ...fact, found }))
    })
    expect(wrong.join('\n')).toBe('')
  })

  test('differs for a reason, where it differs', () => {
    const differing = facts.filter(({ ours }) => ours !== undefined)
    expect(differing.filter(({ why }) => !why)).toEqual([])
    const idle = differing.filter(
      ({ ours, type, value }) => ours?.type === type && ours.value === value,
    )
    expect(idle).toEqual([])
  })
})
