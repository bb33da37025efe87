// What scripts are asked, in JavaScript (ES5, for the real Kamailio's Duktape) and in Lua: both
// servers run the very same text. Each question is a function of the script, called by jsdt_run or
// lua_run for a message of its own; `show` writes a value with its type.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PEER_PORT, SERVER_PORT } from '../../kit/bench-ports.ts'

export type Language = 'js' | 'lua'

export interface Fact {
  readonly question: string
  /** What was shown, and the return code of the call. */
  readonly seen: readonly string[]
}

export interface Facts {
  readonly origin: string
  readonly facts: readonly Fact[]
}

export const ENGINES = {
  js: { module: 'app_jsdt', prefix: 'jsdt', file: 'questions.js' },
  lua: { module: 'app_lua', prefix: 'lua', file: 'questions.lua' },
} as const

export const MODULES = 'kex corex tm sl rr pv maxfwd textops siputils xlog'.split(' ')

/** Where both languages are written alike: one value. */
const EXPRESSIONS = [
  'KSR.pv.get("$ru")',
  'KSR.pv.get("$rU")',
  'KSR.pv.get("$rs")',
  'KSR.pv.get("$ml") > 300',
  'KSR.pv.get("$avp(x)")',
  'KSR.pv.gete("$avp(x)")',
  'KSR.pv.getw("$avp(x)")',
  'KSR.pv.getvn("$avp(x)", 7)',
  'KSR.pv.getvs("$avp(x)", "z")',
  'KSR.pv.getvn("$ml", 7) > 300',
  'KSR.pv.getvs("$rU", "z")',
  'KSR.pv.is_null("$avp(x)")',
  'KSR.pv.is_null("$rU")',
  'KSR.pv.seti("$var(a)", 42)',
  'KSR.pv.sets("$var(a)", "text")',
  'KSR.pv.sets("$ru", "sip:carol@example.net")',
  'KSR.pv.unset("$rU")',
  'KSR.pv.seti("$ml", 4)',
  'KSR.pv.sets("$nosuch", "x")',
  'KSR.pv.get("$nosuch")',
  'KSR.pv.get("ru")',
  'KSR.pv.get("")',
  'KSR.pv.get("text $rU")',
  'KSR.pv.get("$hdr(X-Text)")',
  'KSR.pv.get("$(hdr(X-Text){s.len})")',
  'KSR.pv.get("$(hdr(X-Text){s.select,1,,})")',
  'KSR.is_OPTIONS()',
  'KSR.is_INVITE()',
  'KSR.is_method_in("IO")',
  'KSR.is_method_in("IA")',
  'KSR.is_method("OPTIONS|INVITE")',
  'KSR.is_UDP()',
  'KSR.is_TLS()',
  'KSR.is_myself("sip:127.0.0.1:25070")',
  'KSR.is_myself("sip:elsewhere.example.org")',
  'KSR.is_myself_ruri()',
  'KSR.is_myself_furi()',
  'KSR.setflag(3)',
  'KSR.isflagset(3)',
  'KSR.setflag(77)',
  'KSR.setflag(-1)',
  'KSR.setflag("4")',
  'KSR.setflag("x")',
  'KSR.setflag(3.9)',
  'KSR.setflag(true)',
  'KSR.isflagset()',
  'KSR.setflag()',
  'KSR.setflag(3, 4)',
  'KSR.pv.get()',
  'KSR.pv.sets("$var(a)")',
  'KSR.pv.sets("$var(a)", 5)',
  'KSR.pv.sets("$var(a)", true)',
  'KSR.pv.get(5)',
  'KSR.hdr.is_present("From")',
  'KSR.hdr.is_present("X-None")',
  'KSR.hdr.append("X-A: b\\r\\n")',
  'KSR.hdr.remove("X-Text")',
  'KSR.hdr.remove("X-None")',
  'KSR.hdr.append_to_reply("X-A: b\\r\\n")',
  'KSR.dbg("not shown")',
  'KSR.log("dbg", "not shown")',
  'KSR.siputils.has_totag()',
  'KSR.siputils.is_request()',
  'KSR.siputils.is_reply()',
  'KSR.siputils.is_uri("sip:a@b")',
  'KSR.siputils.is_uri("a b")',
  'KSR.maxfwd.process_maxfwd(10)',
  'KSR.textops.search("X-Text")',
  'KSR.textops.search("nowhere")',
  'KSR.textops.starts_with("abc", "ab")',
  'KSR.textops.starts_with("abc", "bc")',
  'KSR.textops.cmp_str("a", "a")',
  'KSR.textops.cmp_istr("a", "A")',
  'KSR.kex.setdebug(1)',
  'KSR.corex.has_ruri_user()',
  'KSR.rr.loose_route()',
  'KSR.rr.record_route()',
  'KSR.tm.t_lookup_request()',
  'KSR.tm.t_is_set("failure_route")',
  'KSR.tm.t_on_failure("later")',
  'KSR.tm.t_newtran()',
  'KSR.tm.t_check_status("4..")',
  'KSR.sl.sl_send_reply(200, "fine")',
  'KSR.sl.send_reply("200", "fine")',
  'KSR.x.modf("nosuch")',
  'KSR.x.modf("record_route")',
  'KSR.seturi("sip:dave@example.com")',
  'KSR.setuser("erin")',
  'KSR.seturi("not a uri")',
]

