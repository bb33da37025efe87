// Over TCP clients hear from us what the real Kamailio answered when it was recorded.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SipServer, startServer } from '../kit/server.ts'
import { play, readStories, SCRIPT } from '../compat/streams/facts.ts'

let server: SipServer
beforeAll(async () => {
  server = await startServer({ config: SCRIPT, transports: ['tcp'] })
})
afterAll(() => server.stop())

/**
 * Where we go another way: one message that cannot be read, but whose end can be found, does not
 * take the connection with it, which others may share.
 */
const OURS: Readonly<Record<string, readonly string[]>> = {
  'no via': ['SIP/2.0 200 OK sip:two 0'],
  'no call id': ['SIP/2.0 200 OK sip:two 0'],
  'half a line': ['SIP/2.0 200 OK sip:two 0'],
  'garbage with a length': ['SIP/2.0 200 OK sip:two 0'],
  'garbage of a line': [],
  'an HTTP request': ['SIP/2.0 200 OK sip:two 0'],
  // It is for the script to say what is to become of it ($rv).
  'old version': ['SIP/2.0 200 OK sip:one 0', 'SIP/2.0 200 OK sip:two 0'],
  // Kamailio waits for what it has no room for.
  '300 KB of body announced': ['end'],
}

describe('a stream', () => {
  test('differs from Kamailio where it is said here, and there only', () => {
    const known = new Map(readStories().map(({ name, came }) => [name, came]))
    for (const [name, ours] of Object.entries(OURS)) expect(known.get(name)).not.toEqual(ours)
  })

  test.each(readStories())('$name', async story => {
    expect(await play(server.port, story)).toEqual(OURS[story.name] ?? story.came)
  })
})
