// Records what the real Kamailio writes of the requests in writers.json:
// node test/compat/tm/record-writers.ts
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PEER_PORT, SERVER_PORT } from '../../kit/bench-ports.ts'
import { Kamailio } from '../registrar/kamailio.ts'
import { HEAD, listen, MODULES, PARAMS, requestText, routes, type Writing } from './writers.ts'

const path = join(import.meta.dirname, 'writers.json')
const writings = JSON.parse(readFileSync(path, 'utf8')) as Writing[]
const folder = mkdtempSync(join(tmpdir(), 'writers-'))
let heard = ''
const socket = await listen(folder, text => (heard = text))
const kamailio = await Kamailio.start({
  head: HEAD,
  modules: MODULES,
  params: {},
  routes: `${PARAMS.join('\n')}\n${routes(folder)}`,
  port: SERVER_PORT,
})
for (const [i, writing] of writings.entries()) {
  heard = ''
  await kamailio.send(PEER_PORT, requestText(writing, i), 100)
  writing.wrote = heard
}
await kamailio.stop()
socket.close()
rmSync(folder, { recursive: true })
writeFileSync(path, `${JSON.stringify(writings, null, 2)}\n`)
