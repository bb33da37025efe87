/**
 * Asks the real Kamailio about the cases of exec and writes answers.json.
 * Run: node test/compat/exec/record.ts (needs Debian's kamailio; loopback only)
 */
import { writeFileSync } from 'node:fs'
import { answersOf } from '../random/statements.ts'
import { PORT } from '../script/cases.ts'
import { tracesOf } from '../script/real.ts'
import { CASES, configOf } from './cases.ts'

const answers = answersOf(await tracesOf(configOf(PORT), CASES.length), CASES.length)
const origin = 'Kamailio 5.6.3 (Debian), asked by record.ts'
const facts = CASES.map((text, i) => JSON.stringify([text, answers[i]]))
writeFileSync(
  new URL('answers.json', import.meta.url),
  `{ "origin": ${JSON.stringify(origin)}, "facts": [\n${facts.join(',\n')}\n] }\n`,
)
process.stdout.write(`${CASES.length} cases\n`)
