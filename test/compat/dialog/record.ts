// Records what the real Kamailio does with the calls of facts.ts:
// node test/compat/dialog/record.ts [setup ...]
import { rmSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { SERVER_PORT } from '../../kit/bench-ports.ts'
import { Kamailio, type Params } from '../registrar/kamailio.ts'
import { makeDatabase, rowsOf, withDatabase } from '../cdr/database.ts'
import { MODULES, type Outcome, type Setup, SETUPS, type Told } from './facts.ts'
import { People, PORTS, SERVER } from './people.ts'
import { maskReply, outcome, parseCommand } from './outcome.ts'

const QUIET_MS = 70
/** Other recorders may run at the same time: this one has ports of its own, and tells of ours. */
const AWAY = 1000 * (1 + (process.pid % 9))
const RPC_PORT = SERVER_PORT + 40
const moved = (text: string, by: number): string =>
  text.replaceAll(
    /(127\.0\.0\.1:)([23]\d{4})\b/g,
    (_, host, port) => host + String(Number(port) + by),
  )
const away = (text: string): string => moved(text, AWAY)
const back = (text: string): string => moved(text, -AWAY)
const RPC_ROUTE = `route[RPC] {
  jsonrpc_exec("$rb");
  set_reply_body("$jsonrpl(body)", "application/json");
  sl_send_reply("200", "OK");
  exit;
}
`

class Recorder {
  private readonly kamailio: Kamailio
  private commands = 0

  constructor(kamailio: Kamailio) {
    this.kamailio = kamailio
  }

  async tell(people: People, step: string): Promise<Outcome> {
    const before = this.kamailio.received.length
    this.kamailio.takeLog()
    let reply: unknown
    if (step.startsWith('wait ')) await pause(Number(step.slice(5)) * 1000)
    else if (step.startsWith('rpc ')) reply = await this.command(step.slice(4))
    else {
      const said = people.say(step)
      if (said !== null) await this.kamailio.send(said.port + AWAY, away(said.text), QUIET_MS)
    }
    const came = this.kamailio.received
      .slice(before)
      .map(({ port, text }) => ({ port: port - AWAY, text: back(text) }))
      .filter(({ port }) => port !== RPC_PORT)
    const { marks, rest } = this.kamailio.takeLog()
    for (const line of rest)
      if (!/ acc(?:_json)? \[/.test(line)) console.error(`${people.callId}: ${step}: ${line}`)
    // ALERT: acc [acc_cdr.c:200]: write_cdr(): what it says.
    const records = rest.flatMap(
      line => / acc(?:_json)? \[[^\]]*\]: (?:\w+\(\): )?(.*)$/.exec(line)?.[1] ?? [],
    )
    return outcome(people, step, [...marks, ...records].map(back), came, reply)
  }

  private async command(text: string): Promise<unknown> {
    const [method, ...params] = parseCommand(text)
    const body = JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 })
    const id = `rpc${++this.commands}`
    const message = [
      `MESSAGE sip:rpc@${SERVER} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:${RPC_PORT};branch=z9hG4bK${id}`,
      'From: <sip:rpc@example.org>;tag=r',
      'To: <sip:rpc@example.org>',
      `Call-ID: ${id}`,
      'CSeq: 1 MESSAGE',
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n')
    await this.kamailio.send(RPC_PORT + AWAY, away(message), QUIET_MS)
    const got = this.kamailio.received.findLast(({ port }) => port === RPC_PORT + AWAY)!.text
    const reply = JSON.parse(back(got.slice(got.indexOf('\r\n\r\n')))) as Record<string, unknown>
    return maskReply(reply.error === undefined ? { result: reply.result } : { error: reply.error })
  }
}

async function record(setup: Setup): Promise<Told> {
  const database = makeDatabase(setup)
  const first = 'request_route {'
  const kamailio = await Kamailio.start({
    head: [`listen=udp:127.0.0.1:${SERVER_PORT + AWAY}`],
    modules: [...MODULES, ...(setup.modules ?? [])],
    params: JSON.parse(away(JSON.stringify(withDatabase(setup, database)))) as Params,
    routes: away(
      RPC_ROUTE + setup.routes.replace(first, `${first}\n  if ($rU == "rpc") route(RPC);`),
    ),
    port: SERVER_PORT + AWAY,
  })
  try {
    for (const port of Object.values(PORTS)) await kamailio.bind(port + AWAY)
    const recorder = new Recorder(kamailio)
    const told: Told = {}
    for (const { name, steps } of setup.calls) {
      const people = new People(name, setup.foreign)
      const outcomes: Outcome[] = (told[name] = [])
      for (const step of steps) outcomes.push(await recorder.tell(people, step))
    }
    if (database !== null) told.rows = [{ step: 'rows', reply: rowsOf(database) }]
    return told
  } finally {
    await kamailio.stop()
    if (database !== null) rmSync(dirname(database), { recursive: true })
  }
}

const wanted = process.argv.slice(2)
for (const setup of SETUPS) {
  if (wanted.length > 0 && !wanted.includes(setup.name)) continue
  const told = await record(setup)
  const path = resolve(import.meta.dirname, '..', setup.folder ?? 'dialog', `${setup.name}.json`)
  writeFileSync(path, `${JSON.stringify(told, null, 1)}\n`)
}
