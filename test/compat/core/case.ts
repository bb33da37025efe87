// A case: a config, what is sent to a server with it, and what came of each step. The real
// Kamailio and ours get the very same packets on the very same ports.
import { join } from 'node:path'

export const FOLDER = import.meta.dirname

export const SERVER = 25170
/** A second socket, for configs that listen on one. */
export const SECOND = 25171
/** Phones: UDP sockets and TCP listeners on these ports. */
export const PHONES = { a: 25175, b: 25176, c: 25177 } as const
export const RPC = 25179
export type PhoneName = keyof typeof PHONES

export type Step =
  /** A datagram from a phone. */
  | { readonly send: string; readonly from?: PhoneName; readonly to?: number }
  /** Over a connection that the phone opened or, when it has one, the server opened to it. */
  | { readonly stream: string; readonly from?: PhoneName }
  | { readonly rpc: string; readonly params?: readonly unknown[] }
  /** The phone answers the last request that it got. */
  | { readonly answer: PhoneName; readonly status: string }
  | { readonly hangUp: PhoneName }
  /** Milliseconds in which timers may do something. */
  | { readonly wait: number }

export interface Case {
  readonly name: string
  /** Core parameters, modparams, runtime variables. */
  readonly globals?: string
  /** Modules beside the usual ones. */
  readonly modules?: readonly string[]
  readonly listen?: readonly string[]
  /** Route blocks. */
  readonly routes: string
  readonly steps: readonly Step[]
  /** Milliseconds without news after which a step of the recording is over, where it takes long. */
  readonly quietMs?: number
  /** `script`: lines of the script (default); `all`: whole lines of all. */
  readonly log?: 'script' | 'all'
}

/** What one step brought about. */
export interface Outcome {
  /** `b< text`: phone b got it as a datagram; `b~ text` over a connection. */
  readonly sent: readonly string[]
  readonly log: readonly string[]
  readonly answer?: unknown
}

export interface Fact {
  readonly name: string
  /** The config was not taken: the first complaint. */
  readonly refused?: string
  readonly outcomes: readonly Outcome[]
  /** Where we differ on purpose. */
  readonly ours?: readonly Outcome[] | 'refused' | 'accepted'
  readonly why?: string
}

export interface Facts {
  readonly origin: string
  readonly facts: readonly Fact[]
}

const MODULES = [
  ...['jsonrpcs', 'kex', 'corex', 'tm', 'sl', 'rr', 'pv', 'textops', 'textopsx', 'siputils'],
  ...['xlog', 'cfg_rpc', 'counters'],
]

export function configOf({ globals = '', modules = [], listen, routes }: Case): string {
  const sockets = listen ?? [`udp:127.0.0.1:${SERVER}`, `tcp:127.0.0.1:${SERVER}`]
  return `#!KAMAILIO
debug=0
log_stderror=yes
children=1
tcp_children=1
auto_aliases=no
${sockets.map(socket => `listen=${socket}`).join('\n')}
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
${[...MODULES, ...modules].map(name => `loadmodule "${name}.so"`).join('\n')}
modparam("jsonrpcs", "transport", 4)
modparam("jsonrpcs", "dgram_socket", "udp:127.0.0.1:${RPC}")
${globals}
${routes}
`
}

export const factsPath = (topic: string): string => join(FOLDER, `${topic}.json`)

// ---- messages

export interface Parts {
  readonly uri?: string
  readonly from?: PhoneName
  readonly transport?: string
  readonly headers?: readonly string[]
  readonly body?: string
  readonly cseq?: number
  readonly via?: string
  readonly branch?: string
  /** Makes branch and Call-ID; by default the number of the step. */
  readonly id?: number
}

/** A request of a phone to phone b through the server. */
export function request(method: string, parts: Parts = {}): string {
  const { from = 'a', transport = 'UDP', headers = [], body = '', cseq = 1 } = parts
  const id = parts.id ?? '{step}'
  const branch = parts.branch ?? `z9hG4bKt${id}`
  const via = parts.via ?? `SIP/2.0/${transport} 127.0.0.1:${PHONES[from]};branch=${branch}`
  return [
    `${method} ${parts.uri ?? `sip:bob@127.0.0.1:${PHONES.b}`} SIP/2.0`,
    `Via: ${via}`,
    'From: "Al" <sip:alice@example.com>;tag=ft',
    'To: <sip:bob@example.org>',
    `Call-ID: case${id}@example.com`,
    `CSeq: ${cseq} ${method}`,
    'Max-Forwards: 70',
    ...headers,
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n')
}

/** A reply that travels back to phone a through the server. */
export function reply(status: string, parts: Parts = {}): string {
  const { headers = [], body = '', cseq = 1 } = parts
  const id = parts.id ?? '{step}'
  return [
    `SIP/2.0 ${status}`,
    `Via: ${parts.via ?? `SIP/2.0/UDP 127.0.0.1:${SERVER};branch=z9hG4bKt${id}`}`,
    `Via: SIP/2.0/UDP 127.0.0.1:${PHONES.a};branch=z9hG4bKt${id}a`,
    'From: "Al" <sip:alice@example.com>;tag=ft',
    'To: <sip:bob@example.org>;tag=tt',
    `Call-ID: case${id}@example.com`,
    `CSeq: ${cseq} OPTIONS`,
    ...headers,
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n')
}
