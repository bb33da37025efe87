// SIPp registers and calls through one node with the configuration that Debian ships, unchanged.
import { describe, expect, test } from 'vitest'
import type { Transport } from '../kit/phone.ts'
import { type SipServer, serverForTest } from '../kit/server.ts'
import { type SippOptions, sipp } from '../kit/sipp.ts'

const CALLS = 20

/** Registers a user whose phone is at the port. */
async function expectRegistered(server: SipServer, transport: Transport, contactPort: number) {
  const keys = { contact_port: String(contactPort) }
  await expectCalls(1, { scenario: 'register', server, transport, user: 'bob', keys })
}

/** Makes calls, all of which must go as the scenario says. */
async function expectCalls(calls: number, options: SippOptions): Promise<void> {
  const made = await (await sipp({ ...options, calls, rate: 20 })).result()
  const why = `${made.errors.slice(-2000)}\n${options.server.log.slice(-2000)}`
  expect(made, why).toMatchObject({ ok: calls, failed: 0 })
}

const WIRES: [transport: Transport, host: string][] = [
  ['udp', '127.0.0.1'],
  ['tcp', '127.0.0.1'],
  ['udp', '::1'],
  ['tcp', '::1'],
]

describe.for(WIRES)('SIPp over %s at %s', ([transport, host]) => {
  test('registers many users', async () => {
    const server = await serverForTest({ host })
    const keys = { contact_port: '9' }
    const user = 'crowd'
    await expectCalls(CALLS, { scenario: 'register', server, transport, user, keys })
    expect(await server.rpc('stats.get_statistics', 'registrar:')).toContain('accepted_regs = 20')
  })

  test('calls a registered user, with the recorded route from then on', async () => {
    const server = await serverForTest({ host })
    const answerer = await sipp({ scenario: 'answerer', server, transport })
    await expectRegistered(server, transport, answerer.port)
    await expectCalls(CALLS, { scenario: 'caller', server, transport, user: 'bob' })
    expect(await answerer.stop()).toMatchObject({ ok: CALLS, failed: 0 })
    const accounted = server.log.match(/ACC: transaction answered: .*method=INVITE/g)
    expect(accounted).toHaveLength(CALLS)
  })

  test('a call to nobody ends with 404', async () => {
    const server = await serverForTest({ host })
    const scenario = 'caller-unanswered'
    await expectCalls(CALLS, { scenario, server, transport, user: 'nobody' })
  })

  test('a call is cancelled while it rings', async () => {
    const server = await serverForTest({ host })
    const answerer = await sipp({ scenario: 'rings-until-cancelled', server, transport })
    await expectRegistered(server, transport, answerer.port)
    await expectCalls(CALLS, { scenario: 'caller-cancels', server, transport, user: 'bob' })
    expect(await answerer.stop()).toMatchObject({ ok: CALLS, failed: 0 })
  })
})
