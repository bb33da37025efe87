// A call between two phones, each behind a proxy of its own, over one server: what the phones say
// is made of what they heard, so that the same story is told to the real Kamailio and to ours.
import { PEER_PORT, SERVER_PORT } from '../../kit/bench-ports.ts'
import { SipText, param, uriOf } from '../../kit/sip-text.ts'

export const PORTS = { alice: PEER_PORT, bob: PEER_PORT + 10, server: SERVER_PORT }
export type Ports = typeof PORTS
export type Who = 'alice' | 'bob'
export interface Heard {
  port: number
  text: string
}
/** Says something to the server from a phone; gives all that phones heard of it. */
export type Line = (port: number, text: string) => Promise<Heard[]>

/** Addresses behind the proxies: on the other side nobody may see them. */
export const SECRET = { alice: '10.0.0.5', bob: '10.0.0.6' } as const
export const CALL_ID = 'secret-call-id@10.0.0.5'

interface Side {
  tag: string
  callId: string
  /** The other side's From or To, with its tag. */
  peer: string
  target: string
  routes: string[]
  cseq: number
}

export class Story {
  /** All that was said and heard, in order. */
  readonly transcript: string[] = []
  readonly heard: { who: Who; message: SipText }[] = []
  readonly sides: Record<Who, Side>
  private readonly line: Line
  private readonly ports: Ports
  private branch = 0

  constructor(line: Line, ports = PORTS) {
    this.line = line
    this.ports = ports
    const side = { callId: CALL_ID, target: '', routes: [], cseq: 1 }
    this.sides = {
      alice: { ...side, tag: 'a1', peer: `<sip:bob@127.0.0.1:${this.ports.server}>` },
      bob: { ...side, tag: 'b1', peer: '', routes: [] },
    }
  }

  async say(who: Who, text: string): Promise<void> {
    this.transcript.push(`${who} says ${text}`)
    const heard = await this.line(this.ports[who], text)
    const all = heard.map(({ port, text: got }) => ({
      who: port === this.ports.bob ? ('bob' as const) : ('alice' as const),
      message: new SipText(got),
    }))
    // Which phone hears first is chance.
    for (const one of all.sort((a, b) => a.who.localeCompare(b.who))) {
      this.heard.push(one)
      this.transcript.push(`${one.who} hears ${one.message.text}`)
    }
  }

  /** The last message of that kind that the phone heard: a method, or `200 INVITE`. */
  last(who: Who, kind: string): SipText {
    const found = this.heard.findLast(({ who: one, message }) => {
      if (one !== who) return false
      return kind === (message.isRequest ? message.method : `${message.status} ${message.method}`)
    })
    if (found === undefined)
      throw new Error(`${who} did not hear ${kind}\n${this.transcript.slice(-6).join('\n')}`)
    return found.message
  }

  async invite(): Promise<void> {
    const { alice } = this.sides
    await this.say(
      'alice',
      this.request('alice', 'INVITE', {
        uri: `sip:bob@127.0.0.1:${this.ports.bob}`,
        to: alice.peer,
        cseq: 1,
        more: [`Record-Route: <sip:127.0.0.1:${this.ports.alice};lr;x=up>`],
      }),
    )
  }

  /** A request in the dialog, or what `other` makes of it. */
  request(
    who: Who,
    method: string,
    other: { uri?: string; to?: string; cseq?: number; more?: string[]; branch?: string } = {},
  ): string {
    const side = this.sides[who]
    const number = other.cseq ?? (method === 'ACK' ? side.cseq : ++side.cseq)
    const name = who === 'alice' ? 'alice@example.com' : 'bob@127.0.0.1'
    const own = who === 'alice' ? `<sip:${name}>` : `<sip:${name}:${this.ports.server}>`
    const branch = other.branch ?? `z9hG4bK${who}${++this.branch}`
    return [
      `${method} ${other.uri ?? side.target} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:${this.ports[who]};branch=${branch}`,
      `Via: SIP/2.0/UDP ${SECRET[who]}:5060;branch=${branch}x`,
      ...(other.uri === undefined ? side.routes.map(route => `Route: ${route}`) : []),
      'Max-Forwards: 70',
      `From: ${own};tag=${side.tag}`,
      `To: ${other.to ?? side.peer}`,
      `Call-ID: ${side.callId}`,
      `CSeq: ${number} ${method}`,
      ...(/INVITE|UPDATE|REFER|SUBSCRIBE/.test(method)
        ? [`Contact: <sip:${who}@${SECRET[who]}:5070;ob>`]
        : []),
      ...(other.more ?? []),
      'Content-Length: 0',
      '\r\n',
    ].join('\r\n')
  }

