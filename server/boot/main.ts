/**
 * The program: command line in, node or diagnostics out. Exit codes are Kamailio's: 0, or 255 when
 * it cannot run.
 */
import { writeSync } from 'node:fs'
import { enableCompileCache } from 'node:module'

const FAILED = 255

async function main(argv: readonly string[]): Promise<void> {
  // The compiled form of our own files is kept between runs: a node starts in a third of the time.
  enableCompileCache()
  const { readOptions, helpText, UsageError } = await import('./options.ts')
  const { versionText } = await import('./version.ts')
  let line: ReturnType<typeof readOptions>
  try {
    line = readOptions(argv)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    fail(error.message)
  }
  if (line.help) return print(helpText(versionText))
  if (line.version) return print(`version: ${versionText}\n`)
  if (line.describe) {
    const { describe } = await import('./describe.ts')
    process.exitCode = await describe()
    return
  }
  if (line.explain !== '') {
    const { explain } = await import('./explain.ts')
    process.exitCode = await explain(line)
    return
  }
  if (line.printConfig) {
    const { printConfig } = await import('./print-config.ts')
    process.exitCode = printConfig(line)
    return
  }
  if (line.emitJs) {
    const { emitJs } = await import('./emit.ts')
    process.exitCode = await emitJs(line)
    return
  }
  const { serve } = await import('./serve.ts')
  process.exitCode = await serve(line)
}

function print(text: string): void {
  writeSync(1, text)
}

function fail(text: string): never {
  writeSync(2, `${text}\n`)
  process.exit(FAILED)
}

main(process.argv.slice(2)).catch((error: unknown) => fail((error as Error).stack ?? String(error)))
