// Prefixes as in the real Kamailio (compat/pdt/answers.json), and what an operator does with them.
import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CASES, configOf, makeTables } from '../../../../compat/pdt/cases.ts'
import { PORT } from '../../../../compat/script/cases.ts'
import { Bench } from '../../../../kit/bench.ts'
import { callRpc, expectTableFacts, type Fact, recorded } from '../../../../kit/case-answers.ts'

const { runs } = recorded<{ runs: { params: string; facts: Fact[] }[] }>('pdt')

describe.each(runs)('as the real one with $params', ({ params, facts }) => {
  const withParams = (url: string, port: number) => configOf(url, port, params)
  expectTableFacts(facts, { CASES, makeTables, configOf: withParams })
})

const folder = mkdtempSync(join(tmpdir(), 'pdt-'))
const path = join(folder, 'pdt.db')

afterAll(() => rmSync(folder, { recursive: true }))

describe('for an operator', () => {
  let bench: Bench

  beforeEach(async () => {
    rmSync(path, { force: true })
    makeTables(path)
    bench = await Bench.start(configOf(`sqlite:///${path}`, PORT, ''))
  })
  afterEach(() => bench.core.databases.close())

  const change = (statement: string): void => {
    const database = new DatabaseSync(path)
    database.exec(statement)
    database.close()
  }

  const call = (name: string, ...params: unknown[]): Promise<unknown> =>
    callRpc(bench, name, ...params)

  const entry = (prefix: string, domain: string) => ['ENTRY', { DOMAIN: domain, PREFIX: prefix }]

  it('says what it left out', async () => {
    await call('pdt.reload')
    const texts = bench.lines.map(({ text }) => text)
    expect(texts.filter(text => text === 'Error - bad values in db')).toHaveLength(3)
    expect(texts).toContain('sdomain [*]: prefix [3] or domain <de.example> duplicated')
  })

  it('leaves a prefix out that is there twice, or takes nothing without check_domain', async () => {
    change("INSERT INTO pdt (sdomain, prefix, domain) VALUES ('*', '49', 'twice.example')")
    await call('pdt.reload')
    expect(bench.lines.map(({ text }) => text)).toContain(
      'sdomain [*]: prefix [49] or domain <twice.example> duplicated',
    )
    const unchecked = configOf(`sqlite:///${path}`, PORT, 'modparam("pdt", "check_domain", 0)')
    await expect(Bench.start(unchecked)).rejects.toThrow('prefix already allocated [49]')
  })

  it('has the functions of KSR that Kamailio has', () => {
    const names = bench.core.kemi.exports().filter(({ module }) => module === 'pdt')
    expect(names.map(({ name, params }) => `${name}(${params.join(', ')})`).toSorted()).toEqual([
      'pd_translate(str, int)',
      'pprefix2domain(int, int)',
    ])
  })

  it('lists prefixes by source domain', async () => {
    const all = [entry('2', 'two.example'), entry('49', 'de.example')]
    const everybody = ['RECORDS', [...all, entry('4930', 'berlin.example')]]
    expect(await call('pdt.list', '*')).toEqual([['SDOMAIN', '*'], everybody])
    expect(await call('pdt.list', '.', '49', 'ip.example')).toEqual([
      ['SDOMAIN', '*'],
      ['RECORDS', []],
      ['SDOMAIN', '127.0.0.1'],
      ['RECORDS', [entry('49', 'ip.example')]],
      ['SDOMAIN', 'example.com'],
      ['RECORDS', []],
    ])
    expect(await call('pdt.list', 'nosuch')).toEqual([])
    await expect(call('pdt.list', '*', 'x')).rejects.toThrow('Bad Prefix')
  })

  it('takes new prefixes, and keeps the old ones when a row is bad', async () => {
    change("UPDATE pdt SET domain = 'other.example' WHERE prefix = '2'")
    await call('pdt.reload')
    const listed = [
      ['SDOMAIN', '*'],
      ['RECORDS', [entry('2', 'other.example')]],
    ]
    expect(await call('pdt.list', '*', '2')).toEqual(listed)
    change("INSERT INTO pdt (sdomain, prefix, domain) VALUES ('*', 'x3', 'bad.example')")
    await expect(call('pdt.reload')).rejects.toThrow(/row \d+ of pdt .*invalid char in prefix/)
    expect(await call('pdt.list', '*', '2')).toEqual(listed)
    change('DELETE FROM pdt')
    await call('pdt.reload')
    await expect(call('pdt.list')).rejects.toThrow('No records')
  })
})
