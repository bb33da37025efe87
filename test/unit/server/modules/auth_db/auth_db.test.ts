// Authentication while the database is away, slow or strange; and what ours does otherwise.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { makeTables } from '../../../../compat/auth/tables.ts'
import { Phone, type Step } from '../../../../compat/auth/talk.ts'
import { Bench } from '../../../../kit/bench.ts'

const MODULES = 'tm sl pv xlog db_sqlite auth auth_db app_lua'.split(' ')

const REGISTER = 'REGISTER sip:example.com'
const right: Step = { send: REGISTER, answer: {} }

interface Node {
  bench: Bench
  phone: Phone
  path: string
  /** What the script noted for a message. */
  said(step: Step): Promise<string[]>
}

async function node(routes: string, params = ''): Promise<Node> {
  const folder = mkdtempSync(join(tmpdir(), 'auth-db-'))
  const path = makeTables(folder)
  const lines = MODULES.map(name => `loadmodule "${name}.so"`)
  lines.push(`modparam("auth_db", "db_url", "sqlite:///${path}")`, params, routes, '')
  const bench = await Bench.start(lines.join('\n'))
  onTestFinished(async () => {
    await bench.host.stop()
    rmSync(folder, { recursive: true })
  })
  const phone = new Phone('127.0.0.1:25075', Date.now)
  const said = async (step: Step): Promise<string[]> => {
    bench.lines.length = 0
    bench.sent.length = 0
    bench.receive(phone.text(step))
    while (bench.core.routes.waiting > 0) await pause(1)
    for (const { text } of bench.sent) phone.take(text)
    const own = bench.lines.filter(({ text }) => text.startsWith('<script>: '))
    return own.map(({ text }) => text.slice('<script>: '.length))
  }
  return { bench, phone, path, said }
}

const request = (body: string): string =>
  `request_route { ${body} auth_challenge("example.com", "1"); }`
const check = request('auth_check("example.com", "subscriber", "1"); xlog("L_ALERT", "$rc");')

it('authenticates many at once, each with its own user', async () => {
  const { bench, phone, said } = await node(
    request('www_authenticate("example.com", "subscriber"); xlog("L_ALERT", "$au $rc");'),
  )
  await said({ send: REGISTER })
  bench.lines.length = 0
  const users = ['alice', 'bob', 'nobody', 'alice@example.com']
  const texts = Array.from({ length: 40 }, (_, i) =>
    phone.text({ send: REGISTER, answer: { user: users[i % 4]! } }),
  )
  for (const text of texts) bench.receive(text)
  expect(bench.core.routes.waiting).toBe(40)
  while (bench.core.routes.waiting > 0) await pause(1)
  const got = bench.lines.map(({ text }) => text.slice('<script>: '.length)).sort()
  const ten = (text: string): string[] => Array.from({ length: 10 }, () => text)
  expect(got).toEqual(
    [...ten('alice 1'), ...ten('alice 1'), ...ten('bob -2'), ...ten('nobody -3')].sort(),
  )
})

it('asks the database once for each request with credentials, and not for others', async () => {
  const { bench, said } = await node(check)
  const statements = (): number => bench.core.databases.all()[0]!.statements
  const before = statements()
  await said({ send: REGISTER })
  await said({ send: 'ACK sip:bob@example.com' })
  await said({ send: REGISTER, answer: { nonce: 'abc' } })
  expect(statements()).toBe(before)
  expect(await said(right)).toEqual(['1'])
  expect(statements()).toBe(before + 1)
})

it('fails with -1 and a line in the log when the table is gone', async () => {
  const { bench, path, said } = await node(check)
  await said({ send: REGISTER })
  expect(await said(right)).toEqual(['1'])
  const file = new DatabaseSync(path)
  file.exec('DROP TABLE subscriber')
  file.close()
  expect(await said(right)).toEqual(['-1'])
  expect(bench.lines.map(({ text }) => text)).toContainEqual(
    expect.stringMatching(/failed to query database: no such table: subscriber/),
  )
})

it('takes an empty password for one, and NULL or an empty hash for none', async () => {
  const change = (path: string, set: string): void => {
    const file = new DatabaseSync(path)
    file.exec(`UPDATE subscriber SET ${set} WHERE username = 'alice' AND domain = 'example.com'`)
    file.close()
  }
  const hashed = await node(check, 'modparam("auth_db", "use_domain", 1)')
  await hashed.said({ send: REGISTER })
  change(hashed.path, "ha1 = ''")
  expect(await hashed.said({ send: REGISTER, answer: { password: '' } })).toEqual(['-2'])
  const params =
    'modparam("auth_db", "calculate_ha1", 1)\nmodparam("auth_db", "password_column", "rpid")'
  const plain = await node(check, params)
  await plain.said({ send: REGISTER })
  change(plain.path, "rpid = ''")
  expect(await plain.said({ send: REGISTER, answer: { password: '' } })).toEqual(['1'])
  change(plain.path, 'rpid = NULL')
  expect(await plain.said({ send: REGISTER, answer: { password: '' } })).toEqual(['-2'])
})

it('takes tables from variables everywhere', async () => {
  const { said } = await node(
    request(
      '$var(t) = "subscriber"; www_authenticate("$td", "$var(t)"); xlog("L_ALERT", "$rc"); ' +
        'is_subscriber("$tu", "$var(t)", "1"); xlog("L_ALERT", "$rc");',
    ),
  )
  expect(await said({ send: REGISTER })).toEqual(['-5', '1'])
  expect(await said(right)).toEqual(['1', '1'])
})

it('waits in a failure route', async () => {
  const { bench, said } = await node(
    `request_route {
       t_on_failure("GONE"); $du = "sip:127.0.0.1:25099"; t_relay();
     }
     failure_route[GONE] {
       is_subscriber("$fu", "subscriber", "1"); xlog("L_ALERT", "$rc"); t_reply("480", "Later");
     }`,
  )
  await said({ send: 'INVITE sip:bob@example.com' })
  const [invite] = bench.sent.filter(({ text }) => text.startsWith('INVITE'))
  const head = invite!.text.split('\r\n').filter(line => /^(Via|From|To|Call-ID|CSeq):/.test(line))
  const reply = ['SIP/2.0 486 Busy Here', ...head, 'Content-Length: 0', '', ''].join('\r\n')
  bench.lines.length = 0
  bench.sent.length = 0
  bench.receive(reply)
  while (!bench.sent.some(({ text }) => text.startsWith('SIP/2.0 480'))) await pause(1)
  expect(bench.lines.map(({ text }) => text)).toContain('<script>: 1')
})

it('lets Lua scripts wait', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'auth-db-lua-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const script = join(folder, 'auth.lua')
  writeFileSync(
    script,
    `function ksr_request_route()
       local rc = KSR.auth_db.auth_check("example.com", "subscriber", 1)
       KSR.err(tostring(rc))
       if rc < 0 then KSR.auth.auth_challenge("example.com", 1) end
     end`,
  )
  const { said, bench } = await node('cfgengine "lua"', `modparam("app_lua", "load", "${script}")`)
  const last = (): string => bench.lines.at(-1)?.text ?? ''
  await said({ send: REGISTER })
  expect(last()).toContain('-5')
  await said(right)
  expect(last()).toMatch(/\b1$/)
  await said({ send: REGISTER, answer: { password: 'x' } })
  expect(last()).toContain('-2')
})
