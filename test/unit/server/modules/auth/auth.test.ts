// What ours does and Kamailio does not; the rest is in facts.test.ts.
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
