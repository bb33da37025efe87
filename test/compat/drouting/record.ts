/**
 * Asks the real Kamailio about the cases of drouting and writes answers.json.
 * Run: node test/compat/drouting/record.ts (needs Debian's kamailio; loopback only)
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answersOf } from '../random/statements.ts'
import { PORT } from '../script/cases.ts'
import { tracesOf } from '../script/real.ts'
import { CASES, configOf, makeTables } from './cases.ts'

const folder = mkdtempSync(join(tmpdir(), 'drouting-'))
const path = join(folder, 'drouting.db')
makeTables(path)
const traces = await tracesOf(configOf(`sqlite:///${path}`, PORT), CASES.length)
rmSync(folder, { recursive: true })
const answers = answersOf(traces, CASES.length)
const origin = 'Kamailio 5.6.3 (Debian) with db_sqlite, asked by record.ts'
const facts = CASES.map((text, i) => JSON.stringify([text, answers[i]]))
writeFileSync(
  new URL('answers.json', import.meta.url),
  `{ "origin": ${JSON.stringify(origin)}, "facts": [\n${facts.join(',\n')}\n] }\n`,
)
process.stdout.write(`${CASES.length} cases\n`)
