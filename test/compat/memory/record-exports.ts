// Asks the real Kamailio which functions its KSR has with the modules of this folder:
//   node test/compat/memory/record-exports.ts
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SERVER_PORT } from '../../kit/bench-ports.ts'
import { Kamailio } from '../registrar/kamailio.ts'
import { FOLDER, KEMI_MODULES } from './facts.ts'

const FUNCTION = /ret: (.*)\n\s*module: (.*)\n\s*name: (.*)\n\s*params: (.*)/g

const folder = mkdtempSync(join(tmpdir(), 'kemi-'))
const script = join(folder, 'empty.lua')
const control = `unix:${join(folder, 'ctl')}`
writeFileSync(script, 'function ksr_request_route() return 1 end\n')
const kamailio = await Kamailio.start({
  head: [`listen=udp:127.0.0.1:${SERVER_PORT}`],
  modules: ['kex', 'pv', 'jsonrpcs', 'ctl', ...KEMI_MODULES, 'app_lua'],
  params: { app_lua: { load: script }, ctl: { binrpc: control } },
  routes: 'cfgengine "lua"',
  port: SERVER_PORT,
})
const list = execFileSync('kamcmd', ['-s', control, 'app_lua.api_list'], { encoding: 'utf8' })
await kamailio.stop()
rmSync(folder, { recursive: true })

const exports = [...list.matchAll(FUNCTION)]
  .filter(([, , module]) => KEMI_MODULES.includes(module!))
  .map(([, result, module, name, params]) => {
    return `${module}.${name}(${params === 'none' ? '' : params}): ${result}`
  })
if (exports.length === 0) throw new Error('nothing was recorded')
const text = JSON.stringify({ origin: 'kamailio 5.6.3', exports: exports.sort() }, null, 1)
writeFileSync(join(FOLDER, 'kemi', 'exports.json'), `${text}\n`)
