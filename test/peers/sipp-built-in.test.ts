// The scenarios that SIPp has built in, through a node that relays them: caller and answerer,
// regular expressions, branches, and third party call control with both of its controllers.
// uac_pcap is left out: it plays media from a raw socket, which only root may open.
import { describe, expect, test } from 'vitest'
import { untilBound } from '../kit/bound.ts'
import type { Transport } from '../kit/phone.ts'
import { freePort } from '../kit/ports.ts'
import { type SipServer, serverForTest } from '../kit/server.ts'
import { type Sipp, type SippOptions, sipp } from '../kit/sipp.ts'

const CALLS = 20

/** Relays what is for partyb there, everything else to `other`: SIPp sends all of a call to us. */
const config = (other: string, partyB = other): string => `#!KAMAILIO
children=2
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "siputils.so"
request_route {
  if (is_present_hf("X-Probe")) { sl_send_reply("200", "Alive"); exit; }
  $du = "${other}";
  if ($rU == "partyb") $du = "${partyB}";
  t_relay();
}
`

const uriOf = (port: number, transport: Transport): string =>
  `sip:127.0.0.1:${port};transport=${transport}`

/** A built-in scenario of SIPp. */
const start = (scenario: string, options: Omit<SippOptions, 'scenario'>): Promise<Sipp> =>
  sipp({ rate: 20, ...options, scenario, builtIn: true })

async function expectAll(made: Sipp, server: SipServer): Promise<void> {
  const result = await made.result()
  const why = `${result.errors.slice(-2000)}\n${server.log.slice(-1000)}`
  expect(result, why).toMatchObject({ ok: CALLS, failed: 0 })
}

describe.for(['udp', 'tcp'] as const)('over %s', transport => {
  test.for([
    ['uac', 'uas'],
    ['regexp', 'uas'],
    ['branchc', 'branchs'],
  ] as const)('%s and %s', async ([caller, answerer]) => {
    const port = await freePort()
    const server = await serverForTest({ config: config(uriOf(port, transport)) })
    const answering = await start(answerer, { server, transport, port })
    await expectAll(await start(caller, { server, transport, calls: CALLS }), server)
    expect(await answering.stop()).toMatchObject({ failed: 0 })
  })
})

test('third party call control between four', async () => {
  const [portA, portB, between] = [await freePort(), await freePort(), await freePort()]
  const parties = config(uriOf(portA, 'udp'), uriOf(portB, 'udp'))
  const server = await serverForTest({ config: parties })
  const a = await start('3pcc-A', { server, port: portA })
  const b = await start('3pcc-B', { server, port: portB })
  const args = ['-3pcc', `127.0.0.1:${between}`]
  const second = await start('3pcc-C-B', { server, user: 'partyb', calls: CALLS, args })
  // The first controller connects to the second, once.
  await untilBound('tcp', between, () => second.child.code !== null)
  const first = await start('3pcc-C-A', { server, user: 'partya', calls: CALLS, args })
  await expectAll(first, server)
  await expectAll(second, server)
  expect(await a.stop()).toMatchObject({ ok: CALLS, failed: 0 })
  expect(await b.stop()).toMatchObject({ ok: CALLS, failed: 0 })
})
