// Records what the real Kamailio's KSR gives a Lua script in the cases of the *.json files beside
// this one, and writes it into them:
//   node test/compat/kemi/record-calls.ts [file.json ...]
// A case is added by hand with name and calls; values, out and answers are Kamailio's.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kamailio } from '../registrar/kamailio.ts'
import { messageText } from '../textops/facts.ts'
import {
  type Case,
  type Facts,
  FOLDER,
  MODULES,
  PEER_PORT,
  type Seen,
  SERVER_PORT,
  wentOut,
} from './facts.ts'

const ORIGIN = "Debian's Kamailio 5.6.3 with app_lua; test/compat/kemi/record-calls.ts"

/** Writes values so that JSON.parse reads them; nil in a table is not there. */
const HEAD = `
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
const TAIL = `
function ksr_request_route() cases[KSR.pv.get("$ci")]() return 1 end
function ksr_reply_route() cases[KSR.pv.get("$ci")]() KSR.set_drop() return 1 end
`

/** A text in Lua, byte by byte where it is no plain ASCII. */
const quoted = (value: string | number): string =>
  typeof value === 'number'
    ? String(value)
    : `"${value.replace(/["\\]|[^ -~]/g, char => `\\${String(char.charCodeAt(0)).padStart(3, '0')}`)}"`

function luaOf(one: Case, number: number): string {
  const lines = one.calls.map(
    ([name, ...args]) => `show(KSR.${name}(${args.map(quoted).join(', ')}))`,
  )
  if (one.forwarded === true) lines.push(`KSR.forward_uri("sip:127.0.0.1:${PEER_PORT}")`)
  return `cases["case-${number}"] = function()\n  ${lines.join('\n  ')}\nend\n`
}

const sourceOf = (one: Case, number: number): string =>
  messageText({ ...one, steps: [] })
    .replace('Call-ID: c1', `Call-ID: case-${number}`)
    .replaceAll('127.0.0.1:27190', `127.0.0.1:${PEER_PORT}`)
    .replaceAll('127.0.0.1:27180', `127.0.0.1:${SERVER_PORT}`)

async function record(facts: Facts): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kemi-'))
  const script = join(folder, 'calls.lua')
  writeFileSync(script, HEAD + facts.cases.map(luaOf).join('') + TAIL, 'latin1')
  const kamailio = await Kamailio.start({
    head: [
      `listen=udp:127.0.0.1:${SERVER_PORT}`,
      'alias=example.org',
      '#!define KEMI_TEXT "a text"',
      '#!define KEMI_NUMBER 12',
    ],
    modules: [...MODULES, 'app_lua'],
    params: {
      app_lua: { load: script },
      counters: { script_counter: 'kemi' },
      usrloc: { preload: 'location' },
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

/** A call beside its value, on a line of its own. */
function factsText({ origin, cases }: Facts): string {
  const one = (each: Case): string => {
    const { name, calls, values, out, answers, ours, ...message } = each
    const row = { name, ...message, calls, values, out, answers, ours }
    const parts = Object.entries(row)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => {
        if (key !== 'calls' && key !== 'values') return `"${key}": ${JSON.stringify(value)}`
        const lines = (value as unknown[]).map(item => `   ${JSON.stringify(item)}`)
        return `"${key}": [\n${lines.join(',\n')}]`
      })
    return ` {${parts.join(',\n  ')}}`
  }
  return `{"origin": ${JSON.stringify(origin)},\n"cases": [\n${cases.map(one).join(',\n')}\n]}\n`
}

// For kx.get_env.
process.env.KEMI_ENV = '15'

const wanted = process.argv.slice(2).filter(word => word !== '-v')
for (const name of readdirSync(FOLDER).filter(file => file.endsWith('.json'))) {
  if (name === 'exports.json' || (wanted.length > 0 && !wanted.includes(name))) continue
  const path = join(FOLDER, name)
  const facts = JSON.parse(readFileSync(path, 'latin1')) as Facts
  await record(facts)
  writeFileSync(path, factsText(facts), 'latin1')
}
