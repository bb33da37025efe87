// Our node in this process, on the ports of the cases.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { printer } from '../../../server/boot/logging.ts'
import { check, ConfigError } from '../../../server/boot/check.ts'
import { Node } from '../../../server/boot/node.ts'
import { readOptions } from '../../../server/boot/options.ts'
import { ParamError } from '../../../server/core/host.ts'
import { BadValue } from '../../../server/core/module/index.ts'
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
    let output = ''
    process.env.CASE_ENV = 'env-value'
    const node = await start(
      line,
      checked,
      (log, core) => {
        const show = printer(core)
        log.addSink(entry => void (output += show(entry)))
      },
      () => undefined,
    )
    if (typeof node === 'string') return node
    const takeLog = (): string[] => {
      const taken = output
      output = ''
      return taken.split('\n').filter(line => line !== '')
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

/** What modules and formats refuse when they are made is wrong in the config as well. */
async function start(...args: Parameters<typeof Node.start>): Promise<Node | string> {
  try {
    return await Node.start(...args)
  } catch (error) {
    if (error instanceof BadValue || error instanceof ParamError) return error.message
    throw error
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
