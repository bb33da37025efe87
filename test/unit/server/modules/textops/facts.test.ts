// What the real Kamailio does with messages, again with ours; where a case says why we differ, what
// ours does.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Facts, FOLDER } from '../../../../compat/textops/facts.ts'
import { type Outcome, play } from './play-case.ts'

for (const name of readdirSync(FOLDER).filter(file => file.endsWith('.json'))) {
  const facts = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Facts
  describe(`${name}, as Kamailio has it`, () => {
    test.for(facts.cases)('$name', one => {
      const { values, out = null, answers = null, ours } = one
      const expected: Outcome = { values, out, answers, ...ours }
      delete (expected as { why?: string }).why
      expect(play(facts, one)).toEqual(expected)
    })
  })
}
