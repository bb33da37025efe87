// Two nodes of ours and the real Kamailio in one chain, in every order: calls go through all three,
// on the recorded route, and are accounted by each.
import { expect, test } from 'vitest'
import { addContact } from '../kit/baresip.ts'
import { type SipServer, serverForTest } from '../kit/server.ts'
import { sipp } from '../kit/sipp.ts'

const CALLS = 10

test.for([0, 1, 2])('a call through three servers, Kamailio is number %i', async position => {
  const servers = await Promise.all(
    [0, 1, 2].map(index => serverForTest({ original: index === position })),
  )
  const [first, second, third] = servers as [SipServer, SipServer, SipServer]
  await addContact(first, 'bob', `sip:bob@${second.address}`)
  await addContact(second, 'bob', `sip:bob@${third.address}`)
  const answerer = await sipp({ scenario: 'answerer', server: third })
  const keys = { contact_port: String(answerer.port) }
  const bob = await sipp({ scenario: 'register', server: third, user: 'bob', calls: 1, keys })
  expect(await bob.result()).toMatchObject({ ok: 1, failed: 0 })
  const alice = await sipp({
    scenario: 'caller',
    server: first,
    user: 'bob',
    calls: CALLS,
    rate: 20,
  })
  const made = await alice.result()
  const why = `${made.errors}\n${servers.map(server => server.log.slice(-2000)).join('\n')}`
  expect(made, why).toMatchObject({ ok: CALLS, failed: 0 })
  expect(await answerer.stop()).toMatchObject({ ok: CALLS, failed: 0 })
  for (const server of servers) {
    expect(server.log.match(/ACC: transaction answered: .*method=INVITE/g)).toHaveLength(CALLS)
    expect(server.log.match(/ACC: transaction answered: .*method=BYE/g)).toHaveLength(CALLS)
  }
})
