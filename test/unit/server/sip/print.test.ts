import { describe, expect, it } from 'vitest'
import { Edit } from '../../../../server/sip/edit.ts'
import { MSG_FORCE_RPORT, SipMessage } from '../../../../server/sip/message.ts'
import {
  printForwardedReply,
  printReply,
  printRequest,
  replyPort,
} from '../../../../server/sip/print.ts'
import type { Received } from '../../../../server/sip/transport.ts'
import { received } from '../../../kit/received.ts'

const read = (text: string, from: Partial<Received> = {}): SipMessage =>
  new SipMessage(text.replaceAll('\n', '\r\n'), received(from), 1)
const lines = (text: string): string[] => text.split('\r\n')

const request = (via: string): string => `MESSAGE sip:bob@example.org SIP/2.0
Via: ${via}
From: <sip:alice@example.org>;tag=1
To: <sip:bob@example.org>
Call-ID: c1
CSeq: 2 MESSAGE
Record-Route: <sip:192.0.2.7;lr>
Content-Type: text/plain
Content-Length: 5

hello`
const VIA = 'Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKx\r\n'
const NOTHING = { headers: '', server: 'Server: test\r\n', contentType: '', body: '' }

describe('a forwarded request', () => {
  it('gets our Via above the old one and the new URI', () => {
    const out = lines(
      printRequest(
        read(request('SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK1')),
        'sip:bob@192.0.2.5',
        VIA,
        '',
      ),
    )
    expect(out[0]).toBe('MESSAGE sip:bob@192.0.2.5 SIP/2.0')
    expect(out[1]).toBe('Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKx')
    expect(out[2]).toBe('Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK1')
    expect(out.at(-1)).toBe('hello')
  })

  it('says where it came from when the Via does not', () => {
    const out = lines(
      printRequest(
        read(request('SIP/2.0/UDP host.example.org;branch=z9hG4bK1')),
        'sip:b@c',
        VIA,
        '',
      ),
    )
    expect(out[2]).toBe('Via: SIP/2.0/UDP host.example.org;received=192.0.2.1;branch=z9hG4bK1')
  })

  it('believes no received that the sender wrote: the reply would go there', () => {
    const via = 'SIP/2.0/UDP 192.0.2.1:5062;received=198.51.100.9;branch=z9hG4bK1'
    const out = lines(printRequest(read(request(via)), 'sip:b@c', VIA, ''))
    expect(out[2]).toBe('Via: SIP/2.0/UDP 192.0.2.1:5062;received=192.0.2.1;branch=z9hG4bK1')
  })

  it('fills in the rport that was asked for (RFC 3581 section 4)', () => {
    const out = lines(
      printRequest(
        read(request('SIP/2.0/UDP 192.0.2.1:9;rport;branch=z9hG4bK1')),
        'sip:b@c',
        VIA,
        '',
      ),
    )
    expect(out[2]).toBe(
      'Via: SIP/2.0/UDP 192.0.2.1:9;received=192.0.2.1;rport=5062;branch=z9hG4bK1',
    )
  })

  it('puts edits made at the top above our Via and keeps Content-Length true', () => {
    const msg = read(request('SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK1'))
    msg.addEdit(new Edit(msg.headersStart, 0, 'Record-Route: <sip:127.0.0.1;lr>\r\n'))
    msg.addEdit(new Edit(msg.bodyStart, 5, 'hello again'))
    const out = printRequest(msg, 'sip:b@c', VIA, '')
    expect(lines(out)[1]).toBe('Record-Route: <sip:127.0.0.1;lr>')
    expect(out).toContain('Content-Length: 11\r\n')
    expect(out.endsWith('\r\n\r\nhello again')).toBe(true)
  })

  it('drops what a datagram carries beyond Content-Length (RFC 3261 section 18.3)', () => {
    const out = printRequest(
      read(`${request('SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1')} and more`),
      'sip:b@c',
      VIA,
      '',
    )
    expect(out.endsWith('\r\n\r\nhello')).toBe(true)
  })
})

describe('a forwarded reply', () => {
  it('loses its top Via, alone in its line or not', () => {
    const text = (via: string): string =>
      `SIP/2.0 200 OK\n${via}\nCSeq: 1 BYE\nContent-Length: 0\n\n`
    const two = 'Via: SIP/2.0/UDP 127.0.0.1;branch=a\nVia: SIP/2.0/UDP 192.0.2.1;branch=b'
    expect(lines(printForwardedReply(read(text(two))))[1]).toBe(
      'Via: SIP/2.0/UDP 192.0.2.1;branch=b',
    )
    const one = 'Via: SIP/2.0/UDP 127.0.0.1;branch=a, SIP/2.0/UDP 192.0.2.1;branch=b'
    expect(lines(printForwardedReply(read(text(one))))[1]).toBe(
      'Via: SIP/2.0/UDP 192.0.2.1;branch=b',
    )
  })
})

describe('a reply of our own', () => {
  it('copies the headers of RFC 3261 section 8.2.6.2 and adds a tag', () => {
    const out = lines(
      printReply(
        read(request('SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK1')),
        404,
        'Not Found',
        'tag1',
        NOTHING,
      ),
    )
    expect(out).toEqual([
      'SIP/2.0 404 Not Found',
      'Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK1',
      'From: <sip:alice@example.org>;tag=1',
      'To: <sip:bob@example.org>;tag=tag1',
      'Call-ID: c1',
      'CSeq: 2 MESSAGE',
      'Server: test',
      'Content-Length: 0',
      '',
      '',
    ])
  })

  it('copies Record-Route into replies that may make a dialog', () => {
    const msg = read(request('SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1'))
    expect(printReply(msg, 180, 'Ringing', 't', NOTHING)).toContain(
      'Record-Route: <sip:192.0.2.7;lr>',
    )
    expect(printReply(msg, 404, 'Not Found', 't', NOTHING)).not.toContain('Record-Route')
  })

  it('goes to the source port when rport was asked for or forced, else to that of the Via', () => {
    expect(replyPort(read(request('SIP/2.0/UDP 192.0.2.1:9;branch=z9hG4bK1;rport')))).toBe(5062)
    expect(replyPort(read(request('SIP/2.0/UDP 192.0.2.1:9;branch=z9hG4bK1')))).toBe(9)
    const forced = read(request('SIP/2.0/UDP 192.0.2.1:9;branch=z9hG4bK1'))
    forced.messageFlags |= MSG_FORCE_RPORT
    expect(replyPort(forced)).toBe(5062)
    expect(lines(printReply(forced, 200, 'OK', 't', NOTHING))[1]).toBe(
      'Via: SIP/2.0/UDP 192.0.2.1:9;branch=z9hG4bK1;rport=5062',
    )
  })
})
