/**
 * Asks `kamailio -c` about every line of *.verdicts files, starts it with what that takes, and
 * writes what came of it into them.
 * Run: node test/compat/script/record-verdicts.ts [--new] FILE.verdicts ...
 * (needs Debian's kamailio)
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { starts, verdictOf } from './real.ts'
import { readVerdicts, recordedLine } from './verdicts.ts'

const folder = mkdtempSync(join(tmpdir(), 'verdicts-'))
const path = join(folder, 'k.cfg')
// --new: only what has not been asked yet.
const only = process.argv.includes('--new')
const files = process.argv.slice(2).filter(name => name !== '--new')
for (const file of files) {
  const lines: string[] = []
  for (const { line, verdict } of readVerdicts(readFileSync(file, 'latin1'))) {
    if (verdict === null || (only && verdict.mark !== '?')) {
      lines.push(line)
      continue
    }
    writeFileSync(path, verdict.config, 'latin1')
    const taken = verdictOf(path) === null
    lines.push(recordedLine(verdict, !taken ? '-' : (await starts(path)) ? '+' : '!'))
  }
  writeFileSync(file, lines.join('\n'), 'latin1')
}
rmSync(folder, { recursive: true })
