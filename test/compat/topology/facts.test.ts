// The stories that were told to the real Kamailio, told to ours: every byte that a phone hears and
// every line of the script is the same.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { toposD, toposT } from '../../../server/core/db/tables/topos.ts'
import { Bench } from '../../kit/bench.ts'
import { RedisServer } from '../../kit/redis.ts'
import { sqliteFile } from '../../kit/sqlite-file.ts'
import { benchLine } from './bench-line.ts'
import {
  echoesOf,
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
import { CALL_ID, SECRET, Story } from './story.ts'
import { tablesOf } from './tables.ts'

const MARK = '@@'

function configOf(fact: Fact, own: Fact['params']): string {
  const params = Object.entries({ ...BASE_PARAMS, ...fact.params, ...own })
  return [
    'debug=0\nserver_signature=no',
    ...['corex', ...MODULES, ...(fact.modules ?? [])].map(name => `loadmodule "${name}.so"`),
    ...params.flatMap(([module, values]) =>
      Object.entries(values).map(
        ([name, value]) => `modparam("${module}", "${name}", ${JSON.stringify(value)})`,
      ),
    ),
    routesOf(fact),
  ].join('\n')
}

/** What a fact needs beside its own parameters: a folder or a server of Redis. */
async function storageOf(
  fact: Fact,
  database: string,
): Promise<{ redis: RedisServer | null; own: Fact['params'] }> {
  if (fact.modules?.includes('topos_redis') === true) {
    const redis = await RedisServer.start()
    onTestFinished(() => redis.stop())
    return { redis, own: redisParams(redis.port, fact) }
  }
  if (fact.modules?.includes('topos') !== true) return { redis: null, own: {} }
  const url = sqliteFile(database, toposD, toposT)
  return { redis: null, own: { topos: { ...fact.params.topos, db_url: url } } }
}

interface Told extends Story {
  marks: string[]
}

async function tell(fact: Fact, own: Fact['params'], echoes: number[]): Promise<Told> {
  const bench = await Bench.start(configOf(fact, own))
  const story = new Story(benchLine(bench, echoes))
  try {
    await STORIES[fact.story](story)
  } finally {
    await bench.host.stop()
  }
  const marks = bench.lines.flatMap(({ text }) =>
    text.includes(MARK) ? [text.slice(text.indexOf(MARK) + MARK.length).trimEnd()] : [],
  )
  return Object.assign(story, { marks })
}

for (const [file, facts] of Object.entries(FACTS)) {
  const recorded: Fact[] = JSON.parse(
    readFileSync(resolve(import.meta.dirname, `${file}.json`), 'utf8'),
  )
  describe(`${file}`, () => {
    test.for(
      facts.map(
        fact => [fact.name, fact, recorded.find(({ name }) => name === fact.name)!] as const,
      ),
    )('%s', async ([, fact, known]) => {
      const folder = mkdtempSync(join(tmpdir(), 'topology-'))
      onTestFinished(() => rmSync(folder, { recursive: true }))
      const database = join(folder, 'topos.db')
      const { redis, own } = await storageOf(fact, database)
      const told = await tell(fact, own, echoesOf(known.transcript!))
      const transcript = keptOf(file, told.transcript.map(masked))
      const said = known.transcript!.map(masked).slice(0, transcript.length)
      expect(transcript).toEqual(said)
      if (fact.only === 'heard') return
      expect(told.marks.map(masked)).toEqual(known.transcript!.slice(said.length).map(masked))
      if (known.tables !== undefined) expect(tablesOf(database)).toEqual(known.tables)
      if (redis !== null) expect(await redis.hashes(masked)).toEqual(known.hashes)
      if (fact.story.startsWith('bad') || fact.open === true) return
      const hidden = fact.params.topoh?.mask_callid === 1
      for (const { who, message } of told.heard) {
        // A redirection is all about its Contact.
        if (message.status >= 300 && message.status < 400) continue
        if (['REGISTER', 'PUBLISH'].includes(message.method)) continue
        const seen = hidden ? message.text : message.text.replaceAll(CALL_ID, '')
        if (who === 'bob') expect(seen).not.toContain(SECRET.alice)
        else expect(seen).not.toContain(SECRET.bob)
      }
    })
  })
}
