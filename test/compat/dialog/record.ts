// Records what the real Kamailio does with the calls of facts.ts:
// node test/compat/dialog/record.ts [setup ...]
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { SERVER_PORT } from '../../kit/bench-ports.ts'
import { Kamailio } from '../registrar/kamailio.ts'
import { MODULES, type Outcome, paramsOf, type Setup, SETUPS, type Told } from './facts.ts'
import { People, PORTS, SERVER } from './people.ts'
import { maskReply, outcome, parseCommand } from './outcome.ts'

const QUIET_MS = 70
const RPC_PORT = SERVER_PORT + 40
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
      const { port, text } = people.say(step)
      await this.kamailio.send(port, text, QUIET_MS)
    }
    const came = this.kamailio.received.slice(before).filter(({ port }) => port !== RPC_PORT)
    const { marks, rest } = this.kamailio.takeLog()
    for (const line of rest) console.error(`${people.callId}: ${step}: ${line}`)
    return outcome(people, step, marks, came, reply)
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
    await this.kamailio.send(RPC_PORT, message, QUIET_MS)
    const got = this.kamailio.received.findLast(({ port }) => port === RPC_PORT)!.text
    const reply = JSON.parse(got.slice(got.indexOf('\r\n\r\n'))) as Record<string, unknown>
    return maskReply(reply.error === undefined ? { result: reply.result } : { error: reply.error })
  }
}

async function record(setup: Setup): Promise<Told> {
  const first = 'request_route {'
  const kamailio = await Kamailio.start({
    head: [`listen=udp:127.0.0.1:${SERVER_PORT}`],
    modules: [...MODULES, ...(setup.modules ?? [])],
    params: paramsOf(setup),
    routes: RPC_ROUTE + setup.routes.replace(first, `${first}\n  if ($rU == "rpc") route(RPC);`),
    port: SERVER_PORT,
  })
  try {
    for (const port of Object.values(PORTS)) await kamailio.bind(port)
    const recorder = new Recorder(kamailio)
    const told: Told = {}
    for (const { name, steps } of setup.calls) {
      const people = new People(name)
      const outcomes: Outcome[] = (told[name] = [])
      for (const step of steps) outcomes.push(await recorder.tell(people, step))
    }
    return told
  } finally {
    await kamailio.stop()
  }
}

const wanted = process.argv.slice(2)
for (const setup of SETUPS) {
  if (wanted.length > 0 && !wanted.includes(setup.name)) continue
  const told = await record(setup)
  const path = resolve(import.meta.dirname, `${setup.name}.json`)
  writeFileSync(path, `${JSON.stringify(told, null, 1)}\n`)
}