/** Statements of one language, where what matters is how it ends. */
const STATEMENTS: Readonly<Record<Language, readonly string[]>> = {
  js: [
    'return',
    'return 0',
    'return -5',
    'return 5',
    'return "7"',
    'return false',
    'return null',
    'return {a: 1}',
    'KSR.x.exit(); show("behind")',
    'KSR.x.drop(); show("behind")',
    'var inner = function() { KSR.x.exit() }; inner(); show("behind")',
    'KSR.set_drop(); show("behind")',
    'throw new Error("boo")',
    'throw "boo"',
    'throw {a: 1}',
    'nosuch()',
    'KSR.nosuch("x")',
    'KSR.nosuch.x("x")',
    'try { nosuch() } catch (e) { show(e instanceof ReferenceError) }',
    'try { throw new Error("boo") } catch (e) { show(e.message) } finally { show("finally") }',
    'KSR.pv.seti("$var(i)", 2.9); show(KSR.pv.get("$var(i)"))',
    'KSR.pv.seti("$var(i)", -2.9); show(KSR.pv.get("$var(i)"))',
    'KSR.pv.seti("$var(i)", 4294967297); show(KSR.pv.get("$var(i)"))',
    'KSR.pv.seti("$var(i)", -4294967297); show(KSR.pv.get("$var(i)"))',
    'KSR.pv.seti("$var(i)", 2147483648); show(KSR.pv.get("$var(i)"))',
    'KSR.pv.seti("$var(i)", "12"); show(KSR.pv.get("$var(i)"))',
    'KSR.pv.seti("$var(i)", "0x1f"); show(KSR.pv.get("$var(i)"))',
    'KSR.pv.seti("$var(i)", "x"); show(KSR.pv.get("$var(i)"))',
    'KSR.pv.seti("$var(i)", NaN); show(KSR.pv.get("$var(i)"))',
    'KSR.pv.seti("$var(i)", null); show(KSR.pv.get("$var(i)"))',
    'KSR.pv.seti("$var(i)", undefined); show(KSR.pv.get("$var(i)"))',
    'KSR.pv.seti("$var(i)", true); show(KSR.pv.get("$var(i)"))',
    'KSR.pv.sets("$var(s)", null); show(KSR.pv.get("$var(s)"))',
    'KSR.pv.sets("$var(s)", undefined); show(KSR.pv.get("$var(s)"))',
    'KSR.pv.sets("$var(s)", 1.5); show(KSR.pv.get("$var(s)"))',
    'KSR.pv.sets("$var(s)", [1, 2]); show(KSR.pv.get("$var(s)"))',
    'KSR.pv.sets("$var(s)", {}); show(KSR.pv.get("$var(s)"))',
    'KSR.pv.sets("$var(s)", ""); show(KSR.pv.get("$var(s)"))',
    'KSR.pv.sets("$var(s)", "\\u20ac"); show(KSR.pv.get("$(var(s){s.len})"))',
    'KSR.pv.sets("$var(s)", "€"); show(KSR.pv.get("$(var(s){s.len})"))',
    'KSR.pv.sets("$var(s)", "€"); show(KSR.pv.get("$var(s)") === "€")',
    'counter = counter + 1; show(counter)',
    'counter = counter + 1; show(counter)',
    'show(typeof KSR.x.exit)',
    'show(Object.keys(KSR.x).sort().join())',
    'show(KSR.app_jsdt.runstring("show(counter)"))',
    'show(KSR.app_jsdt.dostring("show(counter)"))',
    'show(KSR.app_jsdt.dostring("var kept = 5"))',
    'show(KSR.app_jsdt.dostring("KSR.err(\\"@@\\" + kept + \\"\\\\n\\")"))',
    'show(KSR.app_jsdt.run("later"))',
    'show(KSR.app_jsdt.run_p2("later", "a", "b"))',
    'show(KSR.app_jsdt.run("nosuch"))',
    'show(KSR.app_jsdt.run("ends")); show("behind")',
    'show(KSR.app_jsdt.runstring("KSR.x.exit()")); show("behind")',
    'show(KSR.app_jsdt.runstring("syntax error here"))',
    'show(KSR.app_jsdt.dofile("/nonexistent.js"))',
  ],
  lua: [
    'return',
    'return 0',
    'return -5',
    'return false',
    'KSR.x.exit() show("behind")',
    'KSR.x.drop() show("behind")',
    'local function inner() KSR.x.exit() end inner() show("behind")',
    'KSR.set_drop() show("behind")',
    'error("boo")',
    'error({a = 1})',
    'error()',
    'nosuch()',
    'KSR.nosuch("x")',
    'KSR.nosuch.x("x")',
    'show(pcall(function() error("boo", 0) end))',
    'show(select(2, pcall(function() error("boo", 0) end)))',
    'KSR.pv.seti("$var(i)", 2.9) show(KSR.pv.get("$var(i)"))',
    'KSR.pv.seti("$var(i)", -2.9) show(KSR.pv.get("$var(i)"))',
    'KSR.pv.seti("$var(i)", 4294967297) show(KSR.pv.get("$var(i)"))',
    'KSR.pv.seti("$var(i)", 2147483648) show(KSR.pv.get("$var(i)"))',
    'KSR.pv.seti("$var(i)", "12") show(KSR.pv.get("$var(i)"))',
    'KSR.pv.seti("$var(i)", "0x1f") show(KSR.pv.get("$var(i)"))',
    'KSR.pv.seti("$var(i)", "x") show(KSR.pv.get("$var(i)"))',
    'KSR.pv.seti("$var(i)", nil) show(KSR.pv.get("$var(i)"))',
    'KSR.pv.seti("$var(i)", true) show(KSR.pv.get("$var(i)"))',
    'show(KSR.pv.sets("$var(s)", nil))',
    'show(KSR.pv.sets("$var(s)", {}))',
    'KSR.pv.sets("$var(s)", 5) show(KSR.pv.get("$var(s)"))',
    'KSR.pv.sets("$var(s)", 1.5) show(KSR.pv.get("$var(s)"))',
    'KSR.pv.sets("$var(s)", 5.0) show(KSR.pv.get("$var(s)"))',
    'KSR.pv.sets("$var(s)", "") show(KSR.pv.get("$var(s)"))',
    'KSR.pv.sets("$var(s)", "\\195\\169\\255") show(KSR.pv.get("$(var(s){s.len})"))',
    'KSR.pv.sets("$var(s)", "\\195\\169\\255") show(KSR.pv.get("$var(s)") == "\\195\\169\\255")',
    'KSR.pv.sets("$var(s)", "a\\0b") show(#KSR.pv.get("$var(s)"))',
    'counter = counter + 1 show(counter)',
    'counter = counter + 1 show(counter)',
    'show(KSR.pv.get("$rU") .. KSR.pv.get("$rs"))',
    'show("a" .. KSR.pv.getvn("$avp(x)", 7))',
    'show(type(KSR.x.exit))',
    'show(KSRVERSION)',
    'show(unpack({"a", "b"}))',
    'show(table.getn({1, 2, 3}))',
    'show(math.pow(2, 3) == 8)',
    'show(math.mod(7, 3) == 1)',
    'show(string.gfind ~= nil)',
    'show(loadstring("return 5")())',
    'show(string.format("%5.2f|%s|%d", 1.5, "x", 7))',
    'show(string.rep("ab", 3))',
    'show((string.gsub("hello", "l", "L")))',
    'show(string.find("a.b", ".", 1, true))',
    'show(os.time() > 1000000000)',
    'show(os.getenv("NO_SUCH_VARIABLE"))',
    'show(io.open("/nonexistent"))',
    'show(select(2, io.open("/nonexistent")))',
    'show(setfenv(function() return later end, {later = 4})())',
    'local c = coroutine.wrap(function() coroutine.yield(KSR.pv.get("$rU")) end) show(c())',
    'show(KSR.app_lua.runstring("show(counter)"))',
    'show(KSR.app_lua.dostring("show(counter)"))',
    'show(KSR.app_lua.dostring("kept = 5"))',
    "show(KSR.app_lua.dostring(\"KSR.err('@@' .. kept .. '\\\\n')\"))",
    'show(KSR.app_lua.run("later"))',
    'show(KSR.app_lua.run_p2("later", "a", "b"))',
    'show(KSR.app_lua.run("nosuch"))',
    'show(KSR.app_lua.run("ends")) show("behind")',
    'show(KSR.app_lua.runstring("syntax error here"))',
    'show(KSR.app_lua.dofile("/nonexistent.lua"))',
  ],
}

