// Accounting, scripts in other languages, and what is refused at the start.
import { describe, expect, test } from 'vitest'
import { Bench } from '../../../../kit/bench.ts'
import { ScriptBench } from '../script-bench.ts'
import { Replay } from '../uac/replay.ts'

const MODULES = ['tm', 'sl', 'rr', 'pv', 'textops', 'xlog', 'acc', 'uac_redirect']
const PEER = '127.0.0.1:25075'

const routes = (how: string): string => `request_route {
    if (is_method("ACK")) exit;
    t_on_failure("F");
    $du = "sip:${PEER}";
    t_relay();
  }
  failure_route[F] { if (get_redirects(${how})) t_relay(); }`

async function redirected(how: string, contacts: string, modules = MODULES, params = {}) {
  const replay = await Replay.start(modules, { name: '', params, routes: routes(how), steps: [] })
  replay.bench.core.log.threshold = 1
  replay.step({ send: 'INVITE sip:bob@example.com' })
  const got = replay.messages({ answer: '302 Moved', headers: [`Contact: ${contacts}`] })
  await replay.stop()
  const sent = got.map(text => /^INVITE (\S+)/.exec(text)?.[1]).filter(uri => uri !== undefined)
  return { sent, log: replay.bench.lines.map(({ text }) => text.trim()) }
}

const TWO = `<sip:a@${PEER}>, <sip:b@${PEER}>`

describe('with a reason', () => {
  test('each redirect is accounted', async () => {
    const { sent, log } = await redirected('"*", "302 gone on"', TWO, MODULES, {
      acc: { log_extra: 'to_uri=$ru' },
    })
    expect(sent).toEqual([`sip:a@${PEER}`, `sip:b@${PEER}`])
    const lines = log.filter(text => text.includes('request accounted'))
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/code=302;reason=gone on;.*to_uri=sip:a@/)
    expect(lines[1]).toContain('to_uri=sip:b@')
  })

  test('a node without acc says so, and redirects', async () => {
    const without = MODULES.filter(name => name !== 'acc')
    const { sent, log } = await redirected('"1", "gone"', TWO, without)
    expect(sent).toEqual([`sip:b@${PEER}`])
    expect(log).toContain('acc support enabled, but no acc function defined')
  })
})

test('a script in JavaScript redirects', async () => {
  const script = `function ksr_request_route() {
      KSR.tm.t_on_failure("ksr_failure"); KSR.pv.sets("$du", "sip:${PEER}"); KSR.tm.t_relay();
    }
    function ksr_failure() {
      KSR.uac_redirect.set_deny_filter("b@", "");
      KSR.info("got " + KSR.uac_redirect.get_redirects(2, 0) + "\\n");
      KSR.info("got " + KSR.uac_redirect.get_redirects_all() + "\\n");
      KSR.diversion.add_diversion_uri("user-busy", "sip:me@example.org");
      KSR.uac.uac_replace_from_uri("sip:robot@example.net");
    }`
  const { bench } = await ScriptBench.start('app_jsdt', { 'r.js': script }, '', [
    'loadmodule "uac_redirect.so"',
    'loadmodule "uac.so"',
    'loadmodule "diversion.so"',
  ])
  const own = ['From: <sip:a@b>;tag=1', 'To: <sip:b@c>', 'Call-ID: x', 'CSeq: 1 INVITE']
  const via = `Via: SIP/2.0/UDP ${PEER};branch=z9hG4bKx`
  const first = 'INVITE sip:bob@example.com SIP/2.0'
  const invite = [first, via, ...own, 'Content-Length: 0', '', ''].join('\r\n')
  bench.receive(invite)
  const sent = bench.sent.find(({ text }) => text.startsWith('INVITE'))!.text
  const head = sent.split('\r\n').filter(line => /^(Via|From|To|Call-ID|CSeq):/.test(line))
  const reply = ['SIP/2.0 302 Moved', ...head, `Contact: ${TWO}`, 'Content-Length: 0', '', '']
  const logged = bench.logged(reply.join('\r\n')).map(text => text.trim())
  expect(logged).toEqual(['got 1', 'got 1'])
})

describe('the start is refused', () => {
  test.for([
    ['modparam("uac_redirect", "default_filter", "maybe")', 'unknown default filter'],
    ['modparam("uac_redirect", "acc_function", "acc")', 'unknown accounting function'],
    ['modparam("uac_redirect", "deny_filter", "(")', ''],
    ['failure_route[F] { get_redirects("300"); }', 'number too big <300> (max=255)'],
    ['failure_route[F] { get_redirects("x"); }', 'is no number of contacts'],
    ['failure_route[F] { set_deny_filter("a", "reset"); }', 'unknown reset type <reset>'],
  ] as const)('with %s', async ([line, why]) => {
    const head = ['loadmodule "tm.so"', 'loadmodule "uac_redirect.so"', line]
    const routes = ['request_route { t_on_failure("F"); }']
    if (!line.startsWith('failure')) routes.push('failure_route[F] { exit; }')
    const whole = `${[...head, ...routes].join('\n')}\n`
    await expect(Bench.start(whole)).rejects.toThrow(why)
  })
})
