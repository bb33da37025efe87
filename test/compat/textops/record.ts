// Records what the real Kamailio does in the cases of the *.json files beside this one, and writes
// it into them:   node test/compat/textops/record.ts [file.json ...] A case is added by hand;
// values, out and answers are Kamailio's.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Kamailio } from '../registrar/kamailio.ts'
import {
  answerLines,
  type Case,
  encode,
  type Facts,
  FOLDER,
  messageText,
  PEER_PORT,
  SERVER_PORT,
  type Step,
} from './facts.ts'

const ORIGIN = "Debian's Kamailio 5.6.3, bytes read from the wire; test/compat/textops/record.ts"
const MODULES = 'sl pv textops textopsx siputils sanity maxfwd xlog jsonrpcs'.split(' ')

const quoted = (value: string | number): string => JSON.stringify(value)

const show = (text: string): string => `xlog("L_ALERT", ${JSON.stringify(`@@${text}\n`)});`

/** A step as statements of the routing language; the log line tells its number and its value. */
function statement([name, ...args]: Step, number: number): string {
  if (name === 'set') return `${args[0]} = ${quoted(args[1]!)}; ${show(`${number} -`)}`
  if (name !== 'read') return `${name}(${args.map(quoted).join(', ')}); ${show(`${number} $rc`)}`
  const variable = String(args[0])
  const inner = variable.startsWith('$(') ? variable.slice(2, -1) : variable.slice(1)
  const hex = show(`${number} $(${inner}{s.encode.hexa})`)
  return `if (${variable} == $null) { ${show(`${number} null`)} } else { ${hex} }`
}

function routes(facts: Facts, one: Case): string {
  const steps = one.steps.map(statement).join('\n  ')
  const forward = facts.answeredOnly ? '' : `$du = "sip:127.0.0.1:${PEER_PORT}"; forward();`
  return one.reply
    ? `request_route { exit; }\nreply_route {\n  ${steps}\n}`
    : `request_route {\n  ${steps}\n  ${forward}\n}`
}

function readValues(one: Case, marks: string[]): Case['values'] {
  const values: NonNullable<Case['values']> = one.steps.map(() => 'not reached')
  for (const mark of marks) {
    const [number = '', value = ''] = mark.split(' ')
    const [name] = one.steps[Number(number)]!
    if (name === 'set') values[Number(number)] = null
    else if (name !== 'read') values[Number(number)] = Number(value)
    else
      values[Number(number)] =
        value === 'null' ? null : Buffer.from(value, 'hex').toString('latin1')
  }
  return values
}

async function record(facts: Facts, one: Case): Promise<void> {
  const kamailio = await Kamailio.start({
    head: [`listen=udp:127.0.0.1:${SERVER_PORT}`],
    modules: MODULES,
    params: facts.params ?? {},
    routes: routes(facts, one),
    port: SERVER_PORT,
  })
  const source = messageText(one)
  const came = await kamailio.send(PEER_PORT, source, 150)
  const { marks } = kamailio.takeLog()
  await kamailio.stop()
  one.values = readValues(one, marks)
  // The Via that Kamailio put there is left out, and so is its own that it took from a reply.
  const own = new RegExp(
    `Via: SIP/2\\.0/UDP 127\\.0\\.0\\.1:${SERVER_PORT};branch=z9hG4bK[0-9a-f.]*\\r\\n`,
  )
  const forwarded = came.find(({ text }) => one.reply || !text.startsWith('SIP/2.0'))
  one.out = forwarded === undefined ? null : encode(forwarded.text.replace(own, ''), source)
  const answers = came.filter(({ text }) => !one.reply && text.startsWith('SIP/2.0'))
  delete one.answers
  if (answers.length > 0) one.answers = answers.map(({ text }) => answerLines(text))
}

const wanted = process.argv.slice(2)
for (const name of readdirSync(FOLDER).filter(file => file.endsWith('.json'))) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const path = join(FOLDER, name)
  const facts = JSON.parse(readFileSync(path, 'utf8')) as Facts
  for (const one of facts.cases) await record(facts, one)
  facts.origin = ORIGIN
  writeFileSync(path, `${JSON.stringify(facts, null, 1)}\n`)
}
