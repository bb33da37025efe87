// A node with registrar and usrloc on a real SQLite file, without a network: requests go in,
// replies are waited for.
import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { join, resolve } from 'node:path'
import type { Clock } from '../../server/lib/clock.ts'
import { Bench } from './bench.ts'

type Settings = Record<string, Record<string, string | number>>

export interface LocationNode {
  readonly bench: Bench
  /** The reply to a request. */
  send(request: string): Promise<string>
  rpc(name: string, ...params: unknown[]): Promise<unknown>
  stop(): Promise<void>
}

const SCHEMA = resolve('templates/db/sqlite')

/** A new database with Kamailio's tables; its path. */
export function databaseFile(folder: string): string {
  const path = join(folder, 'location.sqlite')
  const db = new DatabaseSync(path)
  db.exec('PRAGMA journal_mode=WAL')
  for (const file of ['standard-create.sql', 'usrloc-create.sql'])
    db.exec(readFileSync(join(SCHEMA, file), 'utf8'))
  db.close()
  return path
}

export async function locationBench(o: {
  path: string
  settings: Settings
  head?: readonly string[]
  script?: string
  clock?: Clock
}): Promise<LocationNode> {
  const modules = 'kex corex tm sl pv db_sqlite usrloc registrar textopsx siputils xlog'.split(' ')
  const settings: Settings = {
    ...o.settings,
    usrloc: { db_url: `sqlite:///${o.path}`, ...o.settings.usrloc },
  }
  const bench = await Bench.start(
    [
      ...(o.head ?? []),
      ...modules.map(name => `loadmodule "${name}.so"`),
      ...Object.entries(settings).flatMap(([module, values]) =>
        Object.entries(values).map(
          ([name, value]) => `modparam("${module}", "${name}", ${JSON.stringify(value)})`,
        ),
      ),
      `request_route { ${o.script ?? ''}`,
      'if ($rm == "REGISTER") { save("location"); exit; }',
      'if (lookup("location")) sl_send_reply("302", "Found"); else sl_send_reply("404", "None");',
      '}',
      '',
    ].join('\n'),
    o.clock,
  )
  return {
    bench,
    send: request => send(bench, request),
    rpc: (name, ...params) => call(bench, name, params),
    stop: async () => {
      await bench.host.stop()
      await bench.core.databases.close()
    },
  }
}

const callIdOf = (text: string): string => /^Call-ID: *(.*)$/im.exec(text)?.[1]?.trim() ?? ''
const cseqOf = (text: string): string => /^CSeq: *(.*)$/im.exec(text)?.[1]?.trim() ?? ''

async function send(bench: Bench, request: string): Promise<string> {
  const isReply = ({ text }: { text: string }): boolean =>
    callIdOf(text) === callIdOf(request) && cseqOf(text) === cseqOf(request)
  const before = bench.sent.length
  bench.receive(request)
  for (;;) {
    const reply = bench.sent.slice(before).find(isReply)
    if (reply !== undefined) return reply.text
    await new Promise(later => setImmediate(later))
  }
}

async function call(bench: Bench, name: string, params: unknown[]): Promise<unknown> {
  const strictness = { convert: false, skipWrongOptional: false }
  const context = { transport: 'stream', strictness, connection: null } as const
  const reply = await bench.core.rpc.call(name, params, context)
  return reply.value
}
