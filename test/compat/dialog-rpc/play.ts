// Plays the cases beside this file: the messages of their steps, and what is seen after each.
import { SERVER_PORT } from '../../kit/bench-ports.ts'
import { CALLEE_PORT, CALLER_PORT, type CallStep, type Case, type Row, RPC_PORT } from './cases.ts'

const message = (first: string, lines: readonly string[], body = ''): string =>
  [first, ...lines, `Content-Length: ${body.length}`, '', body].join('\r\n')

export function rpcText(words: readonly (string | number)[], n: number): string {
  const [method, ...params] = words
  const body = JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 })
  const lines = [
    `Via: SIP/2.0/UDP 127.0.0.1:${RPC_PORT};branch=z9hG4bKrpc${n}`,
    'From: <sip:a@b>;tag=1',
    'To: <sip:a@b>',
    `Call-ID: rpc${n}`,
    `CSeq: ${n} MESSAGE`,
  ]
  return message('MESSAGE sip:x SIP/2.0', lines, body)
}

export function inviteText(call: string): string {
  const lines = [
    `Via: SIP/2.0/UDP 127.0.0.1:${CALLER_PORT};branch=z9hG4bKi${call}`,
    'Max-Forwards: 70',
    `From: "Al" <sip:alice@example.org>;tag=f${call}`,
    'To: <sip:bob@example.net>',
    `Call-ID: ${call}`,
    'CSeq: 10 INVITE',
    `Contact: <sip:alice@127.0.0.1:${CALLER_PORT}>`,
  ]
  return message(`INVITE sip:bob@127.0.0.1:${SERVER_PORT} SIP/2.0`, lines)
}

/** A request of the caller within a call; `answer` is the last reply that it got. */
export function withinText(call: string, method: string, cseq: number, answer: string): string {
  const routes = answer
    .split('\r\n')
    .filter(line => line.startsWith('Record-Route:'))
    .map(line => line.replace('Record-Route', 'Route'))
  const lines = [
    `Via: SIP/2.0/UDP 127.0.0.1:${CALLER_PORT};branch=z9hG4bK${call}${method}`,
    'Max-Forwards: 70',
    ...routes,
    `From: "Al" <sip:alice@example.org>;tag=f${call}`,
    `To: <sip:bob@example.net>;tag=t${call}`,
    `Call-ID: ${call}`,
    `CSeq: ${cseq} ${method}`,
    `Contact: <sip:alice@127.0.0.1:${CALLER_PORT}>`,
  ]
  return message(`${method} sip:bob@127.0.0.1:${CALLEE_PORT} SIP/2.0`, lines)
}

/** The callee's answer to a request that it got. */
export function replyText(call: string, request: string, status: string): string {
  const lines = request.split('\r\n\r\n')[0]!.split('\r\n')
  const copied = lines.filter(line => /^(Via|From|Call-ID|CSeq|Record-Route):/.test(line))
  const to = lines.find(line => line.startsWith('To:'))!
  const tag = to.includes('tag=') ? '' : `;tag=t${call}`
  const contact = `Contact: <sip:bob@127.0.0.1:${CALLEE_PORT}>`
  return message(`SIP/2.0 ${status}`, [...copied, to + tag, contact])
}

// ---- playing

/** A server with phones at its side. */
export interface Place {
  /** Sends from one of our ports and waits until the server has said what it has to say. */
  send(port: number, text: string, awaited: Awaited): Promise<void>
  /** What arrived at this port, oldest first. */
  got(port: number): readonly string[]
  /** The rows of a table, when nothing more is being written. */
  rows(table: string): Promise<Row[]>
}

/** What arrives at a port when a message has been dealt with. */
export interface Awaited {
  readonly port: number
  readonly start: string
  readonly call: string
}

const ofCall = (texts: readonly string[], call: string, start: string): string | undefined =>
  texts.findLast(text => text.startsWith(start) && text.includes(`\r\nCall-ID: ${call}\r\n`))

export const hasCome = (texts: readonly string[], { start, call }: Awaited): boolean =>
  ofCall(texts, call, start) !== undefined

async function playCall(place: Place, call: string, step: CallStep): Promise<void> {
  const request = (method: string, text: string): Promise<void> =>
    place.send(CALLER_PORT, text, { port: CALLEE_PORT, start: `${method} `, call })
  const within = (method: string, cseq: number): Promise<void> => {
    const answer = ofCall(place.got(CALLER_PORT), call, 'SIP/2.0 ')!
    return request(method, withinText(call, method, cseq, answer))
  }
  const reply = (method: string, status: string): Promise<void> => {
    const asked = ofCall(place.got(CALLEE_PORT), call, `${method} `)!
    const start = `SIP/2.0 ${status.slice(0, 3)}`
    return place.send(CALLEE_PORT, replyText(call, asked, status), {
      port: CALLER_PORT,
      start,
      call,
    })
  }
  switch (step) {
    case 'invite':
      return request('INVITE', inviteText(call))
    case 'ring':
      return reply('INVITE', '180 Ringing')
    case 'answer':
      return reply('INVITE', '200 OK')
    case 'busy':
      return reply('INVITE', '486 Busy Here')
    case 'ack':
      return within('ACK', 10)
    case 'info':
      return within('INFO', 11)
    case 'bye':
      return within('BYE', 12)
    case 'bye answered':
      return reply('BYE', '200 OK')
    case 'call':
      for (const part of ['invite', 'ring', 'answer', 'ack'] as const)
        await playCall(place, call, part)
  }
}

/** What each step showed: of RPC the result or the error, of the tables their rows. */
export async function play(place: Place, { steps }: Case): Promise<unknown[]> {
  const mask = new Mask()
  const shown: unknown[] = []
  let n = 0
  for (const step of steps) {
    if (step === 'rows') {
      const dialogs = await place.rows('dialog')
      shown.push(mask.rows([dialogs, await place.rows('dialog_vars')]))
    } else if ('rpc' in step) {
      n++
      const awaited = { port: RPC_PORT, start: 'SIP/2.0 200', call: `rpc${n}` }
      await place.send(RPC_PORT, rpcText(step.rpc, n), awaited)
      const reply = ofCall(place.got(RPC_PORT), awaited.call, awaited.start)!
      const { result, error } = JSON.parse(reply.split('\r\n\r\n')[1]!) as Record<string, unknown>
      shown.push(mask.value(result ?? error))
    } else await playCall(place, step.call, step.does)
  }
  return shown
}

/** Takes out what differs from run to run: times, numbers of dialogs, unique names. */
class Mask {
  private readonly ids = new Map<unknown, string>()

  private id(value: unknown): string {
    if (!this.ids.has(value)) this.ids.set(value, `#${this.ids.size + 1}`)
    return this.ids.get(value)!
  }

  value(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(one => this.value(one))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, this.member(name, one)]),
    )
  }

  private member(name: string, value: unknown): unknown {
    // The database counts.
    if (name === 'id') return 'ID'
    if (name === 'h_id' || name === 'hash_id') return this.id(value)
    if (/^(start|init|end)_ts$|^timeout$|^start_time$/.test(name)) return value === 0 ? 0 : 'TIME'
    // Of a dialog that was not answered, when its row was read.
    if (name === 'lifetime' && Number(value) > 1_000_000_000) return 'TIME'
    if (name === 'duration') return 'SECONDS'
    if (name === 'xdata' && typeof value === 'string')
      return value.replace(/dlgp-[0-9a-f-]+/g, 'UID')
    return this.value(value)
  }

  rows(tables: readonly (readonly Row[])[]): unknown {
    return this.value(tables)
  }
}
