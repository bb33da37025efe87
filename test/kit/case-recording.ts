// Asks the real Kamailio about cases and writes down what it says; for the record.ts of
// test/compat.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { answersOf } from '../compat/random/statements.ts'
import { PORT } from '../compat/script/cases.ts'
import { tracesOf } from '../compat/script/real.ts'
import type { Fact } from './case-answers.ts'
import { type TableCases, withTables } from './case-tables.ts'

/** Each case with what the real one says of it; it has said all when it is quiet for so long. */
export async function factsOf(
  config: string,
  cases: readonly string[],
  quiet?: number,
): Promise<Fact[]> {
  const answers = answersOf(await tracesOf(config, cases.length, quiet), cases.length)
  return cases.map((text, i) => [text, answers[i]!])
}

/** Writes answers.json of a topic; biome gives it its lines. */
export function writeAnswers(folder: string, answers: object, packages = ''): void {
  const origin = `Kamailio 5.6.3 (Debian)${packages}, asked by record.ts`
  writeFileSync(join(folder, 'answers.json'), `${JSON.stringify({ origin, ...answers })}\n`)
}

/** Asks about the cases and writes their answers.json. */
export async function recordTables(folder: string, cases: TableCases): Promise<void> {
  const facts = await withTables(cases, url => factsOf(cases.configOf(url, PORT), cases.CASES))
  writeAnswers(folder, { facts }, ' with db_sqlite')
  process.stdout.write(`${facts.length} cases\n`)
}
