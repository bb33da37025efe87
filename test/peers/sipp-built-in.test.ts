// The scenarios that SIPp has built in, through a node that relays them: caller and answerer,
// regular expressions, branches, and third party call control with both of its controllers.
// uac_pcap is left out: it plays media from a raw socket, which only root may open.
// Their calls pause for seconds: all tests run side by side, at one node.
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest'
import { untilBound } from '../kit/bound.ts'
import { freePort } from '../kit/ports.ts'
import { type SipServer, startServer } from '../kit/server.ts'
import { type Sipp, type SippOptions, sipp } from '../kit/sipp.ts'

const CALLS = 20
const TRANSPORTS = ['udp', 'tcp'] as const
// The longest first: vitest runs five tests of a file at a time.
const PAIRS = [
  ['branchc', 'branchs'],
  ['regexp', 'uas'],
  ['uac', 'uas'],
] as const

/** The port of each answerer, by the number that is called and the transport. */
const answerers = new Map<string, number>()

/** Relays: SIPp sends all of a call to us. Callers that branch name a domain of their own. */
const config = (): string => `#!KAMAILIO
children=2
# A machine that is busy otherwise is no overload.
ohana.overload_protection = 0
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "siputils.so"
request_route {
  if (is_present_hf("X-Probe")) { sl_send_reply("200", "Alive"); exit; }
  $var(called) = $rU;
  if ($rd == "CA.cym.com") $var(called) = "branchc";
  $var(called) = $var(called) + "/" + $pr;
  switch ($var(called)) {
${[...answerers]
  .map(([called, port]) => {
    const transport = called.split('/')[1]
    return `    case "${called}": $du = "sip:127.0.0.1:${port};transport=${transport}"; break;`
  })
  .join('\n')}
  }
  t_relay();
}
`

let server: SipServer

beforeAll(async () => {
  const called = PAIRS.flatMap(([caller]) => TRANSPORTS.map(transport => `${caller}/${transport}`))
  for (const one of [...called, 'partya/udp', 'partyb/udp']) answerers.set(one, await freePort())
  server = await startServer({ config: config() })
})

afterAll(() => server.stop())

/** A built-in scenario of SIPp. */
const start = (
  context: TestContext,
  scenario: string,
  options: Omit<SippOptions, 'scenario' | 'server'>,
): Promise<Sipp> => sipp({ rate: 20, ...options, server, scenario, context, builtIn: true })

async function expectAll(made: Sipp): Promise<void> {
  const result = await made.result()
  const why = `${result.errors.slice(-2000)}\n${server.log.slice(-1000)}`
  expect(result, why).toMatchObject({ ok: CALLS, failed: 0 })
}

describe.concurrent('a built-in scenario', () => {
  const all = PAIRS.flatMap(pair => TRANSPORTS.map(transport => [...pair, transport] as const))
  test.for(all)('%s and %s over %s', async ([caller, answerer, transport], context) => {
    const port = answerers.get(`${caller}/${transport}`)!
    const answering = await start(context, answerer, { transport, port })
    await expectAll(await start(context, caller, { transport, user: caller, calls: CALLS }))
    expect(await answering.stop()).toMatchObject({ failed: 0 })
  })

  test('third party call control between four', async context => {
    const between = await freePort()
    const a = await start(context, '3pcc-A', { port: answerers.get('partya/udp')! })
    const b = await start(context, '3pcc-B', { port: answerers.get('partyb/udp')! })
    const args = ['-3pcc', `127.0.0.1:${between}`]
    const second = await start(context, '3pcc-C-B', { user: 'partyb', calls: CALLS, args })
    // The first controller connects to the second, once.
    await untilBound('tcp', between, () => second.child.code !== null)
    const first = await start(context, '3pcc-C-A', { user: 'partya', calls: CALLS, args })
    await expectAll(first)
    await expectAll(second)
    expect(await a.stop()).toMatchObject({ ok: CALLS, failed: 0 })
    expect(await b.stop()).toMatchObject({ ok: CALLS, failed: 0 })
  })
})
