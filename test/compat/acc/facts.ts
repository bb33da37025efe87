// Facts about accounting: what is logged of a call, as the real Kamailio has shown.
import type { Params } from '../registrar/kamailio.ts'

export const FOLDER = import.meta.dirname

// ---- where the messages were sent to and from when the facts were recorded
export const SERVER_PORT = 27160
export const CALLER_PORT = 27170
export const CALLEE_PORT = 27171

/** A function call of a script. */
export type Word = [string, ...(string | number)[]]

export interface Step {
  /** The caller sends this request. */
  send?: string
  /** The callee answers its last request of `method` (INVITE unless said): `200 OK`. */
  answer?: string
  method?: string
  /** To tag of the answer, or of the request when it is sent within the dialog. */
  tag?: string
  /** From tag of a request, when it is not the caller's own. */
  fromTag?: string
  /** Which of the callee's requests of that method, from 0; the last one unless said. */
  which?: number
  headers?: string[]
  body?: string
  /** Seconds without anything. */
  pause?: number
  /** Recorded: what was logged. */
  log?: string[]
}

/** The flags of all kinds of records: answered, missed, failed. */
export const MARKED: Word[] = [
  ['setflag', 1],
  ['setflag', 2],
  ['setflag', 3],
]
export const ANSWERED: Step[] = [{ send: 'INVITE' }, { answer: '200 OK', tag: 'tt1' }]
export const REFUSED: Step[] = [{ send: 'INVITE' }, { answer: '486 Busy Here', tag: 'tt1' }]

export interface Call {
  name: string
  params?: Params
  /** What the script does with a request, by method; `*` is any other. */
  on: Record<string, Word[]>
  /** The failure route F. */
  onFailure?: Word[]
  steps: Step[]
}

export interface Facts {
  origin: string
  calls: Call[]
}

const BRANCHES: Record<string, string> = { ACK: 'INVITE', CANCEL: 'INVITE' }

/**
 * A request of the caller; ACK and CANCEL have the branch of their INVITE unless they are within
 * the dialog.
 */
export function requestText({ send = '', tag, fromTag, headers = [], body = '' }: Step): string {
  const method = send.split(' ')[0]!
  const uri = send.split(' ')[1] ?? `sip:bob@127.0.0.1:${CALLEE_PORT}`
  const within = tag !== undefined && method !== 'CANCEL'
  const branch = within ? `${method}-in` : (BRANCHES[method] ?? method)
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${CALLER_PORT};branch=z9hG4bK${branch}`,
    'Max-Forwards: 70',
    `From: "Al" <sip:alice@example.org>;tag=${fromTag ?? 'ft1'}`,
    `To: <sip:bob@example.net>${tag === undefined ? '' : `;tag=${tag}`}`,
    'Call-ID: call1@local',
    `CSeq: 1 ${method === 'ACK' || method === 'CANCEL' ? `${method}` : method}`,
    ...headers,
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n')
}

/** The callee's answer to a request that it got. */
export function answerText(request: string, step: Step): string {
  const lines = request.split('\r\n\r\n')[0]!.split('\r\n')
  const copied = lines.filter(line => /^(Via|From|Call-ID|CSeq|Record-Route):/.test(line))
  const to = lines.find(line => line.startsWith('To:'))!
  const tag = step.tag === undefined || to.includes('tag=') ? '' : `;tag=${step.tag}`
  const { body = '', headers = [] } = step
  const length = `Content-Length: ${body.length}`
  const type = body === '' ? [] : ['Content-Type: application/sdp']
  return [
    `SIP/2.0 ${step.answer}`,
    ...copied,
    to + tag,
    ...headers,
    ...type,
    length,
    '',
    body,
  ].join('\r\n')
}

export const methodOf = (request: string): string => request.slice(0, request.indexOf(' '))

/** Times and tags of our own differ from run to run. */
export const maskLine = (line: string): string =>
  line
    .replace(/timestamp=\d+/, 'timestamp=TIME')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, 'DATE')
    .replace(/\b1[789]\d{8}\.\d{3}\b/, 'TIME.MILLIS')
    .replace(/(time_exten|ext)=\d+/, '$1=MICROS')
    // Our own tag, not one of the facts.
    .replace(/to_tag=(?!tt|ft|zz|;)[^;]+/, 'to_tag=OWN')
