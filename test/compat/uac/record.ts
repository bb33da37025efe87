// Records what the real Kamailio does in the stories of the folder that is named:
// node test/compat/uac/record.ts FOLDER [file.json ...] A story is added by hand; what came of it
// is Kamailio's.
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { PEER_PORT, SERVER_PORT } from '../../kit/bench-ports.ts'
import { Kamailio } from '../registrar/kamailio.ts'
import { type Facts, maskReply, Peer, routesOf, type Step, type Story } from './exchange.ts'

const RPC_ROUTE = `route[RPC] {
  jsonrpc_exec("$rb");
  set_reply_body("$jsonrpl(body)", "application/json");
  sl_send_reply("200", "OK");
  exit;
}
`

/** The config answers MESSAGE requests to `rpc` with the reply to their body. */
function withRpc(routes: string): string {
  const first = 'request_route {'
  return `${RPC_ROUTE}${routes.replace(first, `${first}\n  if ($rU == "rpc") route(RPC);`)}`
}

async function play(kamailio: Kamailio, peer: Peer, step: Step): Promise<void> {
  if (step.rpc !== undefined) {
    const [method, ...params] = step.rpc
    const body = JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 })
    const name = `rpc${Date.now()}`
    const asker = new Peer(name)
    const text = asker.text({ send: 'MESSAGE sip:rpc@example.org', body })
    const before = kamailio.received.length
    await kamailio.send(PEER_PORT, text, 250)
    const isAnswer = (one: { text: string }): boolean => one.text.includes(`Call-ID: ${name}@`)
    let answer = kamailio.received.slice(before).find(isAnswer)
    for (let tries = 0; answer === undefined && tries < 50; tries++) {
      await pause(50)
      answer = kamailio.received.slice(before).find(isAnswer)
    }
    const answered = answer!.text
    const replies = kamailio.received.slice(before)
    const reply = JSON.parse(answered.slice(answered.indexOf('\r\n\r\n'))) as Record<
      string,
      unknown
    >
    const requests = replies.filter(one => !one.text.startsWith('SIP/2.0'))
    const result = reply.error === undefined ? { result: reply.result } : { error: reply.error }
    step.got = [maskReply(result) as Record<string, unknown>]
    step.got.push(...peer.takeNew(requests.map(({ text }) => text)))
    return
  }
  const before = kamailio.received.length
  if (step.wait !== undefined) {
    const until = Date.now() + step.wait * 1000
    while (Date.now() < until && kamailio.received.length === before) await pause(10)
  } else if (step.pause === undefined) await kamailio.send(PEER_PORT, peer.text(step), 120)
  else await pause(step.pause * 1000)
  const came = kamailio.received.slice(before)
  step.got = peer.takeNew(came.map(({ text }) => text))
}

/** The tables that remote registrations are read from, with no row in them. */
function makeDatabase(): string {
  const path = join(mkdtempSync(join(tmpdir(), 'facts-')), 'uac.db')
  const db = new DatabaseSync(path)
  db.exec(`CREATE TABLE version (table_name TEXT, table_version INT);
    INSERT INTO version VALUES ('uacreg', 5);
    CREATE TABLE uacreg (id INTEGER PRIMARY KEY, l_uuid TEXT, l_username TEXT, l_domain TEXT,
      r_username TEXT, r_domain TEXT, realm TEXT, auth_username TEXT, auth_password TEXT,
      auth_ha1 TEXT, auth_proxy TEXT, expires INT, flags INT, reg_delay INT, contact_addr TEXT,
      socket TEXT)`)
  db.close()
  return `sqlite:///${path}`
}

function withDatabase(params: Story['params'] = {}): NonNullable<Story['params']> {
  const { uac } = params
  if (uac?.reg_db_url === undefined) return params
  return { ...params, uac: { ...uac, reg_db_url: makeDatabase() } }
}

async function record(modules: string[], story: Story): Promise<void> {
  const kamailio = await Kamailio.start({
    head: [`listen=udp:127.0.0.1:${SERVER_PORT}`],
    modules,
    params: withDatabase(story.params),
    routes: withRpc(routesOf(story)),
    port: SERVER_PORT,
  })
  try {
    await kamailio.bind(PEER_PORT)
    const peer = new Peer()
    for (const step of story.steps) await play(kamailio, peer, step)
  } finally {
    await kamailio.stop()
  }
}

const [folder = '', ...wanted] = process.argv.slice(2)
const names = readdirSync(folder).filter(name => name.endsWith('.json'))
for (const name of wanted.length > 0 ? wanted : names) {
  const path = join(folder, name)
  const facts = JSON.parse(readFileSync(path, 'utf8')) as Facts
  for (const story of facts.stories) {
    await record(facts.modules, story)
    writeFileSync(path, `${JSON.stringify(facts, null, 2)}\n`)
  }
}
