/**
 * Asks the real Kamailio about the cases of http_client and writes answers.json.
 * Run: node test/compat/http_client/record.ts (needs Debian's kamailio; loopback only)
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Authority } from '../../kit/certificates.ts'
import { answersOf } from '../random/statements.ts'
import { PORT } from '../script/cases.ts'
import { tracesOf } from '../script/real.ts'
import { CONNECTIONS_FILE, configOf, GROUPS } from './cases.ts'
import { startWeb } from './web-server.ts'

/** A case that times out says nothing for so long. */
const QUIET = 1500

for (const name of Object.keys(process.env)) if (/_proxy$/i.test(name)) delete process.env[name]
const authority = new Authority()
writeFileSync(join(authority.folder, 'connections.cfg'), CONNECTIONS_FILE)
const stop = await startWeb(authority.sign('web', '/CN=web', 'IP:127.0.0.1'))
const groups: string[] = []
for (const group of GROUPS) {
  const config = configOf(PORT, group).replaceAll('FOLDER', authority.folder)
  const { length } = group.routes
  const answers = answersOf(await tracesOf(config, length, QUIET), length)
  const facts = group.routes.map((text, i) => JSON.stringify([text, answers[i]]))
  groups.push(`${JSON.stringify(group.name)}: [\n${facts.join(',\n')}\n]`)
}
await stop()
authority.remove()
const origin = 'Kamailio 5.6.3 (Debian), asked by record.ts'
writeFileSync(
  new URL('answers.json', import.meta.url),
  `{ "origin": ${JSON.stringify(origin)}, "groups": {\n${groups.join(',\n')}\n} }\n`,
)
process.stdout.write(`${GROUPS.length} groups\n`)
