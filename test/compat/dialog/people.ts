// Calls told in short steps: `alice INVITE`, `bob 200`, `alice ACK`, `wait 2`. What the people say
// is made of what they heard, so that the same call is told to the real Kamailio and to ours.
import { PEER_PORT, SERVER_PORT } from '../../kit/bench-ports.ts'
import { param, SipText, uriOf } from '../../kit/sip-text.ts'

export const PORTS = { alice: PEER_PORT, bob: PEER_PORT + 10, carol: PEER_PORT + 20 } as const
export type Who = keyof typeof PORTS
export const PEOPLE = Object.keys(PORTS) as Who[]

export const SERVER = `127.0.0.1:${SERVER_PORT}`
export const addressOf = (who: Who): string => `127.0.0.1:${PORTS[who]}`
export const whoseIs = (port: number): Who => PEOPLE.find(who => PORTS[who] === port)!

/** One person's side of the dialog with one peer. */
interface Side {
  local: string
  remote: string
  target: string
  routes: string[]
  cseq: number
}

interface Person {
  heard: SipText[]
  /** By the address of the other: `bob`, or `server` for what stands in the way. */
  sides: Map<string, Side>
  sent: SipText[]
}

/** A step in its parts: `alice BYE carol | X-Case: one`. */
export interface Words {
  who: Who
  word: string
  argument: string
  headers: string[]
}

export function wordsOf(step: string): Words {
  const [first = '', ...headers] = step.split(/\s*\|\s*/)
  const [who = '', word = '', argument = ''] = first.split(/\s+/)
  if (!PEOPLE.includes(who as Who)) throw new Error(`who is ${who}? ${step}`)
  return { who: who as Who, word, argument, headers }
}

export class People {
  readonly callId: string
  private readonly foreign: boolean
  private readonly persons = new Map<Who, Person>()
  private branch = 0
  private readonly seen = new Set<string>()

  /** `foreign`: calls that the server begins itself are heard as well. */
  constructor(name: string, foreign = false) {
    this.foreign = foreign
    this.callId = name.replaceAll(/\W+/g, '-')
    for (const who of PEOPLE) this.persons.set(who, { heard: [], sides: new Map(), sent: [] })
  }

  /** What this step puts on the wire; null when there is nothing to answer. */
  say(step: string): { port: number; text: string } | null {
    const words = wordsOf(step)
    const text = /^\d/.test(words.word) ? this.answer(words) : this.request(words)
    if (text === null) return null
    this.persons.get(words.who)!.sent.push(new SipText(text))
    return { port: PORTS[words.who], text }
  }

  /**
   * What somebody hears for the first time is taken in; what comes again is a matter of time, and
   * so is what comes late of another call.
   */
  hear(who: Who, text: string): boolean {
    const key = `${who} ${text}`
    const message = new SipText(text)
    const isOurs = this.foreign || message.header('Call-ID') === this.callId
    if (this.seen.has(key) || !isOurs) return false
    this.seen.add(key)
    const person = this.persons.get(who)!
    person.heard.push(message)
    if (message.status > 100 && message.status < 300 && message.method === 'INVITE')
      this.learn(who, person, message)
    return true
  }

  /** A caller's side is made of the replies to the INVITE. */
  private learn(who: Who, person: Person, reply: SipText): void {
    const asked = person.sent.find(
      sent => sent.isRequest && sent.header('CSeq') === reply.header('CSeq'),
    )
    if (asked === undefined || param(asked.header('To'), 'tag') !== '') return
    const target = uriOf(reply.header('Contact'))
    const peer = PEOPLE.find(one => target.endsWith(addressOf(one))) ?? 'server'
    person.sides.set(peer, {
      local: reply.header('From'),
      remote: reply.header('To'),
      target,
      // Of the proxies in front of the phone the test knows nothing but their routes.
      routes: reply
        .all('Record-Route')
        .toReversed()
        .filter(route => !route.includes(addressOf(who))),
      cseq: Math.max(reply.cseq, person.sides.get(peer)?.cseq ?? 0),
    })
  }

  private request({ who, word, argument, headers }: Words): string {
    const person = this.persons.get(who)!
    if (word === 'again') return person.sent.at(-1)!.text
    const last = person.sent.findLast(sent => sent.isRequest && sent.method === 'INVITE')
    const final = person.heard.findLast(got => got.status >= 200 && got.method === 'INVITE')
    if (word === 'CANCEL') return this.same(last!, word, last!.header('To'), headers)
    if (word === 'ACK' && final !== undefined && final.status >= 300)
      return this.same(last!, word, final.header('To'), headers)
    const side =
      person.sides.get(argument === '' ? 'bob' : argument) ?? [...person.sides.values()][0]
    return side === undefined
      ? this.first(who, word, argument, headers)
      : this.inside(who, word, side, headers)
  }

  private top(who: Who): string[] {
    return [
      `Via: SIP/2.0/UDP ${addressOf(who)};branch=z9hG4bK${this.callId}-${who}${++this.branch}`,
    ]
  }

