// The odd places of Kamailio, each with what holds it: the goldens of traps.facts (golden-facts
// runs them), or another test.
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { modules } from '../../server/modules/index.ts'
import { readCases } from '../compat/script/cases.ts'
import { Bench } from '../kit/bench.ts'

/** Numbers of the list that the goldens are named after. */
const LAST = 24

/** Those that are about commands, tools and tables, and the test of each. */
const ELSEWHERE: Record<number, readonly [file: string, text: string]> = {
  10: ['test/peers/tools/kamctl.test.ts', 'kamctl'],
  11: ['test/unit/rpc/wire/binrpc.test.ts', 'binrpc'],
  12: ['test/peers/tools/kamcli.test.ts', 'kamcli'],
  14: ['test/peers/tools/every-method.test.ts', 'mem_info'],
  15: ['test/unit/server/modules/topos/store.test.ts', 'is a Julian day'],
  19: ['test/script/traps.test.ts', '19. cfg.reset'],
}

/** Those that are about modules which are not here. */
const MODULES_TO_COME: Record<number, string> = { 20: 'rtpproxy' }

const { cases } = readCases(readFileSync('test/compat/traps/traps.facts', 'latin1'))
const numbered = (number: number): number =>
  cases.filter(({ name }) => name.startsWith(`${number}. `)).length

describe('each odd place has a golden or a test of its own', () => {
  const numbers = Array.from({ length: LAST }, (_, i) => i + 1)

  it.each(numbers)('%i', number => {
    const elsewhere = ELSEWHERE[number]
    const module = MODULES_TO_COME[number]
    if (module !== undefined) expect(modules).not.toHaveProperty(module)
    else if (elsewhere === undefined) expect(numbered(number)).toBeGreaterThan(0)
    else {
      const [file, text] = elsewhere
      expect(existsSync(file), file).toBe(true)
      expect(readFileSync(file, 'utf8')).toContain(text)
    }
  })
})

it('19. cfg.reset of a text that has changed harms nobody', async () => {
  const bench = await Bench.start('loadmodule "cfg_rpc.so"\nmy.text = "one"\nrequest_route { ; }\n')
  bench.rpc('cfg.sets', 'my', 'text', 'two')
  bench.rpc('cfg.reset', 'my', 'text')
  expect(bench.rpc('cfg.get', 'my', 'text')).toBe('one')
})
