// Records what scripts see in the real Kamailio, and writes it into js.json and lua.json:
//   node test/compat/kemi-engines/record.ts && npm run format
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kamailio } from '../registrar/kamailio.ts'
import { PEER_PORT, SERVER_PORT } from '../../kit/bench-ports.ts'
import {
  ENGINES,
  type Fact,
  type Language,
  messageFor,
  MODULES,
  questionsFor,
  routesFor,
  writeScript,
} from './questions.ts'

async function record(language: Language): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'engines-'))
  const { module } = ENGINES[language]
  const kamailio = await Kamailio.start({
    head: [`listen=udp:127.0.0.1:${SERVER_PORT}`],
    modules: ['jsonrpcs', ...MODULES, module],
    params: { [module]: { load: writeScript(language, folder) } },
    routes: routesFor(language),
    port: SERVER_PORT,
  })
  const facts: Fact[] = []
  for (const [number, question] of questionsFor(language).entries()) {
    kamailio.takeLog()
    await kamailio.send(PEER_PORT, messageFor(number), 25)
    facts.push({ question, seen: kamailio.takeLog().marks })
  }
  await kamailio.stop()
  rmSync(folder, { recursive: true })
  const origin = `Debian's Kamailio 5.6.3 with ${module}; test/compat/kemi-engines/record.ts`
  const path = join(import.meta.dirname, `${language}.json`)
  writeFileSync(path, `${JSON.stringify({ origin, facts }, null, 1)}\n`)
}

await record('js')
await record('lua')
