/**
 * Asks the real Kamailio about the cases of pdt and writes answers.json.
 * Run: node test/compat/pdt/record.ts (needs Debian's kamailio; loopback only)
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answersOf } from '../random/statements.ts'
import { PORT } from '../script/cases.ts'
import { tracesOf } from '../script/real.ts'
import { CASES, configOf, makeTables, PARAMS } from './cases.ts'

const folder = mkdtempSync(join(tmpdir(), 'pdt-'))
const runs = []
for (const params of PARAMS) {
  const path = join(folder, `${runs.length}.db`)
  makeTables(path)
  const traces = await tracesOf(configOf(`sqlite:///${path}`, PORT, params), CASES.length)
  const answers = answersOf(traces, CASES.length)
  runs.push({ params, facts: CASES.map((text, i) => [text, answers[i]]) })
}
rmSync(folder, { recursive: true })
const origin = 'Kamailio 5.6.3 (Debian) with db_sqlite, asked by record.ts'
writeFileSync(
  new URL('answers.json', import.meta.url),
  `${JSON.stringify({ origin, runs }, null, 1)}\n`,
)
process.stdout.write(`${CASES.length} cases\n`)
