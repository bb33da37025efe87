// What the real Kamailio says of a config, ours says, too: whether it is taken, and what it logs
// for a request. The facts lie in test/compat; record-cases.ts there recorded them.
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../server/boot/check.ts'
import { type Case, configOf, marked, readCases, REFUSED, request } from '../compat/script/cases.ts'
import { Bench } from '../kit/bench.ts'
import { PEER_PORT } from '../kit/bench-ports.ts'

/** Runs in a folder of its own: includes are looked for there, too. */
async function answerOf(one: Case): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'facts-'))
  const before = process.cwd()
  const environment = { ...process.env }
  try {
    process.chdir(folder)
    Object.assign(process.env, one.env)
    for (const [name, text] of [['k.cfg', configOf(one)] as const, ...one.files]) {
      mkdirSync(dirname(name), { recursive: true })
      writeFileSync(name, text, 'latin1')
    }
    const bench = await Bench.load('k.cfg', one.args)
    return marked(bench.logged(request(PEER_PORT)))
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return REFUSED
  } finally {
    process.env = environment
    process.chdir(before)
    rmSync(folder, { recursive: true })
  }
}

const files = globSync('test/compat/{script,statements,traps,preprocess}/*.facts')

describe.each(files)('%s', file => {
  const { cases } = readCases(readFileSync(file, 'latin1'))

  it('is recorded', () => {
    expect(cases.filter(({ says }) => says === null).map(({ name }) => name)).toEqual([])
  })

  it.each(cases.map(one => [one.name, one] as const))('%s', async (_name, one) => {
    expect(await answerOf(one)).toBe(one.ours === null ? one.says : one.ours.says)
  })
})
