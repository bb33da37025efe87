/**
 * Asks the real Kamailio about the cases of pdt and writes answers.json.
 * Run: node test/compat/pdt/record.ts (needs Debian's kamailio; loopback only)
 */
import { factsOf, writeAnswers } from '../../kit/case-recording.ts'
import { withTables } from '../../kit/case-tables.ts'
import { PORT } from '../script/cases.ts'
import { CASES, configOf, makeTables, PARAMS } from './cases.ts'

const runs: object[] = []
for (const params of PARAMS) {
  const ask = (url: string) => factsOf(configOf(url, PORT, params), CASES)
  runs.push({ params, facts: await withTables({ makeTables }, ask) })
}
writeAnswers(import.meta.dirname, { runs }, ' with db_sqlite')
process.stdout.write(`${CASES.length} cases\n`)
