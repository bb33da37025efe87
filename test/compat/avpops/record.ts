/**
 * Asks the real Kamailio about the cases of avpops and writes answers.json.
 * Run: node test/compat/avpops/record.ts (needs Debian's kamailio; loopback only)
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answersOf } from '../random/statements.ts'
import { PORT } from '../script/cases.ts'
import { refusedOf, tracesOf } from '../script/real.ts'
import { CASES, configOf, makeTables, REFUSED, rowsOf } from './cases.ts'

const folder = mkdtempSync(join(tmpdir(), 'avpops-'))
const path = join(folder, 'avpops.db')
makeTables(path)
const url = `sqlite:///${path}`
const refused = await refusedOf(REFUSED, texts => configOf(url, PORT, texts))
const taken = REFUSED.filter(text => !refused.has(text))
if (taken.length > 0) throw new Error(`it takes ${taken.join('\n')}`)
const traces = await tracesOf(configOf(url, PORT, CASES), CASES.length)
const rows = rowsOf(path)
rmSync(folder, { recursive: true })
const answers = answersOf(traces, CASES.length)
const origin = 'Kamailio 5.6.3 (Debian) with db_sqlite, asked by record.ts'
const facts = CASES.map((text, i) => [text, answers[i]])
writeFileSync(
  new URL('answers.json', import.meta.url),
  `${JSON.stringify({ origin, facts, rows }, null, 1)}\n`,
)
process.stdout.write(`${CASES.length} cases\n`)
