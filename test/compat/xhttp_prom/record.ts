/**
 * Asks the real Kamailio about the cases of xhttp_prom and writes answers.json.
 * Run: node test/compat/xhttp_prom/record.ts (needs Debian's kamailio; loopback only)
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { configOf, GROUPS, PARAMS, PATHS } from './cases.ts'
import { plain } from './plain.ts'

const PORT = 25_481

/** What comes back for a GET; '' when nothing does. */
function get(path: string): Promise<string> {
  return new Promise(resolve => {
    const socket = connect(PORT, '127.0.0.1')
    let text = ''
    const end = (): void => {
      socket.destroy()
      resolve(plain(text))
    }
    const late = setTimeout(end, 700)
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => {
      text += chunk
      const head = text.indexOf('\r\n\r\n')
      const length = /^content-length: (\d+)/im.exec(text)?.[1]
      if (head < 0 || length === undefined || text.length < head + 4 + Number(length)) return
      clearTimeout(late)
      end()
    })
    socket.on('error', () => resolve('no connection'))
    socket.write(`GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`)
  })
}

const folder = mkdtempSync(join(tmpdir(), 'prom-'))

/** Null when it does not start. */
async function withNode<T>(config: string, talk: () => Promise<T>): Promise<T | null> {
  writeFileSync(join(folder, 'k.cfg'), config, 'latin1')
  const places = ['-f', 'k.cfg', '-Y', folder, '-w', folder, '-P', join(folder, 'pid')]
  const options = { cwd: folder, stdio: 'ignore' as const, detached: true }
  const node = spawn('kamailio', [...places, '-DD', '-E', '-m', '32', '-M', '16'], options)
  const ended = new Promise(done => node.once('exit', done))
  await pause(600)
  if (node.exitCode !== null) return null
  const said = await talk()
  process.kill(-node.pid!, 'SIGKILL')
  await ended
  return said
}

const groups: Record<string, unknown> = {}
for (const group of GROUPS)
  groups[group.name] = await withNode(configOf(PORT, group), async () => {
    const steps: [string, string][] = []
    for (const [i, text] of group.steps.entries()) steps.push([text, await get(`/T${i}`)])
    return { steps, metrics: await get('/metrics') }
  })
const params: [string, boolean][] = []
for (const text of PARAMS) {
  const config = configOf(PORT, { name: '', params: text, steps: [] })
  params.push([text, (await withNode(config, async () => true)) === true])
}
const paths = await withNode(configOf(PORT, { name: '', params: '', steps: [] }), async () => {
  const found: [string, string][] = []
  for (const path of PATHS) found.push([path, (await get(path)).split('\n').at(-1)!])
  return found
})
rmSync(folder, { recursive: true })
const origin = 'Kamailio 5.6.3 (Debian), asked by record.ts'
writeFileSync(
  new URL('answers.json', import.meta.url),
  `${JSON.stringify({ origin, groups, params, paths }, null, 2)}\n`,
)
process.stdout.write(`${GROUPS.length} groups, ${PARAMS.length} parameters\n`)
