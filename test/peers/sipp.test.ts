// SIPp registers and calls through one node with the configuration that Debian ships, unchanged.
import { beforeAll, describe, expect, test } from 'vitest'
import type { Transport } from '../kit/phone.ts'
import { type SipServer, serverForTest, startServer } from '../kit/server.ts'
import { type SippOptions, sipp } from '../kit/sipp.ts'

const CALLS = 20

/** Makes calls, all of which must go as the scenario says. */
async function expectCalls(calls: number, options: SippOptions): Promise<void> {
  const made = await (await sipp({ ...options, calls, rate: 20 })).result()
  const why = `${made.errors.slice(-2000)}\n${options.server.log.slice(-2000)}`
  expect(made, why).toMatchObject({ ok: calls, failed: 0 })
}

/** Registers the user; the phone is at the port. */
const expectRegistered = (options: Omit<SippOptions, 'scenario'>, contactPort: number) =>
  expectCalls(1, { ...options, scenario: 'register', keys: { contact_port: String(contactPort) } })

const WIRES: [transport: Transport, host: string][] = [
  ['udp', '127.0.0.1'],
  ['tcp', '127.0.0.1'],
  ['udp', '::1'],
  ['tcp', '::1'],
]

// Side by side: SIPp takes its time between calls.
describe.concurrent.for(WIRES)('SIPp over %s at %s', ([transport, host]) => {
  let server: SipServer

  beforeAll(async () => {
    server = await startServer({ host })
    await server.takeAll()
    return async () => void (await server.stop())
  })

  test('registers many users', async context => {
    const own = await serverForTest({ host }, context)
    await own.takeAll()
    const keys = { contact_port: '9' }
    const options = { server: own, transport, user: 'crowd', keys, context }
    await expectCalls(CALLS, { ...options, scenario: 'register' })
    expect(await own.rpc('stats.get_statistics', 'registrar:')).toContain('accepted_regs = 20')
  })

  test('calls a registered user, with the recorded route from then on', async context => {
    const options = { server, transport, user: 'bob', context }
    const answerer = await sipp({ ...options, scenario: 'answerer' })
    await expectRegistered(options, answerer.port)
    await expectCalls(CALLS, { ...options, scenario: 'caller' })
    expect(await answerer.stop()).toMatchObject({ ok: CALLS, failed: 0 })
    const accounted = server.log.match(/ACC: transaction answered: .*method=INVITE/g)
    expect(accounted).toHaveLength(CALLS)
  })

  test('a call to nobody ends with 404', async context => {
    const options = { server, transport, user: 'nobody', context }
    await expectCalls(CALLS, { ...options, scenario: 'caller-unanswered' })
  })

  test('a call is cancelled while it rings', async context => {
    const options = { server, transport, user: 'carol', context }
    const answerer = await sipp({ ...options, scenario: 'rings-until-cancelled' })
    await expectRegistered(options, answerer.port)
    await expectCalls(CALLS, { ...options, scenario: 'caller-cancels' })
    expect(await answerer.stop()).toMatchObject({ ok: CALLS, failed: 0 })
  })
})
