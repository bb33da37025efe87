import { describe, expect, test } from 'vitest'
import type { AppLua } from '../../../../../server/modules/app_lua/app_lua.ts'
import { ScriptBench } from '../script-bench.ts'

const start = (files: Record<string, string>, routes = '', params: string[] = []) =>
  ScriptBench.start('app_lua', files, routes, params)

/** The text of X-Test is a function of the script. */
const BY_NAME = 'request_route { lua_run("$hdr(X-Test)"); xlog("L_INFO", "rc $rc\\n"); }'
const ID = 'Call-ID script@example.com'

describe('routes in Lua', () => {
  test('requests and branches run the functions of these names', async () => {
    const script = await start({
      'a.lua': `
        function ksr_request_route()
          KSR.tm.t_on_branch("ksr_branch_one")
          KSR.seturi("sip:bob@127.0.0.1:25079")
          KSR.info("request " .. KSR.tm.t_relay() .. "\\n")
        end
        function ksr_branch_one()
          KSR.info("branch to " .. KSR.pv.get("$ru") .. "\\n")
          KSR.x.exit()
        end`,
    })
    expect(script.logged()).toEqual(['branch to sip:bob@127.0.0.1:25079', 'request 1'])
  })

  test('KSR.x.exit() ends them, whatever they catch', async () => {
    const script = await start(
      {
        'a.lua': `
          function protected() pcall(KSR.x.exit) seen = true KSR.info("not seen\\n") end
          function thread()
            local inner = coroutine.create(function() KSR.info("in\\n") KSR.x.exit() end)
            coroutine.resume(inner) seen = true KSR.info("not seen\\n")
          end
          function handler() xpcall(KSR.x.drop, function() return 1 end) seen = true end
          function after() KSR.info(tostring(seen) .. "\\n") end`,
      },
      BY_NAME,
    )
    expect(script.logged('OPTIONS', 'protected')).toEqual(['rc 1'])
    expect(script.logged('OPTIONS', 'thread')).toEqual(['in', 'rc 1'])
    expect(script.logged('OPTIONS', 'handler')).toEqual(['rc 1'])
    // Not even code that calls nothing runs on.
    expect(script.logged('OPTIONS', 'after')[0]).toBe('nil')
  })
})

describe('scripts that fail', () => {
  test('are logged with file, line, the way there and the Call-ID; the node lives', async () => {
    const script = await start(
      {
        'a.lua': `local function inner()
  local t = nil; t.x = 1
end
function index() inner() end
function text() error("boo", 0) end
function tab() error({}) end
function said() error(setmetatable({}, {__tostring = function() return "says so" end})) end
function deep() return 1 + deep() end
function strict() setmetatable(_G, {__index = function(_, name) error("no " .. name) end}) end
`,
      },
      BY_NAME,
    )
    const failed = (name: string): string => script.logged('OPTIONS', name)[0]!
    const way = "(in upvalue 'inner'; a.lua:4: in function 'index')"
    expect(failed('index')).toBe(
      `error executing: index: a.lua:2: attempt to index a nil value (local 't') ${way}; ${ID}`,
    )
    expect(failed('text')).toBe(`error executing: text: a.lua:5: boo (in function 'text'); ${ID}`)
    expect(failed('tab')).toContain('a.lua:6: (error object is a table value)')
    expect(failed('said')).toContain('a.lua:7: says so')
    expect(failed('deep')).toContain('a.lua:8: stack overflow')
    expect(failed('nosuch')).toBe('no such function [nosuch] in lua scripts')
    expect(failed('strict')).toBe('rc 1')
    // What guards its globals is not asked when the node looks for a function.
    expect(failed('nosuch')).toBe('no such function [nosuch] in lua scripts')
  })

  test.for([
    ['syntax.lua', 'local a = 1\nfunction b(', "syntax.lua:2: <name> or '...' expected near <eof>"],
    ['throws.lua', '\nerror("no")', 'throws.lua:2: no (in main chunk)'],
    ['ends.lua', 'KSR.x.exit()', 'there is nothing to end while a script loads'],
  ])('%s does not start the node', async ([name, text, why]) => {
    await expect(start({ [name!]: text! }, BY_NAME)).rejects.toThrow(why)
  })

  test('a missing file does not, either', async () => {
    const params = ['modparam("app_lua", "load", "/nonexistent.lua")']
    await expect(start({}, BY_NAME, params)).rejects.toThrow('cannot open /nonexistent.lua: ENOENT')
    await expect(start({})).rejects.toThrow('cfgengine "lua" needs modparam("app_lua", "load"')
  })
})