  /** A request that begins a call: the argument is the user, `bob` when it is not said. */
  private first(who: Who, method: string, user: string, headers: string[]): string {
    const name = user || 'bob'
    const whose = PEOPLE.includes(name as Who) ? (name as Who) : 'bob'
    return print(`${method} sip:${name}@${addressOf(whose)} SIP/2.0`, headers, [
      ...this.top(who),
      'Max-Forwards: 70',
      `From: "${who}" <sip:${who}@example.com>;tag=${who[0]}1`,
      `To: <sip:${name}@example.org>`,
      `Call-ID: ${this.callId}`,
      `CSeq: 1 ${method}`,
      `Contact: <sip:${who}@${addressOf(who)}>`,
    ])
  }

  private inside(who: Who, method: string, side: Side, headers: string[]): string {
    if (method !== 'ACK') side.cseq++
    return print(`${method} ${side.target} SIP/2.0`, headers, [
      ...this.top(who),
      ...side.routes.map(route => `Route: ${route}`),
      'Max-Forwards: 70',
      `From: ${side.local}`,
      `To: ${side.remote}`,
      `Call-ID: ${this.callId}`,
      `CSeq: ${side.cseq} ${method}`,
      ...(/INVITE|UPDATE|REFER/.test(method) ? [`Contact: <sip:${who}@${addressOf(who)}>`] : []),
    ])
  }

  /** CANCEL, and the ACK to a failure: hop by hop, as the INVITE went. */
  private same(invite: SipText, method: string, to: string, headers: string[]): string {
    return print(`${method} ${invite.uri} SIP/2.0`, headers, [
      `Via: ${invite.header('Via')}`,
      ...invite.all('Route').map(route => `Route: ${route}`),
      'Max-Forwards: 70',
      `From: ${invite.header('From')}`,
      `To: ${to}`,
      `Call-ID: ${this.callId}`,
      `CSeq: ${invite.cseq} ${method}`,
    ])
  }

  /** Answers the last request of the method that the person heard: INVITE when none is said. */
  private answer({ who, word, argument, headers }: Words): string | null {
    const person = this.persons.get(who)!
    const method = argument || 'INVITE'
    const asked = person.heard.findLast(got => got.isRequest && got.method === method)
    if (asked === undefined) return null
    const begins = param(asked.header('To'), 'tag') === ''
    const to = asked.header('To') + (begins ? `;tag=${who[0]}1` : '')
    const status = Number(word)
    if (begins && status > 100 && status < 300 && method === 'INVITE')
      person.sides.set('alice', {
        local: to,
        remote: asked.header('From'),
        target: uriOf(asked.header('Contact')),
        routes: asked.all('Record-Route'),
        cseq: 100,
      })
    // `*` in a Record-Route is what stands in the request.
    const routes = asked.all('Record-Route').join(', ')
    const given = headers.map(line =>
      line.startsWith('Record-Route') ? line.replace('*', routes) : line,
    )
    return print(`SIP/2.0 ${word} ${REASONS[word] ?? 'Reason'}`, given, [
      ...asked.all('Via').map(via => `Via: ${via}`),
      ...(status > 100 ? asked.all('Record-Route').map(route => `Record-Route: ${route}`) : []),
      `From: ${asked.header('From')}`,
      `To: ${to}`,
      `Call-ID: ${asked.header('Call-ID')}`,
      `CSeq: ${asked.header('CSeq')}`,
      ...(/INVITE|UPDATE/.test(method) ? [`Contact: <sip:${who}@${addressOf(who)}>`] : []),
    ])
  }
}

const REASONS: Record<string, string> = {
  180: 'Ringing',
  200: 'OK',
  404: 'Not Found',
  408: 'Request Timeout',
  481: 'Call/Transaction Does Not Exist',
  486: 'Busy Here',
  487: 'Request Terminated',
}

/** Headers of the step take the place of those of the same name. */
function print(first: string, given: string[], own: string[]): string {
  const names = new Set(given.map(nameOf))
  const kept = own.filter(line => !names.has(nameOf(line)))
  const lines = given.filter(line => !/^[\w-]+:$/.test(line))
  return [first, ...kept, ...lines, 'Content-Length: 0', '', ''].join('\r\n')
}

const nameOf = (line: string): string => line.slice(0, line.indexOf(':')).toLowerCase()

/** Without the Call-ID that a server makes up. */
const CALL_ID = /^(Call-ID: )[0-9a-f]{12,}-\d+@.*$/gm

/** Without what a server makes up: of a cookie the second half counts from a random number. */
export const masked = (text: string): string =>
  text
    .replaceAll(new RegExp(`(Via: SIP/2.0/UDP ${SERVER};branch=)[^;\\r\\n]*`, 'gi'), '$1OURS')
    .replaceAll(/(did|call)=([0-9a-f]+)\.[0-9a-f]+/g, '$1=$2.ID')
    .replaceAll(/tag=[0-9a-f]{32}[-.][0-9a-f]+/g, 'tag=OURS')
    .replaceAll(/(cnonce|response)="[^"]*"/g, '$1="OURS"')
    .replaceAll('\r', '')
    .replaceAll(CALL_ID, '$1OURS')
    .replace(/\n+$/, '')
