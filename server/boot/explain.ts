/** `--explain FILE:LINE`: a sentence or more to stdout; 1 when there is nothing to explain. */
import { resolve } from 'node:path'
import { examine } from './check.ts'
import { complain, write } from './complain.ts'
import type { CommandLine } from './options.ts'

const STDOUT = 1
const NOTHING = 1
const FAILED = 255

/** Without -f the file itself is the config. */
export async function explain(line: CommandLine): Promise<number> {
  const [, file, number] = /^(.+):(\d+)$/.exec(line.explain) ?? []
  if (file === undefined) {
    complain(`--explain: ${line.explain} is not FILE:LINE`)
    return FAILED
  }
  const configFile = line.configGiven ? line.configFile : resolve(file)
  const { compiled } = await examine({ ...line, configFile, allowMissing: true })
  const unreadable = compiled.diagnostics.find(({ code }) => code === 'CFG_FILE')
  if (unreadable !== undefined) {
    complain(`ERROR: ${unreadable.text}`)
    return FAILED
  }
  const { text, found } = compiled.explain(file, Number(number))
  write(STDOUT, text)
  if (compiled.failed) complain('The config has errors: -c shows them.')
  return found ? 0 : NOTHING
}
