// Statements of db_text.query, answered as Kamailio 5.6.3 answers them (record.ts), and the files
// that are there afterwards; Debian's own tables.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Bench } from '../../kit/bench.ts'
import facts from './answers.json' with { type: 'json' }
import { config, FILES } from './cases.ts'

const DEBIAN = '/usr/share/kamailio/dbtext/kamailio'

const folder = mkdtempSync(join(tmpdir(), 'ohana-text-'))
let bench: Bench

beforeAll(async () => {
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text)
  bench = await Bench.start(config(folder))
})
afterAll(async () => {
  await bench.core.databases.close()
  rmSync(folder, { recursive: true })
})

const ask = async (name: string, ...params: string[]): Promise<string> => {
  const how = { convert: false, skipWrongOptional: false }
  const caller = { transport: 'stream' as const, strictness: how, connection: null }
  const { value } = await bench.core.rpc.call(name, params, caller)
  return `${[value].flat().join('\n')}\n`
}

// In order: some of them change what the next ones find.
test.each(facts.answers)('%s', async (statement, answer) => {
  expect(await ask('db_text.query', statement!)).toBe(answer)
})

test('the files after them', async () => {
  expect(await ask('db_text.dump')).toBe(facts.dump)
  for (const [name, text] of Object.entries(facts.files))
    expect(readFileSync(join(folder, name), 'latin1')).toBe(text)
})

describe('tables of Debian', () => {
  test.each(readdirSync(DEBIAN))('%s', async name => {
    const database = bench.core.databases.open(`text://${DEBIAN}`, 'test')
    const { columns, rows } = await database.query({ table: name, columns: [], where: [] })
    expect(columns.length).toBeGreaterThan(1)
    expect(rows.every(row => row.length === columns.length)).toBe(true)
  })
})
