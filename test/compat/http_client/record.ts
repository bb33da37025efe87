/**
 * Asks the real Kamailio about the cases of http_client and writes answers.json.
 * Run: node test/compat/http_client/record.ts (needs Debian's kamailio; loopback only)
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Fact } from '../../kit/case-answers.ts'
import { factsOf, writeAnswers } from '../../kit/case-recording.ts'
import { Authority } from '../../kit/certificates.ts'
import { PORT } from '../script/cases.ts'
import { CONNECTIONS_FILE, configOf, GROUPS } from './cases.ts'
import { startWeb } from './web-server.ts'

/** A case that times out says nothing for so long. */
const QUIET = 1500

for (const name of Object.keys(process.env)) if (/_proxy$/i.test(name)) delete process.env[name]
const authority = new Authority()
writeFileSync(join(authority.folder, 'connections.cfg'), CONNECTIONS_FILE)
const stop = await startWeb(authority.sign('web', '/CN=web', 'IP:127.0.0.1'))
const groups: Record<string, Fact[]> = {}
for (const group of GROUPS) {
  const config = configOf(PORT, group).replaceAll('FOLDER', authority.folder)
  groups[group.name] = await factsOf(config, group.routes, QUIET)
}
await stop()
authority.remove()
writeAnswers(import.meta.dirname, { groups })
process.stdout.write(`${GROUPS.length} groups\n`)
