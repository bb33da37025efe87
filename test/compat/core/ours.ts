// Our node in this process, on the ports of the cases.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stderrText } from '../../../server/boot/logging.ts'
import { check, ConfigError } from '../../../server/boot/check.ts'
import { Node } from '../../../server/boot/node.ts'
import { readOptions } from '../../../server/boot/options.ts'
import { type Case, configOf, type Outcome } from './case.ts'
import { play } from './play.ts'

const QUIET_MS = 12

/** What became of each step; a sentence when the config was refused. */
export async function playOurs(
  one: Case,
  expected: readonly Outcome[],
): Promise<Outcome[] | string> {
  const folder = mkdtempSync(join(tmpdir(), 'core-facts-'))
  try {
    const path = join(folder, 'case.cfg')
    writeFileSync(path, configOf(one), 'latin1')
    const line = readOptions(['-f', path, '-DD', '-E', '-Y', folder, '-w', folder])
    const checked = await checkOrComplain(line)
    if (typeof checked === 'string') return checked
    let lines: string[] = []
    process.env.CASE_ENV = 'env-value'
    const node = await Node.start(
      line,
      checked,
      log => void log.addSink(entry => lines.push(stderrText(entry).trimEnd())),
      () => undefined,
    )
    const takeLog = (): string[] => {
      const taken = lines
      lines = []
      return taken
    }
    try {
      return await play(one, { takeLog, quietMs: QUIET_MS, expected })
    } finally {
      await node.stop()
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function checkOrComplain(line: ReturnType<typeof readOptions>) {
  try {
    return await check(line)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.diagnostics.map(one => `${one.code} ${one.text}`).join('\n')
  }
}
