/**
 * Asks the real Kamailio about the cases of htable with a database and writes answers.json.
 * Run: node test/compat/htable/record.ts (needs Debian's kamailio; loopback only)
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answersOf } from '../random/statements.ts'
import { PORT } from '../script/cases.ts'
import { tracesOf } from '../script/real.ts'
import { CASES, configOf, makeTables, rowsOf } from './cases.ts'

const folder = mkdtempSync(join(tmpdir(), 'htable-'))
const runs = []
for (const expires of [0, 1]) {
  const path = join(folder, `${expires}.db`)
  makeTables(path)
  const traces = await tracesOf(configOf(`sqlite:///${path}`, PORT, expires), CASES.length)
  const answers = answersOf(traces, CASES.length)
  runs.push({ expires, facts: CASES.map((text, i) => [text, answers[i]]), rows: rowsOf(path) })
}
rmSync(folder, { recursive: true })
const origin = 'Kamailio 5.6.3 (Debian) with db_sqlite, asked by record.ts'
writeFileSync(
  new URL('answers.json', import.meta.url),
  `${JSON.stringify({ origin, runs }, null, 1)}\n`,
)
process.stdout.write(`${CASES.length} cases\n`)