const HEADS: Readonly<Record<Language, string>> = {
  js: `var counter = 0;
function show(value) {
  KSR.err("@@" + (value === null ? "null" : typeof value) + " " + value + "\\n");
}
function later() { show(arguments.length); }
function ends() { KSR.x.exit(); }
`,
  lua: `counter = 0
function show(value) KSR.err("@@" .. type(value) .. " " .. tostring(value) .. "\\n") end
function later(...) show(select("#", ...)) end
function ends() KSR.x.exit() end
`,
}

export const questionsFor = (language: Language): string[] => [
  ...EXPRESSIONS.map(expression => `show(${expression})`),
  ...STATEMENTS[language],
]

export function scriptFor(language: Language): string {
  const functions = questionsFor(language).map((question, i) =>
    language === 'js' ? `function q${i}() { ${question} }` : `function q${i}() ${question} end`,
  )
  return `${HEADS[language] + functions.join('\n')}\n`
}

/** Writes the script into a folder and gives its path. */
export function writeScript(language: Language, folder: string): string {
  const path = join(folder, ENGINES[language].file)
  writeFileSync(path, scriptFor(language))
  return path
}

export const routesFor = (language: Language): string => `request_route {
  $var(r) = ${ENGINES[language].prefix}_run("q$hdr(X-Question)");
  xlog("L_ERR", "@@rc $var(r)\\n");
  exit;
}
`

export const messageFor = (number: number): string =>
  [
    `OPTIONS sip:bob@127.0.0.1:${SERVER_PORT} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${PEER_PORT};branch=z9hG4bKengine${number}`,
    'From: <sip:alice@example.com>;tag=alice',
    'To: <sip:bob@example.com>',
    `Call-ID: engine-${number}@127.0.0.1`,
    'CSeq: 1 OPTIONS',
    'Max-Forwards: 70',
    `X-Question: ${number}`,
    'X-Text: one, two, three',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n')
