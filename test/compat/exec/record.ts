/**
 * Asks the real Kamailio about the cases of exec and writes answers.json.
 * Run: node test/compat/exec/record.ts (needs Debian's kamailio; loopback only)
 */
import { factsOf, writeAnswers } from '../../kit/case-recording.ts'
import { PORT } from '../script/cases.ts'
import { CASES, configOf } from './cases.ts'

const facts = await factsOf(configOf(PORT), CASES)
writeAnswers(import.meta.dirname, { facts })
process.stdout.write(`${facts.length} cases\n`)
