// Records the story of the watched destination with the real Kamailio, and writes it into
// story.json: node test/compat/keepalive/record.ts A step is added by hand; the rest is Kamailio's.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { PEER_PORT, SERVER_PORT } from '../registrar/facts.ts'
import { Kamailio } from '../registrar/kamailio.ts'
import { TARGET_PORT } from '../rr/facts.ts'
import {
  calls,
  EVENTS,
  type Facts,
  FOLDER,
  masked,
  PARAMS,
  reply,
  request,
  type Step,
  withoutTimes,
} from './facts.ts'

const path = join(FOLDER, 'story.json')
const facts = JSON.parse(readFileSync(path, 'utf8')) as Facts
const kamailio = await Kamailio.start({
  head: [`listen=udp:127.0.0.1:${SERVER_PORT}`],
  modules: ['kex', 'tm', 'sl', 'pv', 'textops', 'textopsx', 'xlog', 'jsonrpcs', 'keepalive'],
  params: PARAMS,
  routes: `
request_route {
  ${calls(facts.steps)}
  jsonrpc_exec("$rb");
  set_reply_body("$jsonrpl(body)", "application/json");
  sl_send_reply("200", "OK");
}
${EVENTS}`,
  port: SERVER_PORT,
})

/** How pings are answered; not at all before the first step that says it. */
let status = ''
let ping = ''
const target = await kamailio.bind(TARGET_PORT)
kamailio.onMessage = (port, text) => {
  if (port !== TARGET_PORT || status === '') return
  ping = text
  target.send(Buffer.from(reply(text, status), 'latin1'), SERVER_PORT, '127.0.0.1')
}

async function play(step: Step, number: number): Promise<void> {
  if (step.call !== undefined) {
    await kamailio.send(PEER_PORT, request('INFO', `step${number}`), 40)
    step.returned = kamailio.takeLog().marks[0]!
  } else if (step.rpc !== undefined) {
    const [method, ...params] = step.rpc
    const body = JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 })
    const [got] = await kamailio.send(PEER_PORT, request('MESSAGE', 'rpc', body), 60)
    const answer = JSON.parse(got!.text.split('\r\n\r\n')[1]!) as Record<string, unknown>
    step.told = withoutTimes(answer['error'] ?? answer['result'])
  } else {
    status = step.answer!
    ping = ''
    while (ping === '') await pause(10)
    await pause(80)
    step.ping = masked(ping)
    step.logged = kamailio.takeLog().marks
  }
}

for (const [number, step] of facts.steps.entries()) await play(step, number)
await kamailio.stop()
writeFileSync(path, `${JSON.stringify(facts, null, 2)}\n`)
