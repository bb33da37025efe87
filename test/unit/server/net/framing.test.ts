import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Framing } from '../../../../server/net/framing.ts'

function setUp(acceptNoLength = false) {
  const messages: string[] = []
  let pings = 0
  const limits = { message: 4096, headers: () => 1024, acceptNoLength: () => acceptNoLength }
  const framing = new Framing(limits, {
    onMessage: text => messages.push(text),
    onPing: () => pings++,
  })
  return { messages, framing, pings: () => pings }
}
const message = (body: string): string =>
  `OPTIONS sip:a SIP/2.0\r\nl : ${body.length}\r\n\r\n${body}`

describe('framing of a stream', () => {
  it('finds the same messages however the stream is cut', () => {
    const bodies = ['', 'hello', '\r\n\r\nx', 'INVITE sip:a SIP/2.0\r\n\r\n']
    const stream = bodies.map(message).join('\r\n')
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), cuts => {
        const { messages, framing } = setUp()
        const at = [0, ...cuts.sort((a, b) => a - b), stream.length]
        for (let i = 1; i < at.length; i++)
          expect(framing.push(stream.slice(at[i - 1], at[i]))).toBeNull()
        expect(messages).toEqual(bodies.map(message))
      }),
      { numRuns: 200 },
    )
  })

  it('finds messages whose lines end with a line feed alone, and others behind them', () => {
    const bare = (body: string): string => message(body).replaceAll('\r', '')
    const all = [bare(''), bare('a\n\nb'), message('x'), bare('y')]
    const { messages, framing, pings } = setUp()
    for (const byte of all.join('\n')) expect(framing.push(byte)).toBeNull()
    expect([messages, framing.isPartial, pings()]).toEqual([all, false, 0])
  })

  it('takes a Content-Length that stands there twice with one value', () => {
    const { messages, framing } = setUp()
    expect(framing.push('OPTIONS sip:a SIP/2.0\r\nl: 1\r\nContent-Length: 1\r\n\r\nx')).toBeNull()
    expect(messages).toHaveLength(1)
  })

  it('takes pongs and halves of pings for no message that has begun', () => {
    const { framing, pings } = setUp()
    const partial = ['\r', '\n', '\r', '\n', '\r\n', '\r\nO'].map(text => {
      framing.push(text)
      return framing.isPartial
    })
    expect([partial, pings()]).toEqual([[false, false, false, false, false, true], 2])
  })

  it('answers a double line end (RFC 5626 section 4.4.1)', () => {
    const { messages, framing, pings } = setUp()
    framing.push('\r\n\r\n')
    framing.push(`\r\n\r\n${message('x')}`)
    expect([pings(), messages.length]).toEqual([2, 1])
  })

  it.each([
    ['OPTIONS sip:a SIP/2.0\r\nContent-Length: x\r\n\r\n', 'bad Content-Length'],
    ['OPTIONS sip:a SIP/2.0\r\nContent-Length: -1\r\n\r\n', 'bad Content-Length'],
    ['OPTIONS sip:a SIP/2.0\r\nContent-Length: 9999\r\n\r\n', 'message too large'],
    ['OPTIONS sip:a SIP/2.0\r\nTo: x\r\n\r\n', 'no Content-Length'],
    ['OPTIONS sip:a SIP/2.0\r\nContent-Length: 0\r\nl: 5\r\n\r\n', 'bad Content-Length'],
    ['x'.repeat(1025), 'headers too large'],
    [`OPTIONS sip:a SIP/2.0\r\nX: ${'x'.repeat(1024)}\r\n\r\n`, 'headers too large'],
    ['OPTIONS sip:a SIP/2.0\r\nContent-Length: 99999999999999\r\n\r\n', 'bad Content-Length'],
  ])('gives up on %j', (text, why) => {
    expect(setUp().framing.push(text)).toBe(why)
  })

  it('finds messages that come byte by byte, line ends between them', () => {
    const { messages, framing, pings } = setUp()
    const bodies = ['', 'x'.repeat(3000), 'OPTIONS sip:a SIP/2.0\r\n\r\n']
    const stream = bodies.map(message).join('\r\n\r\n')
    for (const byte of stream) expect(framing.push(byte)).toBeNull()
    expect(messages).toEqual(bodies.map(message))
    expect([pings(), framing.isPartial]).toEqual([2, false])
  })

  it('knows a message that has begun, and gives up its bytes', () => {
    const { framing } = setUp()
    framing.push('OPTIONS sip:a SIP/2.0\r\nl: 5\r\n\r\nhel')
    expect(framing.isPartial).toBe(true)
    expect(framing.release()).toContain('hel')
    expect(framing.push(message('x'))).toBeNull()
    expect(framing.isPartial).toBe(false)
  })

  it('takes a request without Content-Length where tcp_accept_no_cl says so, HTTP always', () => {
    const lenient = setUp(true)
    expect(lenient.framing.push('OPTIONS sip:a SIP/2.0\r\nTo: x\r\n\r\n')).toBeNull()
    const http = setUp()
    expect(http.framing.push('GET /RPC HTTP/1.1\r\nHost: x\r\n\r\n')).toBeNull()
    expect([lenient.messages.length, http.messages.length]).toEqual([1, 1])
  })
})
