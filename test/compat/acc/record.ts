// Records what the real Kamailio logs about the calls of the *.json files beside this one, and
// writes it into them: node test/compat/acc/record.ts [file.json ...] A call is added by hand; the
// log is Kamailio's.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Kamailio } from '../registrar/kamailio.ts'
import {
  answerText,
  type Call,
  CALLEE_PORT,
  CALLER_PORT,
  type Facts,
  FOLDER,
  maskLine,
  methodOf,
  requestText,
  SERVER_PORT,
  type Word,
} from './facts.ts'

const MODULES = 'kex corex tm tmx sl rr pv textops xlog jsonrpcs acc'

const statement = ([name, ...args]: Word): string =>
  name === 'avp'
    ? `$avp(${args[0]}) = ${JSON.stringify(args[1])};`
    : `${name}(${args.map(arg => JSON.stringify(arg)).join(', ')});`

export function script(call: Call): string {
  const lines = ['request_route {']
  for (const [method, words] of Object.entries(call.on)) {
    const body = words.map(statement).join(' ')
    lines.push(method === '*' ? body : `if (is_method("${method}")) { ${body} exit; }`)
  }
  // A block must not be empty.
  const failure: Word[] = call.onFailure ?? [['setflag', 30]]
  lines.push('}', 'failure_route[F] {', ...failure.map(statement), '}')
  return lines.join('\n')
}

export async function play(kamailio: Kamailio, call: Call): Promise<void> {
  await kamailio.bind(CALLEE_PORT)
  for (const step of call.steps) {
    if (step.pause !== undefined) await pause(step.pause * 1000)
    else if (step.send !== undefined) await kamailio.send(CALLER_PORT, requestText(step))
    else {
      const method = step.method ?? 'INVITE'
      const requests = kamailio.received
        .filter(({ port, text }) => port === CALLEE_PORT && methodOf(text) === method)
        .map(({ text }) => text)
      const own = [...new Set(requests)]
      const request = own[step.which ?? own.length - 1]!
      await kamailio.send(CALLEE_PORT, answerText(request, step))
    }
    const lines = kamailio.takeLog().rest.filter(line => line.includes('ACC: '))
    step.log = lines.map(line =>
      maskLine(`${line.slice(0, line.indexOf(':'))}: ${line.slice(line.indexOf('ACC: '))}`),
    )
  }
}

async function record(call: Call): Promise<void> {
  const kamailio = await Kamailio.start({
    head: ['debug=1', `listen=udp:127.0.0.1:${SERVER_PORT}`],
    modules: MODULES.split(' '),
    params: call.params ?? {},
    routes: script(call),
    port: SERVER_PORT,
  })
  try {
    await play(kamailio, call)
  } finally {
    await kamailio.stop()
  }
}

if (import.meta.main) {
  const names = readdirSync(FOLDER).filter(name => name.endsWith('calls.json'))
  const wanted = process.argv.slice(2)
  for (const name of wanted.length > 0 ? wanted : names) {
    const path = join(FOLDER, name)
    const facts = JSON.parse(readFileSync(path, 'utf8')) as Facts
    for (const call of facts.calls) await record(call)
    writeFileSync(path, `${JSON.stringify(facts, null, 2)}\n`)
  }
}
