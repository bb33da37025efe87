/**
 * npm run bench -- registers [--rounds N] [--mode M]: CPU time of a REGISTER that is challenged,
 * with users and contacts in SQLite (write-back), here and in the real Kamailio, in turns.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { run, start } from '../kit/child.ts'
import { databaseFile } from '../kit/location-bench.ts'
import { cpuOf } from './cpu.ts'
import { median } from './median.ts'

const PORT = 15060
const USERS = 8000
const RATE = 800
const GOAL = 0.8
/** Of the timer that writes, and how long it is waited for. */
const INTERVAL_S = 3
const SERVERS = {
  kamailio: ['kamailio', '-m', '64', '-M', '8'],
  ohana: [resolve('server/bin/ohana')],
} as const
type Name = keyof typeof SERVERS

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    mode: { type: 'string', default: '2' },
  },
})

const config = (path: string): string => `#!KAMAILIO
debug=-1
children=1
auto_aliases=no
disable_tcp=yes
listen=udp:127.0.0.1:${PORT}
${'db_sqlite kex tm sl pv auth auth_db usrloc registrar'
  .split(' ')
  .map(name => `loadmodule "${name}.so"`)
  .join('\n')}
modparam("auth_db|usrloc", "db_url", "sqlite:///${path}")
modparam("auth_db", "calculate_ha1", 1)
modparam("auth_db", "password_column", "password")
modparam("auth_db", "load_credentials", "")
modparam("usrloc", "db_mode", ${values.mode})
modparam("usrloc", "timer_interval", ${INTERVAL_S})
request_route {
  if ($rm != "REGISTER") { sl_send_reply("200", "OK"); exit; }
  if (!auth_check("$fd", "subscriber", "1")) { auth_challenge("$fd", "0"); exit; }
  save("location");
}
`

function prepare(folder: string): string {
  const path = databaseFile(folder)
  const db = new DatabaseSync(path)
  db.exec(readFileSync('templates/db/sqlite/auth_db-create.sql', 'utf8'))
  const insert = db.prepare(
    "INSERT INTO subscriber (username, domain, password) VALUES (?, '127.0.0.1', 'secret')",
  )
  db.exec('BEGIN')
  for (let i = 0; i < USERS; i++) insert.run(`user${i}`)
  db.exec('COMMIT')
  db.close()
  const users = Array.from(
    { length: USERS },
    (_, i) => `user${i};[authentication username=user${i} password=secret]\n`,
  )
  writeFileSync(join(folder, 'users.csv'), `SEQUENTIAL\n${users.join('')}`)
  return path
}

/** Registers each user once; how many could. */
async function registerAll(folder: string): Promise<number> {
  const stat = join(folder, 'stat.csv')
  await run('sipp', [
    ...[`127.0.0.1:${PORT}`, '-sf', resolve('test/bench/register-auth.xml'), '-nostdin'],
    ...['-i', '127.0.0.1', '-p', '15072', '-inf', join(folder, 'users.csv'), '-l', '2000'],
    ...['-r', String(RATE), '-m', String(USERS), '-trace_stat', '-fd', '1', '-stf', stat],
    ...['-timeout', '60'],
  ])
  const [header = '', ...lines] = readFileSync(stat, 'latin1').trim().split('\n')
  const at = header.split(';').indexOf('SuccessfulCall(C)')
  rmSync(stat)
  return Number(lines.at(-1)!.split(';')[at])
}

/** Microseconds of CPU for a user. */
async function measure(name: Name): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'registers-'))
  const file = join(folder, 'kamailio.cfg')
  writeFileSync(file, config(prepare(folder)))
  const work = join(folder, 'run')
  mkdirSync(work)
  const [program, ...args] = SERVERS[name]
  const places = ['-f', file, '-DD', '-E', '-Y', work, '-w', work, '-P', join(work, 'pid')]
  const server = start(program, [...args, ...places])
  try {
    await pause(2000)
    await registerAll(folder)
    await pause(INTERVAL_S * 1500)
    const before = cpuOf(server.pid)
    const good = await registerAll(folder)
    await pause(INTERVAL_S * 1500)
    const micros = ((cpuOf(server.pid) - before) / good) * 1e6
    if (good < USERS) console.log(`${name}: ${USERS - good} of ${USERS} failed`)
    return micros
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const times: Record<Name, number[]> = { kamailio: [], ohana: [] }
for (let round = 0; round < Number(values.rounds); round++)
  for (const name of ['kamailio', 'ohana'] as const) {
    times[name].push(await measure(name))
    console.log(`${name.padEnd(9)} ${times[name].at(-1)!.toFixed(1)} us`)
  }
const ratio = median(times.ohana) / median(times.kamailio)
const both = `${median(times.kamailio).toFixed(1)} and ${median(times.ohana).toFixed(1)} us`
console.log(`registers: ${both}, ours/kamailio = ${ratio.toFixed(2)}, goal ${GOAL}`)
process.exitCode = ratio <= GOAL ? 0 : 1