describe('the library', () => {
  test('reads and writes files of the machine', async () => {
    const script = await start(
      {
        'a.lua': `
          function files()
            local path = KSR.pv.get("$var(folder)") .. "/data.txt"
            local file = assert(io.open(path, "w"))
            file:write("one\\ntwo ", 3, "\\n"):close()
            for line in io.lines(path) do print(line) end
            file = io.open(path, "a") file:write("\\255end") file:close()
            file = io.open(path)
            print(file:read("n", "l", "L", 2, "a"))
            print(file:seek("set", 4), file:read(3), file:read("n"), file:read("l"))
            print(file:read(4), file:read("l"))
            file:close()
            print(io.type(file), pcall(file.read, file))
            print(os.rename(path, path .. ".old"), os.remove(path .. ".old"))
            print(select(3, io.open(path)), (select(2, os.remove("/nonexistent"))))
          end
          function refused()
            print(pcall(os.execute, "true"))
            print(pcall(io.popen, "true"))
            print(pcall(os.exit))
            print(package.loadlib("a.so", "b"))
          end
          function output() io.write("written", 1) io.stderr:write("wrong\\n") end`,
      },
      `request_route { $var(folder) = "FOLDER"; lua_run("$hdr(X-Test)"); }`.replace(
        'FOLDER',
        '/tmp',
      ),
    )
    expect(script.logged('OPTIONS', 'files')).toEqual([
      'one',
      'two 3',
      'nil',
      '4\ttwo\t3\t',
      '\xffend\tnil',
      'closed file\tfalse\tattempt to use a closed file',
      'true\ttrue',
      '2\t/nonexistent: No such file or directory',
    ])
    expect(script.logged('OPTIONS', 'refused')).toEqual([
      'false\tos.execute: a routing script cannot run programs',
      'false\tio.popen: a routing script cannot run programs',
      'false\tos.exit: use KSR.x.exit() to end the script',
      'nil\tlibraries in C cannot be loaded\tabsent',
    ])
    expect(script.logged('OPTIONS', 'output')).toEqual(['written1', 'wrong'])
  })

  test('requires the files beside the script', async () => {
    const script = await start(
      {
        'a.lua': `local sum = require("lib.sum")
          function f()
            print(sum.add(2, 3), require("lib.sum") == sum, sum.name, sum.path:match("lib/.*"))
          end`,
        'lib/sum.lua': `local name, path = ...
          return {add = function(a, b) return a + b end, name = name, path = path}`,
      },
      BY_NAME,
    )
    expect(script.logged('OPTIONS', 'f')[0]).toBe('5\ttrue\tlib.sum\tlib/sum.lua')
    await expect(start({ 'b.lua': 'require("nowhere")' }, BY_NAME)).rejects.toThrow(
      "b.lua:1: module 'nowhere' not found:",
    )
    await expect(start({ 'c.lua': 'require("bad")', 'bad.lua': '\nx =' }, BY_NAME)).rejects.toThrow(
      /error loading module 'bad': .*bad\.lua:2: unexpected symbol near <eof>/,
    )
  })

  test('has the names of Lua 5.1', async () => {
    const script = await start(
      {
        'a.lua': `function f()
          print(unpack({1, 2}), loadstring("return 3")())
          print(table.getn({1, 2}), table.maxn({1, [7] = 2}))
          print(math.pow(2, 10), math.mod(-7, 3), math.log10(100))
          print(math.ldexp(0.5, 4), math.frexp(12))
          print(string.gfind("ab", "."), table.foreachi({5}, function(_, v) return v end))
          local function global() return where end
          setfenv(global, {where = "here"})
          print(global(), getfenv(global).where, getfenv(1) == _G, gcinfo() > 0)
          print(math.atan2(1, 1) == math.atan(1), math.cosh(0), math.sinh(0), math.tanh(1000))
          print(KSR.pv.getvn("$avp(n)", 42) .. "", math.type(KSR.pv.getvn("$avp(n)", 42)))
        end`,
      },
      BY_NAME,
    )
    expect(script.logged('OPTIONS', 'f').map(line => line.replace(/0x\w+/, ''))).toEqual([
      '1\t3',
      '2\t7',
      '1024.0\t-1\t2.0',
      '8.0\t0.75\t4',
      'function: \t5',
      'here\there\ttrue\ttrue',
      'true\t1.0\t0.0\t1',
      '42\tinteger',
      'rc 1',
    ])
  })

  test('texts are bytes', async () => {
    const script = await start(
      {
        'a.lua': `function f()
          local text = "\\0\\128\\255é" .. string.rep("x", 100)
          KSR.pv.sets("$var(t)", text)
          print(KSR.pv.get("$var(t)") == text, #text, KSR.pv.get("$(var(t){s.len})"))
          KSR.pv.sets("$var(t)", string.rep("y", 200000))
          print(#KSR.pv.get("$var(t)"))
        end`,
      },
      BY_NAME,
    )
    expect(script.logged('OPTIONS', 'f').slice(0, 2)).toEqual(['true\t105\t105', '200000'])
  })

  test('dictionaries and lists are tables', async () => {
    const script = await start(
      {
        'a.lua': `function f()
          KSR.pv.sets("$xavp(a=>x)", "one") KSR.pv.seti("$xavp(a[0]=>y)", 2)
          local a = KSR.pvx.xavp_getd("a")
          print(#a, a[1].x[1], a[1].y[1])
        end`,
      },
      BY_NAME,
    )
    expect(script.logged('OPTIONS', 'f')[0]).toBe('1\tone\t2')
  })

  test('log_mode 1 writes every call at debug level', async () => {
    const mode = ['debug=3', 'modparam("app_lua", "log_mode", 1)']
    const script = await start({ 'a.lua': 'function f() KSR.setflag(3) end' }, BY_NAME, mode)
    expect(script.logged('OPTIONS', 'f')[0]).toBe('KSR.setflag(3)')
  })
})

