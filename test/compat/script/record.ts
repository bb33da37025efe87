/**
 * Asks the real Kamailio what expressions and conditions are worth and writes expressions.json.
 * Run: node test/compat/script/record.ts (needs Debian's kamailio; loopback only).
 */
import { spawn, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { conditions, message, setup, values } from './questions.ts'

const PORT = 25_460
const modules = ['kex', 'sl', 'pv', 'textops', 'siputils', 'xlog']

const ask = (i: number, text: string): string =>
  `  $var(r) = "unset"; ${text}\n  xlog("L_ERR", "@@${i}=$var(r)@@\\n");`
const all = [...values, ...conditions]
const line = (i: number): string =>
  i < values.length
    ? ask(i, `$var(r) = ${all[i]};`)
    : ask(i, `if (${all[i]}) { $var(r) = 1; } else { $var(r) = 0; }`)
const refused = new Set<number>()
const head = `#!KAMAILIO
debug=0
children=1
disable_tcp=yes
auto_aliases=no
listen=udp:127.0.0.1:${PORT}
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
${modules.map(m => `loadmodule "${m}.so"`).join('\n')}
request_route {
${setup}
`
const config =
  (): string => `${head}${all.map((_, i) => (refused.has(i) ? '\n' : line(i))).join('\n')}
  exit;
}
route[MINUS] { return -5; }
route[PLUS] { return 7; }
route[PLAIN] { return; }
`
const work = mkdtempSync(join(tmpdir(), 'record.'))
// What -c refuses is a fact as well; it is left out until the rest is accepted.
const first = head.split('\n').length
for (;;) {
  writeFileSync(join(work, 'k.cfg'), config())
  const { stderr, status } = spawnSync('kamailio', ['-c', '-f', join(work, 'k.cfg')], {
    encoding: 'latin1',
  })
  if (status === 0) break
  const lines = [...stderr.matchAll(/CRITICAL[^\n]*line (\d+), column/g)].map(m => Number(m[1]))
  const before = refused.size
  for (const n of lines) if (n >= first) refused.add(Math.floor((n - first) / 2))
  if (refused.size === before) throw new Error(stderr)
}
const node = spawn(
  'kamailio',
  [
    '-f',
    'k.cfg',
    '-DD',
    '-E',
    '-Y',
    work,
    '-P',
    join(work, 'pid'),
    '-w',
    work,
    '-m',
    '64',
    '-M',
    '8',
  ],
  { cwd: work },
)
let log = ''
node.stderr.on('data', (chunk: Buffer) => {
  log += chunk.toString('latin1')
})
await new Promise(resolve => setTimeout(resolve, 1500))
const socket = createSocket('udp4')
socket.send(Buffer.from(message(PORT), 'latin1'), PORT, '127.0.0.1')
await new Promise(resolve => setTimeout(resolve, 1500))
socket.close()
node.kill('SIGTERM')
const answers = new Map([...log.matchAll(/@@(\d+)=([\s\S]*?)@@/g)].map(m => [Number(m[1]), m[2]!]))
const facts = all.map((expression, i) => ({
  kind: i < values.length ? 'value' : 'condition',
  expression,
  result: refused.has(i) ? null : (answers.get(i) ?? 'no answer'),
}))
if (answers.size + refused.size !== all.length) {
  process.stderr.write(`${log.slice(0, 3000)}\nonly ${answers.size} of ${all.length} answers\n`)
}
const origin = 'Kamailio 5.6.3 (Debian), asked by record.ts with one OPTIONS request'
writeFileSync(
  new URL('expressions.json', import.meta.url),
  `${JSON.stringify({ origin, facts }, null, 1)}\n`,
)
