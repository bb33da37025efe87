// Records what the real Kamailio makes of the steps in the *.json files beside this one, and writes
// it into them:
//   node test/compat/memory/record.ts [name.json ...]
// A step is added by hand; type and value, or the reply, are Kamailio's.
import { spawn } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PEER_PORT, SERVER_PORT } from '../../kit/bench-ports.ts'
import { messageText } from '../pv/facts.ts'
import { config, type Facts, FOLDER, LINE, type Reply, RPC_PORT, select } from './facts.ts'

const HEAD = [
  'loadmodule "jsonrpcs.so"',
  'modparam("jsonrpcs", "transport", 4)',
  `modparam("jsonrpcs", "dgram_socket", "udp:127.0.0.1:${RPC_PORT}")`,
]

const pause = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms))

async function askRpc(socket: Socket, method: string, params: unknown[]): Promise<Reply> {
  const reply = new Promise<string>(done =>
    socket.once('message', bytes => done(bytes.toString('latin1'))),
  )
  const text = JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 })
  socket.send(text, RPC_PORT, '127.0.0.1')
  const answer = await Promise.race([reply, pause(1500).then(() => null)])
  if (answer === null) throw new Error(`no answer to ${text}`)
  const { result, error } = JSON.parse(answer) as { result?: unknown; error?: never }
  return error === undefined ? { result } : { error }
}

async function record(facts: Facts): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'facts-'))
  const path = join(folder, 'facts.cfg')
  writeFileSync(path, config(facts, HEAD), 'latin1')
  const command = ['-f', path, '-DD', '-E', '-m', '64', '-M', '64', '-Y', folder, '-w', folder]
  const kamailio = spawn('kamailio', command)
  const ended = new Promise(done => kamailio.on('exit', done))
  let output = ''
  for (const stream of [kamailio.stdout, kamailio.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString('latin1')))
  await pause(1200)
  if (kamailio.exitCode !== null) throw new Error(`${path}:\n${output.slice(-3000)}`)
  const [sip, rpc] = [createSocket('udp4'), createSocket('udp4')]
  await new Promise<void>(done => sip.bind(PEER_PORT, '127.0.0.1', done))
  for (const [number, step] of facts.steps.entries()) {
    if ('rpc' in step) {
      step.reply = await askRpc(rpc, step.rpc, step.params ?? [])
      continue
    }
    for (const text of [select(number), messageText(step.message ?? 'plain')])
      sip.send(Buffer.from(text, 'latin1'), SERVER_PORT, '127.0.0.1')
    const marker = `FACT ${number} `
    for (let tries = 0; tries < 60 && !output.includes(marker); tries++) await pause(10)
    const at = output.indexOf(marker)
    const found = at < 0 ? null : LINE.exec(output.slice(at))
    step.type = found?.[2] ?? 'none'
    step.value = found?.[3] ?? 'nothing was logged'
  }
  sip.close()
  rpc.close()
  kamailio.kill('SIGTERM')
  await ended
  if (process.argv.includes('-v')) console.log(output)
  rmSync(folder, { recursive: true })
}

const wanted = process.argv.slice(2).filter(word => word !== '-v')
const names = readdirSync(FOLDER).filter(name => name.endsWith('.json'))
for (const name of wanted.length > 0 ? wanted : names) {
  const path = join(FOLDER, name)
  const { steps, ...rest } = JSON.parse(readFileSync(path, 'utf8')) as Facts
  await record({ ...rest, steps })
  const head = JSON.stringify(rest, null, 2).slice(0, -2)
  const lines = steps.map(step => JSON.stringify(step))
  writeFileSync(path, `${head},\n  "steps": [\n    ${lines.join(',\n    ')}\n  ]\n}\n`)
}
