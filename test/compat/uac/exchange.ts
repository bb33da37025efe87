// Exchanges recorded from the real Kamailio: a config, what a peer sends, and what it gets. They
// are said in a short form, so that the same story is played to Kamailio and to a node of ours.
import { PEER_PORT, SERVER_PORT } from '../../kit/bench-ports.ts'

export interface Step {
  /** The peer sends a request: its first line without the version, and more header lines. */
  send?: string
  headers?: string[]
  body?: string
  /** The peer answers the newest request that it got: `200 OK`. */
  answer?: string
  /** An RPC command and its parameters. */
  rpc?: [string, ...(string | number)[]]
  /** Seconds pass. */
  pause?: number
  /** So many seconds pass at the most: it ends when a message has come. */
  wait?: number
  /** What came of it: messages that the peer got, or the reply of the command. */
  got?: (string | Record<string, unknown>)[]
}

export interface Story {
  name: string
  params?: Record<string, Record<string, string | number>>
  /** Statements of the request route behind record_route(), or whole blocks. */
  script?: string
  routes?: string
  steps: Step[]
}

export interface Facts {
  modules: string[]
  stories: Story[]
}

export const SERVER = `127.0.0.1:${SERVER_PORT}`
export const PEER = `127.0.0.1:${PEER_PORT}`

const named = (name: string): RegExp => new RegExp(`^${name}:`, 'i')

/** The story so far, from which the next message is made. */
export class Peer {
  private last = ''
  private readonly seen = new Set<string>()
  private recordRoutes: string[] = []
  private count = 0
  private readonly name: string

  constructor(name = 'story') {
    this.name = name
  }

  /** The text that a step puts on the wire. */
  text(step: Step): string {
    return step.send === undefined ? this.answer(step) : this.request(step)
  }

  private request({ send = '', headers = [], body = '' }: Step): string {
    const method = send.slice(0, send.indexOf(' '))
    const own = headers.map(line =>
      line === 'Route: *' ? this.recordRoutes.map(route => `Route: ${route}`).join('\r\n') : line,
    )
    const missing = [
      `Via: SIP/2.0/UDP ${PEER};branch=z9hG4bK${this.name}${++this.count}`,
      'From: "Alice" <sip:alice@example.org>;tag=from1',
      'To: <sip:bob@example.com>',
      `Call-ID: ${this.name}@example.org`,
      `CSeq: 1 ${method}`,
      'Max-Forwards: 70',
    ].filter(line => !own.some(other => named(line.slice(0, line.indexOf(':'))).test(other)))
    const all = [`${send} SIP/2.0`, ...missing, ...own, `Content-Length: ${body.length}`]
    return `${all.join('\r\n')}\r\n\r\n${body}`
  }

  private answer({ answer = '', headers = [] }: Step): string {
    const lines = this.last.split('\r\n\r\n')[0]!.split('\r\n')
    const copied = lines.filter(line => /^(via|from|to|call-id|cseq|record-route):/i.test(line))
    const tagged = copied.map(line =>
      /^to:/i.test(line) && !line.includes('tag=') ? `${line};tag=to1` : line,
    )
    const all = [`SIP/2.0 ${answer}`, ...tagged, ...headers, 'Content-Length: 0', '', '']
    return all.join('\r\n')
  }

  /** What of these texts came for the first time: a retransmission is a matter of time alone. */
  takeNew(texts: readonly string[]): string[] {
    const fresh = texts.filter(text => !this.seen.has(text) && !text.includes(' 100 trying'))
    for (const text of fresh) this.seen.add(text)
    return fresh.map(text => this.take(text))
  }

  /** Notes what came, and says what of it does not change from run to run. */
  private take(text: string): string {
    if (!text.startsWith('SIP/2.0')) this.last = text
    const routes = [...text.matchAll(/^Record-Route: (.*)\r$/gm)].map(([, route]) => route!)
    if (routes.length > 0) this.recordRoutes = routes
    return mask(text)
  }
}

export const mask = (text: string): string =>
  text
    .replaceAll(new RegExp(`(Via: SIP/2.0/UDP ${SERVER};branch=)[^;\\r]*`, 'g'), '$1*')
    .replaceAll(/;tag=[0-9a-f]{32}[-.][0-9a-f.]+/g, ';tag=*')
    .replaceAll(/;tag=a6a1c5f60faecf035a1ae5b6e96e979a[^\r]*/g, ';tag=*')
    .replaceAll(/\r/g, '')
    .replaceAll(/(cnonce=")[^"]*(", response=")[^"]*/g, '$1*$2*')
    .replaceAll(/Call-ID: [0-9a-f]{16}-\d+@.*/g, 'Call-ID: *')

/** The blocks of the config. */
export const routesOf = ({ script = '', routes }: Story): string =>
  routes ??
  `request_route {
  if (is_method("ACK")) { loose_route(); t_relay(); exit; }
  if (has_totag()) { loose_route(); t_relay(); exit; }
  record_route();
  ${script}
  $du = "sip:${PEER}";
  t_relay();
}`

/** A reply of a command without what changes from run to run. */
export function maskReply(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(maskReply).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  if (typeof value !== 'object' || value === null) return value
  const row = Object.entries(value).map(([name, one]) => [name, maskField(name, one)])
  return Object.fromEntries(row) as unknown
}

const TEN_YEARS = 3.2e8

function maskField(name: string, value: unknown): unknown {
  if (name === 'reg_init' || name === 'timer_expires') return value === 0 ? 0 : 'a time'
  if (name !== 'diff_expires') return maskReply(value)
  const seconds = value as number
  // `+ 0`: a number of seconds that is nearly none has no sign.
  return seconds < -TEN_YEARS ? 'long ago' : Math.round(seconds / 10) * 10 + 0
}
