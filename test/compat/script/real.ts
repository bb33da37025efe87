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

/** Those of the texts with which the config that is made of them is refused, half by half. */
export async function refusedOf(
  texts: readonly string[],
  config: (texts: readonly string[]) => string,
): Promise<Set<string>> {
  const folder = mkdtempSync(join(tmpdir(), 'refused-'))
  const file = join(folder, 'k.cfg')
  const refused = new Set<string>()
  const sift = async (some: readonly string[]): Promise<void> => {
    if (some.length === 0) return
    writeFileSync(file, config(some), 'latin1')
    if (verdictOf(file) === null && (await starts(file))) return
    if (some.length === 1) refused.add(some[0]!)
    else {
      const half = some.length >> 1
      await sift(some.slice(0, half))
      await sift(some.slice(half))
    }
  }
  await sift(texts)
  rmSync(folder, { recursive: true })
  return refused
}

/**
 * What is marked in the log after so many requests, of which each has its number in X-Test; waits
 * until nothing was said for `quiet` milliseconds.
 */
export async function tracesOf(config: string, requests: number, quiet = 300): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'traces-'))
  writeFileSync(join(folder, 'k.cfg'), config, 'latin1')
  const said = await running(folder, [], {}, async (send, log) => {
    for (let i = 0; i < requests; i++) {
      send(request(PORT + 1, `X-Test: ${i}\r\n`))
      await pause(4)
    }
    for (let length = -1; length !== log().length; await pause(quiet)) length = log().length
  })
  rmSync(folder, { recursive: true })
  return said
}

type Talk = (send: (text: string) => void, log: () => string) => Promise<void>

/** What is marked in the log of a node that was talked to, or that it does not start. */
async function running(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  talk: Talk,
): Promise<string> {
  const places = ['-f', 'k.cfg', '-Y', folder, '-w', folder, '-P', join(folder, 'pid')]
  const node = spawn('kamailio', [...places, '-DD', '-E', ...MEMORY, ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
  })
  let log = ''
  node.stderr.on('data', (chunk: Buffer) => (log += chunk.toString('latin1')))
  const ended = new Promise(done => node.once('exit', done))
  const socket = createSocket('udp4')
  try {
    for (let i = 0; i < 100 && !listening() && node.exitCode === null; i++) await pause(10)
    await pause(80)
    if (node.exitCode !== null) return process.env.WHY === '1' ? log : REFUSED
    const send = (text: string): void => socket.send(Buffer.from(text, 'latin1'), PORT, '127.0.0.1')
    await talk(send, () => log)
  } finally {
    socket.close()
    node.kill('SIGTERM')
    await ended
  }
  return marked(log.split('\n'))
}

function run(folder: string, one: Case): Promise<string> {
  return running(folder, one.args, one.env, async (send, log) => {
    send(request(PORT + 1))
    for (let i = 0, length = -1; i < 60; i++) {
      const quiet = log().length === length && log().includes(MARK)
      if (configOf(one).includes(LAST) ? log().includes(LAST) : quiet) break
      length = log().length
      await pause(30)
    }
  })
}
