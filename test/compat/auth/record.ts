// Records what the real Kamailio does in the conversations of the *.json files beside this one, and
// writes it into them: node test/compat/auth/record.ts [file.json ...] A conversation is added by
// hand; replies, marks and results are Kamailio's.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Kamailio } from '../registrar/kamailio.ts'
import { makeTables } from './tables.ts'
import { type Facts, mask, Phone, routesOf, type Step, type Story } from './talk.ts'

const SERVER_PORT = 25670
const PEER_PORT = 25675
const FOLDER = import.meta.dirname

/** The config answers MESSAGE requests to `rpc` with the reply to their body. */
const withRpc = (routes: string): string =>
  `route[RPC] {
  jsonrpc_exec("$rb");
  set_reply_body("$jsonrpl(body)", "application/json");
  sl_send_reply("200", "OK");
  exit;
}
${routes.replace('request_route {', 'request_route {\n  if ($rU == "rpc") route(RPC);')}`

async function play(kamailio: Kamailio, phone: Phone, step: Step): Promise<void> {
  if (step.pause !== undefined) return pause(step.pause * 1000)
  if (step.rpc !== undefined) {
    const [method, ...params] = step.rpc
    const body = JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 })
    const text = new Phone(`127.0.0.1:${PEER_PORT}`, Date.now).text({
      send: 'MESSAGE sip:rpc@127.0.0.1',
      body,
    })
    const [reply] = await kamailio.send(PEER_PORT, text, 100)
    const answer = JSON.parse(reply?.text.split('\r\n\r\n')[1] ?? '{}') as Record<string, unknown>
    step.result = answer.error ?? answer.result
    kamailio.takeLog()
    return undefined
  }
  const replies = await kamailio.send(PEER_PORT, phone.text(step), 120)
  step.replies = replies.map(({ text }) => phone.take(text))
  step.marks = kamailio.takeLog().marks.map(mask)
  return undefined
}

async function record(modules: string[], story: Story): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'facts-'))
  const url = `sqlite:///${makeTables(folder)}`
  const params = Object.fromEntries(
    Object.entries(story.params ?? {}).map(([module, values]) => [
      module,
      Object.fromEntries(Object.entries(values).map(([k, v]) => [k, v === 'DB' ? url : v])),
    ]),
  )
  const head = [`listen=udp:127.0.0.1:${SERVER_PORT}`]
  const needed = ['tm', 'sl', 'pv', 'textops', 'textopsx', 'xlog', 'jsonrpcs', 'db_sqlite']
  const all = [...needed, ...modules]
  const routes = withRpc(routesOf(story))
  let kamailio: Kamailio
  try {
    kamailio = await Kamailio.start({ head, modules: all, params, routes, port: SERVER_PORT })
  } catch (error) {
    const lines = (error as Error).message.split('\n').filter(line => line.includes('ERROR'))
    story.refused = lines
      .filter(line => !line.includes('jsonrpcs') && !line.includes('<core>'))
      .map(line => line.replace(/^.*?\]: /, '').replaceAll(folder, 'FOLDER'))
    rmSync(folder, { recursive: true })
    return
  }
  try {
    const phone = new Phone(`127.0.0.1:${PEER_PORT}`, Date.now)
    for (const step of story.steps) await play(kamailio, phone, step)
  } finally {
    // One that crashed never says that it ended.
    await Promise.race([kamailio.stop(), pause(5000)])
    rmSync(folder, { recursive: true })
  }
}

const names = readdirSync(FOLDER).filter(name => name.endsWith('.json'))
const wanted = process.argv.slice(2)
for (const name of wanted.length > 0 ? wanted : names) {
  const path = join(FOLDER, name)
  const facts = JSON.parse(readFileSync(path, 'utf8')) as Facts
  for (const story of facts.stories) {
    await record(facts.modules, story)
    writeFileSync(path, `${JSON.stringify(facts, null, 2)}\n`)
  }
}
