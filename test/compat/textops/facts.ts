// Facts about textops, textopsx, siputils, sanity and maxfwd: what the real Kamailio does with one
// message.
export const FOLDER = import.meta.dirname

/** Where the messages were sent to and from when the facts were recorded. */
export const SERVER_PORT = 27180
export const PEER_PORT = 27190

/** [function, ...arguments]; "set" and "read" are about a variable. */
export type Step = [string, ...(string | number)[]]

export interface Case {
  name: string
  /**
   * The message: a request unless `reply`; pairs of texts replaced in it, headers left out, another
   * body.
   */
  reply?: boolean
  replace?: [string, string][]
  without?: string[]
  body?: string
  /** Bytes behind the body that Content-Length does not count. */
  behind?: string
  steps: Step[]
  /**
   * Recorded: per step what the function returned or what the variable was; "not reached" behind
   * the end of the script.
   */
  values?: (string | number | null)[]
  /** Recorded: the message as it was forwarded, see `encode`; null when it was not. */
  out?: string[] | null
  /** Recorded: the answers, without what an answer copies. */
  answers?: string[][] | null
  /** Where Ohana differs on purpose: why, and what it does. */
  ours?: { why: string } & Pick<Case, 'values' | 'out' | 'answers'>
}

export interface Facts {
  origin: string
  params?: Record<string, Record<string, string | number>>
  /** The request is not forwarded. */
  answeredOnly?: boolean
  cases: Case[]
}

const SDP = [
  'v=0',
  'o=alice 1 1 IN IP4 192.0.2.1',
  's=-',
  'c=IN IP4 192.0.2.1',
  't=0 0',
  'm=audio 4000 RTP/AVP 0',
  'a=sendrecv',
  '',
].join('\r\n')

const REQUEST = [
  'INVITE sip:bob@example.org SIP/2.0',
  `Via: SIP/2.0/UDP 127.0.0.1:${PEER_PORT};branch=z9hG4bKaaa`,
  'Max-Forwards: 70',
  'From: "Alice" <sip:alice@example.net>;tag=f1',
  'To: <sip:bob@example.org>',
  'Call-ID: c1',
  'CSeq: 1 INVITE',
  'Contact: <sip:alice@192.0.2.1:5062;ob>',
  'User-Agent: Phone 1.0',
  'X-Info: one',
  'X-Info: two',
  'Supported: path, 100rel',
  'Content-Type: application/sdp',
]

const REPLY = [
  'SIP/2.0 486 Busy Here',
  `Via: SIP/2.0/UDP 127.0.0.1:${SERVER_PORT};branch=z9hG4bKbbb.0`,
  `Via: SIP/2.0/UDP 127.0.0.1:${PEER_PORT};branch=z9hG4bKaaa`,
  'From: "Alice" <sip:alice@example.net>;tag=f1',
  'To: <sip:bob@example.org>;tag=t1',
  'Call-ID: c1',
  'CSeq: 1 INVITE',
  'Contact: <sip:bob@192.0.2.2:5062>',
  'Server: Phone 2.0',
]

/** The message of a case. */
export function messageText(one: Case): string {
  const body = one.body ?? (one.reply ? '' : SDP)
  const lines = [...(one.reply ? REPLY : REQUEST), `Content-Length: ${body.length}`, '', '']
  const kept = lines.filter(line => !one.without?.some(name => line.startsWith(`${name}:`)))
  let text = kept.join('\r\n') + body
  for (const [from, to] of one.replace ?? []) {
    if (!text.includes(from)) throw new Error(`${one.name}: there is no '${from}'`)
    text = text.replace(from, () => to)
  }
  return text + (one.behind ?? '')
}

/**
 * A text as lines, those that stand in `source` as their numbers: '= 0-5', 'X-New: line', '= 7-9'.
 */
export function encode(text: string, source: string): string[] {
  const known = source.split('\r\n')
  const out: string[] = []
  let next = 0
  let from = -1
  const flush = () => {
    if (from >= 0) out.push(`= ${from}-${next - 1}`)
    from = -1
  }
  for (const line of text.split('\r\n')) {
    const at = known.indexOf(line, next)
    if (at !== next || from < 0) flush()
    if (at < 0) out.push(masked(line))
    else {
      if (from < 0) from = at
      next = at + 1
    }
  }
  flush()
  return out
}

/** The moment of the recording is no fact. */
const masked = (line: string): string =>
  line.replace(/^Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/, 'Date: NOW')

/** What an answer says beyond what it copies from the request. */
export function answerLines(text: string): string[] {
  const [head = '', body = ''] = text.split('\r\n\r\n')
  const lines = head.split('\r\n')
  const copied = /^(?:Via|From|To|Call-ID|CSeq|Content-Length):/
  const own = lines.filter(line => !copied.test(line)).map(masked)
  return body === '' ? own : [...own, '', ...body.split('\r\n')]
}
