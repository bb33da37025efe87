// What drouting does is what it does in the real Kamailio (compat/drouting/answers.json).
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answersOf } from '../../../../compat/random/statements.ts'
import { MARK, PORT, request } from '../../../../compat/script/cases.ts'
import { CASES, configOf, makeTables } from '../../../../compat/drouting/cases.ts'
import { Bench } from '../../../../kit/bench.ts'
import { PEER_PORT } from '../../../../kit/bench-ports.ts'

const file = new URL('../../../../compat/drouting/answers.json', import.meta.url)
const { facts } = JSON.parse(readFileSync(file, 'utf8')) as { facts: [string, string][] }
const folder = mkdtempSync(join(tmpdir(), 'drouting-'))
let answers: string[] = []

beforeAll(async () => {
  const path = join(folder, 'drouting.db')
  makeTables(path)
  const bench = await Bench.start(configOf(`sqlite:///${path}`, PORT))
  for (let i = 0; i < CASES.length; i++) {
    bench.receive(request(PEER_PORT, `X-Test: ${i}\r\n`))
    // One after the other: they change the tables.
    while (bench.core.routes.waiting > 0) await new Promise(later => setTimeout(later, 1))
  }
  const traces = bench.lines.filter(({ text }) => text.includes(MARK))
  const texts = traces.map(({ text }) => text.slice(text.indexOf(MARK) + MARK.length).trimEnd())
  answers = answersOf(texts.join('\n'), CASES.length)
  await bench.core.databases.close()
})

afterAll(() => rmSync(folder, { recursive: true }))

describe('as the real one', () => {
  it('was asked about all cases', () => expect(facts.map(([text]) => text)).toEqual(CASES))

  it.each(facts.map(([text, answer], i) => ({ text, answer, i })))('$text', ({ answer, i }) =>
    expect(answers[i]).toBe(answer),
  )
})
