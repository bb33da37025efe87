// Records with the real Kamailio what it makes of tls.cfg, and writes it into profiles.json:
// node test/compat/tls/record.ts A story is added by hand; the rest is Kamailio's.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connect } from 'node:tls'
import { Certificates, type Fact, FOLDER, PORTS, readFacts } from './facts.ts'

const certificates = new Certificates()
const folder = mkdtempSync(join(tmpdir(), 'facts-tls-'))

const config = (params: Readonly<Record<string, string>>): string => `#!KAMAILIO
debug=2
log_stderror=yes
children=1
tcp_children=1
enable_tls=yes
${PORTS.map(port => `listen=tls:127.0.0.1:${port}`).join('\n')}
loadmodule "tls.so"
modparam("tls", "config", "${folder}/tls.cfg")
${Object.entries(params)
  .map(([name, value]) => `modparam("tls", "${name}", "${certificates.text(value)}")`)
  .join('\n')}
request_route { exit; }
`

/** The common name that a client is shown; '' when it is shown none, null when nobody listens. */
function shown(port: number, servername: string): Promise<string | null> {
  return new Promise(resolve => {
    const name = servername === '' ? {} : { servername }
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...name })
    socket.once('secureConnect', () => {
      resolve(socket.getPeerCertificate().subject.CN as string)
      socket.destroy()
    })
    socket.once('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(code === 'ECONNREFUSED' ? null : ''),
    )
  })
}

async function stop(kamailio: ChildProcess): Promise<void> {
  if (kamailio.exitCode !== null) return
  const ended = new Promise(done => kamailio.once('exit', done))
  kamailio.kill('SIGTERM')
  await ended
}

/** What it complains about, without places of this run. */
const complaints = (log: string): string[] =>
  log
    .split('\n')
    .filter(
      line =>
        !line.includes('openssl bug') &&
        /(ERROR|WARNING): (tls|<core> \[core\/cfg_parser)/.test(line) &&
        !/tls_err_ret/.test(line),
    )
    .map(line =>
      line
        .replace(/^.*?(ERROR|WARNING): \S+ \[\S+: \w+\(\): /, '')
        .replaceAll(certificates.authority.folder, '{folder}')
        .replaceAll(folder, '{folder}'),
    )

async function play({ file, params, names }: Fact): Promise<Fact> {
  writeFileSync(join(folder, 'tls.cfg'), certificates.text(file))
  writeFileSync(join(folder, 'k.cfg'), config(params ?? {}))
  const folders = ['-Y', folder, '-w', folder, '-P', join(folder, 'pid')]
  const kamailio = spawn('kamailio', ['-f', join(folder, 'k.cfg'), '-DD', '-E', ...folders])
  let log = ''
  kamailio.stderr.on('data', chunk => (log += String(chunk)))
  // It listens before it knows whether it will stay.
  while (kamailio.exitCode === null && (await shown(PORTS[0], '')) === null) await pause(20)
  await pause(100)
  const starts = kamailio.exitCode === null
  const rows: string[][] = []
  for (const name of starts ? (names ?? []) : []) {
    const row: string[] = []
    for (const port of PORTS) row.push((await shown(port, name))!)
    rows.push(row)
  }
  await stop(kamailio)
  const given = { file, ...(params && { params }), ...(names && { names }), starts }
  if (!starts) return { ...given, log: complaints(log).slice(0, 2) }
  return names === undefined ? given : { ...given, shown: rows }
}

const facts: Fact[] = []
for (const fact of readFacts()) facts.push(await play(fact))
writeFileSync(join(FOLDER, 'profiles.json'), `${JSON.stringify(facts, null, 2)}\n`)
rmSync(folder, { recursive: true })
certificates.remove()
