// Configs that the real `kamailio -c` takes are taken here, those that it refuses are refused; the
// few that are judged otherwise say why. The verdicts lie in test/compat.
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { check, ConfigError } from '../../server/boot/check.ts'
import { readOptions } from '../../server/boot/options.ts'
import { diagnosticsText } from '../../server/script/index.ts'
import { readVerdicts, type Verdict } from '../compat/script/verdicts.ts'

/** '' when the config is taken, else what is wrong with it. */
async function complaints(config: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'verdicts-'))
  try {
    const path = join(folder, 'k.cfg')
    writeFileSync(path, config, 'latin1')
    await check(readOptions(['-f', path, '-c']))
    return ''
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return diagnosticsText(error.diagnostics)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const files = globSync('test/compat/{script,statements,preprocess}/*.verdicts')

describe.each(files)('%s', file => {
  const verdicts = readVerdicts(readFileSync(file, 'latin1')).flatMap(
    ({ verdict }) => verdict ?? [],
  )

  it('is recorded', () => {
    expect(verdicts.filter(({ mark }) => mark === '?')).toEqual([])
  })

  const rows = verdicts.map((one): [string, Verdict] => [one.text, one])
  it.each(rows)('%s', async (_text, { config, mark, why }) => {
    const wrong = await complaints(config)
    if ((mark === '+') === (why === '')) expect(wrong).toBe('')
    else expect(wrong).not.toBe('')
  })
})
