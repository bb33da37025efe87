// A story of messages between peers, as the traces of the nodes among them would tell it.
import type { NodeTrace, TracedMessage } from '../../rpc/fleet/arrows.ts'

/** Where somebody is: a node of the fleet or a phone. */
export type Place = { name: string; address: string; node: boolean }

export const phone = (name: string, address: string): Place => ({ name, address, node: false })
export const node = (name: string, address: string): Place => ({ name, address, node: true })

const CRLF = '\r\n'
const START_US = Date.UTC(2026, 10, 21, 12, 0, 0) * 1000

export type MessageOptions = {
  callId?: string
  branch?: string
  cseq?: string
  vias?: number
  sdp?: boolean
  from?: string
  to?: string
  extra?: string[]
}

/** The text of a request or a reply with just the header fields that a trace is read by. */
export function sipText(first: string, options: MessageOptions = {}): string {
  const isReply = first.startsWith('SIP/2.0')
  const status = isReply ? first.slice(8) : ''
  const method = isReply ? 'INVITE' : first.split(' ')[0]!
  const uri = isReply ? '' : first.slice(method.length + 1)
  const branches = Array.from({ length: options.vias ?? 1 }, (_, hop) =>
    hop === 0 ? (options.branch ?? 'z9hG4bK1') : `z9hG4bKbelow${hop}`,
  )
  return [
    isReply ? `SIP/2.0 ${status}` : `${method} ${uri} SIP/2.0`,
    ...branches.map(branch => `Via: SIP/2.0/UDP 127.0.0.1;branch=${branch}`),
    `From: <sip:${options.from ?? 'alice'}@example.org>;tag=a`,
    `To: <sip:${options.to ?? 'bob'}@example.org>`,
    `Call-ID: ${options.callId ?? '7f3a91c2@phone'}`,
    `CSeq: ${options.cseq ?? `1 ${method}`}`,
    ...(options.extra ?? []),
    ...(options.sdp ? ['Content-Type: application/sdp'] : []),
    `Content-Length: 0${CRLF}${CRLF}`,
  ].join(CRLF)
}

export class Story {
  private readonly traces = new Map<string, { listeners: string[]; messages: TracedMessage[] }>()
  private readonly skews = new Map<string, number>()
  private clock = START_US

  /** Says that a node's clock is ahead by so many microseconds. */
  skew(place: Place, microseconds: number): this {
    this.skews.set(place.name, microseconds)
    return this
  }

  /** Lets time pass. */
  wait(microseconds: number): this {
    this.clock += microseconds
    return this
  }

  /** A message on its way; `lost` never arrives. */
  send(from: Place, to: Place, text: string, fate: 'arrives' | 'lost' = 'arrives'): this {
    this.wait(300)
    if (from.node) this.keep(from, 'out', from.address, to.address, text)
    this.wait(200)
    if (to.node && fate === 'arrives') this.keep(to, 'in', from.address, to.address, text)
    return this
  }

  told(): NodeTrace[] {
    return [...this.traces].map(([name, trace]) => ({ node: name, ...trace }))
  }

  private keep(at: Place, direction: string, src: string, dst: string, text: string): void {
    const trace = this.traces.get(at.name) ?? { listeners: [at.address], messages: [] }
    this.traces.set(at.name, trace)
    const time_us = this.clock + (this.skews.get(at.name) ?? 0)
    const seq = trace.messages.length + 1
    trace.messages.push({ seq, time_us, direction, proto: 'udp', src, dst, text })
  }
}

export const alice = phone('alice', '127.0.0.1:7001')
export const bob = phone('bob', '127.0.0.1:7002')
export const n1 = node('n1', '127.0.0.1:5060')
export const n2 = node('n2', '127.0.0.1:5062')
export const n3 = node('n3', '127.0.0.1:5064')

/** Alice calls Bob through two nodes, they talk for two seconds, Bob hangs up. */
export function answeredCall(story = new Story()): Story {
  const invite = (vias: number, branch: string) =>
    sipText('INVITE sip:bob@example.org', { vias, branch, sdp: true })
  const reply = (status: string, vias: number, branch: string, sdp = false, cseq = '1 INVITE') =>
    sipText(`SIP/2.0 ${status}`, { vias, branch, sdp, cseq })
  return story
    .send(alice, n1, invite(1, 'a'))
    .send(n1, alice, reply('100 Trying', 1, 'a'))
    .send(n1, n2, invite(2, 'b'))
    .send(n2, n1, reply('100 Trying', 2, 'b'))
    .send(n2, bob, invite(3, 'c'))
    .wait(300_000)
    .send(bob, n2, reply('180 Ringing', 3, 'c'))
    .send(n2, n1, reply('180 Ringing', 2, 'b'))
    .send(n1, alice, reply('180 Ringing', 1, 'a'))
    .wait(1_000_000)
    .send(bob, n2, reply('200 OK', 3, 'c', true))
    .send(n2, n1, reply('200 OK', 2, 'b', true))
    .send(n1, alice, reply('200 OK', 1, 'a', true))
    .send(alice, n1, sipText('ACK sip:bob@127.0.0.1:7002', { branch: 'd' }))
    .send(n1, n2, sipText('ACK sip:bob@127.0.0.1:7002', { branch: 'e', vias: 2 }))
    .send(n2, bob, sipText('ACK sip:bob@127.0.0.1:7002', { branch: 'f', vias: 3 }))
    .wait(2_000_000)
    .send(
      bob,
      n2,
      sipText('BYE sip:alice@127.0.0.1:7001', { branch: 'g', from: 'bob', to: 'alice' }),
    )
    .send(n2, n1, sipText('BYE sip:alice@127.0.0.1:7001', { branch: 'h', vias: 2, from: 'bob' }))
    .send(n1, alice, sipText('BYE sip:alice@127.0.0.1:7001', { branch: 'i', vias: 3, from: 'bob' }))
    .send(alice, n1, reply('200 OK', 3, 'i', false, '1 BYE'))
    .send(n1, n2, reply('200 OK', 2, 'h', false, '1 BYE'))
    .send(n2, bob, reply('200 OK', 1, 'g', false, '1 BYE'))
}
