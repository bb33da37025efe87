// Asks the real Kamailio what it says of tables that are not as it expects them:
//   node test/compat/databases/record.ts
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { run } from '../../kit/child.ts'
import { freePort } from '../../kit/ports.ts'
import { CASES } from './cases.ts'

const folder = mkdtempSync(join(tmpdir(), 'ohana-record-'))

/** What the core says while it starts, without where in its source. */
async function told(sql: string): Promise<string[]> {
  const path = join(folder, 'tables.db')
  rmSync(path, { force: true })
  const file = new DatabaseSync(path)
  file.exec(sql)
  file.close()
  const config = join(folder, 'kamailio.cfg')
  writeFileSync(
    config,
    `log_stderror=yes
loadmodule "db_sqlite.so"
loadmodule "pv.so"
loadmodule "domain.so"
modparam("domain", "db_url", "sqlite:///${path}")
request_route { exit; }
`,
  )
  const place = ['-l', `udp:127.0.0.1:${await freePort()}`, '-Y', folder, '-w', folder]
  const { output } = await run(
    'kamailio',
    ['-f', config, '-m', '64', '-M', '8', '-DD', '-E', '-P', join(folder, 'pid'), ...place],
    { withinMs: 5000 },
  )
  return [...output.matchAll(/ERROR: <core> \[db\.c:\d+\]: \w+\(\): (.*)/g)].map(one => one[1]!)
}

const facts: Record<string, string[]> = {}
for (const [name, sql] of Object.entries(CASES)) facts[name] = await told(sql)
writeFileSync(join(import.meta.dirname, 'versions.json'), `${JSON.stringify(facts, null, 2)}\n`)
rmSync(folder, { recursive: true })
