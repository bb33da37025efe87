// Flow tokens of the real Kamailio in ours and of ours in the real one: a server takes the place of
// another at the same address, and is sent the token that the other has made.
import { describe, expect, test, type TestContext } from 'vitest'
import { Phone, type Transport } from '../kit/phone.ts'
import { freePort } from '../kit/ports.ts'
import { type SipServer, startServer } from '../kit/server.ts'

const PHRASE = 'aloha'

/** Kamailio 5.6 takes no notice of the phrase. */
const unkeyed = 'modparam("outbound", "unkeyed_flow_tokens", 1)'

const MODULES = ['kex', 'sl', 'outbound', 'rr', 'path', 'pv', 'xlog']

const config = (original: boolean, target: string): string => `#!KAMAILIO
children=1
loadmodule "ctl.so"
${MODULES.map(name => `loadmodule "${name}.so"`).join('\n')}
modparam("outbound", "flow_token_secret", "${PHRASE}")
modparam("outbound", "force_outbound_flag", 1)
${original ? '' : unkeyed}
request_route {
  if ($rm == "REGISTER") {
    setflag(1);
    add_path();
    $du = "sip:${target}";
    forward();
    exit;
  }
  if ($rm == "INFO") {
    loose_route();
    xlog("L_ERR", "flow $rc $du end\\n");
    sl_send_reply("200", "OK");
    exit;
  }
  sl_send_reply("200", "OK");
}
`

const request = (method: string, phone: Phone, headers: string[]): string =>
  [
    `${method} sip:a@example.org SIP/2.0`,
    `Via: SIP/2.0/${phone.transport.toUpperCase()} ${phone.address};branch=z9hG4bK${Math.random()}`,
    'From: <sip:a@example.org>;tag=1',
    'To: <sip:a@example.org>;tag=2',
    `Call-ID: ${Math.random()}`,
    `CSeq: 1 ${method}`,
    'Max-Forwards: 70',
    ...headers,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n')

async function at(
  port: number,
  host: string,
  original: boolean,
  target: Phone,
): Promise<SipServer> {
  const text = config(original, target.address)
  return startServer({ config: text, host, port, original, transports: ['udp', 'tcp'] })
}

async function phoneAt(context: TestContext, transport: Transport, host: string): Promise<Phone> {
  const phone = await Phone.open(transport, host)
  context.onTestFinished(() => phone.close())
  return phone
}

const directions = [
  { from: 'Kamailio', to: 'ours' },
  { from: 'ours', to: 'Kamailio' },
]
const ways = [
  { transport: 'udp', host: '127.0.0.1' },
  { transport: 'tcp', host: '127.0.0.1' },
  { transport: 'udp', host: '::1' },
] as const
const cases = directions.flatMap(direction => ways.map(way => ({ ...direction, ...way })))

describe.concurrent('flow tokens', () => {
  test.for(cases)('of $from are read by $to, $transport at $host', async (one, context) => {
    const { from, to, transport, host } = one
    const port = await freePort()
    const target = await phoneAt(context, 'udp', host)
    const first = await at(port, host, from === 'Kamailio', target)
    const phone = await phoneAt(context, transport, host)
    await phone.send(request('REGISTER', phone, []), host, port)
    const { message } = await target.expect(/^REGISTER /)
    await first.stop()

    const second = await at(port, host, to === 'Kamailio', target)
    context.onTestFinished(async () => void (await second.stop()))
    await target.send(request('INFO', target, [`Route: ${message.header('Path')}`]), host, port)
    const [, flow] = await second.logged(/flow (.*) end/)
    const address = transport === 'udp' ? phone.address : `${phone.host}:\\d+`
    const escaped = address.replace(/[[\]]/g, '\\$&')
    expect(flow).toMatch(new RegExp(`^2 sip:${escaped};transport=${transport}$`))
  })
})
