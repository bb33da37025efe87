/**
 * The demo: three nodes, subscribers that call each other through them, and the console over all of
 * it.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { packageRoot } from '../package-root.ts'
import { Children, type Started } from './children.ts'
import { inviteGuests } from './guests.ts'
import { type DemoNode, startNodes, writeFleetFile } from './nodes.ts'
import { freePort } from './ports.ts'

const SIP_PORT = 5060
const SIP_STEP = 2
const SSH_PORT = 2222
const NODES = 3

const root = packageRoot()
const program = (part: string, name: string): string => join(root, part, 'bin', name)
const say = (text: string): void => void process.stdout.write(`${text}\n`)

/** Resolves with the exit code that the signal means. */
function signalled(): Promise<number> {
  return new Promise(resolve => {
    for (const [signal, number] of [
      ['SIGINT', 2],
      ['SIGTERM', 15],
      ['SIGHUP', 1],
    ] as const)
      process.on(signal, () => resolve(signal === 'SIGHUP' ? 128 + number : 0))
  })
}

async function choosePorts(): Promise<number[]> {
  const ports: number[] = []
  for (let index = 0; index < NODES; index++) {
    const wanted = SIP_PORT + index * SIP_STEP
    const port = await freePort(wanted, SIP_STEP, ports)
    if (port !== wanted) say(`port ${wanted} is taken: n${index + 1} listens on ${port}`)
    ports.push(port)
  }
  return ports
}

async function main(): Promise<number> {
  const stop = signalled()
  const folder = mkdtempSync(join(tmpdir(), 'ohana-demo-'))
  const children = new Children()
  try {
    return await run(folder, children, stop)
  } catch (error) {
    process.stderr.write(`demo: ${(error as Error).message}\n`)
    return 1
  } finally {
    await children.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function run(folder: string, children: Children, stop: Promise<number>): Promise<number> {
  const ports = await choosePorts()
  const nodes = ports.map((port, index): DemoNode => {
    const name = `n${index + 1}`
    return { name, port, folder: join(folder, name) }
  })
  const config = join(root, 'templates', 'demo', 'kamailio.cfg')
  const starting = startNodes(children, program('server', 'ohana'), config, nodes)
  const early = await Promise.race([starting, stop])
  if (typeof early === 'number') return early
  const fleet = writeFleetFile(folder, nodes)
  const sshPort = await freePort(SSH_PORT, 1)
  if (sshPort !== SSH_PORT) say(`port ${SSH_PORT} is taken: ssh listens on ${sshPort}`)
  const guests = inviteGuests(process.env)
  const consoleProgram = program('console', 'console')
  const phones = join(import.meta.dirname, 'phones.js')
  const sshLog = join(folder, 'ssh.log')
  const ssh = children.own('ssh', sshLog, consoleProgram, [
    ...['ssh-server', '--fleet', fleet, '--listen', `127.0.0.1:${sshPort}`],
    ...['--state-dir', guests.folder, '--until-eof'],
  ])
  children.own('phones', join(folder, 'phones.log'), process.execPath, [
    phones,
    ...ports.map(String),
  ])
  const isSeen = process.stdout.isTTY && process.stdin.isTTY
  const lost = whenOneEnds(children, isSeen)
  await saysSo(ssh, sshLog, /^ssh -p/m)
  announce(nodes, fleet, `ssh ${guests.hasOwn ? '' : `-i ${guests.key} `}-p ${sshPort} 127.0.0.1`)
  if (!isSeen) return Promise.race([stop, lost])
  const shown = children.foreground('console', consoleProgram, [
    ...['--fleet', fleet, '--parent', String(process.pid)],
  ])
  const left = new Promise<number>(resolve => {
    shown.process.once('exit', code => resolve(code ?? 1))
  })
  return Promise.race([stop, left])
}

const READY_MS = 5000

/** Waits until a child has written that it is ready; the demo goes on without one that is late. */
async function saysSo(child: Started, log: string, pattern: RegExp): Promise<void> {
  const until = Date.now() + READY_MS
  while (Date.now() < until && child.code === null) {
    if (pattern.test(readFileSync(log, 'utf8'))) return
    await pause(30)
  }
}

/**
 * A node or a helper that ends by itself is told, behind the console where that has the terminal;
 * without nodes there is no demo.
 */
function whenOneEnds(children: Children, isSeen: boolean): Promise<number> {
  const late: string[] = []
  process.once('exit', () => process.stderr.write(late.join('')))
  return new Promise(resolve => {
    children.onEnd = ({ name, code }) => {
      if (name === 'console') return
      const text = `demo: ${name} ended with exit code ${code}\n`
      if (isSeen) late.push(text)
      else process.stderr.write(text)
      const nodes = children.all.filter(child => /^n\d$/.test(child.name))
      if (nodes.every(child => child.code !== null)) resolve(1)
    }
  })
}

function announce(nodes: readonly DemoNode[], fleet: string, ssh: string): void {
  const where = nodes.map(({ name, port }) => `${name} on udp 127.0.0.1:${port}`)
  say(`three nodes are up: ${where.join(', ')}`)
  say('')
  say(`  ctl/bin/kamctl --fleet ${fleet} nodes`)
  say(`  ctl/bin/kamctl --fleet ${fleet} trace alice`)
  say(`  console/bin/console --fleet ${fleet}`)
  say(`  console/bin/console dashboard --fleet ${fleet}`)
  say(`  ${ssh}`)
  say(`  ${ssh} kamctl ul show`)
  say('')
  if (!process.stdout.isTTY || !process.stdin.isTTY) say('it runs until SIGINT or SIGTERM')
}

process.exitCode = await main()
if (process.stdin.isTTY) process.stdin.unref()
