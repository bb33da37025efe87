// Records what the real Kamailio makes of the story with topoh and topos:
// node test/compat/topology/record.ts
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { SERVER_PORT } from '../../kit/bench-ports.ts'
import { Kamailio } from '../registrar/kamailio.ts'
import { FACTS, MODULES, masked, ROUTES, type Fact } from './facts.ts'
import { PORTS, Story } from './story.ts'

for (const [file, facts] of Object.entries(FACTS)) {
  const path = resolve(import.meta.dirname, `${file}.json`)
  for (const fact of facts) fact.transcript = await tell(fact)
  writeFileSync(path, `${JSON.stringify(facts, null, 1)}\n`)
}

async function tell(fact: Fact): Promise<string[]> {
  const kamailio = await Kamailio.start({
    head: [`listen=udp:127.0.0.1:${SERVER_PORT}`],
    modules: ['kex', 'corex', ...MODULES, 'jsonrpcs', ...(fact.modules ?? [])],
    params: { rr: { append_fromtag: 1 }, ...fact.params },
    routes: ROUTES + (fact.routes ?? ''),
    port: SERVER_PORT,
  })
  try {
    for (const port of Object.values(PORTS)) await kamailio.bind(port)
    const story = new Story((port, text) => kamailio.send(port, text, 80))
    await story[fact.story]()
    return [...story.transcript.map(masked), ...kamailio.takeLog().marks]
  } finally {
    await kamailio.stop()
  }
}
