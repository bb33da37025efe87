// Calls over persistent connections, TCP and TLS: CPU time of the server's process tree per call,
// beside the real Kamailio with the same config in the same run. SIPp speaks no TLS here: a pipe of
// ours between it and the server does, and its time is not counted.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connect as connectTls, createServer as createTlsServer } from 'node:tls'
import { parseArgs } from 'node:util'
import { Authority, type KeyPair } from '../kit/certificates.ts'
import { type Child, run, start } from '../kit/child.ts'

const SCENARIOS = '../shared/bench'
const SERVER = 15060
const ANSWERER = 15070
const CALLER = 15072
/** Where the pipes listen: the caller's in plain text, the answerer's for TLS. */
const CALLER_PIPE = 15074
const ANSWERER_PIPE = 15076

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '6' },
    rate: { type: 'string', default: '800' },
    only: { type: 'string', default: 'tcp,tls' },
  },
})
const seconds = Number(values.seconds)
const rate = Number(values.rate)

const work = mkdtempSync(join(tmpdir(), 'ohana-streams-'))
const authority = new Authority()
const pair = authority.sign('bench', '/CN=localhost', 'IP:127.0.0.1')

// SIPp calls whom it is connected to: the pipe, behind which the server is.
const HEAD = `children=1\ntcp_children=1\nauto_aliases=no\nalias=127.0.0.1:${CALLER_PIPE}`

type Name = 'kamailio' | 'ohana'

/** Debian's config with one stream listener and one process that reads. */
function configFor(transport: string): string {
  const listen = `listen=${transport}:127.0.0.1:${SERVER}\n${HEAD}`
  const profiles = ['server', 'client'].map(side => section(side, pair)).join('')
  const tlsFile = join(work, 'profiles.cfg')
  writeFileSync(tlsFile, profiles)
  const text = readFileSync('/etc/kamailio/kamailio.cfg', 'latin1')
    .replace('debug=DBGLEVEL', 'debug=-1')
    .replace(/^children=8/m, listen)
    .replace('/etc/kamailio/tls.cfg', tlsFile)
    .replace('\n', transport === 'tls' ? '\n#!define WITH_TLS\n' : '\n')
  const path = join(work, `${transport}.cfg`)
  writeFileSync(path, text, 'latin1')
  return path
}

const section = (side: string, { certificate, key }: KeyPair): string =>
  `[${side}:default]\nmethod = TLSv1.2+\ncertificate = ${certificate}\nprivate_key = ${key}\n`

/** User and system time of a process and all below it, microseconds. */
function cpuOf(root: number): number {
  const times = new Map<number, { parent: number; ticks: number }>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    try {
      const text = readFileSync(`/proc/${entry}/stat`, 'latin1')
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
      const ticks = Number(fields[11]) + Number(fields[12])
      times.set(Number(entry), { parent: Number(fields[1]), ticks })
    } catch {
      // It ended while we looked.
    }
  }
  const isBelow = (pid: number): boolean =>
    pid === root || (times.has(pid) && isBelow(times.get(pid)!.parent))
  let ticks = 0
  for (const [pid, one] of times) if (isBelow(pid)) ticks += one.ticks
  return (ticks * 1e6) / TICKS_PER_SECOND
}

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

function joinSockets(one: Socket, other: Socket): void {
  one.pipe(other).pipe(one)
  one.setNoDelay(true)
  other.setNoDelay(true)
  for (const socket of [one, other]) socket.on('error', () => socket.destroy())
}

/** From SIPp's TCP to TLS and back, for both of its sides. */
function openPipes(): Server[] {
  const toServer = createServer(plain =>
    joinSockets(plain, connectTls({ port: SERVER, host: '127.0.0.1', rejectUnauthorized: false })),
  )
  const own = { cert: readFileSync(pair.certificate), key: readFileSync(pair.key) }
  const toAnswerer = createTlsServer(own, secure =>
    joinSockets(secure, connect(ANSWERER, '127.0.0.1')),
  )
  return [toServer.listen(CALLER_PIPE, '127.0.0.1'), toAnswerer.listen(ANSWERER_PIPE, '127.0.0.1')]
}

/** One SIPp with a scenario of the comparison; `count` 0: until it is stopped. */
function sipp(file: string, own: number, server: number, count: number, stat: string): Child {
  const load = count === 0 ? [] : ['-m', String(count), '-r', String(rate), '-l', '20000']
  return start('sipp', [
    ...[`127.0.0.1:${server}`, '-sf', file, '-s', 'callee', '-i', '127.0.0.1'],
    ...['-p', String(own), '-t', 't1', '-nostdin', '-timeout', '120'],
    ...['-trace_stat', '-fd', '1', '-stf', stat, ...load],
    ...['-trace_err', '-error_file', `${stat}.errors`],
  ])
}

