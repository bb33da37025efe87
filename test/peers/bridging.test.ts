// One node between two worlds: a phone of IPv6 only calls one of IPv4 only and the other way round,
// over UDP and TCP, with Debian's configuration.
import { expect, test } from 'vitest'
import type { Transport } from '../kit/phone.ts'
import { SipServer, serverForTest } from '../kit/server.ts'
import { sipp } from '../kit/sipp.ts'

const CALLS = 10

const WAYS: [Transport, string, Transport, string][] = [
  ['udp', '::1', 'udp', '127.0.0.1'],
  ['udp', '127.0.0.1', 'udp', '::1'],
  ['tcp', '::1', 'udp', '127.0.0.1'],
  ['udp', '127.0.0.1', 'tcp', '::1'],
  ['tcp', '127.0.0.1', 'tcp', '::1'],
]

test.for(WAYS)('a call from %s at %s to %s at %s', async ([from, here, to, there]) => {
  const node = await serverForTest({
    host: '127.0.0.1',
    args: ['-l', 'udp:[::1]:PORT', '-l', 'tcp:[::1]:PORT'],
  })
  const face = (host: string): SipServer => new SipServer(host, node.port, node.folder, node.child)
  const answerer = await sipp({ scenario: 'answerer', server: face(there), transport: to })
  const keys = { contact_port: String(answerer.port) }
  const bob = { server: face(there), transport: to, user: 'bob' }
  const registered = await (await sipp({ scenario: 'register', ...bob, calls: 1, keys })).result()
  expect(registered, registered.errors).toMatchObject({ ok: 1, failed: 0 })
  const alice = { server: face(here), transport: from, user: 'bob' }
  const made = await (await sipp({ scenario: 'caller', ...alice, calls: CALLS, rate: 20 })).result()
  expect(made, `${made.errors}\n${node.log}`).toMatchObject({ ok: CALLS, failed: 0 })
  expect(await answerer.stop()).toMatchObject({ ok: CALLS, failed: 0 })
})
