// Records what the real Kamailio writes into SQLite for the cases beside this file, and keeps it in
// rows.json: node test/compat/usrloc/record.ts
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Kamailio } from '../registrar/kamailio.ts'
import { type Case, cases, masked, type Outcome, registerText, type Row } from './cases.ts'

const PORT = 27160
const PEER = 27170
const MODULES = 'kex corex tm sl pv db_sqlite usrloc registrar textops textopsx siputils jsonrpcs'
const SCHEMA = '/usr/share/kamailio/db_sqlite'

const routes = (script = ''): string => `
request_route {
  if ($rm == "MESSAGE") {
    jsonrpc_exec("$rb");
    set_reply_body("$jsonrpl(body)", "application/json");
    sl_send_reply("200", "OK");
    exit;
  }
  ${script}
  save("location");
}
`

const command = (words: readonly (string | number)[], n: number): string => {
  const [method, ...params] = words
  const body = JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 })
  return [
    'MESSAGE sip:x SIP/2.0',
    `Via: SIP/2.0/UDP 127.0.0.1:${PEER};branch=z9hG4bKrpc${n}`,
    'From: <sip:a@b>;tag=1',
    'To: <sip:a@b>',
    'Call-ID: rpc',
    `CSeq: ${n} MESSAGE`,
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n')
}

async function record({ settings, head = [], script, steps }: Case): Promise<Outcome[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rows-'))
  const path = join(folder, 'kamailio.sqlite')
  const db = new DatabaseSync(path)
  for (const file of ['standard-create.sql', 'usrloc-create.sql'])
    db.exec(readFileSync(join(SCHEMA, file), 'utf8'))
  const kamailio = await Kamailio.start({
    head: [`listen=udp:127.0.0.1:${PORT}`, ...head],
    modules: MODULES.split(' '),
    params: { ...settings, usrloc: { db_url: `sqlite:///${path}`, ...settings.usrloc } },
    routes: routes(script),
    port: PORT,
  })
  const outcomes: Outcome[] = []
  try {
    for (const [i, step] of steps.entries()) {
      const text = 'rpc' in step ? command(step.rpc, i) : registerText(step.register, i + 1)
      const now = Math.floor(Date.now() / 1000)
      const before = kamailio.received.length
      await kamailio.send(PEER, text, 60)
      // SQLite takes its time when the disk is busy.
      for (let tries = 0; kamailio.received.length === before && tries < 60; tries++)
        await pause(50)
      const got = kamailio.received.slice(before)
      if (got.length === 0) throw new Error(`no answer to step ${i}`)
      const read = (table: string): Row[] =>
        masked(db.prepare(`SELECT * FROM ${table} ORDER BY id`).all() as Row[], now)
      const replies = 'rpc' in step ? [] : got.map(each => each.text.split('\r\n')[0]!)
      const attributes = read('location_attrs')
      outcomes.push({ replies, rows: read('location'), attributes })
    }
  } finally {
    await kamailio.stop()
    db.close()
    rmSync(folder, { recursive: true })
  }
  return outcomes
}

const recorded: Record<string, Outcome[]> = {}
for (const each of cases) {
  recorded[each.name] = await record(each)
  console.log(each.name)
}
const file = join(import.meta.dirname, 'rows.json')
writeFileSync(file, `${JSON.stringify(recorded, null, 1)}\n`)
