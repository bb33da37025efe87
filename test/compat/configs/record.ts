// Asks the real Kamailio what it thinks of each configuration that lies beside the project, and
// writes its verdicts into verdicts.json:
//   node test/compat/configs/record.ts
// All modules that Debian has must be installed. Paths of modules are taken off, because a config
// from a machine of somebody's names folders that are not here.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { includesOf, type RealVerdict, SUITE, suiteFiles } from '../../kit/config-suite.ts'

const FILE = 'test/compat/configs/verdicts.json'
const SYNTAX = /parse error in config file .*?, (line \d+), .*?: (syntax error|.*expected.*)$/
const READING =
  /((?:different number of preprocessor directives|unexpected EOF|ERROR: .*unclosed).*)$/

function pathless(text: string): string {
  return text
    .replace(/^(\s*)(mpath|loadpath)\b/gm, '$1#$2')
    .replace(/(loadmodule\s*\(?\s*")[^"]*\/([^"/]*")/g, '$1$2')
}

const source = (name: string): string => readFileSync(new URL(name, SUITE), 'latin1')

function verdictOf(file: string): RealVerdict {
  const folder = mkdtempSync(join(tmpdir(), 'configs-'))
  try {
    for (const [name, from] of includesOf(file))
      writeFileSync(join(folder, name), pathless(source(from)), 'latin1')
    const main = join(folder, 'main.cfg')
    writeFileSync(main, pathless(source(file)), 'latin1')
    const args = ['-c', '-m', '64', '-M', '8', '-f', main]
    const run = spawnSync('kamailio', args, { cwd: folder, encoding: 'latin1', timeout: 20_000 })
    let syntax = ''
    for (const line of run.stderr.split('\n')) {
      const found = SYNTAX.exec(line) ?? READING.exec(line)
      if (found !== null && syntax === '') syntax = found.slice(1).join(': ')
    }
    return { file, accepted: run.status === 0, syntax }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

writeFileSync(FILE, `${JSON.stringify(suiteFiles().map(verdictOf), null, 2)}\n`)
