/** Asks the real Kamailio about small configs. Loopback only; needs Debian's packages. */
import { spawn, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Case, configOf, MARK, marked, PORT, REFUSED, request } from './cases.ts'

/** What a long answer ends with, so that all of it is waited for. */
export const LAST = `${MARK}end of the answer`
const MEMORY = ['-m', '32', '-M', '16']

/** `kamailio -c`: null when it accepts, else what it complained of. */
export function verdictOf(file: string, args: readonly string[] = [], env = {}): string | null {
  const { status, stderr } = spawnSync('kamailio', [...MEMORY, '-c', '-f', file, ...args], {
    encoding: 'latin1',
    cwd: dirname(file),
    env: { ...process.env, ...env },
    timeout: 10_000,
  })
  if (status === 0) return null
  return status === null ? 'it crashed' : stderr
}

const listening = (): boolean => {
  const hex = PORT.toString(16).toUpperCase()
  return readFileSync('/proc/net/udp', 'latin1').includes(`0100007F:${hex}`)
}

/** Does it start with a config that `-c` takes? Some mistakes are found only then. */
export async function starts(file: string): Promise<boolean> {
  const folder = dirname(file)
  const places = ['-f', file, '-Y', folder, '-w', folder, '-P', join(folder, 'pid')]
  const network = ['-l', `udp:127.0.0.1:${PORT}`, '-n', '1', '-T', '-a', 'no']
  const args = [...places, ...network, '-DD', '-E', ...MEMORY]
  const node = spawn('kamailio', args, { stdio: 'ignore', detached: true })
  const ended = new Promise(done => node.once('exit', done))
  for (let i = 0; i < 200 && !listening() && node.exitCode === null; i++) await pause(5)
  const started = node.exitCode === null
  // Asked to end while it begins it may never do so; its processes are a group of their own.
  if (started) process.kill(-node.pid!, 'SIGKILL')
  await ended
  for (let i = 0; i < 100 && listening(); i++) await pause(5)
  return started
}

/** What the real one says of a case: `refused`, or the lines that it logged for one request. */
export async function answerOf(one: Case): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'facts-'))
  try {
    const file = join(folder, 'k.cfg')
    writeFileSync(file, configOf(one), 'latin1')
    for (const [name, text] of one.files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text, 'latin1')
    }
    const refused = verdictOf(file, one.args, one.env)
    if (refused !== null) return process.env.WHY === '1' ? refused : REFUSED
    if (!/@@/.test(configOf(one))) return ''
    return await run(folder, one)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function run(folder: string, one: Case): Promise<string> {
  const places = ['-f', 'k.cfg', '-Y', folder, '-w', folder, '-P', join(folder, 'pid')]
  const node = spawn('kamailio', [...places, '-DD', '-E', ...MEMORY, ...one.args], {
    cwd: folder,
    env: { ...process.env, ...one.env },
  })
  let log = ''
  node.stderr.on('data', (chunk: Buffer) => (log += chunk.toString('latin1')))
  const ended = new Promise(done => node.once('exit', done))
  const socket = createSocket('udp4')
  try {
    for (let i = 0; i < 100 && !listening() && node.exitCode === null; i++) await pause(10)
    await pause(80)
    if (node.exitCode !== null) return process.env.WHY === '1' ? log : REFUSED
    socket.send(Buffer.from(request(PORT + 1), 'latin1'), PORT, '127.0.0.1')
    for (let i = 0, length = -1; i < 60; i++) {
      const quiet = log.length === length && log.includes(MARK)
      if (configOf(one).includes(LAST) ? log.includes(LAST) : quiet) break
      length = log.length
      await pause(30)
    }
  } finally {
    socket.close()
    node.kill('SIGTERM')
    await ended
  }
  return marked(log.split('\n'))
}
