/**
 * Asks the real Kamailio about the cases of htable with a database and writes answers.json.
 * Run: node test/compat/htable/record.ts (needs Debian's kamailio; loopback only)
 */
import { factsOf, writeAnswers } from '../../kit/case-recording.ts'
import { withTables } from '../../kit/case-tables.ts'
import { PORT } from '../script/cases.ts'
import { CASES, configOf, makeTables, rowsOf } from './cases.ts'

const runs: object[] = []
for (const expires of [0, 1])
  await withTables({ makeTables }, async (url, path) => {
    const facts = await factsOf(configOf(url, PORT, expires), CASES)
    runs.push({ expires, facts, rows: rowsOf(path) })
  })
writeAnswers(import.meta.dirname, { runs }, ' with db_sqlite')
process.stdout.write(`${CASES.length} cases\n`)
