// Facts about record routing: what becomes of a request, as the real Kamailio has shown.
import type { Params } from '../registrar/kamailio.ts'

export const FOLDER = import.meta.dirname

// ---- where the messages were sent to and from when the facts were recorded
export const SERVER_PORT = 27160
export const SECOND_PORT = 27162
export const PEER_PORT = 27170
export const TARGET_PORT = 27171

/** Our sockets: what a listen line of the config says, and how the facts name them. */
export const LISTEN = {
  main: `udp:127.0.0.1:${SERVER_PORT} name "main"`,
  second: `udp:127.0.0.1:${SECOND_PORT}`,
  stream: `tcp:127.0.0.1:${SERVER_PORT}`,
  advertised: `udp:127.0.0.3:${SERVER_PORT} advertise 203.0.113.1:5066`,
  standard: 'udp:127.0.0.77:5060',
}
export type SocketName = keyof typeof LISTEN

export interface Fact {
  params?: Params
  /** Functions of the module with their arguments. */
  calls: (string | number)[][]
  /** Which socket the request leaves by. */
  from?: SocketName
  /** It came over TCP, not UDP. */
  stream?: boolean
  /** Request line without the version, `INVITE sip:bob@...`. */
  request: string
  to?: string
  headers?: string[]
  /** Recorded: what each call returned. */
  returned?: string[]
  /** Recorded: request URI, next hop, socket and the variables of the module. */
  state?: string
  /** Recorded: the request as it left, with a masked branch in its top Via. */
  sent?: string
}

export interface Facts {
  origin: string
  /** More modules than rr. */
  modules?: string[]
  facts: Fact[]
}

export function messageText(fact: Fact): string {
  const [method] = fact.request.split(' ')
  const transport = fact.stream === true ? 'TCP' : 'UDP'
  return [
    `${fact.request} SIP/2.0`,
    `Via: SIP/2.0/${transport} 127.0.0.1:${PEER_PORT};branch=z9hG4bK1`,
    'From: <sip:alice@example.org>;tag=f1',
    `To: ${fact.to ?? '<sip:bob@example.org>;tag=t1'}`,
    'Call-ID: c1',
    `CSeq: 1 ${method}`,
    ...(fact.headers ?? []),
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n')
}

/** The branch of the first Via is different every time, and so is the connection behind it. */
export const maskBranch = (text: string): string =>
  text.replace(/(\nVia: [^\n]*?;branch=)[^;\r]*(?:;i=\w+)?/, '$1BRANCH')
