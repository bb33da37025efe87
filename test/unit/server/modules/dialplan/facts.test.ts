// What dialplan does is what it does in the real Kamailio (compat/dialplan/answers.json).
import { describe } from 'vitest'
import * as cases from '../../../../compat/dialplan/cases.ts'
import { expectTableFacts, type Fact, recorded } from '../../../../kit/case-answers.ts'

const { facts } = recorded<{ facts: Fact[] }>('dialplan')

describe('as the real one', () => {
  expectTableFacts(facts, cases)
})
