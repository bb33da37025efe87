/** `--cfg-print`: the config with its includes in place and without what does not count. */
import { load, printedConfig } from '../script/index.ts'
import { complain, complainOf, write } from './complain.ts'
import type { CommandLine } from './options.ts'

const STDOUT = 1
const FAILED = 255

export function printConfig(line: CommandLine): number {
  const { defines, substitutions } = line
  const { parsed } = load(line.configFile, { defines, substitutions, env: process.env })
  const { diagnostics } = parsed.report
  const unreadable = diagnostics.filter(({ code }) => code === 'CFG_FILE')
  if (unreadable.length > 0) {
    complainOf(unreadable)
    complain('ERROR: bad config file')
    return FAILED
  }
  write(STDOUT, Buffer.from(printedConfig(parsed.tokens.files), 'latin1').toString())
  return 0
}
