import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compileFile, REQUIRED } from '../../../../../server/modules/app_jsdt/source.ts'
import { ScriptBench } from '../script-bench.ts'

const start = (files: Record<string, string>, routes = '', params: string[] = []) =>
  ScriptBench.start('app_jsdt', files, routes, params)

const id = 'Call-ID script@example.com'

/** The text of X-Test is a function of the script. */
const BY_NAME = 'request_route { jsdt_run("$hdr(X-Test)"); xlog("L_INFO", "rc $rc\\n"); }'

describe('routes in JavaScript', () => {
  test('requests, replies and branches run the functions of these names', async () => {
    const script = await start({
      'a.js': `
        function ksr_request_route() {
          KSR.tm.t_on_branch("ksr_branch_one");
          KSR.seturi("sip:bob@127.0.0.1:25079");
          KSR.info("request " + KSR.tm.t_relay() + "\\n");
        }
        function ksr_branch_one() { KSR.info("branch to " + KSR.pv.get("$ru") + "\\n"); }
        const ksr_onsend_route = () => KSR.info("on the way\\n")`,
    })
    expect(script.logged()).toEqual([
      'branch to sip:bob@127.0.0.1:25079',
      'on the way',
      'request 1',
    ])
  })

  test('KSR.x.exit() ends them, whatever they catch', async () => {
    const script = await start({
      'a.js': `function ksr_request_route() {
        try { KSR.x.exit() } catch (e) { } finally { }
        KSR.info("not seen\\n")
      }`,
    })
    expect(script.logged()).toEqual([])
  })

  test('an inner one ends by itself', async () => {
    const script = await start({
      'a.js': `
        function ksr_request_route() {
          KSR.tm.t_on_branch("ksr_branch_one"); KSR.tm.t_relay(); KSR.info("goes on\\n");
        }
        function ksr_branch_one() { KSR.x.exit() }`,
    })
    expect(script.logged()).toContain('goes on')
  })
})

describe('scripts that fail', () => {
  test('are logged with file, line, the way there and the Call-ID; the node lives', async () => {
    const script = await start(
      {
        'a.js': `function inner() {
  null.x
}
function error() { inner() }
function text() { throw "boo" }
function liar() { throw { get stack() { throw 1 }, toString() { throw 2 } } }
function deep() { deep() }
async function waits() { for await (const x of []) ; }
function rejects() { Promise.reject(new Error("later")) }
`,
      },
      BY_NAME,
    )
    const why = "TypeError: Cannot read properties of null (reading 'x')"
    expect(script.logged('OPTIONS', 'error')).toEqual([
      `error executing: error: a.js:2: ${why} (inner, error:4); ${id}`,
      'rc -1',
    ])
    expect(script.logged('OPTIONS', 'text')[0]).toBe(`error executing: text: boo; ${id}`)
    expect(script.logged('OPTIONS', 'liar')[0]).toContain('something that has no text')
    expect(script.logged('OPTIONS', 'deep')[0]).toContain('a.js:7: RangeError: Maximum call stack')
    expect(script.logged('OPTIONS', 'waits')[0]).toBe(
      'waits is async: a routing function cannot wait',
    )
    expect(script.logged('OPTIONS', 'nosuch')[0]).toBe('no such function [nosuch] in js scripts')
    script.logged('OPTIONS', 'rejects')
    await new Promise(done => setImmediate(done))
    const last = script.bench.lines.at(-1)?.text ?? ''
    expect(script.short(last)).toContain('a promise of a script was rejected: a.js:9: Error: later')
  })

  test.for([
    [
      'syntax.js',
      'let a = 1\nfunction b( {\n',
      'syntax.js:3: SyntaxError: Unexpected end of input',
    ],
    ['throws.js', '\nthrow new Error("no")', 'throws.js:2: Error: no (top)'],
    [
      'enum.ts',
      'enum A { B }',
      'enum.ts:1: SyntaxError: TypeScript enum is not supported in strip-only mode',
    ],
    [
      'no-fs.js',
      '\nrequire("fs")',
      "no-fs.js:2: Error: Could not resolve module 'fs': a routing script",
    ],
    ['exits.js', 'KSR.x.exit()', 'exits.js: ended itself while it was loaded'],
    ['imports.js', '\n\nimport("./a")', 'imports.js:3: a routing script has no import()'],
  ])('%s does not start the node', async ([name, text, why]) => {
    await expect(start({ [name!]: text! }, BY_NAME)).rejects.toThrow(why)
  })

  test('a missing file does not, either', async () => {
    const params = ['modparam("app_jsdt", "load", "/nonexistent.js")']
    await expect(start({}, BY_NAME, params)).rejects.toThrow(
      '/nonexistent.js: cannot be read: ENOENT',
    )
    await expect(start({})).rejects.toThrow('cfgengine "jsdt" needs modparam("app_jsdt", "load"')
  })

  test('KSR has no message while a script loads', async () => {
    const script = await start(
      { 'a.js': 'var seen = KSR.pv.get("$ru")\nfunction f() { KSR.info(seen + "") }' },
      BY_NAME,
    )
    script.rpc('app_jsdt.reload')
    expect(script.bench.lines.map(line => line.text)).toContain(
      'KSR.pv.get: there is no message while a script loads or goes on behind its route',
    )
    expect(script.logged('OPTIONS', 'f')[0]).toBe('false')
  })
})

