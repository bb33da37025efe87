/**
 * npm run bench -- loop: CPU time of a request that takes 10,000 rounds of a loop in the routing
 * script, here and in the real Kamailio, in turns. The config lies beside the project.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { cpuOf } from './cpu.ts'
import { median } from './median.ts'

const PORT = 15060
const CONFIG = new URL('../../../shared/bench/loop.cfg', import.meta.url).pathname
const OHANA = new URL('../../server/bin/ohana', import.meta.url).pathname
const ROUNDS = 3
const GOAL = 1 / 40
/** Requests before the clock runs, and while it does: about as much time for each. */
const SERVERS = {
  kamailio: { command: ['kamailio', '-m', '64', '-M', '8'], warm: 3, requests: 25 },
  ohana: { command: [OHANA], warm: 300, requests: 2000 },
} as const
type Name = keyof typeof SERVERS

const request = (id: number): Buffer =>
  Buffer.from(
    [
      `OPTIONS sip:probe@127.0.0.1:${PORT} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:15070;branch=z9hG4bK${id};rport`,
      'Max-Forwards: 70',
      `From: <sip:loop@127.0.0.1>;tag=${id}`,
      `To: <sip:probe@127.0.0.1>`,
      `Call-ID: loop-${id}`,
      'CSeq: 1 OPTIONS',
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n'),
  )

let sent = 0

/** One request after the other, each with its reply. */
async function ask(socket: Socket, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    socket.send(request(++sent), PORT, '127.0.0.1')
    await once(socket, 'message', { signal: AbortSignal.timeout(5000) })
  }
}

async function answers(socket: Socket): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    socket.send(request(++sent), PORT, '127.0.0.1')
    try {
      await once(socket, 'message', { signal: AbortSignal.timeout(400) })
      await pause(300)
      return
    } catch {
      await pause(50)
    }
  }
  throw new Error('no answer')
}

async function stop(server: ChildProcess): Promise<void> {
  const ended = once(server, 'exit')
  server.kill('SIGTERM')
  await ended
}

/** Milliseconds of CPU a request. */
async function measure(name: Name, socket: Socket): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'loop-'))
  const { command, warm, requests } = SERVERS[name]
  const [program, ...args] = command
  const places = ['-f', CONFIG, '-DD', '-E', '-Y', folder, '-w', folder, '-P', join(folder, 'pid')]
  const server = spawn(program, [...args, ...places], { stdio: 'ignore' })
  try {
    await answers(socket)
    await ask(socket, warm)
    const before = cpuOf(server.pid!)
    await ask(socket, requests)
    return ((cpuOf(server.pid!) - before) / requests) * 1000
  } finally {
    await stop(server)
    rmSync(folder, { recursive: true, force: true })
  }
}

if (!existsSync(CONFIG)) throw new Error(`${CONFIG} is absent: there is nothing to measure with`)
const socket = createSocket('udp4')
socket.bind(15070, '127.0.0.1')
await once(socket, 'listening')
const times: Record<Name, number[]> = { kamailio: [], ohana: [] }
for (let round = 0; round < ROUNDS; round++)
  for (const name of ['kamailio', 'ohana'] as const) times[name].push(await measure(name, socket))
socket.close()
for (const name of ['kamailio', 'ohana'] as const) {
  const all = times[name].map(time => time.toFixed(3)).join(' ')
  process.stdout.write(`loop ${name.padEnd(9)} ${median(times[name]).toFixed(3)} ms (${all})\n`)
}
const ratio = median(times.ohana) / median(times.kamailio)
process.stdout.write(`loop ratio ours/kamailio = 1/${(1 / ratio).toFixed(0)}  goal 1/40\n`)
process.exitCode = ratio <= GOAL ? 0 : 1
