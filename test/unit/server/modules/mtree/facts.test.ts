// What mtree does is what it does in the real Kamailio (compat/mtree/answers.json).
import { describe } from 'vitest'
import * as cases from '../../../../compat/mtree/cases.ts'
import { expectTableFacts, type Fact, recorded } from '../../../../kit/case-answers.ts'

const { facts } = recorded<{ facts: Fact[] }>('mtree')

describe('as the real one', () => {
  expectTableFacts(facts, cases)
})