describe('texts and files run from the routing language', () => {
  test('each in its state, which stays', async () => {
    const other = await start(
      { 'a.lua': '', 'b.lua': 'print("file " .. kept)' },
      'request_route { exit; }',
    )
    const script = await start(
      { 'a.lua': 'loaded = 0 function f(...) print(...) end' },
      `request_route {
        lua_dostring("kept = (kept or 0) + 1 print('own ' .. kept)");
        lua_runstring("loaded = loaded + 1 print('loaded', kept, loaded)");
        lua_dofile("${other.path('b.lua')}");
        lua_run("f", "$rU", "2", "$si");
        if (!lua_runstring("error('no')")) xlog("L_INFO", "failed\\n");
        if (!lua_dofile("/nonexistent.lua")) xlog("L_INFO", "failed\\n");
        if (!lua_runstring("KSR.x.exit()")) xlog("L_INFO", "ended\\n");
      }`,
    )
    const text = `[string "error('no')"]`
    const seen = (times: number): string[] => [
      `own ${times}`,
      `loaded\tnil\t${times}`,
      `file ${times}`,
      'bob\t2\t127.0.0.1',
      `error executing: ${text}: ${text}:1: no (in main chunk); ${ID}`,
      'failed',
      `error executing: /nonexistent.lua: cannot open /nonexistent.lua: ENOENT; ${ID}`,
      'failed',
      'ended',
    ]
    expect(script.logged()).toEqual(seen(1))
    expect(script.logged()).toEqual(seen(2))
  })
})

