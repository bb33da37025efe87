// Records what the real Kamailio makes of the story with topoh and topos:
// node test/compat/topology/record.ts [FILE [FACT...]]
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { DatabaseSync } from 'node:sqlite'
import { SERVER_PORT } from '../../kit/bench-ports.ts'
import { RedisServer } from '../../kit/redis.ts'
import { Kamailio } from '../registrar/kamailio.ts'
import {
  BASE_PARAMS,
  FACTS,
  type Fact,
  MODULES,
  keptOf,
  masked,
  redisParams,
  routesOf,
} from './facts.ts'
import { STORIES } from './stories.ts'
import { type Line, PORTS, Story } from './story.ts'
import { tablesOf } from './tables.ts'

const folder = mkdtempSync(join(tmpdir(), 'topology-'))
process.on('exit', () => rmSync(folder, { recursive: true }))
const [wanted, ...names] = process.argv.slice(2)
for (const [file, facts] of Object.entries(FACTS)) {
  if (wanted !== undefined && wanted !== file) continue
  const path = resolve(import.meta.dirname, `${file}.json`)
  const known: Fact[] = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : []
  for (const fact of facts)
    if (names.length > 0 && !names.includes(fact.name))
      Object.assign(
        fact,
        known.find(({ name }) => name === fact.name),
      )
    else fact.transcript = keptOf(file, await tell(fact))
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

/** All that is heard until it is quiet; 0.6 s when nobody hears anything. */
function lineOf(kamailio: Kamailio): Line {
  return async (port, text) => {
    const before = kamailio.received.length
    await kamailio.send(port, text, 30)
    for (let waited = 0, seen = before; waited < 570; waited += 30) {
      const now = kamailio.received.length
      const trying = kamailio.received.at(-1)?.text.startsWith('SIP/2.0 100') === true
      if (now > before && now === seen && waited >= 60 && !trying) break
      seen = now
      await pause(30)
    }
    return kamailio.received.slice(before)
  }
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
    params: { ...BASE_PARAMS, ...fact.params, ...own },
    routes: routesOf(fact),
    port: SERVER_PORT,
  })
  try {
    for (const port of [PORTS.alice, PORTS.bob, PORTS.carol]) await kamailio.bind(port)
    const story = new Story(lineOf(kamailio))
    try {
      await STORIES[fact.story](story)
    } catch (error) {
      throw new Error(`${fact.name}: ${story.transcript.join('\n')}`, { cause: error })
    }
    if (redis !== null) fact.hashes = await redis.hashes(masked)
    if (path !== null) fact.tables = tablesOf(path)
    return [...story.transcript.map(masked), ...kamailio.takeLog().marks]
  } finally {
    await kamailio.stop()
    await redis?.stop()
  }
}
