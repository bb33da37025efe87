/**
 * Asks the real Kamailio about the cases of avpops and writes answers.json.
 * Run: node test/compat/avpops/record.ts (needs Debian's kamailio; loopback only)
 */
import { factsOf, writeAnswers } from '../../kit/case-recording.ts'
import { withTables } from '../../kit/case-tables.ts'
import { PORT } from '../script/cases.ts'
import { refusedOf } from '../script/real.ts'
import { CASES, configOf, makeTables, REFUSED, rowsOf } from './cases.ts'

await withTables({ makeTables }, async (url, path) => {
  const refused = await refusedOf(REFUSED, texts => configOf(url, PORT, texts))
  const taken = REFUSED.filter(text => !refused.has(text))
  if (taken.length > 0) throw new Error(`it takes ${taken.join('\n')}`)
  const facts = await factsOf(configOf(url, PORT, CASES), CASES)
  const rows = rowsOf(path)
  writeAnswers(import.meta.dirname, { facts, rows }, ' with db_sqlite')
})
process.stdout.write(`${CASES.length} cases\n`)
