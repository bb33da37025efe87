// Records what the real Kamailio makes of the expressions in the *.json files beside this one, and
// writes it into them:
//   node test/compat/pv/record.ts
// A fact is added by hand with message, before and expression; type and value are Kamailio's.
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PEER_PORT, SERVER_PORT } from '../../kit/bench-ports.ts'
import { config, type Fact, type Facts, FOLDER, messageText, select } from './facts.ts'

interface Recorded {
  type: string
  value: string
}

const pause = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms))

async function record(facts: Fact[]): Promise<Map<number, Recorded>> {
  const folder = mkdtempSync(join(tmpdir(), 'facts-'))
  const path = join(folder, 'facts.cfg')
  writeFileSync(path, config(facts), 'latin1')
  const command = ['-f', path, '-DD', '-E', '-m', '64', '-M', '64', '-Y', folder, '-w', folder]
  const kamailio = spawn('kamailio', command)
  const ended = new Promise(done => kamailio.on('exit', done))
  let output = ''
  for (const stream of [kamailio.stdout, kamailio.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString('latin1')))
  await pause(1500)
  const socket = createSocket('udp4')
  await new Promise<void>(done => socket.bind(PEER_PORT, '127.0.0.1', done))
  for (const [number, fact] of facts.entries()) {
    for (const text of [select(number), messageText(fact.message)])
      socket.send(Buffer.from(text, 'latin1'), SERVER_PORT, '127.0.0.1')
    await pause(3)
  }
  await pause(500)
  socket.close()
  kamailio.kill('SIGTERM')
  await ended
  if (process.argv.includes('-v')) console.log(output)
  const results = new Map<number, Recorded>()
  // A value with a zero byte ends the line.
  const line = /FACT (\d+) ([\w+]*) >>([^]*?)(?:<<END|(?: \d\(\d+\) )[A-Z]+: )/g
  for (const [, at, type, value] of output.matchAll(line))
    results.set(Number(at), { type: type!, value: value! })
  if (results.size === 0) throw new Error(`nothing was recorded:\n${output.slice(-3000)}`)
  rmSync(folder, { recursive: true })
  return results
}

const names = readdirSync(FOLDER).filter(name => name.endsWith('.json'))
const wanted = process.argv.slice(2).filter(word => word !== '-v')
for (const name of wanted.length > 0 ? wanted : names) {
  const path = join(FOLDER, name)
  const file = JSON.parse(readFileSync(path, 'utf8')) as Facts
  const results = await record(file.facts)
  const lines = file.facts.map(({ message, before, expression, ours, why }, number) => {
    const result = results.get(number) ?? { type: 'none', value: 'nothing was logged' }
    return JSON.stringify({ message, before, expression, ...result, ours, why })
  })
  const origin = JSON.stringify(file.origin)
  const text = `{\n  "origin": ${origin},\n  "facts": [\n    ${lines.join(',\n    ')}\n  ]\n}\n`
  writeFileSync(path, text)
}
