// What drouting does is what it does in the real Kamailio (compat/drouting/answers.json).
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PORT } from '../../../../compat/script/cases.ts'
import { CASES, configOf, makeTables } from '../../../../compat/drouting/cases.ts'
import { Bench } from '../../../../kit/bench.ts'
import { askCases } from '../../../../kit/case-answers.ts'

const file = new URL('../../../../compat/drouting/answers.json', import.meta.url)
const { facts } = JSON.parse(readFileSync(file, 'utf8')) as { facts: [string, string][] }
const folder = mkdtempSync(join(tmpdir(), 'drouting-'))
let answers: string[] = []

beforeAll(async () => {
  const path = join(folder, 'drouting.db')
  makeTables(path)
  const bench = await Bench.start(configOf(`sqlite:///${path}`, PORT))
  answers = await askCases(bench, CASES.length)
  await bench.core.databases.close()
})

afterAll(() => rmSync(folder, { recursive: true }))

describe('as the real one', () => {
  it('was asked about all cases', () => expect(facts.map(([text]) => text)).toEqual(CASES))

  it.each(facts.map(([text, answer], i) => ({ text, answer, i })))('$text', ({ answer, i }) =>
    expect(answers[i]).toBe(answer),
  )
})
