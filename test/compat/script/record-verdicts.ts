/**
 * Asks `kamailio -c` about every line of *.verdicts files and writes what it says into them.
 * Run: node test/compat/script/record-verdicts.ts FILE.verdicts ... (needs Debian's kamailio)
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verdictOf } from './real.ts'
import { readVerdicts, recordedLine } from './verdicts.ts'

const folder = mkdtempSync(join(tmpdir(), 'verdicts-'))
for (const file of process.argv.slice(2)) {
  const lines = readVerdicts(readFileSync(file, 'latin1')).map(({ line, verdict }) => {
    if (verdict === null) return line
    const path = join(folder, 'k.cfg')
    writeFileSync(path, verdict.config, 'latin1')
    return recordedLine(verdict, verdictOf(path) === null)
  })
  writeFileSync(file, lines.join('\n'), 'latin1')
}
rmSync(folder, { recursive: true })
