// What a REGISTER stores and what is told of it are of one moment, though seconds go by meanwhile.
import { expect, it } from 'vitest'
import { Bench } from '../../../../kit/bench.ts'
import { PEER_PORT } from '../../../../kit/bench-ports.ts'

const CONFIG = `#!KAMAILIO
loadmodule "pv.so"
loadmodule "sl.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
request_route { save("location"); }
`

const REGISTER = [
  'REGISTER sip:example.org SIP/2.0',
  `Via: SIP/2.0/UDP 127.0.0.1:${PEER_PORT};branch=z9hG4bKmoment`,
  'From: <sip:bob@example.org>;tag=1',
  'To: <sip:bob@example.org>',
  'Call-ID: moment',
  'CSeq: 1 REGISTER',
  `Contact: <sip:bob@127.0.0.1:${PEER_PORT}>;expires=120`,
  'Content-Length: 0',
  '',
  '',
].join('\r\n')

it('tells a phone that asks for 120 seconds 120 seconds', async () => {
  let seconds = 1_800_000_000
  // A second goes by whenever somebody looks.
  const clock = { now: () => ++seconds * 1000, monotonic: () => seconds * 1000 }
  const bench = await Bench.start(CONFIG, clock)
  bench.receive(REGISTER)
  expect(bench.sent.map(({ text }) => /;expires=(\d+)/.exec(text)?.[1])).toEqual(['120'])
})
