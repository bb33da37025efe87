// Asks the real Kamailio what it says of the statements, and which files it writes:
//   node test/compat/db_text/record.ts
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { run, start } from '../../kit/child.ts'
import { freePort } from '../../kit/ports.ts'
import { config, FILES, STATEMENTS } from './cases.ts'

const folder = mkdtempSync(join(tmpdir(), 'ohana-record-'))
const tables = join(folder, 'tables')
const socket = join(folder, 'ctl')
mkdirSync(tables)
for (const [name, text] of Object.entries(FILES)) writeFileSync(join(tables, name), text)
const modules = `loadmodule "ctl.so"\nmodparam("ctl", "binrpc", "unix:${socket}")\n`
const path = join(folder, 'kamailio.cfg')
writeFileSync(path, config(tables, modules))
const place = ['-l', `udp:127.0.0.1:${await freePort()}`, '-Y', folder, '-w', folder]
const size = ['-m', '64', '-M', '8', '-n', '1', '-DD', '-E', '-P', join(folder, 'pid')]
const node = start('kamailio', ['-f', path, ...size, ...place])
await pause(1000)

const answers: [string, string][] = []
const ask = async (...words: string[]): Promise<string> =>
  (await run('kamcmd', ['-s', `unix:${socket}`, ...words])).output
for (const statement of STATEMENTS) answers.push([statement, await ask('db_text.query', statement)])
const dump = await ask('db_text.dump')
const files = Object.keys(FILES).map(name => [name, readFileSync(join(tables, name), 'latin1')])
await node.stop()
rmSync(folder, { recursive: true })
const facts = { answers, dump, files: Object.fromEntries(files) as unknown }
writeFileSync(join(import.meta.dirname, 'answers.json'), `${JSON.stringify(facts, null, 2)}\n`)
