// What a node says of the cases of test/compat, each a route of its own that X-Test picks.
import { readFileSync } from 'node:fs'
import { beforeAll, expect, it } from 'vitest'
import { answersOf } from '../compat/random/statements.ts'
import { MARK, PORT, request } from '../compat/script/cases.ts'
import { Bench } from './bench.ts'
import { PEER_PORT } from './bench-ports.ts'
import { type TableCases, withTables } from './case-tables.ts'

/** A case, and what the real Kamailio said of it. */
export type Fact = [text: string, answer: string]

/** What record.ts of a topic wrote. */
export const recorded = <T>(topic: string): T =>
  JSON.parse(readFileSync(`test/compat/${topic}/answers.json`, 'utf8')) as T

/** Until nothing waits any more. */
export async function settled(bench: Bench): Promise<void> {
  while (bench.core.routes.waiting > 0) await new Promise(later => setTimeout(later, 1))
}

/** What the routes said, oldest first. */
export const marked = (bench: Bench): string[] =>
  bench.lines
    .filter(({ text }) => text.includes(MARK))
    .map(({ text }) => text.slice(text.indexOf(MARK) + MARK.length).trimEnd())

/** One case after the other: they may change tables, and wait for that. */
export async function askCases(bench: Bench, count: number): Promise<string[]> {
  for (let i = 0; i < count; i++) {
    bench.receive(request(PEER_PORT, `X-Test: ${i}\r\n`))
    await settled(bench)
  }
  return answersOf(marked(bench).join('\n'), count)
}

/** Tests that ours says of each case what the real one said. */
export function expectFacts(
  facts: readonly Fact[],
  cases: readonly string[],
  ask: () => Promise<string[]>,
): void {
  let answers: string[] = []

  beforeAll(async () => {
    answers = await ask()
  })

  it('was asked about all cases', () => expect(facts.map(([text]) => text)).toEqual(cases))

  it.each(facts.map(([text, answer], i) => ({ text, answer, i })))('$text', ({ answer, i }) =>
    expect(answers[i]).toBe(answer),
  )
}

/** The same of cases that want tables; `look` sees the database that they leave behind. */
export function expectTableFacts(
  facts: readonly Fact[],
  cases: TableCases,
  look: (path: string) => void = () => {},
): void {
  const ask = async (url: string, path: string): Promise<string[]> => {
    const bench = await Bench.start(cases.configOf(url, PORT))
    const answers = await askCases(bench, cases.CASES.length)
    await bench.host.stop()
    await bench.core.databases.close()
    look(path)
    return answers
  }
  expectFacts(facts, cases.CASES, () => withTables(cases, ask))
}

/** Calls an RPC command that may take its time, as a JSON client does. */
export async function callRpc(bench: Bench, name: string, ...params: unknown[]): Promise<unknown> {
  const strictness = { convert: false, skipWrongOptional: false }
  const how = { transport: 'stream', strictness, connection: null } as const
  return (await bench.core.rpc.call(name, params, how)).value
}
