// The torture messages of RFC 4475, how they are sent, and what became of one.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Phone, type Received, type Transport } from '../kit/phone.ts'
import { answersOptions, type SipServer } from '../kit/server.ts'
import { SipText, canonical, print } from '../kit/sip-text.ts'

export const FOLDER = '../shared/suites/torture'
export const ABSENT = !existsSync(FOLDER)

/** How long to listen for replies to a message, and for what is forwarded of it. */
const LISTEN_MS = 1200

export type Message = {
  /** As in INDEX.tsv: rfc4475/wsinv.dat */
  file: string
  bytes: string
  what: string
  /** Outcomes that the RFC allows. */
  accepted: string[]
  /** What Kamailio 5.6.3 did, by column name. */
  recorded: Record<string, string>
}

/** What a server did with a message. */
export type Outcome = {
  /** Status codes of its replies, without 100 and without those of the next hop. */
  codes: number[]
  forwarded: string[]
  closed: boolean
}

export function torture(): Message[] {
  if (ABSENT) return []
  const rows = readFileSync(join(FOLDER, 'INDEX.tsv'), 'utf8').trimEnd().split('\n')
  const [head = [], ...cells] = rows.map(row => row.split('\t'))
  return cells.map(row => {
    const cell = (name: string) => row[head.indexOf(name)] ?? ''
    return {
      file: cell('file'),
      bytes: readFileSync(join(FOLDER, cell('file')), 'latin1'),
      what: cell('what'),
      accepted: cell('accept_set').split('|'),
      recorded: Object.fromEntries(head.map(name => [name, cell(name)])),
    }
  })
}

/** Loopback addresses for one run: the next hop, and one for each message. */
export class Street {
  readonly #prefix = `127.${1 + random(250)}.${random(250)}`
  readonly nextHop = `${this.#prefix}.3`

  house(index: number): string {
    return `${this.#prefix}.${10 + index}`
  }
}

const random = (below: number) => Math.floor(Math.random() * below)

/** The next hop: answers every request with 404, so that no retransmission blurs the picture. */
export async function openNextHop(street: Street): Promise<Phone> {
  const hop = await Phone.open('udp', street.nextHop, 5060)
  const serve = async () => {
    const answered = new Set<Received>()
    while (hop.open) {
      for (const got of hop.inbox.filter(one => !answered.has(one))) {
        answered.add(got)
        if (got.message.isRequest && got.message.method !== 'ACK') got.answer(refusal(got.message))
      }
      await pause(10)
    }
  }
  void serve()
  return hop
}

function refusal(request: SipText): string {
  const copied = ['via', 'from', 'to', 'call-id', 'cseq']
  const headers = request.headers.filter(([name]) => copied.includes(canonical(name)))
  return print('SIP/2.0 404 Sink', headers)
}

/** Time for replies; a server that got no processor meanwhile is waited for. */
async function listen(server: SipServer, transport: Transport): Promise<void> {
  await pause(LISTEN_MS)
  await answersOptions(server, transport, 20_000)
  // What it sent before that answer has arrived, and is read in the turns to come.
  await pause(50)
}

/** Sends a message over UDP; listens wherever its Via could lead a reply. */
export async function sendDatagram(
  message: Message,
  server: SipServer,
  host: string,
  hop: Phone,
): Promise<Outcome> {
  const vias = message.bytes.matchAll(/^(?:via|v)[^\r\n]*?[\]\w.]:(\d{2,5})\b/gim)
  const ports = new Set([5060, ...[...vias].map(via => Number(via[1]))])
  const phones = await Promise.all(
    [...ports].filter(port => port < 65536).map(port => Phone.open('udp', host, port)),
  )
  await phones[0]?.send(message.bytes, server.host, server.port)
  await listen(server, 'udp')
  const replies = phones.flatMap(phone => phone.inbox)
  await Promise.all(phones.map(phone => phone.close()))
  return outcomeOf(message, replies, hop, false)
}

export async function sendStream(
  message: Message,
  server: SipServer,
  host: string,
  hop: Phone,
): Promise<Outcome> {
  const phone = await Phone.open('tcp', host)
  await phone.send(message.bytes, server.host, server.port)
  await listen(server, 'tcp')
  const { inbox, closed } = phone
  await phone.close()
  return outcomeOf(message, inbox, hop, closed > 0)
}

function outcomeOf(message: Message, replies: Received[], hop: Phone, closed: boolean): Outcome {
  const isMine = belongsTo(message.bytes)
  const own = replies
    .map(reply => reply.message)
    .filter(reply => reply.status > 100 && !reply.first.endsWith('404 Sink'))
  // The ACK for the next hop's 404 is the server's own.
  const arrived = hop.inbox.map(got => got.message).filter(({ method }) => method !== 'ACK')
  const forwarded = arrived.map(({ text }) => text).filter(isMine)
  return { codes: own.map(reply => reply.status), forwarded, closed }
}

/** Recognises a message by its Call-ID and CSeq, one without Call-ID by its branches. */
function belongsTo(bytes: string): (text: string) => boolean {
  const words = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(hit => hit[1])
  const ids = words(bytes, /^(?:call-id|i)[ \t]*:[ \t]*(\S+)/gim)
  const numbers = words(bytes, /^cseq[ \t]*:\s*0*(\d+)/gim)
  const branches = words(bytes, /branch=([^\s;,]{9,})/gi)
  return text => {
    const head = text.split('\r\n\r\n')[0] ?? ''
    if (ids.length === 0) return branches.some(branch => head.includes(branch ?? ''))
    if (!ids.some(id => head.includes(id ?? ''))) return false
    const number = /^cseq[ \t]*:\s*0*(\d+)/im.exec(head)?.[1]
    return number === undefined || numbers.length === 0 || numbers.includes(number)
  }
}
