// Facts about modules that ask RADIUS servers: what they ask, and what the script gets.
import type { Params } from '../registrar/kamailio.ts'

export const FOLDER = import.meta.dirname
export const SERVER_PORT = 27180
export const CALLER_PORT = 27181

export interface Question {
  name: string
  params: Params
  /** The call in the script. */
  call: string
  method?: string
  uri?: string
  /** Parts of the Authorization header beside nonce and response; null: no header. */
  credentials?: Record<string, string> | null
  header?: string
  /** The server's answer: accept, or reject; null is silence. */
  code: number | null
  attributes?: string[]
  /** Variables that are shown after the call. */
  show?: string[]
  /** Recorded: the packets by attribute, what the call gave, and the variables. */
  packets?: string[][]
  result?: string
}

export interface Facts {
  origin: string
  questions: Question[]
}

export const NONCE = /nonce="([^"]+)"/

export function requestText(question: Question, nonce: string): string {
  const { method = 'REGISTER', uri = 'sip:example.org', credentials } = question
  const lines = [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${CALLER_PORT};branch=z9hG4bK${nonce.slice(-6)}`,
    'Max-Forwards: 70',
    'From: <sip:alice@example.org>;tag=ft1',
    'To: <sip:bob@example.net>',
    'Call-ID: call1@local',
    `CSeq: 1 ${method}`,
  ]
  if (nonce !== '' && credentials !== null) {
    const parts = {
      username: '"alice"',
      realm: '"example.org"',
      nonce: `"${nonce}"`,
      uri: '"sip:example.org"',
      response: '"0123456789abcdef0123456789abcdef"',
      ...credentials,
    }
    const text = Object.entries(parts).map(([name, value]) => `${name}=${value}`)
    lines.push(`${question.header ?? 'Authorization'}: Digest ${text.join(', ')}`)
  }
  return [...lines, 'Content-Length: 0', '', ''].join('\r\n')
}

/** The nonce differs from run to run, and an attribute with it. */
export const maskPacket = (packet: readonly string[], nonce: string): string[] =>
  packet.map(text => {
    const hex = Buffer.from(nonce, 'latin1').toString('hex')
    return text
      .replaceAll(hex, 'NONCE')
      .replaceAll(nonce, 'NONCE')
      .replace(/^0 80=.*/, 'SIGNED')
  })
