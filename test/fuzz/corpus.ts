// Whole messages that reach deep into a proxy and registrar, to be damaged.
import { globSync, readFileSync } from 'node:fs'

const REQUEST = (method: string, uri: string, more: string) => `${method} ${uri} SIP/2.0\r
Via: SIP/2.0/UDP {me};branch=z9hG4bKfuzz{n};rport\r
Via: SIP/2.0/UDP [2001:db8::1]:5080;branch=z9hG4bKsecond;received=192.0.2.9\r
Max-Forwards: 70\r
From: "A \\"quoted\\" name" <sip:alice@example.org;user=phone>;tag=f{n}\r
To: <sip:bob@{server}>\r
Call-ID: fuzz-{n}@example.org\r
CSeq: {n} ${method}\r
User-Agent: damaged\r
${more}`

const SDP = `v=0\r
o=- 1 1 IN IP4 192.0.2.1\r
s=-\r
c=IN IP4 192.0.2.1\r
t=0 0\r
m=audio 4000 RTP/AVP 0 8\r
a=rtpmap:0 PCMU/8000\r
`

const OWN = [
  REQUEST(
    'INVITE',
    'sip:bob@{server}',
    `Contact: <sip:alice@{me};ob>;+sip.instance="<urn:uuid:0>"\r
Route: <sip:{server};lr>\r
Supported: path, outbound, 100rel\r
Allow: INVITE, ACK, CANCEL, BYE\r
Content-Type: application/sdp\r
Content-Length: ${SDP.length}\r
\r
${SDP}`,
  ),
  REQUEST(
    'REGISTER',
    'sip:{server}',
    `Contact: <sip:bob@{me};transport=udp?Route=%3Csip:x%3E>;expires=60;q=0.5, <sip:b@{me}>;q=1\r
Expires: 120\r
Path: <sip:192.0.2.7;lr>\r
Content-Length: 0\r
\r
`,
  ),
  REQUEST('REGISTER', 'sip:{server}', 'Contact: *\r\nExpires: 0\r\nContent-Length: 0\r\n\r\n'),
  REQUEST('OPTIONS', 'sip:{server}', 'Accept: application/sdp\r\nContent-Length: 0\r\n\r\n'),
  REQUEST('CANCEL', 'sip:bob@{server}', 'Content-Length: 0\r\n\r\n'),
  REQUEST('ACK', 'sip:bob@{server}', 'Route: <sip:{server};lr>\r\nContent-Length: 0\r\n\r\n'),
  REQUEST(
    'BYE',
    'sip:bob@{server};lr',
    'Route: <sip:{server};lr;ftag=1>, <sip:{me}>\r\nContent-Length: 0\r\n\r\n',
  ).replace('To: <sip:bob@{server}>', 'To: <sip:bob@{server}>;tag=t{n}'),
  REQUEST(
    'MESSAGE',
    'sip:bob@{server}',
    'Content-Type: text/plain;charset="utf-8"\r\nContent-Length: 5\r\n\r\nhello',
  ),
  `SIP/2.0 200 OK\r
Via: SIP/2.0/UDP {server};branch=z9hG4bK123.abc.0\r
Via: SIP/2.0/UDP {me};branch=z9hG4bKfuzz{n};rport=1\r
Record-Route: <sip:{server};lr;ftag=x>\r
From: <sip:alice@example.org>;tag=f{n}\r
To: <sip:bob@{server}>;tag=t{n}\r
Call-ID: fuzz-{n}@example.org\r
CSeq: {n} INVITE\r
Contact: <sip:bob@{me}>\r
Content-Length: 0\r
\r
`,
]

/** Our own messages and, where they are at hand, those of RFC 4475. */
export function corpus(): string[] {
  const torture = globSync('../shared/suites/torture/rfc4475/*.dat').toSorted()
  return [...OWN, ...torture.map(path => readFileSync(path, 'latin1'))]
}
