// sipsak, a stranger's client, pings a node and registers at it, with Debian's own configuration.
import { describe, expect, test } from 'vitest'
import { run } from '../kit/child.ts'
import type { Transport } from '../kit/phone.ts'
import { freePort } from '../kit/ports.ts'
import { type SipServer, serverForTest } from '../kit/server.ts'

/** sipsak keeps the port of a URI in four digits. */
async function serverForSipsak(): Promise<SipServer> {
  return serverForTest({ port: await freePort(7000, 9999) })
}

describe('sipsak and the configuration that Debian ships', () => {
  test.for(['udp', 'tcp'] as Transport[])('ping over %s', async transport => {
    const { address } = await serverForSipsak()
    const ping = await run('sipsak', ['-vv', '-E', transport, '-s', `sip:${address}`])
    expect(ping.output).toContain('SIP/2.0 200 Keepalive')
    expect(ping.code).toBe(0)
  })

  test('ping of a user that nobody knows', async () => {
    const { address } = await serverForSipsak()
    const ping = await run('sipsak', ['-vv', '-s', `sip:nobody@${address}`])
    expect(ping.output).toContain('SIP/2.0 404 Not Found')
  })

  test('register, and the contact is on file', async () => {
    const server = await serverForSipsak()
    const contact = 'sip:alice@127.0.0.1:9'
    const aor = `sip:alice@${server.address}`
    const registered = await run('sipsak', ['-U', '-C', contact, '-x', '60', '-s', aor])
    expect(registered.code, registered.output).toBe(0)
    expect(await server.rpc('ul.lookup', 'location', 'alice')).toContain(`Address: ${contact}`)
  })
})
