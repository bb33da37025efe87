// Plays the cases to the real Kamailio and writes down what it did:
//   node test/compat/core/record.ts [topic | topic/name part] [-v]
// What is marked as ours in the file stays. Debian's kamailio is needed; loopback only.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask, play } from './play.ts'
import { type Case, configOf, type Fact, type Facts, factsPath } from './case.ts'
import { topics } from './cases/index.ts'

const ORIGIN = 'Kamailio 5.6.3 (Debian), asked by record.ts'
const QUIET_MS = 120
const verbose = process.argv.includes('-v')
const pause = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms))

interface Running {
  readonly process: ChildProcess
  readonly takeLog: () => string[]
  readonly everything: () => string
}

async function start(one: Case, folder: string): Promise<Running | string> {
  const path = join(folder, 'case.cfg')
  writeFileSync(path, configOf(one), 'latin1')
  const args = ['-f', path, '-DD', '-E', '-m', '64', '-M', '8', '-Y', folder, '-w', folder]
  const kamailio = spawn('kamailio', [...args, '-P', join(folder, 'pid')], {
    env: { ...process.env, CASE_ENV: 'env-value' },
  })
  let output = ''
  for (const stream of [kamailio.stdout, kamailio.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString('latin1')))
  let taken = 0
  const takeLog = (): string[] => {
    const lines = output.slice(taken).split('\n')
    taken = output.length
    return lines.filter(line => line !== '')
  }
  for (let i = 0; i < 40; i++) {
    await pause(100)
    if (kamailio.exitCode !== null) return complaint(output)
    if (/init_mod|process|core/.test(output) && (await ask('core.uptime')) !== null) break
    if (i > 3 && (await ask('core.uptime')) !== null) break
  }
  return { process: kamailio, takeLog, everything: () => output }
}

const complaint = (output: string): string => {
  const line = output.split('\n').find(one => /CRITICAL|ERROR/.test(one)) ?? 'ended'
  return line.replace(/^\s*\d+\(\d+\) /, '').replace(/\/tmp\/[^ ,:]*\//g, '')
}

async function record(one: Case): Promise<Fact> {
  const folder = mkdtempSync(join(tmpdir(), 'core-record-'))
  try {
    const running = await start(one, folder)
    if (typeof running === 'string') return { name: one.name, refused: running, outcomes: [] }
    const ended = new Promise(done => running.process.on('exit', done))
    const outcomes = await play(one, { takeLog: running.takeLog, quietMs: one.quietMs ?? QUIET_MS })
    running.process.kill('SIGTERM')
    await ended
    if (verbose) console.log(running.everything())
    return { name: one.name, outcomes }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const [wanted = ''] = process.argv.slice(2).filter(word => word !== '-v')
const [topic = '', part = ''] = wanted.split('/')
for (const [name, cases] of Object.entries(topics)) {
  if (topic !== '' && topic !== name) continue
  const path = factsPath(name)
  const known = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Facts).facts : []
  const facts: Fact[] = []
  for (const one of cases) {
    const before = known.find(fact => fact.name === one.name)
    const again = part === '' || one.name.includes(part) || before === undefined
    const fact = again ? await record(one) : before
    if (again) console.log(name, one.name, fact.refused ?? 'done')
    if (again && verbose) console.log(JSON.stringify(fact, null, 1))
    const { ours, why } = before ?? {}
    facts.push({ ...fact, ...(ours === undefined ? {} : { ours, why }) })
  }
  writeFileSync(path, `${JSON.stringify({ origin: ORIGIN, facts }, null, 1)}\n`)
}
