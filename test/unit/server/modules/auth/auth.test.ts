// What ours does and Kamailio does not; the rest is in facts.test.ts.
import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { Phone, type Step } from '../../../../compat/auth/talk.ts'
import { Bench } from '../../../../kit/bench.ts'

const REGISTER = 'REGISTER sip:example.com'

/** What $rc is after the checks in the script, message by message. */
async function codes(script: string, params: string, steps: Step[]): Promise<string[]> {
  const modules = ['tm', 'sl', 'pv', 'xlog', 'auth'].map(name => `loadmodule "${name}.so"`)
  const routes = `request_route {
    ${script}; xlog("L_ALERT", "$rc"); auth_challenge("example.com", "2");
  }`
  const bench = await Bench.start([...modules, params, routes, ''].join('\n'))
  onTestFinished(() => bench.host.stop())
  const phone = new Phone('127.0.0.1:25075', Date.now)
  return steps.map(step => {
    bench.sent.length = 0
    const [code = ''] = bench.logged(phone.text(step)).map(line => line.replace(/^<script>: /, ''))
    for (const { text } of bench.sent) phone.take(text)
    return code
  })
}

const check = 'pv_auth_check("example.com", "secret", "0", "0")'
const answer = { send: REGISTER, answer: {} }

it('checks auth-int over the body', async () => {
  const steps: Step[] = [
    { send: REGISTER, body: 'hello' },
    { ...answer, body: 'hello' },
    { send: REGISTER, answer: { body: 'other' }, body: 'hello' },
    answer,
    { send: REGISTER, answer: { qop: 'auth' }, body: 'hello' },
  ]
  expect(await codes(check, '', steps)).toEqual(['-5', '1', '-2', '1', '1'])
})

it('knows SHA-512-256', async () => {
  const params = 'modparam("auth", "algorithm", "SHA-512-256")'
  const steps = [{ send: REGISTER }, answer, { send: REGISTER, answer: { algorithm: 'MD5' } }]
  expect(await codes(check, params, steps)).toEqual(['-5', '1', '-1'])
})

it('takes another hash for single messages', async () => {
  const choose = `if ($hdr(X-Alg) != $null) auth_algorithm("$hdr(X-Alg)"); ${check}`
  const sha = { headers: ['X-Alg: SHA-256'] }
  const steps: Step[] = [
    { send: REGISTER, ...sha },
    { ...answer, ...sha },
    { send: REGISTER },
    answer,
    { send: REGISTER, answer: { algorithm: 'SHA-256' } },
    { send: REGISTER, headers: ['X-Alg: SHA-999'] },
  ]
  expect(await codes(choose, '', steps)).toEqual(['-5', '1', '-5', '1', '-1', '-5'])
})

it('takes no hash of another length for a password', async () => {
  const short = 'pv_auth_check("example.com", "short", "1", "0")'
  expect(await codes(short, '', [{ send: REGISTER }, answer])).toEqual(['-5', '-2'])
})

it('does not let a client count what its response does not cover', async () => {
  const params = 'modparam("auth", "nonce_count", 1)\nmodparam("auth", "one_time_nonce", 1)'
  const replay = (nc: string): Step => ({
    send: REGISTER,
    answer: { nonce: 'first', qop: '', set: { nc } },
  })
  const steps = [{ send: REGISTER }, replay('00000001'), replay('00000002')]
  expect(await codes(check, params, steps)).toEqual(['-5', '1', '-6'])
})

it('takes no nonce that lacks a part of it', async () => {
  const params = 'modparam("auth", "nonce_count", 1)'
  const cut = { send: REGISTER, answer: { nonce: 'cut', qop: 'auth' } }
  expect(await codes(check, params, [{ send: REGISTER }, cut, answer])).toEqual(['-5', '-1', '1'])
})

it('proves with Authentication-Info that it knows the password', async () => {
  const bench = await Bench.start(
    `loadmodule "sl.so"\nloadmodule "pv.so"\nloadmodule "auth.so"
modparam("auth", "add_authinfo_hdr", 1)
request_route {
  if (${check}) sl_send_reply("200", "OK"); else www_challenge("example.com", "1");
}\n`,
  )
  onTestFinished(() => bench.host.stop())
  const phone = new Phone('127.0.0.1:25075', Date.now)
  bench.receive(phone.text({ send: REGISTER }))
  phone.take(bench.sent.at(-1)!.text)
  bench.receive(phone.text(answer))
  const reply = bench.sent.at(-1)!.text
  const proof = /rspauth="([0-9a-f]*)"/.exec(reply)![1]
  expect(proof).toBe(phone.proof)
})

it.each([
  '',
  'modparam("auth", "nonce_count", 1)\nmodparam("auth", "add_authinfo_hdr", 1)',
  'modparam("auth", "one_time_nonce", 1)\nmodparam("auth", "auth_checks_register", 15)',
])('answers whatever a stranger sends, and never takes it: %s', async params => {
  const bench = await Bench.start(
    `loadmodule "sl.so"\nloadmodule "pv.so"\nloadmodule "xlog.so"\nloadmodule "auth.so"
${params}
request_route {
  pv_auth_check("example.com", "secret", "0", "1"); xlog("L_ALERT", "$rc");
  consume_credentials(); www_challenge("example.com", "1");
}\n`,
  )
  onTestFinished(() => bench.host.stop())
  const phone = new Phone('127.0.0.1:25075', Date.now)
  bench.receive(phone.text({ send: REGISTER }))
  phone.take(bench.sent.at(-1)!.text)
  const unit = fc.integer({ min: 1, max: 255 }).map(code => String.fromCharCode(code))
  const any = fc.string({ unit }).map(text => text.replaceAll(/[\r\n]/g, ''))
  const base64 = fc
    .uint8Array({ maxLength: 60 })
    .map(bytes => Buffer.from(bytes).toString('base64'))
  const parts = fc.record(
    {
      username: any,
      realm: fc.constantFrom('example.com', 'EXAMPLE.COM'),
      nonce: fc.oneof(any, base64, fc.constant('NONCE')),
      uri: any,
      response: fc.oneof(any, fc.constant('0'.repeat(32))),
      qop: fc.oneof(any, fc.constantFrom('auth', 'auth-int')),
      nc: fc.oneof(any, fc.constantFrom('00000001', 'ffffffff')),
      cnonce: any,
    },
    { requiredKeys: [] },
  )
  const raws = parts.map(record => {
    const written = Object.entries(record).map(([name, value]) => `${name}="${value}"`)
    return `Digest ${written.join(', ')}`
  })
  fc.assert(
    fc.property(fc.oneof(raws, any), raw => {
      bench.lines.length = 0
      bench.sent.length = 0
      bench.receive(phone.text({ send: REGISTER, answer: { raw } }))
      const said = bench.lines.map(({ text }) => text)
      const refused = said.some(text => /^<script>: -[12456]$/.test(text))
      return refused && bench.sent.length === 1 && bench.sent[0]!.text.startsWith('SIP/2.0 401')
    }),
    { numRuns: 1000, seed: 3 },
  )
})
