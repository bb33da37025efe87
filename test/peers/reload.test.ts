// The config is loaded anew, and the reload undone, again and again under a steady stream of calls:
// none is lost, and each generation is seen to route some of them.
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { run } from '../kit/child.ts'
import { DEFAULT_CONFIG, type SipServer, serverForTest, TAKE_ALL } from '../kit/server.ts'
import { sipp } from '../kit/sipp.ts'

const CALLS = 200
const RATE = 40
const program = resolve('ctl/bin/kamctl')
const original = readFileSync(DEFAULT_CONFIG, 'latin1')

/** The config that Debian ships, with a word of its own in the log for every request. */
const config = (generation: string): string =>
  original.replace('request_route {\n', `$&\txnotice("routed by ${generation}\\n");\n`) + TAKE_ALL

const write = (server: SipServer, text: string): void =>
  writeFileSync(join(server.folder, 'kamailio.cfg'), text, 'latin1')

const kamctl = (server: SipServer, ...words: string[]) =>
  run(program, ['cfg', ...words, '--socket', join(server.folder, 'ohana_rpc.sock')])

const routedBy = (server: SipServer): Set<string> =>
  new Set([...server.log.matchAll(/routed by (\w+)/g)].map(([, generation]) => generation!))

test('every call ends as it should while configs come and go', async () => {
  const server = await serverForTest({ config: config('start') })
  const answerer = await sipp({ scenario: 'answerer', server })
  const keys = { contact_port: String(answerer.port) }
  const user = 'bob'
  const registered = await sipp({ scenario: 'register', server, user, keys, calls: 1 })
  expect(await registered.result()).toMatchObject({ ok: 1, failed: 0 })
  const callers = await sipp({ scenario: 'caller', server, user, calls: CALLS, rate: RATE })
  const done = callers.result()
  const state = { over: false }
  void done.then(() => (state.over = true))
  for (let round = 0; !state.over; round++) {
    write(server, config(`generation${round}`))
    const reload = await kamctl(server, 'reload')
    expect(reload.code, reload.output).toBe(0)
    await new Promise(later => setTimeout(later, 150))
    const undo = await kamctl(server, 'undo')
    expect(undo.code, undo.output).toBe(0)
    // What is no config is refused, and the calls do not notice.
    write(server, config('broken').replace('if (is_method("INVITE"))', 'if (is_mehtod("INVITE"))'))
    const refused = await kamctl(server, 'reload')
    expect([refused.code, refused.output]).toEqual([
      7,
      expect.stringMatching(/kamailio\.cfg:\d+:\d+: error: .*is_mehtod/),
    ])
    await kamctl(server, 'undo')
  }
  const why = `${server.log.slice(-2000)}`
  expect(await done, why).toMatchObject({ ok: CALLS, failed: 0 })
  expect(await answerer.stop(), why).toMatchObject({ ok: CALLS, failed: 0 })
  expect(server.log).not.toMatch(/CRITICAL|BUG|broken/)
  expect(server.log.match(/ACC: transaction answered: .*method=INVITE/g)).toHaveLength(CALLS)
  const seen = routedBy(server)
  // The first one, and at least one that came while calls were made.
  expect(seen).toContain('start')
  expect(seen.size).toBeGreaterThan(1)
})

test('SIGHUP is no reload: it changes nothing, as with Kamailio', async () => {
  const server = await serverForTest({ config: config('start') })
  write(server, config('changed'))
  server.child.process.kill('SIGHUP')
  await new Promise(later => setTimeout(later, 200))
  const { output } = await kamctl(server, 'history', '-o', 'name')
  expect(output).toBe('1\n')
})
