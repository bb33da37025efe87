// What avpops does is what it does in the real Kamailio (compat/avpops/answers.json).
import { describe, expect, it } from 'vitest'
import { CASES, configOf, makeTables, REFUSED, rowsOf } from '../../../../compat/avpops/cases.ts'
import { PORT } from '../../../../compat/script/cases.ts'
import { Bench } from '../../../../kit/bench.ts'
import { expectTableFacts, type Fact, recorded } from '../../../../kit/case-answers.ts'

const { facts, rows } = recorded<{ facts: Fact[]; rows: string[] }>('avpops')

describe('as the real one', () => {
  const cases = {
    CASES,
    makeTables,
    configOf: (url: string, port: number) => configOf(url, port, CASES),
  }
  let left: string[] = []
  expectTableFacts(facts, cases, path => (left = rowsOf(path)))

  it('leaves the same rows', () => expect(left).toEqual(rows))

  it.each(REFUSED)('does not start with %s', async text => {
    await expect(Bench.start(configOf('sqlite:///:memory:', PORT, [text]))).rejects.toThrow(/./)
  })
})
