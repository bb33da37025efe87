/** What only KEMI scripts have of the core: KSR itself, KSR.pv, KSR.hdr. */
import { flagFunctions } from './flags.ts'
import { headerFunctions } from './headers.ts'
import { nodeFunctions } from './node.ts'
import { questions } from './questions.ts'
import { variableFunctions } from './variables.ts'

export const coreKemi = {
  ...nodeFunctions,
  ...questions,
  ...flagFunctions,
  ...variableFunctions,
  ...headerFunctions,
}
