/** `--emit-js`: what the configuration file becomes, as text. Nothing is started. */
import { check, ConfigError } from './check.ts'
import { complain, complainOf, write } from './complain.ts'
import type { CommandLine } from './options.ts'

const STDOUT = 1
const FAILED = 255

export async function emitJs(line: CommandLine): Promise<number> {
  try {
    const { compiled } = await check(line)
    complainOf(compiled.diagnostics)
    write(STDOUT, compiled.program!.text)
    return 0
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    complainOf(error.diagnostics)
    complain(`ERROR: ${error.message}`)
    return FAILED
  }
}
