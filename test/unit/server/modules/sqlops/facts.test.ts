// What sqlops does is what it does in the real Kamailio (compat/sqlops/answers.json).
import { describe } from 'vitest'
import * as cases from '../../../../compat/sqlops/cases.ts'
import { expectTableFacts, type Fact, recorded } from '../../../../kit/case-answers.ts'

const { facts } = recorded<{ facts: Fact[] }>('sqlops')

describe('as the real one', () => {
  expectTableFacts(facts, cases)
})
