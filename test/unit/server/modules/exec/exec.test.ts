// What exec does is what it does in the real Kamailio (compat/exec/answers.json), and more safely.
import { describe, expect, it } from 'vitest'
import { CASES, configOf } from '../../../../compat/exec/cases.ts'
import { PORT, request } from '../../../../compat/script/cases.ts'
import { Bench } from '../../../../kit/bench.ts'
import { PEER_PORT } from '../../../../kit/bench-ports.ts'
import {
  askCases,
  expectFacts,
  type Fact,
  marked,
  recorded,
  settled,
} from '../../../../kit/case-answers.ts'

const { facts } = recorded<{ facts: Fact[] }>('exec')

describe('as the real one', () => {
  expectFacts(facts, CASES, async () => {
    const bench = await Bench.start(configOf(PORT))
    const answers = await askCases(bench, CASES.length)
    // Ours have the variable that the manual names, too.
    return answers.map(answer => answer.replace('SIP_ORURI=sip:bob@example.org:5070;x=1|', ''))
  })
})

async function told(route: string, params = '', more = ''): Promise<string[]> {
  const bench = await Bench.start(`#!KAMAILIO
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "exec.so"
${params}
request_route { ${route} xlog("@@$rc $avp(i:1)\\n"); }
`)
  bench.receive(request(PEER_PORT, more))
  await settled(bench)
  return marked(bench)
}

it('names the request URI as it came and as it is', async () => {
  const show = 'exec_avp("echo $$SIP_RURI $$SIP_ORURI $$SIP_USER $$SIP_OUSER");'
  const uris = 'sip:other@example.org:5070;x=1 sip:bob@example.org:5070;x=1'
  expect(await told(`$rU = "other"; ${show}`)).toEqual([`1 ${uris} other bob`])
})

it('kills what takes too long', async () => {
  expect(await told('exec_avp("sleep 30");', 'modparam("exec", "time_to_kill", 1)')).toEqual([
    '-1 <null>',
  ])
})

it('keeps functions of bash out of the environment', async () => {
  const show = 'exec_avp("echo \\"<$$SIP_HF_X_SHELL>\\"");'
  const header = 'X-Shell: () { :;}; echo x\r\n'
  expect(await told(show, '', header)).toEqual(['1 <>'])
  const params = 'modparam("exec", "bash_safety", 0)'
  expect(await told(show, params, header)).toEqual(['1 <() { :;}; echo x>'])
})

it('tells commands nothing when it is not to', async () => {
  const params = 'modparam("exec", "setvars", 0)'
  expect(await told('exec_avp("echo \\"<$$SIP_RURI>\\"");', params)).toEqual(['1 <>'])
})

it('gives a command the message as it is now', async () => {
  const route = 'exec_avp("true"); exec_msg("grep -q \'^X-Own: yes\'");'
  expect(await told(route, '', 'X-Own: yes\r\n')).toEqual(['1 <null>'])
  expect(await told(route)).toEqual(['-1 <null>'])
})

it('survives a command that does not read', async () => {
  const long = `X-Long: ${'x'.repeat(60_000)}\r\n`
  expect(await told('exec_msg("true");', '', long)).toEqual(['1 <null>'])
})

it('takes bytes for what they are', async () => {
  const header = `X-Name: ${Buffer.from('Jörg').toString('latin1')}\r\n`
  const [line = ''] = await told('exec_avp("echo $$SIP_HF_X_NAME");', '', header)
  expect(Buffer.from(line, 'latin1').toString()).toBe('1 Jörg')
})
