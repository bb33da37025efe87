// Records what the real Kamailio's KSR gives a Lua script in the cases of the *.json files beside
// this one, and writes it into them:
//   node test/compat/kemi/record-calls.ts [file.json ...] && npm run format
// A case is added by hand with name and calls; values, out and answers are Kamailio's.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kamailio } from '../registrar/kamailio.ts'
import {
  type Case,
  ENVIRONMENT,
  type Facts,
  FOLDER,
  HEAD as SETTINGS,
  MODULES,
  PARAMS,
  PEER_PORT,
  type Seen,
  SERVER_PORT,
  sourceOf,
  wentOut,
} from './facts.ts'

const ORIGIN = "Debian's Kamailio 5.6.3 with app_lua; test/compat/kemi/record-calls.ts"

/** Writes values so that JSON.parse reads them; nil in a table is not there. */
const LUA_HEAD = `
function json(v)
  local t = type(v)
  if t == "nil" then return "null" end
  if t == "boolean" or t == "number" then return tostring(v) end
  if t == "table" then
    local out = {}
    if #v > 0 then
      for _, one in ipairs(v) do table.insert(out, json(one)) end
      return "[" .. table.concat(out, ",") .. "]"
    end
    for key, one in pairs(v) do table.insert(out, json(tostring(key)) .. ":" .. json(one)) end
    return "{" .. table.concat(out, ",") .. "}"
  end
  local text = string.gsub(v, '[%c"\\\\\\128-\\255]', function(c)
    return string.format("\\\\u%04x", string.byte(c))
  end)
  return '"' .. text .. '"'
end
function show(v) io.stderr:write("@@" .. json(v) .. "\\n") end
function ksr_nothing() return 1 end
cases = {}
`
const LUA_TAIL = `
function ksr_request_route() cases[KSR.pv.get("$ci")]() return 1 end
function ksr_reply_route() cases[KSR.pv.get("$ci")]() KSR.set_drop() return 1 end
`

/** A text in Lua, byte by byte where it is no plain ASCII. */
function quoted(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const byte = (char: string): string => `\\${String(char.charCodeAt(0)).padStart(3, '0')}`
  return `"${value.replace(/["\\]|[^ -~]/g, byte)}"`
}

function luaOf(one: Case, number: number): string {
  const lines = one.calls.map(
    ([name, ...args]) => `show(KSR.${name}(${args.map(quoted).join(', ')}))`,
  )
  if (one.forwarded === true) lines.push(`KSR.forward_uri("sip:127.0.0.1:${PEER_PORT}")`)
  return `cases["case-${number}"] = function()\n  ${lines.join('\n  ')}\nend\n`
}

async function record(facts: Facts): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kemi-'))
  const script = join(folder, 'calls.lua')
  writeFileSync(script, LUA_HEAD + facts.cases.map(luaOf).join('') + LUA_TAIL, 'latin1')
  const kamailio = await Kamailio.start({
    head: SETTINGS,
    modules: [...MODULES, 'app_lua'],
    params: {
      ...PARAMS,
      app_lua: { load: script },
      ctl: { binrpc: `unix:${join(folder, 'ctl')}` },
      xhttp: { event_callback: 'ksr_nothing' },
    },
    routes: 'cfgengine "lua"',
    port: SERVER_PORT,
  })
  for (const [number, one] of facts.cases.entries()) {
    const source = sourceOf(one, number)
    const came = await kamailio.send(PEER_PORT, source, 40)
    const { marks, rest } = kamailio.takeLog()
    if (process.argv.includes('-v')) console.log(one.name, rest)
    one.values = marks.map(mark => JSON.parse(mark) as Seen)
    if (one.values.length !== one.calls.length) console.log(one.name, 'stopped', rest)
    delete one.out
    delete one.answers
    // Transactions of earlier cases send again.
    const texts = came.map(({ text }) => text).filter(text => text.includes(`: case-${number}\r\n`))
    Object.assign(one, wentOut(texts, one, source))
  }
  await kamailio.stop()
  rmSync(folder, { recursive: true })
  facts.origin = ORIGIN
}

process.env.KEMI_ENV = ENVIRONMENT

const wanted = process.argv.slice(2).filter(word => word !== '-v')
for (const name of readdirSync(FOLDER).filter(file => file.endsWith('.json'))) {
  if (name === 'exports.json' || (wanted.length > 0 && !wanted.includes(name))) continue
  const path = join(FOLDER, name)
  const facts = JSON.parse(readFileSync(path, 'latin1')) as Facts
  await record(facts)
  writeFileSync(path, `${JSON.stringify(facts, null, 1)}\n`, 'latin1')
}
