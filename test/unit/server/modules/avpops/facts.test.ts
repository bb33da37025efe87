// What avpops does is what it does in the real Kamailio (compat/avpops/answers.json).
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CASES, configOf, makeTables, REFUSED, rowsOf } from '../../../../compat/avpops/cases.ts'
import { PORT } from '../../../../compat/script/cases.ts'
import { Bench } from '../../../../kit/bench.ts'
import { askCases } from '../../../../kit/case-answers.ts'

const file = new URL('../../../../compat/avpops/answers.json', import.meta.url)
const { facts, rows } = JSON.parse(readFileSync(file, 'utf8')) as {
  facts: [string, string][]
  rows: string[]
}
const folder = mkdtempSync(join(tmpdir(), 'avpops-'))
const path = join(folder, 'avpops.db')
let answers: string[] = []

beforeAll(async () => {
  makeTables(path)
  const bench = await Bench.start(configOf(`sqlite:///${path}`, PORT, CASES))
  answers = await askCases(bench, CASES.length)
  await bench.core.databases.close()
})

afterAll(() => rmSync(folder, { recursive: true }))

describe('as the real one', () => {
  it('was asked about all cases', () => expect(facts.map(([text]) => text)).toEqual(CASES))

  it.each(facts.map(([text, answer], i) => ({ text, answer, i })))('$text', ({ answer, i }) =>
    expect(answers[i]).toBe(answer),
  )

  it('leaves the same rows', () => expect(rowsOf(path)).toEqual(rows))

  it.each(REFUSED)('does not start with %s', async text => {
    await expect(Bench.start(configOf('sqlite:///:memory:', PORT, [text]))).rejects.toThrow(/./)
  })
})