  /** Answers the last request of this method that the phone heard. */
  async answer(who: Who, method: string, status: string, contact = true): Promise<void> {
    const asked = this.last(who, method)
    const tagged = param(asked.header('To'), 'tag') ? '' : `;tag=${this.sides[who].tag}`
    const to = asked.header('To') + tagged
    const initial = method === 'INVITE' && tagged !== ''
    const routes = asked.all('Record-Route')
    if (initial) {
      routes.unshift(`<sip:127.0.0.1:${this.ports[who]};lr;x=down>`)
      Object.assign(this.sides[who], {
        callId: asked.header('Call-ID'),
        peer: asked.header('From'),
        target: uriOf(asked.header('Contact')),
        routes,
      })
    }
    const proxied = asked.headers.filter(([name]) => name.toLowerCase() === 'via')
    await this.say(
      who,
      [
        `SIP/2.0 ${status}`,
        ...proxied.map(([, value]) => `Via: ${value}`),
        ...(initial ? routes.map(route => `Record-Route: ${route}`) : []),
        `From: ${asked.header('From')}`,
        `To: ${to}`,
        `Call-ID: ${asked.header('Call-ID')}`,
        `CSeq: ${asked.header('CSeq')}`,
        ...(contact && /INVITE|UPDATE/.test(method)
          ? [`Contact: <sip:${who}@${SECRET[who]}:5070;ob>`]
          : []),
        'Content-Length: 0',
        '\r\n',
      ].join('\r\n'),
    )
    if (initial && who === 'bob') this.learn()
  }

  /** The caller's dialog is made of the reply that it heard last. */
  private learn(): void {
    const reply = this.heard.findLast(({ who, message }) => who === 'alice' && message.status > 100)
    if (reply === undefined || reply.message.status >= 300) return
    Object.assign(this.sides.alice, {
      peer: reply.message.header('To'),
      target: uriOf(reply.message.header('Contact')),
      routes: reply.message.all('Record-Route').slice(0, -1).toReversed(),
    })
  }

  /** A whole call with requests in both directions; the callee hangs up. */
  async call(): Promise<void> {
    await this.invite()
    await this.answer('bob', 'INVITE', '180 Ringing')
    await this.answer('bob', 'INVITE', '200 OK')
    await this.say('alice', this.request('alice', 'ACK'))
    this.sides.bob.routes = this.sides.bob.routes.slice(1)
    for (const who of ['bob', 'alice'] as const) await this.inside(who, 'UPDATE')
    for (const who of ['bob', 'alice'] as const) {
      await this.inside(who, 'INVITE')
      await this.say(who, this.request(who, 'ACK'))
    }
    await this.inside('bob', 'BYE')
  }

  /** A request in the dialog that the other side takes. */
  async inside(who: Who, method: string): Promise<void> {
    await this.say(who, this.request(who, method))
    await this.answer(who === 'bob' ? 'alice' : 'bob', method, '200 OK')
  }

  /** The callee sends the caller to the address at which it knows itself; both ask the server. */
  async referred(): Promise<void> {
    await this.invite()
    await this.answer('bob', 'INVITE', '200 OK')
    await this.say('alice', this.request('alice', 'ACK'))
    this.sides.bob.routes = this.sides.bob.routes.slice(1)
    const { bob } = this.sides
    const more = [`Refer-To: <${bob.target}?Replaces=x%3Bfrom-tag%3Dy>`]
    await this.say('bob', this.request('bob', 'REFER', { more, cseq: 2 }))
    await this.answer('alice', 'REFER', '202 Accepted')
    for (const who of ['bob', 'alice'] as const) await this.say(who, this.request(who, 'OPTIONS'))
    const replaces = `Replaces: ${CALL_ID};from-tag=a1;to-tag=b1`
    await this.say(
      'alice',
      this.request('alice', 'INVITE', {
        uri: `sip:bob@127.0.0.1:${this.ports.bob}`,
        to: `<sip:bob@127.0.0.1:${this.ports.server}>`,
        cseq: 5,
        more: [replaces],
      }),
    )
    await this.answer('bob', 'INVITE', '302 Moved')
  }

  /** The caller gives up while it rings. */
  async cancelled(): Promise<void> {
    await this.invite()
    await this.answer('bob', 'INVITE', '180 Ringing')
    const invite = this.transcript.find(line => line.startsWith('alice says INVITE'))!
    await this.say('alice', copyOf(invite.slice('alice says '.length), 'CANCEL'))
    await this.answer('bob', 'CANCEL', '200 OK')
    await this.answer('bob', 'INVITE', '487 Request Terminated', false)
    await this.say('alice', copyOf(invite.slice('alice says '.length), 'ACK'))
  }
}

/** CANCEL or ACK of an INVITE: its headers, and one Via. */
function copyOf(invite: string, method: string): string {
  return invite
    .split('\r\n')
    .filter(line => !/^(Contact|Record-Route|Via: SIP\/2.0\/UDP 10)/.test(line))
    .join('\r\n')
    .replaceAll('INVITE', method)
}
