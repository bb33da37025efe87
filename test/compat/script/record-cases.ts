/**
 * Asks the real Kamailio about every case of *.facts files and writes what it says into them.
 * Run: node test/compat/script/record-cases.ts FILE.facts ... (needs Debian's kamailio)
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { readCases, withAnswers } from './cases.ts'
import { answerOf } from './real.ts'

for (const file of process.argv.slice(2)) {
  const text = readFileSync(file, 'latin1')
  const answers: string[] = []
  for (const one of readCases(text).cases) answers.push(await answerOf(one))
  writeFileSync(file, withAnswers(text, answers), 'latin1')
}