describe('RPC', () => {
  const two = {
    'a.lua': 'function f() print("a1", g()) end',
    'b.lua': 'function g() return "b1" end',
  }
  const load = (script: ScriptBench): string => script.path('b.lua')

  test('app_lua.reload takes files anew, or says why not and keeps the old ones', async () => {
    const files = await start(two, 'request_route { exit; }')
    const params = [`modparam("app_lua", "load", "${load(files)}")`]
    const script = await start(two, BY_NAME, params)
    expect(script.rpc('app_lua.list')).toEqual([
      `0: [${load(files)}]`,
      `1: [${script.path('a.lua')}]`,
    ])
    files.write('b.lua', 'function g() return "b2" end')
    script.write('a.lua', 'function f() print("a2", g()) end')
    script.rpc('app_lua.reload', 0)
    expect(script.logged('OPTIONS', 'f')[0]).toBe('a1\tb2')
    script.rpc('app_lua.reload')
    expect(script.logged('OPTIONS', 'f')[0]).toBe('a2\tb2')
    script.write('a.lua', 'function f( end')
    expect(script.rpc('app_lua.reload')).toBe("500 a.lua:1: <name> or '...' expected near 'end'")
    script.write('a.lua', '\nerror("at load")')
    expect(script.rpc('app_lua.reload', 1)).toBe('500 a.lua:2: at load (in main chunk)')
    expect(script.logged('OPTIONS', 'f')[0]).toBe('a2\tb2')
    expect(script.rpc('app_lua.reload', 2)).toBe('500 Reload Failed')
    expect(script.bench.lines.at(-1)?.text).toBe('pos out of range')
  })

  test('reload 0 and no script at all forbid it', async () => {
    const script = await start(two, BY_NAME, ['modparam("app_lua", "reload", 0)'])
    expect(script.rpc('app_lua.reload')).toBe('500 Reload Failed')
    expect(script.bench.lines.at(-1)?.text).toBe('reload is not activated')
    const none = await start({}, 'request_route { exit; }')
    expect(none.rpc('app_lua.list')).toEqual(['No scripts loaded'])
    expect(none.rpc('app_lua.reload')).toBe('500 Reload Failed')
    expect(none.bench.lines.at(-1)?.text).toBe('No script loaded')
  })

  test('app_lua.api_list names the functions', async () => {
    const script = await start({}, 'request_route { exit; }')
    const list = script.rpc('app_lua.api_list') as { msize: number; methods: object[] }
    expect(list.msize).toBe(list.methods.length)
    expect(list.methods).toContainEqual({
      func: { ret: 'int', module: 'app_lua', name: 'run_p2', params: 'str, str, str' },
    })
  })
})

test('a million calls of KSR leave no more memory in use', async () => {
  const script = await start(
    {
      'a.lua': `function calls()
        for i = 1, 100000 do
          KSR.pv.sets("$var(a)", "value " .. i)
          local text = KSR.pv.get("$var(a)") .. KSR.pv.get("$ru")
          if i % 100 == 0 then pcall(KSR.nosuch) end
        end
        collectgarbage()
        print(math.floor(collectgarbage("count")))
      end`,
    },
    BY_NAME,
  )
  const lua = script.bench.host.instance('app_lua') as AppLua
  const kilobytes: number[] = []
  const memory: number[] = []
  for (let i = 0; i < 4; i++) {
    kilobytes.push(Number(script.logged('OPTIONS', 'calls')[0]))
    memory.push(lua.memory)
  }
  expect(Math.abs(kilobytes[3]! - kilobytes[0]!)).toBeLessThan(20)
  expect(memory[3]).toBe(memory[0])
})
