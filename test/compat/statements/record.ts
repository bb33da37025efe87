/**
 * Asks the real Kamailio what statements do and writes statements.json.
 * Run: node test/compat/statements/record.ts (needs Debian's kamailio; loopback only).
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bodies, prepare, request, routes } from './questions.ts'

const PORT = 25_462
const modules = ['kex', 'sl', 'pv', 'textops', 'siputils', 'xlog']
const work = mkdtempSync(join(tmpdir(), 'record.'))
const log = join(work, 'log')
const wait = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

const head = `#!KAMAILIO
debug=0
children=1
disable_tcp=yes
auto_aliases=no
listen=udp:127.0.0.1:${PORT}
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
${modules.map(m => `loadmodule "${m}.so"`).join('\n')}
request_route {
  ${prepare}
  $var(n) = "T" + $hdr(X-Test);
  route($var(n));
  xlog("L_ERR", "@@$hdr(X-Test) $rc $var(q) $var(i)@@\\n");
}
${routes}`

/** One line a test, so that a complaint's line tells which one it is about. */
const configOf = (refused: ReadonlySet<number>): string =>
  head + bodies.map((body, i) => (refused.has(i) ? '' : `route[T${i}] { ${body} }`)).join('\n')

/** Starts it; null when it does not stay. */
async function start(config: string): Promise<ChildProcess | null> {
  writeFileSync(join(work, 'k.cfg'), config)
  const args = ['-f', 'k.cfg', '-DD', '-E', '-Y', work, '-P', join(work, 'pid'), '-w', work]
  const stdio = ['ignore', 'ignore', openSync(log, 'w')] as const
  const node = spawn('kamailio', [...args, '-m', '64', '-M', '8'], { cwd: work, stdio: [...stdio] })
  await wait(1200)
  return node.exitCode === null ? node : null
}

const refused = new Set<number>()
const first = head.split('\n').length
let node = await start(configOf(refused))
while (node === null) {
  const said = readFileSync(log, 'latin1')
  const lines = [...said.matchAll(/(?:CRITICAL|ERROR)[^\n]*?(?:line |k\.cfg:|\()(\d+)/g)]
  const culprits = lines.map(found => Number(found[1]) - first).filter(n => n >= 0)
  const before = refused.size
  const culprit = culprits.find(n => n < bodies.length && !refused.has(n))
  if (culprit !== undefined) refused.add(culprit)
  if (refused.size === before) throw new Error(said)
  node = await start(configOf(refused))
}
const socket = createSocket('udp4')
for (const i of bodies.keys()) {
  if (refused.has(i)) continue
  socket.send(Buffer.from(request(25_463, i), 'latin1'), PORT, '127.0.0.1')
  await wait(10)
}
await wait(500)
socket.close()
node.kill('SIGTERM')
await wait(1500)
const answers = new Map(
  [...readFileSync(log, 'latin1').matchAll(/@@(\d+) ([^@]*)@@/g)].map(m => [Number(m[1]), m[2]!]),
)
const facts = bodies.map((body, i) => ({
  body,
  result: refused.has(i) ? 'refused' : (answers.get(i) ?? 'ended'),
}))
const origin = 'Kamailio 5.6.3 (Debian), asked by record.ts: $rc $var(q) $var(i) after the route'
writeFileSync(
  new URL('statements.json', import.meta.url),
  `${JSON.stringify({ origin, facts }, null, 1)}\n`,
)
rmSync(work, { recursive: true })
