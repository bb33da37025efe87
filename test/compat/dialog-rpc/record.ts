// Records what the real Kamailio answers in the cases beside this file, and keeps it in
// answers.json: node test/compat/dialog-rpc/record.ts (needs Debian's kamailio; loopback only)
import { readFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { SERVER_PORT } from '../../kit/bench-ports.ts'
import { withTables } from '../../kit/case-tables.ts'
import { Kamailio } from '../registrar/kamailio.ts'
import {
  CALLEE_PORT,
  CALLER_PORT,
  type Case,
  cases,
  configOf,
  fill,
  type Row,
  RPC_PORT,
} from './cases.ts'
import { hasCome, type Place, play } from './play.ts'

const SCHEMA = '/usr/share/kamailio/db_sqlite'

function makeTables(path: string, one: Case): void {
  const db = new DatabaseSync(path)
  for (const file of ['standard-create.sql', 'dialog-create.sql'])
    db.exec(readFileSync(join(SCHEMA, file), 'utf8'))
  fill(db, one)
  db.close()
}

function placeOf(kamailio: Kamailio, path: string): Place {
  const got = (port: number): string[] =>
    kamailio.received.filter(one => one.port === port).map(({ text }) => text)
  return {
    got,
    send: async (port, text, awaited) => {
      const before = got(awaited.port).length
      await kamailio.send(port, text, 40)
      for (let tries = 0; !hasCome(got(awaited.port).slice(before), awaited); tries++) {
        if (tries === 100) throw new Error(`no answer to ${text}`)
        await pause(20)
      }
    },
    rows: async table => {
      await pause(100)
      const db = new DatabaseSync(path)
      const rows = db.prepare(`SELECT * FROM ${table} ORDER BY id`).all() as Row[]
      db.close()
      return rows
    },
  }
}

async function record(one: Case): Promise<unknown[]> {
  return withTables({ makeTables: path => makeTables(path, one) }, async (url, path) => {
    const kamailio = await Kamailio.start({
      head: [`listen=udp:127.0.0.1:${SERVER_PORT}`, 'loadmodule "jsonrpcs.so"'],
      modules: [],
      params: {},
      routes: configOf(one, url).replace('loadmodule "jsonrpcs.so"\n', ''),
      port: SERVER_PORT,
    })
    try {
      for (const port of [CALLER_PORT, CALLEE_PORT, RPC_PORT]) await kamailio.bind(port)
      return await play(placeOf(kamailio, path), one)
    } finally {
      await kamailio.stop()
    }
  })
}

const answers: Record<string, unknown[]> = {}
for (const one of cases) {
  answers[one.name] = await record(one)
  process.stdout.write(`${one.name}\n`)
}
const origin = 'Kamailio 5.6.3 (Debian) with db_sqlite, asked by record.ts'
const file = join(import.meta.dirname, 'answers.json')
writeFileSync(file, `${JSON.stringify({ origin, answers }, null, 2)}\n`)
