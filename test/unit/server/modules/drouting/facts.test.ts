// What drouting does is what it does in the real Kamailio (compat/drouting/answers.json).
import { describe } from 'vitest'
import * as cases from '../../../../compat/drouting/cases.ts'
import { expectTableFacts, type Fact, recorded } from '../../../../kit/case-answers.ts'

const { facts } = recorded<{ facts: Fact[] }>('drouting')

describe('as the real one', () => {
  expectTableFacts(facts, cases)
})
