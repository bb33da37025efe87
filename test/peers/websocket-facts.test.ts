// Clients of WebSocket hear from us what the real Kamailio answered when it was recorded.
import { beforeAll, afterAll, describe, expect, test } from 'vitest'
import { type SipServer, startServer } from '../kit/server.ts'
import { pinged, play, readStories, script } from '../compat/websocket/facts.ts'

let server: SipServer
beforeAll(async () => {
  server = await startServer({ config: script(''), transports: ['tcp'] })
})
afterAll(() => server.stop())

const BAD_FRAME = ['close: 1002 Protocol error']

/** Where we go another way than Kamailio 5.6. */
const OURS: Readonly<Record<string, readonly string[]>> = {
  // RFC 6455 section 5.5.1: the answer to a close frame typically echoes the status.
  close: ['close: '],
  'close 1000': ['close: 1000 '],
  'close 1000 bye': ['close: 1000 bye'],
  'close and more': ['close: 1000 '],
  'close 1001': ['close: 1001 '],
  'close 3000': ['close: 3000 '],
  'close 4999': ['close: 4999 '],
  // RFC 6455 section 7.4: statuses that no endpoint may send.
  'close 999': BAD_FRAME,
  'close 1005': BAD_FRAME,
  'close 1006': BAD_FRAME,
  'close 5000': BAD_FRAME,
  'close of one byte': BAD_FRAME,
  // RFC 6455 section 5.5: control frames have at most 125 bytes and are whole.
  'close of 126': BAD_FRAME,
  'a ping of 126': BAD_FRAME,
  'a pong of 126': BAD_FRAME,
  'a ping that is not the last': BAD_FRAME,
  // RFC 6455 section 5.4: fragments follow a first one, and nothing else comes between.
  'a fragment that follows nothing': BAD_FRAME,
  'a new text among fragments': BAD_FRAME,
  // RFC 6455 section 5.2: an unknown opcode, a reserved bit, a length of 64 bits.
  'opcode 3': BAD_FRAME,
  'opcode 11': BAD_FRAME,
  'HTTP after the handshake': BAD_FRAME,
  'a length with the first bit': ['close: 1009 Message too big'],
  'a length beyond all': ['close: 1009 Message too big'],
  '300 KiB': ['close: 1009 Message too big'],
  // RFC 6455 section 8.1: a text frame holds UTF-8.
  'text that is no UTF-8': ['close: 1007 Invalid payload'],
  // RFC 5626 section 4.4.1: a single line end is a pong and asks for nothing.
  'a line end': [],
  // What is no message is dropped, and the connection stays.
  'half a request in a whole frame': [],
  'text that is no SIP': [],
  'an empty text': [],
  'a length of two bytes for a short text': [],
}

/** Handshakes that Kamailio takes, and RFC 6455 section 4.2.1 or RFC 7118 section 4 does not. */
const REFUSED_HERE = ['protocol sips', 'a short key']

/** RFC 9110 section 8.6: no Content-Length in a response of 1xx; the library's "Upgrade". */
const withoutLength = (line: string): string =>
  line.startsWith('HTTP/1.1 101')
    ? line.replace(' | Content-Length: 0', '').replace('Connection: upgrade', 'Connection: Upgrade')
    : line

describe('WebSocket', () => {
  const stories = readStories()
  test.each(stories.filter(({ name }) => !REFUSED_HERE.includes(name)))('$name', async story => {
    const theirs = OURS[story.name] ?? story.came!.map(withoutLength)
    expect(await play(server.port, story, pinged)).toEqual(theirs)
  })

  test.each(stories.filter(({ name }) => REFUSED_HERE.includes(name)))(
    'refused: $name',
    async story => {
      const [answer, end] = await play(server.port, story, pinged)
      expect([answer!.split(' | ')[0], end]).toEqual(['HTTP/1.1 400 Bad Request', 'end'])
      expect(story.came![0]).toMatch(/^HTTP\/1\.1 101 /)
    },
  )

  test('differs from Kamailio where it is said here, and there only', () => {
    const known = new Map(stories.map(({ name, came }) => [name, came]))
    for (const [name, ours] of Object.entries(OURS)) expect(known.get(name)).not.toEqual(ours)
  })
})
