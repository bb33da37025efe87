import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import appLua from '../../../../../server/modules/app_lua/app_lua.module.ts'
import type { AppLua } from '../../../../../server/modules/app_lua/app_lua.ts'
import type { SipMessage } from '../../../../../server/sip/message.ts'
import { testModules } from '../modules-for-test.ts'

/** Each look at the clock takes 100 ms. */
async function slowWorld(script: string): Promise<{ lua: AppLua; lines: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'endless-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'a.lua')
  writeFileSync(path, script)
  const { core, clock, host } = testModules([appLua], [['app_lua', 'load', path]])
  let now = 0
  clock.monotonic = () => (now += 100)
  const lines: string[] = []
  core.log.addSink(({ text }) => lines.push(text.replace(`${folder}/`, '')))
  await host.start()
  onTestFinished(() => host.stop())
  return { lua: host.instance('app_lua') as AppLua, lines }
}

const msg = { callId: 'c1', scriptState: 0 } as SipMessage

test.for([
  'while true do end',
  'repeat until false',
  'while true do pcall(function() while true do end end) end',
  'local c = coroutine.wrap(function() while true do end end) c()',
  'local function f() return f() end f()',
])('%s ends', async loop => {
  const { lua, lines } = await slowWorld(
    `function f()\n${loop}\nend\nfunction g() n = 0 for i = 1, 1e5 do n = n + i end end`,
  )
  expect(lua.call('f', msg, '')).toBe(-1)
  expect(lines[0]).toMatch(
    /error executing: f: a\.lua:2: busy for too long: an endless loop\? .*; Call-ID c1/,
  )
  // The next one has its own time.
  expect(lua.call('g', msg, '')).toBe(1)
})

test('an endless loop at the top level does not load', async () => {
  await expect(slowWorld('\nwhile true do end')).rejects.toThrow('a.lua:2: busy for too long')
})
