// Functions of KSR that wait: the script stops in the midst of its function, others run meanwhile.
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { ScriptBench, request } from '../script-bench.ts'

const TELL = 'local function tell(text) KSR.info(text .. "\\n") end '

async function played(lua: string, requests: readonly string[], routes = ''): Promise<string[]> {
  const script = await ScriptBench.start('app_lua', { 'a.lua': TELL + lua }, routes)
  const { bench } = script
  bench.lines.length = 0
  for (const test of requests) bench.receive(request('OPTIONS', test))
  await settled(bench.core)
  return bench.lines.map(line => script.short(line.text))
}

async function settled({ routes }: { routes: { waiting: number } }): Promise<void> {
  do await pause(5)
  while (routes.waiting > 0)
}

describe('a script in Lua that waits', () => {
  test('goes on where it stopped, with its variables and its message', async () => {
    const lua = `
      function ksr_request_route()
        local name = KSR.hdr.get("X-Test")
        tell(name .. " in")
        for round = 1, 2 do
          local code = KSR.cfgutils.usleep(name == "a" and 30000 or 5000)
          tell(name .. " " .. round .. " " .. code .. " " .. KSR.hdr.get("X-Test"))
        end
        KSR.x.exit()
        tell("never")
      end`
    const lines = await played(lua, ['a', 'b'])
    expect(lines.slice(0, 2)).toEqual(['a in', 'b in'])
    for (const name of ['a', 'b']) {
      const its = lines.filter(line => line.startsWith(name))
      expect(its).toEqual([`${name} in`, `${name} 1 1 ${name}`, `${name} 2 1 ${name}`])
    }
  })

  test('waits inside of pcall, and its error behind the wait is told with its place', async () => {
    const lua = `
      function ksr_request_route()
        tell(tostring(pcall(function() KSR.cfgutils.usleep(1000) error("boo", 0) end)))
        KSR.cfgutils.usleep(1000)
        local nothing = nil
        nothing.x = 1
      end`
    const lines = await played(lua, [''])
    expect(lines[0]).toBe('false')
    expect(lines[1]).toMatch(
      /^error executing: ksr_request_route: a\.lua:6: attempt to index a nil value/,
    )
  })

  test('cannot wait in a coroutine of its own, or within a function in C', async () => {
    const lua = `
      function ksr_request_route()
        local own = coroutine.wrap(function() return KSR.cfgutils.usleep(1000) end)
        tell("own " .. own())
        string.gsub("x", "x", function() tell("gsub " .. KSR.cfgutils.usleep(1000)) end)
      end`
    const refused =
      'KSR.cfgutils.usleep has to wait and fails: ' +
      'the script has called it in a coroutine of its own, or out of a function in C'
    expect(await played(lua, [''])).toEqual([refused, 'own -1', refused, 'gsub -1'])
  })

  test('may be yielded by nobody else', async () => {
    const lua = 'function ksr_request_route() coroutine.yield(1) end'
    expect((await played(lua, ['']))[0]).toContain('attempt to yield from outside a coroutine')
  })

  test('is waited for by lua_run and by KSR.x.modf', async () => {
    const lua = `function slow(name)
        tell("slow " .. name .. " " .. KSR.x.modf("usleep", "1000"))
        KSR.x.exit()
      end`
    const routes = `request_route {
      lua_run("slow", "$hdr(X-Test)"); xlog("L_INFO", "behind $rc\\n"); }`
    expect(await played(lua, ['a'], routes)).toEqual(['slow a 1', 'behind 1'])
  })

  test('goes on in the old script when it is reloaded meanwhile', async () => {
    const body = (word: string): string =>
      `${TELL} function ksr_request_route() KSR.cfgutils.usleep(20000) tell("${word}") end`
    const script = await ScriptBench.start('app_lua', { 'a.lua': body('old') })
    const { bench } = script
    bench.lines.length = 0
    bench.receive(request('OPTIONS', ''))
    script.write('a.lua', body('new'))
    script.rpc('app_lua.reload', 0)
    bench.receive(request('OPTIONS', ''))
    await settled(bench.core)
    expect(bench.lines.map(line => script.short(line.text))).toEqual(['reloaded', 'old', 'new'])
  })
})
