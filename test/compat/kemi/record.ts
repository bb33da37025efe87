// Asks the real Kamailio which functions its KSR has with the modules that we have, too, and writes
// exports.json:
//   node test/compat/kemi/record.ts
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kamailio } from '../registrar/kamailio.ts'
import { FOLDER, MODULES, SERVER_PORT } from './facts.ts'

/** One `func` of app_lua.api_list as kamcmd prints it. */
const FUNCTION = /ret: (.*)\n\s*module: (.*)\n\s*name: (.*)\n\s*params: (.*)/g

const folder = mkdtempSync(join(tmpdir(), 'kemi-'))
const script = join(folder, 'empty.lua')
const control = `unix:${join(folder, 'ctl')}`
writeFileSync(script, 'function ksr_request_route() return 1 end\n')
const kamailio = await Kamailio.start({
  head: [`listen=udp:127.0.0.1:${SERVER_PORT}`],
  modules: [...MODULES, 'app_lua'],
  params: {
    app_lua: { load: script },
    ctl: { binrpc: control },
    xhttp: { event_callback: 'ksr_xhttp_event' },
  },
  routes: 'cfgengine "lua"',
  port: SERVER_PORT,
})
const list = execFileSync('kamcmd', ['-s', control, 'app_lua.api_list'], { encoding: 'utf8' })
await kamailio.stop()
rmSync(folder, { recursive: true })

const exports = [...list.matchAll(FUNCTION)]
  .filter(([, , module]) => module !== 'app_lua')
  .map(([, result, module, name, params]) => {
    const place = module === '' ? name : `${module}.${name}`
    return `${place}(${params === 'none' ? '' : params}): ${result}`
  })
if (exports.length === 0) throw new Error('nothing was recorded')
const origin = "Debian's Kamailio 5.6.3, app_lua.api_list; test/compat/kemi/record.ts"
writeFileSync(
  join(FOLDER, 'exports.json'),
  `${JSON.stringify({ origin, exports: exports.sort() }, null, 1)}\n`,
)
