import { describe, expect, it } from 'vitest'
import { H_CALL_ID, H_ROUTE } from '../../../../server/sip/header-names.ts'
import { REPLY, REQUEST, SipMessage } from '../../../../server/sip/message.ts'
import { INVITE } from '../../../../server/sip/method.ts'
import { received } from '../../../kit/received.ts'

const read = (text: string): SipMessage =>
  new SipMessage(text.replaceAll('\n', '\r\n'), received(), 1)

const INVITE_TEXT = `INVITE sip:bob@example.org;user=phone SIP/2.0
v: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK1;rport, SIP/2.0/TCP 192.0.2.2;branch=z9hG4bK0
f: "Alice, \\"A\\"" <sip:alice@example.org>;tag=a1
To : <sip:bob@example.org>
i: call-1
CSeq: 7 INVITE
Subject: one
 folded
X-Own: yes
Route: <sip:192.0.2.9;lr>
l: 5

hello, and more`

describe('reading a request', () => {
  const msg = read(INVITE_TEXT)

  it('finds method, URI and headers in any spelling', () => {
    expect(msg.bad).toBeNull()
    expect([msg.type, msg.method, msg.methodBit]).toEqual([REQUEST, 'INVITE', INVITE])
    expect(msg.sipUri?.user).toBe('bob')
    expect(msg.sipUri?.param('user')).toBe('phone')
    expect(msg.header(H_CALL_ID)).toBe('call-1')
    expect(msg.from?.tag).toBe('a1')
    expect(msg.from?.display).toBe('"Alice, \\"A\\""')
    expect(msg.to?.uri).toBe('sip:bob@example.org')
    expect(msg.cseq).toEqual({ text: '7', number: 7, method: 'INVITE' })
  })

  it('reads the two topmost Vias, also from one line', () => {
    expect(msg.via?.branch).toBe('z9hG4bK1')
    expect(msg.via?.rport).toBe('')
    expect(msg.via?.port).toBe(5062)
    expect(msg.via2?.transport).toBe('TCP')
    expect(msg.via2?.branch).toBe('z9hG4bK0')
  })

  it('keeps a folded header whole and finds unknown ones by name', () => {
    const subject = msg.findNamed('SUBJECT')
    expect(msg.bodyAt(subject)).toBe('one\r\n folded')
    expect(msg.bodyAt(msg.findNamed('x-own'))).toBe('yes')
    expect(msg.findNamed('X-Ow')).toBe(-1)
    expect(msg.find(H_ROUTE)).toBeGreaterThan(0)
  })

  it('ends the body where Content-Length says', () => {
    expect(msg.contentLength).toBe(5)
    expect(msg.body).toBe('hello')
  })
})

describe('reading a reply', () => {
  it('takes status, reason and the method of CSeq', () => {
    const msg = read('SIP/2.0 486 Busy Here\nVia: SIP/2.0/UDP 192.0.2.1\nCSeq: 1 BYE\n\n')
    expect([msg.type, msg.status, msg.reason, msg.method]).toEqual([REPLY, 486, 'Busy Here', 'BYE'])
  })

  it('takes an empty reason', () => {
    expect(read('SIP/2.0 200 \nCSeq: 1 BYE\n\n').reason).toBe('')
    expect(read('SIP/2.0 200\nCSeq: 1 BYE\n\n').status).toBe(200)
  })
})

describe('what is no message', () => {
  const cases: [string, string][] = [
    ['nothing', 'no line end'],
    ['INVITE sip:a@b\n\n', 'malformed request line'],
    ['INVITE  SIP/2.0\n\n', 'no request URI'],
    ['INVITE sip:a@b SIP/x\n\n', 'malformed version'],
    ['SIP/2.0 20 OK\n\n', 'malformed status line'],
    ['SIP/2.0 099 OK\n\n', 'status code below 100'],
    ['OPTIONS sip:a@b SIP/2.0\nVia SIP/2.0/UDP x\nTo: b\n\n', 'malformed header line'],
    ['OPTIONS sip:a@b SIP/2.0\n: x\n\n', 'malformed header line'],
  ]
  it.each(cases)('%j is %s', (text, why) => {
    expect(read(text).bad).toBe(why)
  })
})

describe('the request URI in force', () => {
  it('follows setUri and goes back', () => {
    const msg = read(INVITE_TEXT)
    msg.setUri('sip:carol@192.0.2.3:5070')
    expect([msg.uri, msg.sipUri?.portNumber]).toEqual(['sip:carol@192.0.2.3:5070', 5070])
    msg.setUri(null)
    expect(msg.sipUri?.user).toBe('bob')
  })
})