/** What calls failed of, each with how often. */
function reasons(errors: string): string {
  const counts = new Map<string, number>()
  for (const [reason] of errors.matchAll(/SIP\/2\.0 [3-6]\d\d [^\r\n]*|timeout[^\r\n]*/gi))
    counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].map(([reason, times]) => `  ${times} calls failed: ${reason}`).join('\n')
}

async function call(server: number, count: number): Promise<{ ok: number; failed: number }> {
  const stat = join(work, `${Math.random()}.csv`)
  const caller = sipp(resolve(SCENARIOS, 'call-uac.xml'), CALLER, server, count, stat)
  await caller.end((count / rate) * 3000 + 20_000)
  const rows = readFileSync(stat, 'latin1').trim().split('\n')
  const [head = [], last = []] = [rows[0], rows.at(-1)].map(row => row?.split(';') ?? [])
  const of = (name: string): number => Number(last[head.indexOf(name)])
  const failed = of('FailedCall(C)')
  if (failed > 0) console.log(reasons(readFileSync(`${stat}.errors`, 'latin1')))
  return { ok: of('SuccessfulCall(C)'), failed }
}

interface Measured {
  readonly perCall: number
  readonly failed: number
}

/** One round with one server: it is warmed up, then its time is taken. */
async function measure(name: Name, transport: string): Promise<Measured> {
  const folder = join(work, `${name}-${Math.random()}`)
  mkdirSync(folder)
  const program =
    name === 'ohana' ? [resolve(process.env.OHANA ?? 'server/bin/ohana')] : ['kamailio']
  const places = ['-w', folder, '-Y', folder, '-P', join(folder, 'pid')]
  const memory = ['-m', '1024', '-M', '16']
  const server = start(program[0]!, ['-f', configFor(transport), '-DD', '-E', ...places, ...memory])
  const control = ['-s', `unixs:${join(folder, 'kamailio_ctl')}`]
  const secure = transport === 'tls'
  const scenario = join(work, `answerer-${transport}.xml`)
  const pipes = secure ? openPipes() : []
  const text = readFileSync(join(SCENARIOS, 'call-uas.xml'), 'latin1')
  const there = secure
    ? `127.0.0.1:${ANSWERER_PIPE};transport=tls`
    : '[local_ip]:[local_port];transport=tcp'
  writeFileSync(scenario, text.replaceAll('[local_ip]:[local_port];transport=[transport]', there))
  const answerer = sipp(scenario, ANSWERER, SERVER, 0, join(work, 'answerer.csv'))
  try {
    while (!(await run('kamcmd', [...control, 'core.uptime'])).output.includes('uptime')) {
      if (server.code !== null) throw new Error(`${name} does not start: ${server.output}`)
      await pause(200)
    }
    const port = secure ? ANSWERER_PIPE : ANSWERER
    const uri = `sip:callee@127.0.0.1:${port};transport=${transport}`
    const contact = ['location', 'callee', uri, '0', '1.0', '.', '0', '0', '4294967295']
    await run('kamcmd', [...control, 'ul.add', ...contact])
    const entrance = secure ? CALLER_PIPE : SERVER
    await call(entrance, rate * 3)
    const before = cpuOf(server.pid)
    const { ok, failed } = await call(entrance, rate * seconds)
    return { perCall: (cpuOf(server.pid) - before) / Math.max(1, ok), failed }
  } finally {
    await answerer.stop('SIGKILL')
    await server.stop()
    for (const pipe of pipes) pipe.close()
  }
}

const median = (numbers: number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!

async function compare(transport: string): Promise<void> {
  const rows: Record<Name, Measured[]> = { kamailio: [], ohana: [] }
  for (let round = 0; round < Number(values.rounds); round++)
    for (const name of ['kamailio', 'ohana'] as const)
      rows[name].push(await measure(name, transport))
  const perCall = (name: Name): number => median(rows[name].map(row => row.perCall))
  for (const name of ['kamailio', 'ohana'] as const) {
    const each = rows[name].map(row => row.perCall.toFixed(0)).join(' ')
    const failed = rows[name].reduce((sum, row) => sum + row.failed, 0)
    console.log(
      `${transport} ${name}: ${perCall(name).toFixed(0)} us a call (${each}), ${failed} failed`,
    )
  }
  const ratio = (perCall('ohana') / perCall('kamailio')).toFixed(2)
  console.log(`${transport} ratio ours/kamailio = ${ratio}`)
}

try {
  for (const transport of values.only.split(',')) await compare(transport)
} finally {
  rmSync(work, { recursive: true, force: true })
  authority.remove()
}
