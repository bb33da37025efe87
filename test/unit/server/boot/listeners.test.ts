import { networkInterfaces } from 'node:os'
import { describe, expect, it } from 'vitest'
import {
  automaticAliases,
  type ListenChoices,
  ListenError,
  namesInLines,
  parseListenOption,
  socketsOf,
  socketText,
} from '../../../../server/boot/listeners.ts'
import { protoName } from '../../../../server/sip/transport.ts'

const told: string[] = []
const CHOICES: ListenChoices = {
  disableTcp: false,
  tls: true,
  port: 5060,
  tlsPort: 5061,
  autoBindIpv6: false,
  via: { host: '', port: 0 },
  passedOver: text => void told.push(text),
}

const socketsFor = (lines: string[], choices: Partial<ListenChoices> = {}) =>
  socketsOf(lines.map(parseListenOption), { ...CHOICES, ...choices })

const shown = async (lines: string[], choices: Partial<ListenChoices> = {}): Promise<string[]> =>
  (await socketsFor(lines, choices)).map(
    ({ proto, host, port }) => `${protoName(proto)}:${host}:${port}`,
  )

describe('listen lines', () => {
  it.each<[string, string[], string[], Partial<ListenChoices>?]>([
    [
      'all transports, TLS a port on',
      ['127.0.0.1:5080'],
      ['udp', 'tcp', 'tls'].map((p, i) => `${p}:127.0.0.1:${i < 2 ? 5080 : 5081}`),
    ],
    [
      'the default ports',
      ['udp:127.0.0.1', 'tls:127.0.0.1'],
      ['udp:127.0.0.1:5060', 'tls:127.0.0.1:5061'],
    ],
    [
      'UDP first, each once',
      ['tcp:127.0.0.1', 'udp:127.0.0.1', 'udp:127.0.0.1:5060'],
      ['udp:127.0.0.1:5060', 'tcp:127.0.0.1:5060'],
    ],
    ['no TCP where it is off', ['127.0.0.1'], ['udp:127.0.0.1:5060'], { disableTcp: true }],
    [
      'no TLS where it is off',
      ['tls:127.0.0.1', 'tcp:127.0.0.1'],
      ['tcp:127.0.0.1:5060'],
      { tls: false },
    ],
    ['IPv6 in brackets', ['udp:[::1]:5070'], ['udp:[::1]:5070']],
    [
      'all addresses as they are written',
      ['udp:0.0.0.0', 'udp:[::]'],
      ['udp:0.0.0.0:5060', 'udp:[::]:5060'],
    ],
    ['an interface: its IPv4 addresses', ['udp:lo'], ['udp:127.0.0.1:5060']],
  ])('%s', async (_what, lines, wanted, choices) => {
    expect(await shown(lines, choices)).toEqual(wanted)
  })

  it('takes the IPv6 addresses of an interface with auto_bind_ipv6', async () => {
    const six = networkInterfaces().lo?.some(({ family }) => family === 'IPv6') === true
    const all = six ? ['udp:127.0.0.1:5060', 'udp:[::1]:5060'] : ['udp:127.0.0.1:5060']
    expect(await shown(['udp:lo'], { autoBindIpv6: true })).toEqual(all)
  })

  it.each([
    ['sctp:127.0.0.1', 'cannot listen on sctp:127.0.0.1: there is no SCTP here; use tcp or tls'],
    [
      'udp:[fe80::1]',
      'cannot listen on fe80::1: a link-local address; give a global or a unique local one',
    ],
    [
      'udp:[fe80::1%eth0]:5060',
      'cannot listen on fe80::1%eth0: a link-local address; give a global or a unique local one',
    ],
    [
      'udp:no.such.host.invalid',
      'cannot listen on no.such.host.invalid: no such interface or host name',
    ],
  ])('refuses %s with a sentence', async (line, sentence) => {
    await expect(socketsFor([line])).rejects.toThrow(new ListenError(sentence))
  })

  it('passes over multicast addresses and says so', async () => {
    told.length = 0
    expect(await shown(['224.0.1.75', 'udp:[ff02::1]', 'udp:127.0.0.1'])).toEqual([
      'udp:127.0.0.1:5060',
    ])
    expect(told).toEqual([
      'not listening on 224.0.1.75: multicast is not supported, requests to it are not heard',
      'not listening on ff02::1: multicast is not supported, requests to it are not heard',
    ])
  })

  it('tells peers what advertise says, and advertised_address in the Via', async () => {
    const [socket] = await socketsFor(['udp:127.0.0.1:5080/sip.example.org:5090'])
    expect(socket).toMatchObject({
      ...{ advertisedHost: 'sip.example.org', advertisedPort: 5090 },
      viaPrefix: 'Via: SIP/2.0/UDP sip.example.org:5090;branch=',
    })
    const [other] = await socketsFor(['tls:127.0.0.1/sip.example.org'], {
      via: { host: 'via.example.org', port: 0 },
    })
    expect(other).toMatchObject({
      ...{ advertisedHost: 'sip.example.org', advertisedPort: 5061 },
      viaPrefix: 'Via: SIP/2.0/TLS via.example.org;branch=',
    })
  })

  it('prints a socket as Kamailio does', async () => {
    const lines = ['udp:LocalHost:5080', 'tcp:127.0.0.1:5080', 'udp:[::1]/sip.example.org:5090']
    const words = { name: 'adv', virtual: true }
    const sockets = await socketsOf(
      lines.map(line => ({ ...parseListenOption(line), ...words })),
      CHOICES,
    )
    expect(sockets.map(socket => socketText(protoName(socket.proto), socket))).toEqual([
      'udp: LocalHost [127.0.0.1]:5080 virtual name adv',
      'udp: [::1]:5060 virtual name adv advertise sip.example.org:5090',
      'tcp: 127.0.0.1:5080 virtual name adv',
    ])
  })

  it('knows the names that mean us', async () => {
    const lines = ['udp:localhost:5080', 'udp:lo:5080', 'udp:127.0.0.7:5082'].map(parseListenOption)
    const sockets = await socketsFor(['udp:127.0.0.1:5080', 'udp:127.0.0.7:5082'])
    expect(namesInLines(lines, sockets)).toEqual([
      { proto: 0, host: 'localhost', port: 5080 },
      { proto: 0, host: 'localhost', port: 5082 },
    ])
    expect(await automaticAliases(sockets)).toEqual([{ proto: 1, host: 'localhost', port: 5080 }])
  })
})
