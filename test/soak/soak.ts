// Many calls through one node: when all of them are over, nothing of them may be left.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Child, run, start } from '../kit/child.ts'
import { freePort } from '../kit/ports.ts'

/** How much more the heap may hold than after the first calls. */
const TOLERANCE = 0.05
/** The part of the calls that may be refused (503) for lack of time. */
const MOST_REFUSED = 0.05
/** The last transactions wait for retransmissions, and timers of the config run out. */
const SETTLE_MS = 12_000

const [calls = 200_000, base = 20_000, rate = 300] = process.argv.slice(2).map(Number)
const folder = mkdtempSync(join(tmpdir(), 'ohana-soak-'))
const children: Child[] = []

function launch(command: string, args: string[]): Child {
  const child = start(command, args)
  children.push(child)
  return child
}

async function rpc(...words: string[]): Promise<string> {
  const { output } = await run('kamcmd', ['-s', `unixs:${join(folder, 'kamailio_ctl')}`, ...words])
  return output
}

const numberOf = (output: string, name: string): number =>
  Number(new RegExp(`\\b${name}\\b[:= ]+(\\d+)`).exec(output)?.[1] ?? Number.NaN)

/** Bytes of the heap in use once no transaction is left and the garbage is collected. */
async function heap(): Promise<number> {
  await pause(SETTLE_MS)
  const left = numberOf(await rpc('tm.stats'), 'current')
  if (left !== 0) throw new Error(`${left} transactions are left`)
  await rpc('ohana.memory', '1')
  return numberOf(await rpc('ohana.memory', '1'), 'heap_used')
}

function sipp(scenario: string, server: number, port: number, args: string[]): Child {
  const file = resolve('test/peers/sipp', `${scenario}.xml`)
  const own = ['-sf', file, '-i', '127.0.0.1', '-p', String(port), '-nostdin', '-s', 'bob']
  return launch('sipp', [`127.0.0.1:${server}`, ...own, ...args])
}

/** Makes so many calls; fails when more of them do than a busy machine explains. */
async function call(server: number, count: number): Promise<void> {
  const stat = join(folder, `${count}.csv`)
  const errors = join(folder, 'errors.log')
  const load = ['-r', String(rate), '-m', String(count), '-l', '5000']
  const caller = sipp('caller', server, await freePort(), [
    ...load,
    ...[
      '-trace_err',
      '-error_file',
      errors,
      '-trace_stat',
      '-fd',
      '5',
      '-stf',
      stat,
      '-timeout',
      '36000',
    ],
  ])
  await caller.end((count / rate) * 3000 + 60_000)
  const [head = [], ...rows] = readFileSync(stat, 'latin1')
    .trim()
    .split('\n')
    .map(line => line.split(';'))
  const failed = Number(rows.at(-1)?.[head.indexOf('FailedCall(C)')])
  // A machine that others use, too, has moments in which the node refuses new calls.
  if (failed <= count * MOST_REFUSED) return
  const why = existsSync(errors) ? readFileSync(errors, 'latin1').slice(0, 1000) : ''
  throw new Error(`${failed} of ${count} calls failed: ${why}`)
}

const percent = (part: number): string => `${(part * 100).toFixed(1)} %`
const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(2)} MiB`

async function soak(): Promise<boolean> {
  const [server, answerer] = [await freePort(), await freePort()]
  const places = ['-Y', folder, '-w', folder, '-P', join(folder, 'server.pid')]
  const config = ['-f', '/etc/kamailio/kamailio.cfg', '-l', `udp:127.0.0.1:${server}`]
  launch(resolve('server/bin/ohana'), [...config, '-DD', '-E', ...places])
  while (!(await rpc('core.uptime')).includes('uptime')) await pause(100)
  sipp('answerer', server, answerer, [])
  // For as long as the node lives: a registration would run out meanwhile.
  const uri = `sip:bob@127.0.0.1:${answerer}`
  const contact = ['location', 'bob', uri, '0', '1.0', '.', '0', '0', '4294967295']
  await rpc('ul.add', ...contact)
  await call(server, base)
  const before = await heap()
  console.log(`${base} calls: the heap holds ${mebibytes(before)}`)
  await call(server, calls - base)
  const after = await heap()
  const growth = after / before - 1
  console.log(
    `${calls} calls: ${mebibytes(after)}, ${percent(growth)} more (at most ${percent(TOLERANCE)})`,
  )
  return growth <= TOLERANCE
}

try {
  process.exitCode = (await soak()) ? 0 : 1
} finally {
  for (const child of children.reverse()) await child.stop()
  rmSync(folder, { recursive: true, force: true })
}
