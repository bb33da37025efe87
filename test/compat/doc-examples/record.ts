// Asks the real Kamailio 5.6.3 about each example of the manuals, and writes down which ones it
// refuses, and why:
//   node test/compat/doc-examples/record.ts
// It takes some minutes. All modules that Debian has must be installed; examples of modules that
// Debian does not have are left out.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exampleConfig, examples } from '../../kit/doc-examples.ts'

const MODULES = '/usr/lib/x86_64-linux-gnu/kamailio/modules'
const FILE = 'test/compat/doc-examples/refused.json'
const PREFIX = /^ *\d+\(\d+\) (?:ERROR|CRITICAL): (?:<core> )?(?:\[[^\]]*\]: )?/

const folder = mkdtempSync(join(tmpdir(), 'examples-'))
const config = join(folder, 'example.cfg')

/** '' when it is accepted. */
function refusal(text: string): string {
  writeFileSync(config, text)
  const args = ['-c', '-m', '64', '-M', '8', '-f', config]
  const run = spawnSync('kamailio', args, { cwd: folder, encoding: 'latin1', timeout: 20_000 })
  if (run.status === 0) return ''
  const first = run.stderr.split('\n').find(line => PREFIX.test(line)) ?? 'refused'
  return first
    .replace(PREFIX, '')
    .replace(/parse error in config file \S+, /, '')
    .slice(0, 100)
}

const refused: Record<string, string> = {}
for (const example of examples()) {
  if (!existsSync(join(MODULES, `${example.module}.so`))) {
    refused[example.key] = 'Debian does not have the module'
    continue
  }
  const why = refusal(exampleConfig(example))
  if (why !== '') refused[example.key] = why
}
rmSync(folder, { recursive: true })
writeFileSync(FILE, `${JSON.stringify(refused, null, 2)}\n`)
