// A call between two phones, each behind a proxy of its own, over one server: what the phones say
// is made of what they heard, so that the same story is told to the real Kamailio and to ours.
import { PEER_PORT, SERVER_PORT } from '../../kit/bench-ports.ts'
import { SipText, param, uriOf } from '../../kit/sip-text.ts'

export const PORTS = {
  alice: PEER_PORT,
  bob: PEER_PORT + 10,
  carol: PEER_PORT + 20,
  server: SERVER_PORT,
}
export type Ports = typeof PORTS
export type Who = 'alice' | 'bob' | 'carol'
export interface Heard {
  port: number
  text: string
}
/** Says something to the server from a phone; gives all that phones heard of it. */
export type Line = (port: number, text: string) => Promise<Heard[]>

/** Addresses behind the proxies: on the other side nobody may see them. */
export const SECRET = { alice: '10.0.0.5', bob: '10.0.0.6', carol: '10.0.0.7' } as const
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

interface Asking {
  uri?: string
  to?: string
  cseq?: number
  more?: string[]
  branch?: string
  /** Its URI; true: the usual one, where the method has none by itself. */
  contact?: string | boolean
}

interface Answering {
  /** Its URI; '': none; true: the usual one, where the method has none by itself. */
  contact?: string | boolean
  more?: string[]
  /** Vias and routes in one line each. */
  compact?: boolean
}

const WHO = ['alice', 'bob', 'carol'] as const
const DIALOGS = ['INVITE', 'SUBSCRIBE', 'REFER']

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
      carol: { ...side, tag: 'c1', peer: '', routes: [] },
    }
  }

  /** The caller's proxy. */
  get up(): string {
    return `Record-Route: <sip:127.0.0.1:${this.ports.alice};lr;x=up>`
  }

  get serverPort(): number {
    return this.ports.server
  }

  portOf(who: Who): number {
    return this.ports[who]
  }

  uriOf(who: Who): string {
    return `sip:${who}@127.0.0.1:${this.ports[who]}`
  }

  async say(who: Who, text: string): Promise<void> {
    this.transcript.push(`${who} says ${text}`)
    const heard = await this.line(this.ports[who], text)
    const all = heard.map(({ port, text: got }) => ({
      who: WHO.find(one => this.ports[one] === port) ?? ('alice' as const),
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
        more: [this.up],
      }),
    )
  }

  /** A request in the dialog, or what `other` makes of it. */
  request(who: Who, method: string, other: Asking = {}): string {
    const side = this.sides[who]
    const number = other.cseq ?? (method === 'ACK' ? side.cseq : ++side.cseq)
    const name = who === 'alice' ? 'alice@example.com' : `${who}@127.0.0.1`
    const own = who === 'alice' ? `<sip:${name}>` : `<sip:${name}:${this.ports.server}>`
    const branch = other.branch ?? `z9hG4bK${who}${++this.branch}`
    const contact = other.contact ?? /INVITE|UPDATE|REFER|SUBSCRIBE/.test(method)
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
      ...contactLine(who, contact),
      ...(other.more ?? []),
      'Content-Length: 0',
      '\r\n',
    ].join('\r\n')
  }

  /** Takes the request that begins a dialog, without an answer yet; gives the recorded routes. */
  takes(who: Who, method: string): string[] {
    const asked = this.last(who, method)
    const routes = asked.all('Record-Route')
    routes.unshift(`<sip:127.0.0.1:${this.ports[who]};lr;x=down>`)
    Object.assign(this.sides[who], {
      callId: asked.header('Call-ID'),
      peer: asked.header('From'),
      target: uriOf(asked.header('Contact')),
      routes,
    })
    return routes
  }

  /** Answers the last request of this method that the phone heard. */
  async answer(who: Who, method: string, status: string, other: Answering = {}): Promise<void> {
    if (!this.heardBy(who, method)) {
      this.transcript.push(`${who} was not asked ${method}`)
      return
    }
    const asked = this.last(who, method)
    const tagged = param(asked.header('To'), 'tag') ? '' : `;tag=${this.sides[who].tag}`
    const to = asked.header('To') + tagged
    const initial = DIALOGS.includes(method) && tagged !== ''
    const routes = initial ? this.takes(who, method) : asked.all('Record-Route')
    const vias = asked.headers.filter(([name]) => /^v(ia)?$/i.test(name))
    const lines = (name: string, values: string[]): string[] =>
      other.compact === true && values.length > 0
        ? [`${name}: ${values.join(' , ')}`]
        : values.map(value => `${name}: ${value}`)
    await this.say(
      who,
      [
        `SIP/2.0 ${status}`,
        ...lines(
          'Via',
          vias.map(([, value]) => value),
        ),
        ...(initial ? lines('Record-Route', routes) : []),
        `From: ${asked.header('From')}`,
        `To: ${to}`,
        `Call-ID: ${asked.header('Call-ID')}`,
        `CSeq: ${asked.header('CSeq')}`,
        ...contactLine(who, other.contact ?? /INVITE|UPDATE|SUBSCRIBE/.test(method)),
        ...(other.more ?? []),
        'Content-Length: 0',
        '\r\n',
      ].join('\r\n'),
    )
    if (initial && who !== 'alice') this.learn()
  }

  /** The caller's dialog is made of the reply that it heard last. */
  private learn(): void {
    const reply = this.heard.findLast(({ who, message }) => who === 'alice' && message.status > 100)
    if (reply === undefined || reply.message.status >= 300) return
    Object.assign(this.sides.alice, {
      peer: reply.message.header('To'),
      target: uriOf(reply.message.header('Contact')),
      routes: reply.message
        .all('Record-Route')
        .filter(route => !route.includes(';x=up'))
        .toReversed(),
    })
  }

  private heardBy(who: Who, method: string): boolean {
    return this.heard.some(
      one => one.who === who && one.message.isRequest && one.message.method === method,
    )
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
  async inside(who: Who, method: string, to?: Who): Promise<void> {
    const other = to ?? (who === 'alice' ? 'bob' : 'alice')
    const before = this.heard.length
    await this.say(who, this.request(who, method))
    const heard = this.heard.slice(before)
    if (heard.some(one => one.who === other && one.message.isRequest))
      await this.answer(other, method, '200 OK')
    else this.transcript.push(`${other} does not hear it`)
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
    await this.answer('bob', 'INVITE', '487 Request Terminated', { contact: '' })
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

function contactLine(who: Who, contact: string | boolean): string[] {
  if (contact === '' || contact === false) return []
  const uri = contact === true ? `sip:${who}@${SECRET[who]}:5070;ob` : contact
  return [`Contact: <${uri}>`]
}
