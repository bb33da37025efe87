// Asks the real Kamailio the requests of the *.json files beside this one, and writes what it
// answers into them:
//   node test/compat/rpc/record.ts
// A request is added by hand; its reply is Kamailio's. The order counts: later requests see what
// earlier ones changed.
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readHead } from '../../../rpc/wire/binrpc.ts'

const FOLDER = 'test/compat/rpc'
const UDP_PORT = 26069

interface Exchange {
  request: string
  reply: string | null
}
type Ask = (request: string, runDir: string) => Promise<string | null>

const pause = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms))

/** One JSON request as a datagram; null when there is no answer. Texts are byte strings. */
async function askJson(request: string): Promise<string | null> {
  const socket = createSocket('udp4')
  const reply = new Promise<string>(done =>
    socket.once('message', bytes => done(bytes.toString('latin1'))),
  )
  socket.send(Buffer.from(request, 'latin1'), UDP_PORT, '127.0.0.1')
  const answer = await Promise.race([reply, pause(1000).then(() => null)])
  socket.close()
  return answer
}

/** One BINRPC packet, in hexadecimal digits both ways. */
async function askBinrpc(request: string, runDir: string): Promise<string | null> {
  const socket = connect({ path: join(runDir, 'kamailio_ctl') })
  socket.write(Buffer.from(request, 'hex'))
  let held = Buffer.alloc(0)
  for await (const chunk of socket) {
    held = Buffer.concat([held, chunk as Buffer])
    const head = readHead(held)
    if (head === null || typeof head === 'string') continue
    if (held.length >= head.headLength + head.bodyLength) break
  }
  socket.destroy()
  return held.toString('hex')
}

/** A Kamailio of its own for each file: what one changes the other does not see. */
async function record(name: string, ask: Ask): Promise<void> {
  const runDir = mkdtempSync(join(tmpdir(), 'rpc-record-'))
  const config = join(process.cwd(), FOLDER, 'kamailio.cfg')
  const place = ['-Y', runDir, '-w', '/', '-P', join(runDir, 'pid')]
  const kamailio = spawn('kamailio', ['-f', config, '-DD', '-E', '-m', '64', '-M', '8', ...place])
  const ended = new Promise(done => kamailio.on('exit', done))
  await pause(1500)
  const path = join(FOLDER, name)
  const file = JSON.parse(readFileSync(path, 'utf8')) as { origin: string; exchanges: Exchange[] }
  for (const exchange of file.exchanges) exchange.reply = await ask(exchange.request, runDir)
  kamailio.kill('SIGTERM')
  await ended
  rmSync(runDir, { recursive: true })
  writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`)
}

await record('json-replies.json', askJson)
await record('binrpc-replies.json', askBinrpc)
