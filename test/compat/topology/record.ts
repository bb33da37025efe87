// Records what the real Kamailio makes of the story with topoh and topos:
// node test/compat/topology/record.ts
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { SERVER_PORT } from '../../kit/bench-ports.ts'
import { RedisServer } from '../../kit/redis.ts'
import { Kamailio } from '../registrar/kamailio.ts'
import { FACTS, type Fact, MODULES, masked, redisParams, ROUTES } from './facts.ts'
import { PORTS, Story } from './story.ts'
import { tablesOf } from './tables.ts'

const folder = mkdtempSync(join(tmpdir(), 'topology-'))
process.on('exit', () => rmSync(folder, { recursive: true }))
const wanted = process.argv.slice(2)
for (const [file, facts] of Object.entries(FACTS)) {
  if (wanted.length > 0 && !wanted.includes(file)) continue
  const path = resolve(import.meta.dirname, `${file}.json`)
  for (const fact of facts) fact.transcript = await tell(fact)
  writeFileSync(path, `${JSON.stringify(facts, null, 1)}\n`)
}

/** An empty database with the tables that Kamailio's tools make. */
function database(): string {
  const path = join(folder, `${process.hrtime.bigint()}.db`)
  const made = new DatabaseSync(path)
  for (const name of ['standard', 'topos'])
    made.exec(readFileSync(`/usr/share/kamailio/db_sqlite/${name}-create.sql`, 'utf8'))
  made.close()
  return path
}

async function tell(fact: Fact): Promise<string[]> {
  const redis = fact.modules?.includes('topos_redis') === true ? await RedisServer.start() : null
  const path = fact.modules?.includes('db_sqlite') === true ? database() : null
  let own: Fact['params'] = {}
  if (path !== null) own = { topos: { ...fact.params.topos, db_url: `sqlite:///${path}` } }
  if (redis !== null) own = redisParams(redis.port, fact)
  const kamailio = await Kamailio.start({
    head: [`listen=udp:127.0.0.1:${SERVER_PORT}`, 'alias=example.org'],
    modules: ['kex', 'corex', ...MODULES, 'jsonrpcs', ...(fact.modules ?? [])],
    params: { rr: { append_fromtag: 1 }, ...fact.params, ...own },
    routes: ROUTES + (fact.routes ?? ''),
    port: SERVER_PORT,
  })
  try {
    for (const port of [PORTS.alice, PORTS.bob]) await kamailio.bind(port)
    const story = new Story((port, text) => kamailio.send(port, text, 80))
    try {
      await story[fact.story]()
    } catch (error) {
      throw new Error(
        `${fact.name}: ${story.transcript.join('\n')}\n${kamailio.takeLog().rest.join('\n')}`,
        { cause: error },
      )
    }
    if (redis !== null) fact.hashes = await redis.hashes(masked)
    if (path !== null) fact.tables = tablesOf(path)
    return [...story.transcript.map(masked), ...kamailio.takeLog().marks]
  } finally {
    await kamailio.stop()
    await redis?.stop()
  }
}
