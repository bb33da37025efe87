// Two baresip phones, registered at two nodes that both run the configuration that Debian ships:
// one calls the other through both nodes, and both say that the call is established and ended.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { addContact, baresip } from '../kit/baresip.ts'
import { Authority } from '../kit/certificates.ts'
import type { Transport } from '../kit/phone.ts'
import { freePort } from '../kit/ports.ts'
import { SipServer, serverForTest } from '../kit/server.ts'

const WIRES: [transport: Transport, host: string][] = [
  ['udp', '127.0.0.1'],
  ['tcp', '127.0.0.1'],
  ['udp', '::1'],
]

describe.for(WIRES)('baresip over %s at %s', ([transport, host]) => {
  test('a call through two nodes, ended by the caller', async () => {
    const near = await serverForTest({ host })
    const far = await serverForTest({ host })
    // The unchanged configuration relays only to its own users, so the near node knows bob as a
    // user whose contact is the far node.
    await addContact(near, 'bob', `sip:bob@${far.address};transport=${transport}`)
    const alice = await baresip({ user: 'alice', server: near, transport })
    const bob = await baresip({ user: 'bob', server: far, transport })
    await Promise.all([alice.registered(), bob.registered()])

    alice.tell('dial', `sip:bob@${near.address};transport=${transport}`)
    await bob.said('CALL_INCOMING')
    bob.tell('accept')
    await Promise.all([alice.said('CALL_ESTABLISHED'), bob.said('CALL_ESTABLISHED')])
    alice.tell('hangup')
    await Promise.all([alice.said('CALL_CLOSED'), bob.said('CALL_CLOSED')])

    for (const node of [near, far]) {
      await node.logged(/ACC: transaction answered: .*method=INVITE.*code=200/)
      await node.logged(/ACC: transaction answered: .*method=BYE.*code=200/)
    }
  })

  test('a call through one node, ended by the callee', async () => {
    const server = await serverForTest({ host })
    const alice = await baresip({ user: 'alice', server, transport })
    const bob = await baresip({ user: 'bob', server, transport })
    await Promise.all([alice.registered(), bob.registered()])

    alice.tell('dial', `sip:bob@${server.address};transport=${transport}`)
    await bob.said('CALL_INCOMING')
    bob.tell('accept')
    await Promise.all([alice.said('CALL_ESTABLISHED'), bob.said('CALL_ESTABLISHED')])
    bob.tell('hangup')
    await Promise.all([alice.said('CALL_CLOSED'), bob.said('CALL_CLOSED')])
    expect(await server.rpc('stats.get_statistics', 'usrloc:')).toContain('registered_users = 2')
  })

  test('a call to nobody is refused with 404', async () => {
    const server = await serverForTest({ host })
    const alice = await baresip({ user: 'alice', server, transport })
    await alice.registered()
    alice.tell('dial', `sip:nobody@${server.address};transport=${transport}`)
    const closed = await alice.said('CALL_CLOSED')
    expect(closed.param).toBe('404 Not Found')
  })

  test('a caller gives up while it rings', async () => {
    const server = await serverForTest({ host })
    const alice = await baresip({ user: 'alice', server, transport })
    const bob = await baresip({ user: 'bob', server, transport })
    await Promise.all([alice.registered(), bob.registered()])
    alice.tell('dial', `sip:bob@${server.address};transport=${transport}`)
    await Promise.all([alice.said('CALL_RINGING'), bob.said('CALL_INCOMING')])
    alice.tell('hangup')
    await Promise.all([alice.said('CALL_CLOSED'), bob.said('CALL_CLOSED')])
    await server.logged(/ACC: call missed: .*code=487;reason=Request Terminated/)
  })
})

describe('baresip over TLS', () => {
  const authority = new Authority()
  afterAll(() => authority.remove())
  const own = authority.sign('own', '/CN=localhost', 'IP:127.0.0.1')
  const { certificate, key } = own
  const file = join(authority.folder, 'tls.cfg')
  // Both sides look at the other's certificate.
  writeFileSync(
    file,
    `[server:default]\ncertificate = ${certificate}\nprivate_key = ${key}
[client:default]\nverify_certificate = yes\nca_list = ${authority.certificate}\n`,
  )

  test('a call with the certificates of both sides verified', async () => {
    const port = await freePort()
    const node = await serverForTest({
      defines: ['WITH_TLS'],
      args: ['-l', `tls:127.0.0.1:${port}`, '--subst', `!/etc/kamailio/tls.cfg!${file}!`],
    })
    const server = new SipServer('127.0.0.1', port, node.folder, node.child)
    const secure = {
      server,
      transport: 'tls',
      tls: { own, authority: authority.certificate },
    } as const
    const alice = await baresip({ user: 'alice', ...secure })
    const bob = await baresip({ user: 'bob', ...secure })
    await Promise.all([alice.registered(), bob.registered()])
    alice.tell('dial', `sip:bob@${server.address};transport=tls`)
    await bob.said('CALL_INCOMING')
    bob.tell('accept')
    await Promise.all([alice.said('CALL_ESTABLISHED'), bob.said('CALL_ESTABLISHED')])
    bob.tell('hangup')
    await Promise.all([alice.said('CALL_CLOSED'), bob.said('CALL_CLOSED')])
    expect(await node.rpc('tls.list')).toMatch(/state: established/)
  })
})
