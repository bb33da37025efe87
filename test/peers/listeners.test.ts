// What peers see of a node's sockets: advertised addresses, names, aliases, and which socket a
// request leaves by. The same holds of the real Kamailio.
import { describe, expect, test } from 'vitest'
import { Phone } from '../kit/phone.ts'
import { freePort } from '../kit/ports.ts'
import { type SipServer, serverForTest } from '../kit/server.ts'
import { print, SipText } from '../kit/sip-text.ts'

const config = (head: string, nextHop: Phone): string => `#!KAMAILIO
children=1
${head}
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "siputils.so"
request_route {
  force_rport();
  if ($hdr(X-Probe) != $null) { sl_send_reply("200", "Alive"); exit; }
  if (is_method("OPTIONS")) {
    append_to_reply("X-Socket: $Ri $Rp $RAi $RAp $Rn\\r\\n");
    if (uri == myself) append_to_reply("X-Myself: yes\\r\\n");
    sl_send_reply("200", "OK");
    exit;
  }
  record_route();
  $du = "sip:${nextHop.address}";
  t_relay();
}
`

function request(phone: Phone, method: string, uri: string): string {
  const id = `${method}-${Math.random()}`
  return print(`${method} ${uri} SIP/2.0`, [
    ['Via', `SIP/2.0/UDP ${phone.address};branch=z9hG4bK${id};rport`],
    ['Max-Forwards', '70'],
    ['From', '<sip:alice@example.org>;tag=1'],
    ['To', '<sip:bob@example.org>'],
    ['Call-ID', id],
    ['CSeq', `1 ${method}`],
    ['Content-Length', '0'],
  ])
}

/** The answer to an OPTIONS for this URI. */
async function ask(server: SipServer, uri: string, host: string, port: number): Promise<SipText> {
  const phone = await Phone.open('udp')
  await phone.send(request(phone, 'OPTIONS', uri), host, port)
  const { message } = await phone.expect(/^SIP\/2\.0 200/)
  await phone.close()
  expect(server.child.code).toBeNull()
  return message
}

/** What the next hop gets of a MESSAGE that came in at this port, and from where. */
async function relayed(hop: Phone, host: string, port: number) {
  const phone = await Phone.open('udp', host)
  await phone.send(request(phone, 'MESSAGE', 'sip:bob@example.org'), host, port)
  const got = await hop.expect(/^MESSAGE/)
  await phone.close()
  return got
}

describe('listeners', () => {
  test('advertised addresses stand in Via, Record-Route and $RAi', async () => {
    const hop = await Phone.open('udp')
    const port = await freePort()
    const head = `listen=udp:127.0.0.1:${port} advertise 192.0.2.9:5099 name "edge"`
    const server = await serverForTest({ config: config(head, hop) })
    const reply = await ask(server, 'sip:192.0.2.9:5099', '127.0.0.1', port)
    expect(reply.header('X-Socket')).toBe(`127.0.0.1 ${port} 192.0.2.9 5099 edge`)
    expect(reply.header('X-Myself')).toBe('yes')
    const { message, from } = await relayed(hop, '127.0.0.1', port)
    expect(from).toBe(`127.0.0.1:${port}`)
    expect(message.header('Via')).toMatch(/^SIP\/2\.0\/UDP 192\.0\.2\.9:5099;branch=/)
    expect(message.header('Record-Route')).toMatch(/^<sip:192\.0\.2\.9:5099;lr/)
    await hop.close()
  })

  test('aliases mean us, each at its port', async () => {
    const hop = await Phone.open('udp')
    const head = 'alias="pbx.example.org"\nalias=udp:gw.example.org:5070\nauto_aliases=no'
    const server = await serverForTest({ config: config(head, hop) })
    const ours = async (uri: string): Promise<boolean> =>
      (await ask(server, uri, server.host, server.port)).header('X-Myself') === 'yes'
    const answers = await Promise.all(
      [
        `sip:${server.address}`,
        'sip:pbx.example.org',
        'sip:PBX.example.org:9999',
        'sip:gw.example.org:5070',
        'sip:gw.example.org:5071',
        // A comparison with myself looks at host and port alone.
        'sip:gw.example.org:5070;transport=tcp',
        'sip:other.example.org',
        `sip:localhost:${server.port}`,
      ].map(ours),
    )
    expect(answers).toEqual([true, true, true, true, false, true, false, false])
    await hop.close()
  })

  test.for([
    [0, '127.0.0.9'],
    [1, '127.0.0.1'],
  ] as const)('with mhomed=%i a request leaves by %s', async ([mhomed, wanted]) => {
    const hop = await Phone.open('udp')
    const port = await freePort()
    const head = `mhomed=${mhomed}\nlisten=udp:127.0.0.9:${port}`
    const server = await serverForTest({ config: config(head, hop) })
    const { message, from } = await relayed(hop, '127.0.0.9', port)
    expect(from).toBe(`${wanted}:${mhomed === 1 ? server.port : port}`)
    expect(message.header('Via')).toContain(`SIP/2.0/UDP ${from};`)
    await hop.close()
  })
})