describe('files of a script', () => {
  test('TypeScript, import, export, require and JSON', async () => {
    const script = await start(
      {
        'main.ts': `
import type { Nothing } from './nothing.ts'
import fallback, { add, counter, type Sum } from './lib/sum'
import * as all from './lib/sum.ts'
const data = require('./lib/data.json') as { list: number[] }
export const f = (): void => {
  const sum: Sum = add(2, data.list.length)
  KSR.info([sum, fallback, counter(), counter(), Object.keys(all)].join(' ') + '\\n')
}`,
        'lib/sum.ts': `
export type Sum = number
export * from './count.js'
export const add = (a: number, b: number): Sum => a + b
export default 'dflt'`,
        'lib/count.js': `
var sum = require('./sum')
var count = 0
exports.counter = function () { count = count + 1; return typeof sum.add + count }`,
        'lib/data.json': '{"list": [1, 2, 3]}',
      },
      BY_NAME,
    )
    expect(script.logged('OPTIONS', 'f')).toEqual([
      '5 dflt function1 function2 add,counter,default',
      'rc 1',
    ])
  })

  test('mode 0 takes require away', async () => {
    const mode = ['modparam("app_jsdt", "mode", 0)']
    const script = await start(
      { 'a.js': 'function f() { KSR.info(typeof require) }' },
      BY_NAME,
      mode,
    )
    expect(script.logged('OPTIONS', 'f')[0]).toBe('undefined')
    await expect(start({ 'b.js': 'export function f() {}' }, BY_NAME, mode)).rejects.toThrow(
      'b.js: import and export need modparam("app_jsdt", "mode", 1)',
    )
  })

  test('texts are bytes, in the file and in messages', async () => {
    const script = await start(
      {
        'a.js':
          'function f() { KSR.info("é€" + "é€".length + "\\u20ac" + ("é" === "\\xc3\\xa9")) }',
      },
      BY_NAME,
    )
    expect(script.logged('OPTIONS', 'f')[0]).toBe('Ã©â\x82¬5â\x82¬true')
  })

  test('console writes to the log', async () => {
    const script = await start({ 'a.js': 'function f() { console.log("a", 1, null) }' }, BY_NAME)
    expect(script.logged('OPTIONS', 'f')[0]).toBe('a 1 null')
  })

  // Real code has what a scanner trips over.
  test.for([
    'node_modules/picomatch/lib/parse.js',
    'node_modules/@xterm/headless/lib-headless/xterm-headless.js',
    'server/modules/app_jsdt/tokens.ts',
    'server/core/receive.ts',
  ])('%s compiles with its loops counted', path => {
    const { unguarded } = compileFile(resolve(path), REQUIRED)
    expect(unguarded).toBe('')
    expect(readFileSync(path, 'utf8')).toMatch(/\b(while|for) \(|\b(while|for)\(/)
  })
})

describe('texts and files run from the routing language', () => {
  const routes = `request_route {
    jsdt_dostring("var kept = (typeof kept == 'undefined' ? 0 : kept) + 1; const local = 1;");
    jsdt_dostring("KSR.info('own ' + kept)");
    jsdt_runstring("KSR.info('loaded ' + typeof kept + loaded++)");
    jsdt_dofile("FOLDER/b.js");
    jsdt_run("f", "$rU", "2");
    if (!jsdt_runstring("throw new Error('no')")) xlog("L_INFO", "failed\\n");
  }`

  test('each in its context, which stays', async () => {
    const script = await start(
      { 'a.js': 'var loaded = 0', 'b.js': 'KSR.info("file " + kept)' },
      'request_route { exit; }',
    )
    const again = await start(
      {
        'a.js': 'var loaded = 0; function f() { KSR.info([].slice.call(arguments).join()) }',
      },
      routes.replace('FOLDER', script.folder),
    )
    const seen = (kept: number): string[] => [
      `own ${kept}`,
      `loaded undefined${kept - 1}`,
      `file ${kept}`,
      'bob,2',
      `error executing: jsdt_runstring: jsdt_runstring:1: Error: no (top); ${id}`,
      'failed',
    ]
    expect(again.logged()).toEqual(seen(1))
    expect(again.logged()).toEqual(seen(2))
  })
})

describe('RPC', () => {
  test('app_jsdt.reload takes the file anew, or says why not and keeps the old one', async () => {
    const script = await start({ 'a.js': 'function f() { KSR.info("one") }' }, BY_NAME)
    script.write('a.js', 'function f() { KSR.info("two") }')
    expect(script.rpc('app_jsdt.reload')).toEqual({ old: 0, new: 1 })
    expect(script.logged('OPTIONS', 'f')[0]).toBe('two')
    script.write('a.js', '\nfunction f( {')
    expect(script.rpc('app_jsdt.reload')).toBe('500 a.js:2: SyntaxError: Unexpected end of input')
    script.write('a.js', 'function f() {}\n\nthrow new Error("at load")')
    expect(script.rpc('app_jsdt.reload')).toBe('500 a.js:3: Error: at load (top)')
    expect(script.logged('OPTIONS', 'f')[0]).toBe('two')
    script.write('a.js', 'function f() { KSR.info("three") }')
    expect(script.rpc('app_jsdt.reload')).toEqual({ old: 1, new: 2 })
  })

  test('without a file there is nothing to reload', async () => {
    const script = await start({}, 'request_route { exit; }')
    expect(script.rpc('app_jsdt.reload')).toBe('500 No script file')
  })

  test('app_jsdt.api_list names the functions', async () => {
    const script = await start({}, 'request_route { exit; }')
    const list = script.rpc('app_jsdt.api_list') as { msize: number; methods: object[] }
    expect(list.msize).toBe(list.methods.length)
    expect(list.methods).toContainEqual({
      func: { ret: 'int', module: 'registrar', name: 'save', params: 'str, int' },
    })
    expect(list.methods).toContainEqual({
      func: { ret: 'bool', module: '', name: 'is_INVITE', params: 'none' },
    })
  })
})
