// Records what the real Kamailio does to the requests of the *.json files beside this one, and
// writes it into them: node test/compat/rr/record.ts [file.json ...] Those of path and outbound are
// named: ../path/add.json. A fact is added by hand; returned, state and sent are Kamailio's.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Kamailio } from '../registrar/kamailio.ts'
import {
  type Fact,
  type Facts,
  FOLDER,
  LISTEN,
  maskBranch,
  messageText,
  PEER_PORT,
  SERVER_PORT,
  TARGET_PORT,
} from './facts.ts'

const MODULES = 'kex corex tm tmx sl rr pv xlog jsonrpcs'.split(' ')
const STATE = '$ru|$du|$fs|$route_uri|$rdir(id) $rdir(name)|$fti|$tti'

const show = (text: string): string => `xlog("L_ALERT", ${JSON.stringify(`@@${text}\n`)});`

function route(fact: Fact, number: number): string {
  const lines = [`route[F${number}] {`]
  for (const [name, ...args] of fact.calls) {
    const list = args.map(arg => JSON.stringify(arg)).join(', ')
    lines.push(`$var(rc) = ${name}(${list}); ${show('$var(rc)')}`)
  }
  lines.push(show(`state ${STATE}`))
  const socket = LISTEN[fact.from ?? 'main'].split(' ')[0]!
  const transport = socket.startsWith('tcp') ? ';transport=tcp' : ''
  lines.push(`force_send_socket(${socket});`)
  lines.push(`$du = "sip:127.0.0.1:${TARGET_PORT}${transport}"; forward(); exit; }`)
  return lines.join('\n')
}

/** Sends over one connection for all; from the port that the facts name. */
async function sendOver(connection: Socket | null, text: string): Promise<Socket> {
  const socket =
    connection ?? connect({ port: SERVER_PORT, host: '127.0.0.1', localPort: PEER_PORT })
  socket.write(text, 'latin1')
  await pause(60)
  return socket
}

async function play(kamailio: Kamailio, facts: Fact[], stream: string[]): Promise<void> {
  await kamailio.bind(TARGET_PORT)
  let connection: Socket | null = null
  for (const [number, fact] of facts.entries()) {
    stream.length = 0
    const mark = `Fact: ${number}\r\n`
    const text = messageText(fact).replace('Content-Length', `${mark}Content-Length`)
    const before = kamailio.received.length
    if (fact.stream === true) connection = await sendOver(connection, text)
    else await kamailio.send(PEER_PORT, text, 50)
    const got = kamailio.received.slice(before)
    const { marks } = kamailio.takeLog()
    fact.returned = marks.filter(line => !line.startsWith('state '))
    fact.state = marks.find(line => line.startsWith('state '))?.slice('state '.length)
    fact.sent = maskBranch(stream.join('') || (got[0]?.text ?? '')).replace(mark, '')
  }
  connection?.resetAndDestroy()
}

async function record(facts: Fact[], more: string[], stream: string[]): Promise<void> {
  const routes = ['request_route {', '  route("F" + $hdr(Fact));', '}']
  const kamailio = await Kamailio.start({
    head: Object.values(LISTEN).map(line => `listen=${line}`),
    // rr and path use outbound when it is loaded before them.
    modules: [
      ...more.filter(name => name === 'outbound'),
      ...MODULES,
      ...more.filter(name => name !== 'outbound'),
    ],
    params: facts[0]!.params ?? {},
    routes: [...routes, ...facts.map(route)].join('\n'),
    port: SERVER_PORT,
  })
  try {
    await play(kamailio, facts, stream)
  } finally {
    await kamailio.stop()
  }
}

const stream: string[] = []
const server = createServer(socket => {
  socket.on('data', chunk => stream.push(chunk.toString('latin1')))
  socket.on('error', () => {})
})
await new Promise<void>(done => server.listen(TARGET_PORT, '127.0.0.1', done))
const names = readdirSync(FOLDER).filter(name => name.endsWith('.json'))
const wanted = process.argv.slice(2)
for (const name of wanted.length > 0 ? wanted : names) {
  const path = resolve(FOLDER, name)
  const file = JSON.parse(readFileSync(path, 'utf8')) as Facts
  // One server for all facts with the same parameters.
  const groups = Map.groupBy(file.facts, fact => JSON.stringify(fact.params ?? {}))
  for (const facts of groups.values()) await record(facts, file.modules ?? [], stream)
  writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`)
}
server.close()
