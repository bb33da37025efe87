// The messages of RFC 5118 (SIP and IPv6) against a plain proxy and registrar on ::1, over UDP and
// TCP: what is right is what the RFC says of each. Kamailio 5.6.3 does the same with all of them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Phone } from '../kit/phone.ts'
import { type SipServer, startServer } from '../kit/server.ts'
import { canonical, print, SipText } from '../kit/sip-text.ts'

const HERE = '::1'

const config = (nextHop: number): string => `#!KAMAILIO
children=2
auto_aliases=no
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "sanity.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
request_route {
  force_rport();
  if (is_present_hf("X-Probe")) { sl_send_reply("200", "Alive"); exit; }
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (!sanity_check("17895", "7")) exit;
  if (is_method("REGISTER")) { save("location"); exit; }
  $du = "sip:[${HERE}]:${nextHop}";
  t_relay();
}
`

interface Case {
  readonly file: string
  readonly section: string
  /** The outcome that the RFC asks for. */
  readonly wanted: 'forwarded' | '200' | '400'
  /** Of what is forwarded. */
  readonly check?: (forwarded: SipText, sent: SipText) => void
}

const sameBody = (forwarded: SipText, sent: SipText): void => expect(forwarded.body).toBe(sent.body)

const CASES: readonly Case[] = [
  { file: 'ipv6-good', section: '4.1', wanted: '200' },
  // "should respond with a 400 Bad Request error"
  { file: 'ipv6-bad', section: '4.2', wanted: '400' },
  // Well-formed; that 5070 is no port is the sender's mistake.
  { file: 'port-ambiguous', section: '4.3', wanted: '200' },
  { file: 'port-unambiguous', section: '4.4', wanted: '200' },
  // "robust implementations must nonetheless be able to parse the topmost Via"
  { file: 'via-received-param-with-delim', section: '4.5', wanted: 'forwarded' },
  { file: 'via-received-param-no-delim', section: '4.5', wanted: 'forwarded' },
  { file: 'ipv6-in-sdp', section: '4.6', wanted: 'forwarded', check: sameBody },
  {
    file: 'mult-ip-in-header',
    section: '4.7',
    wanted: 'forwarded',
    check: forwarded => {
      const vias = forwarded.all('Via')
      expect(vias).toHaveLength(4)
      expect(vias[2]).toContain('192.0.2.1;branch=z9hG4bKjhja8781hjuaij65144')
      expect(vias[3]).toContain('[2001:db8::9:255];branch=z9hG4bK451jj;received=192.0.2.200')
    },
  },
  { file: 'mult-ip-in-sdp', section: '4.8', wanted: 'forwarded', check: sameBody },
  { file: 'ipv4-mapped-ipv6', section: '4.9', wanted: 'forwarded', check: sameBody },
  // "an implementation must tolerate both of the above constructs"
  { file: 'ipv6-bug-abnf-3-colons', section: '4.10', wanted: 'forwarded' },
  { file: 'ipv6-correct-abnf-2-colons', section: '4.10', wanted: 'forwarded' },
]

/** Some share a transaction in the RFC: each gets its own here. */
const messageOf = (file: string, transport: string): string =>
  readFileSync(join('test/sip/rfc5118', `${file}.sip`), 'latin1')
    .replaceAll('\n', '\r\n')
    .replace('branch=z9hG4bK', `branch=z9hG4bK${file}-`)
    .replace('SIP/2.0/UDP', `SIP/2.0/${transport.toUpperCase()}`)

/** The next hop refuses what it gets, so that nothing is repeated. */
function refusal(request: SipText): string {
  const copied = ['via', 'from', 'to', 'call-id', 'cseq']
  const headers = request.headers.filter(([name]) => copied.includes(canonical(name)))
  return print('SIP/2.0 404 Sink', headers)
}

describe.for(['udp', 'tcp'] as const)('RFC 5118 over %s', transport => {
  let server: SipServer | undefined
  let hop: Phone | undefined

  beforeAll(async () => {
    hop = await Phone.open('udp', HERE)
    server = await startServer({ host: HERE, config: config(hop.port) })
  })

  afterAll(async () => {
    await hop?.close()
    await server?.stop()
  })

  test.for(CASES)('section $section: $file', async ({ file, wanted, check }) => {
    const phone = await Phone.open(transport, HERE)
    const text = messageOf(file, transport)
    await phone.send(text, HERE, server!.port)
    if (wanted === 'forwarded') {
      const got = await hop!.take(({ message }) => message.method !== 'ACK', 20_000)
      expect(got, server!.log).toBeDefined()
      got!.answer(refusal(got!.message))
      const sent = new SipText(text)
      expect(got!.message.first).toBe(sent.first)
      expect(got!.message.all('Via')[0]).toMatch(/^SIP\/2\.0\/UDP \[::1\]:\d+;branch=z9hG4bK/)
      // RFC 3261 section 18.2.1: the address that it came from, whatever the sender wrote.
      expect(got!.message.all('Via')[1]).toMatch(/;received=(\[::1\]|::1)(;|$)/)
      check?.(got!.message, sent)
      await phone.expect(/^SIP\/2\.0 404 Sink/)
    } else {
      await phone.expect(new RegExp(`^SIP/2\\.0 ${wanted} `))
    }
    await phone.close()
  })
})
